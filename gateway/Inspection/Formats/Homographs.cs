using System.Text;

namespace Sekisho.Inspection.Formats;

/// <summary>Tells names of sites that are made to look like others: letters of several alphabets in one label, or a label all of letters that look Latin (after Unicode Technical Standard 39).</summary>
public static class Homographs
{
    /// <summary>Letters that nobody tells from a Latin one, and which: Cyrillic, Greek, Armenian, and Latin ones that only phonetic script has.</summary>
    private static readonly Dictionary<char, char> Close = Pairs(
        "аaсcеeоoрpхxуyѕsіiјjһhԛqԝwԁdӏlүyѵvєeԑe" + "αaοoνvρpιiκkυuωwϲcϳjγyχx" + "оoսuօoցgհhյjքpզqոnԁd" + "ɑaɡgɩiɪiıiȷjʟlɴnʀrʏyᴀaᴄcᴅdᴇeᴋkᴍmᴏoᴘpᴛtᴜuᴠvᴡwᴢzƅbƨsǃlⲟo");

    /// <summary>Letters that pass for a Latin one among others, so that the name can be shown as it is to be read.</summary>
    private static readonly Dictionary<char, char> Loose = Pairs("вbзeиuйuкkмmнhпnтtьbїiґrқkңhҫcҳxӧoӓaӑaәeӕaѡwѳoгr" + "βbεeζzηnπnσoςcτtάaέeήnίiόoύuώwϊi" + "լlաwնuցgգqտmղn");

    /// <summary>Marks of Japanese script that look like a slash or a hyphen between Latin letters.</summary>
    private const string Strokes = "ノﾉソﾝ丿〳ーｰ一〇";

    private enum Script
    {
        Common,
        Latin,
        Cyrillic,
        Greek,
        Armenian,
        Cherokee,
        EastAsian,
        Other,
    }

    /// <summary>What a host is to be read as; null for one that imitates nothing, such as <c>日本語.jp</c>.</summary>
    /// <param name="host">A host as it is shown (<see cref="Link.ShownHost"/>).</param>
    public static string? Imitated(string host)
    {
        if (Ascii.IsValid(host) || host.Length > 300)
        {
            return null;
        }

        var labels = host.Split('.');
        var isHome = !Ascii.IsValid(labels[^1]); // Under .рф every name is Cyrillic: nobody takes it for Latin.
        var imitates = false;
        var read = new StringBuilder(host.Length);
        foreach (var label in labels)
        {
            imitates |= Imitates(label, isHome);
            read.Append(read.Length > 0 ? "." : "");
            foreach (var c in label)
            {
                read.Append(Close.TryGetValue(c, out var latin) || Loose.TryGetValue(c, out latin) ? latin : Strokes.Contains(c, StringComparison.Ordinal) ? c is 'ー' or 'ｰ' or '一' ? '-' : c is '〇' ? 'o' : '/' : c);
            }
        }

        return imitates ? read.ToString() : null;
    }

    /// <summary>A name as an eye reads it: each letter that passes for a Latin one is that one, accents are gone. Two names of one skeleton are taken for each other (Unicode Technical Standard 39 section 4).</summary>
    /// <param name="text">A name in lower case, as it is shown.</param>
    public static string Skeleton(string text)
    {
        if (Ascii.IsValid(text))
        {
            return text;
        }

        var read = new StringBuilder(text.Length);
        foreach (var c in TextNormal.Of(text).Normalize(NormalizationForm.FormD))
        {
            if (System.Globalization.CharUnicodeInfo.GetUnicodeCategory(c) != System.Globalization.UnicodeCategory.NonSpacingMark)
            {
                read.Append(Close.TryGetValue(c, out var latin) || Loose.TryGetValue(c, out latin) ? latin : c is 'ー' or 'ｰ' or '一' ? '-' : c);
            }
        }

        return read.ToString();
    }

    private static bool Imitates(string label, bool isHome)
    {
        if (Ascii.IsValid(label))
        {
            return false;
        }

        var (latin, phonetic, foreign, close, strokes, eastAsian, other) = (0, 0, 0, 0, 0, 0, 0);
        var alphabets = new HashSet<Script>();
        for (var i = 0; i < label.Length; i++)
        {
            var c = label[i];
            var script = ScriptOf(c);
            switch (script)
            {
                case Script.Latin:
                    latin++;
                    phonetic += Close.ContainsKey(c) && c != 'ı' ? 1 : 0; // Turkish has an i of its own.
                    break;
                case Script.Cyrillic or Script.Greek or Script.Armenian or Script.Cherokee:
                    foreign++;
                    close += Close.ContainsKey(c) ? 1 : 0;
                    alphabets.Add(script);
                    break;
                case Script.EastAsian when Strokes.Contains(c, StringComparison.Ordinal) && i > 0 && i + 1 < label.Length && char.IsAsciiLetterOrDigit(label[i - 1]) && char.IsAsciiLetterOrDigit(label[i + 1]):
                    strokes++;
                    break;
                case Script.EastAsian:
                    eastAsian++;
                    break;
                case Script.Other:
                    other++;
                    break;
            }
        }

        return phonetic > 0
            || (strokes > 0 && eastAsian == 0 && latin > 0) // "iPhoneケース" is how Japanese is written; "bankノlogin" is not.
            || (close > 0 && (latin > 0 || alphabets.Count > 1))
            || (!isHome && close > 0 && close == foreign && latin + eastAsian + other == 0);
    }

    private static Script ScriptOf(char c) => c switch
    {
        (>= 'a' and <= 'z') or (>= 'A' and <= 'Z') or (>= '\u00C0' and <= '\u02AF' and not '\u00D7' and not '\u00F7') or (>= '\u1D00' and <= '\u1DBF') or (>= '\u1E00' and <= '\u1EFF') => Script.Latin,
        (>= '\u0370' and <= '\u03FF') or (>= '\u1F00' and <= '\u1FFF') or (>= '\u2C80' and <= '\u2CFF') => Script.Greek,
        (>= '\u0400' and <= '\u052F') or (>= '\u1C80' and <= '\u1C8F') or (>= '\u2DE0' and <= '\u2DFF') or (>= '\uA640' and <= '\uA69F') => Script.Cyrillic,
        >= '\u0530' and <= '\u058F' => Script.Armenian,
        (>= '\u13A0' and <= '\u13FF') or (>= '\uAB70' and <= '\uABBF') => Script.Cherokee,
        (>= '\u3005' and <= '\u30FF') or (>= '\u3100' and <= '\u312F') or (>= '\u3130' and <= '\u318F') or (>= '\u3400' and <= '\u9FFF') or (>= '\uAC00' and <= '\uD7AF')
            or (>= '\uD800' and <= '\uDFFF') or (>= '\uF900' and <= '\uFAFF') or (>= '\uFF66' and <= '\uFF9F') => Script.EastAsian,
        _ => char.IsLetter(c) ? Script.Other : Script.Common,
    };

    private static Dictionary<char, char> Pairs(string pairs)
    {
        var looks = new Dictionary<char, char>();
        for (var i = 0; i + 1 < pairs.Length; i += 2)
        {
            looks.TryAdd(pairs[i], pairs[i + 1]);
        }

        return looks;
    }
}

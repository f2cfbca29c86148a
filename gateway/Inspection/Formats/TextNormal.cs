using System.Buffers;
using System.Text;

namespace Sekisho.Inspection.Formats;

/// <summary>Brings text into one form, so that words are found however they are written: NFKC, nothing invisible, one kind of line end.</summary>
public static class TextNormal
{
    private static readonly SearchValues<char> Invisible = SearchValues.Create(
        "\u00AD\u034F\u061C\u115F\u1160\u17B4\u17B5\u180B\u180C\u180D\u180E\u200B\u200C\u200D\u200E\u200F\u202A\u202B\u202C\u202D\u202E\u2060\u2061\u2062\u2063\u2064\u2066\u2067\u2068\u2069\u3164\uFE0E\uFE0F\uFEFF\uFFA0\0");

    /// <summary>The normal form. Half-width kana become full width, full-width letters and ① become plain, zero-width characters go, CR LF becomes LF.</summary>
    /// <param name="text">Any text, lone surrogates included.</param>
    public static string Of(string text)
    {
        if (text.Contains('\r', StringComparison.Ordinal))
        {
            text = text.ReplaceLineEndings("\n");
        }

        if (Ascii.IsValid(text))
        {
            return text.Contains('\0', StringComparison.Ordinal) ? text.Replace("\0", "", StringComparison.Ordinal) : text;
        }

        var normal = Compatible(Sound(text));

        if (normal.AsSpan().IndexOfAny(Invisible) < 0)
        {
            return normal;
        }

        var clean = new StringBuilder(normal.Length);
        foreach (var c in normal)
        {
            if (!Invisible.Contains(c))
            {
                clean.Append(c);
            }
        }

        return clean.ToString();
    }

    /// <summary>NFKC. What stands for itself (letters, kana, kanji) is copied, ideographic blanks and full-width letters are put plain, and only the rest goes through the whole of Unicode's tables.</summary>
    private static string Compatible(string text)
    {
        var from = Odd(text, 0);
        if (from == text.Length)
        {
            return text;
        }

        var normal = new StringBuilder(text.Length);
        var at = 0;
        while (from < text.Length)
        {
            var end = from;
            var isWide = true;
            for (; end < text.Length && !IsOwn(text[end]); end++)
            {
                isWide &= text[end] is '\u3000' or (>= '\uFF01' and <= '\uFF5E');
            }

            if (isWide)
            {
                normal.Append(text, at, from - at);
                for (var i = from; i < end; i++)
                {
                    normal.Append(text[i] == '\u3000' ? ' ' : (char)(text[i] - 0xFEE0));
                }
            }
            else
            {
                // With the character before it: a sound mark may join it.
                var start = from > at ? from - 1 : from;
                normal.Append(text, at, start - at).Append(text[start..end].Normalize(NormalizationForm.FormKC));
            }

            at = end;
            from = Odd(text, at);
        }

        return normal.Append(text, at, text.Length - at).ToString();
    }

    /// <summary>The first character from here on that may not be its own normal form.</summary>
    private static int Odd(string text, int from)
    {
        while (from < text.Length && IsOwn(text[from]))
        {
            from++;
        }

        return from;
    }

    /// <summary>ASCII, kanji, kana and their punctuation: characters that are their own normal form whatever stands before them.</summary>
    private static bool IsOwn(char c) => c is < '\u0080' or (>= '\u4E00' and <= '\u9FFF') or (>= '\u3041' and <= '\u3096') or (>= '\u30A1' and <= '\u30FE') or (>= '\u3001' and <= '\u3015');

    /// <summary>Lone surrogates and non-characters cannot be normalised; they become U+FFFD.</summary>
    private static string Sound(string text)
    {
        var isSound = true;
        for (var i = 0; i < text.Length && isSound; i++)
        {
            if (char.IsHighSurrogate(text[i]) && i + 1 < text.Length && char.IsLowSurrogate(text[i + 1]))
            {
                i++;
            }
            else if (char.IsSurrogate(text[i]) || text[i] >= '\uFFFE')
            {
                isSound = false;
            }
        }

        if (isSound)
        {
            return text;
        }

        var sound = new StringBuilder(text.Length);
        foreach (var rune in text.EnumerateRunes())
        {
            sound.Append((rune.Value & 0xFFFE) == 0xFFFE ? "\uFFFD" : rune.ToString());
        }

        return sound.ToString();
    }
}

using System.Collections.Frozen;
using System.Text;
using Sekisho.Inspection.Formats;

namespace Sekisho.Inspection.Senders;

/// <summary>Brings names as people write them into forms that can be compared: widths, kana, old and new kanji, titles, order.</summary>
internal static class PersonNames
{
    private const int MaxName = 300;
    private const int MaxWords = 24;
    private const int LongestRun = 4;

    /// <summary>Behind a name only: these letters stand within names, too.</summary>
    private static readonly string[] Suffixes = ["サン", "サマ", "クン", "チャン", "様", "氏", "殿", "君", "先生", "教授", "医師"];

    /// <summary>Anywhere; the longer ones first, so that 副院長 goes whole.</summary>
    private static readonly string[] Titles =
        [.. new[]
        {
            "副院長", "名誉院長", "病院長", "院長", "理事長", "理事", "事務長", "事務部長", "看護部長", "看護師長", "師長", "副部長", "部長", "副課長", "課長", "係長", "室長", "科長", "主任", "技師長", "薬局長", "薬剤部長",
            "医局長", "医長", "准教授", "助教", "講師", "教授", "センター長", "所長", "会長", "社長", "取締役", "代表", "担当", "先生", "薬剤師", "看護師", "技師", "医師", "研修医", "代理", "非常勤", "個人", "携帯", "経由",
        }.Select(Plain).OrderByDescending(t => t.Length)];

    private static readonly FrozenSet<string> LatinTitles =
        new[] { "dr", "mr", "mrs", "ms", "miss", "prof", "professor", "md", "phd", "rn", "san", "sama", "sensei", "via", "from", "director", "doctor", "president", "chief", "manager", "head", "nurse", "ceo", "cio", "private", "mobile" }
            .ToFrozenSet(StringComparer.Ordinal);

    private static FrozenDictionary<char, char>? variants;

    private static FrozenDictionary<char, char> Variants => variants ??= ReadVariants();

    /// <summary>One form: NFKC, lower case, katakana for hiragana, the usual kanji for its variants; at most 300 characters.</summary>
    public static string Plain(string text)
    {
        text = text.Length > MaxName ? text[..MaxName] : text;
        if (text.AsSpan().ContainsAny("\u3099\u309A\u309B\u309C"))
        {
            // Half-width kana that went through ISO-2022-JP have their sound mark beside them, which NFKC parts with a blank: put it back.
            text = text.Replace('\u309B', '\u3099').Replace('\u309C', '\u309A').Replace(" \u3099", "\u3099", StringComparison.Ordinal).Replace(" \u309A", "\u309A", StringComparison.Ordinal);
        }

        text = TextNormal.Of(text);
        return string.Create(text.Length, text, static (span, source) =>
        {
            for (var i = 0; i < span.Length; i++)
            {
                var c = source[i];
                span[i] = c is >= 'ぁ' and <= 'ゖ' ? (char)(c + 0x60) : c < 0x80 ? char.ToLowerInvariant(c) : Variants.TryGetValue(c, out var usual) ? usual : char.ToLowerInvariant(c);
            }
        });
    }

    /// <summary>The words of a plain text, at most 24.</summary>
    public static List<string> Words(string plain)
    {
        var words = new List<string>();
        var start = 0;
        for (var i = 0; i <= plain.Length && words.Count < MaxWords; i++)
        {
            if (i == plain.Length || !(char.IsLetterOrDigit(plain[i]) || plain[i] is 'ー' or '々' or '\'' or '’' || char.IsSurrogate(plain[i]) || char.GetUnicodeCategory(plain[i]) == System.Globalization.UnicodeCategory.NonSpacingMark || (plain[i] == '-' && i > start)))
            {
                if (i > start)
                {
                    words.Add(plain[start..i]);
                }

                start = i + 1;
            }
        }

        return words;
    }

    /// <summary>What one word is compared by: the reading of kana and of Latin letters in one spelling, else the word itself.</summary>
    public static string Key(string word) => Romaji.OfKatakana(word) ?? Romaji.OfLatin(word) ?? word;

    /// <summary>True for a key that stands for a reading, in which homonyms fall together.</summary>
    public static bool IsReading(string key) => Ascii.IsValid(key);

    /// <summary>The words without titles, and whether there were any.</summary>
    public static List<string> WithoutTitles(List<string> words, out bool hadTitle)
    {
        var rest = new List<string>(words.Count);
        hadTitle = false;
        foreach (var word in words)
        {
            if (Ascii.IsValid(word))
            {
                var isTitle = LatinTitles.Contains(word) || word.Length == 1;
                hadTitle |= isTitle && word.Length > 1;
                if (!isTitle)
                {
                    rest.Add(word);
                }

                continue;
            }

            var bare = word;
            foreach (var title in Titles)
            {
                bare = bare.Contains(title, StringComparison.Ordinal) ? bare.Replace(title, " ", StringComparison.Ordinal) : bare;
            }

            foreach (var piece in bare.Split(' ', StringSplitOptions.RemoveEmptyEntries))
            {
                var name = piece;
                foreach (var suffix in Suffixes)
                {
                    name = name.Length > suffix.Length && name.EndsWith(suffix, StringComparison.Ordinal) ? name[..^suffix.Length] : name;
                }

                rest.Add(name);
            }

            hadTitle |= bare.Length != word.Length || bare.Contains(' ', StringComparison.Ordinal) || (rest.Count > 0 && rest[^1].Length != bare.Length);
        }

        return rest;
    }

    /// <summary>The keys of one to four words that stand together: one of them may be a whole name.</summary>
    public static IEnumerable<string> Runs(List<string> words)
    {
        var keys = words.ConvertAll(Key);
        for (var from = 0; from < keys.Count; from++)
        {
            var run = "";
            for (var to = from; to < keys.Count && to < from + LongestRun; to++)
            {
                run += keys[to];
                yield return run;
            }
        }
    }

    private static FrozenDictionary<char, char> ReadVariants()
    {
        using var stream = typeof(PersonNames).Assembly.GetManifestResourceStream("kanji-variants.txt")!;
        using var reader = new StreamReader(stream, Encoding.UTF8);
        var map = new Dictionary<char, char>();
        while (reader.ReadLine() is { } line)
        {
            var kanji = line.Split('#')[0].Split(' ', StringSplitOptions.RemoveEmptyEntries);
            foreach (var variant in kanji.Skip(1).Where(v => v.Length == 1 && kanji[0].Length == 1))
            {
                map.TryAdd(variant[0], kanji[0][0]);
            }
        }

        return map.ToFrozenDictionary();
    }
}

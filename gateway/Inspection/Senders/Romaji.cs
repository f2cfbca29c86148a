using System.Collections.Frozen;
using System.Globalization;
using System.Text;

namespace Sekisho.Inspection.Senders;

/// <summary>Brings Japanese names in Latin letters into one spelling, so that Hepburn, Kunrei and passport spellings of one reading are equal: Ohtsuka, Ōtsuka and Ootuka.</summary>
/// <remarks>Long and short vowels, single and double consonants fall together: a name is compared by this, never shown.</remarks>
internal static class Romaji
{
    private const string Syllables =
        "アa イi ウu エe オo カka キki クku ケke コko サsa シsi スsu セse ソso タta チti ツtu テte トto ナna ニni ヌnu ネne ノno ハha ヒhi フhu ヘhe ホho マma ミmi ムmu メme モmo "
        + "ヤya ユyu ヨyo ラra リri ルru レre ロro ワwa ヰi ヱe ヲo ンn ガga ギgi グgu ゲge ゴgo ザza ジzi ズzu ゼze ゾzo ダda ヂzi ヅzu デde ドdo バba ビbi ブbu ベbe ボbo "
        + "パpa ピpi プpu ペpe ポpo ヴbu ャya ュyu ョyo ァa ィi ゥu ェe ォo ッ ー ヵka ヶke";

    private static readonly FrozenDictionary<char, string> OfKana = Syllables.Split(' ').ToFrozenDictionary(s => s[0], s => s[1..]);

    private static readonly (string Written, string Plain)[] Spellings =
    [
        ("tch", "ch"), ("shi", "si"), ("sh", "sy"), ("chi", "ti"), ("ch", "ty"), ("dzu", "zu"), ("du", "zu"), ("tsu", "tu"), ("ts", "t"), ("f", "h"), ("ji", "zi"), ("jy", "zy"), ("j", "zy"), ("v", "b"), ("l", "r"),
        ("mb", "nb"), ("mp", "np"), ("mm", "nm"),
    ];

    /// <summary>The spelling of katakana; null where there is anything else in the text.</summary>
    public static string? OfKatakana(string text)
    {
        var latin = new StringBuilder(text.Length * 2);
        foreach (var c in text)
        {
            if (!OfKana.TryGetValue(c, out var syllable))
            {
                return null;
            }

            if (c is 'ャ' or 'ュ' or 'ョ' && latin.Length > 1 && latin[^1] == 'i')
            {
                latin.Length--;
            }
            else if (c is 'ァ' or 'ィ' or 'ゥ' or 'ェ' or 'ォ' && latin.Length > 1)
            {
                latin.Length--; // ティ, ファ
            }

            latin.Append(syllable);
        }

        return text.Length == 0 ? null : Shorten(latin.ToString());
    }

    /// <summary>The spelling of one word in Latin letters, accents and macrons included; null where there is anything else in it.</summary>
    public static string? OfLatin(string word)
    {
        var plain = new StringBuilder(word.Length);
        foreach (var c in Ascii.IsValid(word) ? word : word.Normalize(NormalizationForm.FormD))
        {
            if (char.IsAsciiLetter(c))
            {
                plain.Append(char.ToLowerInvariant(c));
            }
            else if (c is not ('\'' or '-' or '’' or '`') && CharUnicodeInfo.GetUnicodeCategory(c) != UnicodeCategory.NonSpacingMark)
            {
                return null;
            }
        }

        for (var i = plain.Length - 1; i > 0; i--)
        {
            // Ohno, Itoh: an h that only says that the o is long.
            if (plain[i] == 'h' && plain[i - 1] == 'o' && (i + 1 == plain.Length || !"aiueoy".Contains(plain[i + 1], StringComparison.Ordinal)))
            {
                plain.Remove(i, 1);
            }
        }

        foreach (var (written, spelt) in Spellings)
        {
            plain.Replace(written, spelt);
        }

        return plain.Length == 0 ? null : Shorten(plain.ToString());
    }

    private static string Shorten(string latin)
    {
        var shorter = new StringBuilder(latin.Length);
        foreach (var c in latin)
        {
            if (shorter.Length > 0 && (shorter[^1] == c || (c == 'u' && shorter[^1] == 'o')))
            {
                continue; // oo, ou, uu, kk, nn
            }

            shorter.Append(c);
        }

        return shorter.ToString();
    }
}

using System.Buffers;
using Sekisho.Inspection.Formats;
using Sekisho.Inspection.Messages;

namespace Sekisho.Inspection.Senders;

/// <summary>What of a letter's text can be known again when it is quoted: lines broken anew, marks in front of them, punctuation and character set make no difference.</summary>
internal static class ThreadText
{
    /// <summary>Characters of a text that count, from its begin.</summary>
    internal const int MaxText = 1 << 16;

    /// <summary>How much a shingle holds: 30 letters of an alphabet, or 15 kana or kanji, which say twice as much.</summary>
    private const int Shingle = 30;

    private const int MaxHeading = 400;

    private static readonly string[] Headings =
    [
        "from:", "to:", "cc:", "bcc:", "sent:", "date:", "subject:", "reply-to:", "importance:", "attachments:", "差出人:", "送信者:", "発信者:", "宛先:", "件名:", "送信日時:", "送信日:", "日時:", "日付:", "受信日時:", "添付ファイル:", "von:", "an:", "gesendet:", "betreff:",
    ];

    private static readonly string[] Introductions = ["wrote:", "書きました:", "のメッセージ:", "さんの発言:", "schrieb:"];

    /// <summary>New and quoted words of a body. In HTML nothing but the line that introduces it may tell where a quotation begins.</summary>
    public static (string New, string Quoted) Split(BodyText body)
    {
        if (body.IsHtml)
        {
            for (var at = 0; at < body.Text.Length && at < MaxText;)
            {
                var end = body.Text.IndexOf('\n', at);
                end = end < 0 ? body.Text.Length : end;
                if (at > 0 && IsIntroduction(Bare(body.Text.AsSpan(at, end - at))))
                {
                    return (body.Text[..at], body.Text[at..]);
                }

                at = end + 1;
            }
        }

        return (body.New, body.Quoted);
    }

    /// <summary>The addresses that the headings within a text name: who wrote what is quoted, and to whom.</summary>
    /// <returns>At most 40, in lower case; true where it stands where an author does.</returns>
    public static IReadOnlyList<(string Address, bool IsAuthor)> Named(string text)
    {
        const int Most = 40;
        var found = new List<(string, bool)>();
        foreach (var raw in text.AsSpan(0, Math.Min(text.Length, MaxText)).EnumerateLines())
        {
            var line = Bare(raw);
            if (!line.Contains('@') || !IsHeading(line))
            {
                continue;
            }

            var isAuthor = IsIntroduction(line) || line.StartsWith("from", StringComparison.OrdinalIgnoreCase) || line[0] is '差' or '送' or '発';
            for (var at = line.IndexOf('@'); at >= 0 && found.Count < Most; at = line[(at + 1)..].IndexOf('@') is var next and >= 0 ? at + 1 + next : -1)
            {
                int from = at, to = at + 1;
                while (from > 0 && (char.IsAsciiLetterOrDigit(line[from - 1]) || ".!#$%&'*+/=?^_`{|}~-".Contains(line[from - 1], StringComparison.Ordinal)))
                {
                    from--;
                }

                while (to < line.Length && (char.IsAsciiLetterOrDigit(line[to]) || line[to] is '.' or '-'))
                {
                    to++;
                }

                if (from < at && to > at + 1)
                {
                    found.Add((line[from..to].Trim('.').ToString().ToLowerInvariant(), isAuthor));
                }
            }
        }

        return found;
    }

    /// <summary>The marks of a text: of its shingles those whose secret rolling hashes come first in one fixed order, so that the same text chooses the same ones.</summary>
    /// <param name="key">The secret.</param>
    /// <param name="text">Normalised text; 65,536 characters of it count.</param>
    /// <param name="most">How many.</param>
    /// <returns>The first first; empty for a text that is shorter than one shingle.</returns>
    public static long[] Marks(ThreadKey key, string text, int most)
    {
        var letters = ArrayPool<char>.Shared.Rent(Math.Min(text.Length, MaxText));
        try
        {
            var count = Letters(text, letters);
            return Smallest(key, letters.AsSpan(0, count), most);
        }
        finally
        {
            ArrayPool<char>.Shared.Return(letters);
        }
    }

    private static long[] Smallest(ThreadKey key, ReadOnlySpan<char> letters, int most)
    {
        var smallest = new SortedSet<ulong>();
        var highest = ulong.MaxValue;
        var inverse = Inverse(key.Base);
        var (rolling, power, weight, from) = (0UL, 1UL, 0, 0); // power: the base to the number of letters within
        for (var to = 0; to < letters.Length; to++)
        {
            rolling = unchecked((rolling * key.Base) + letters[to]);
            power = unchecked(power * key.Base);
            weight += Weight(letters[to]);
            if (weight < Shingle)
            {
                continue;
            }

            // The shortest that ends here: it depends on nothing before it.
            while (weight - Weight(letters[from]) >= Shingle)
            {
                power = unchecked(power * inverse);
                rolling = unchecked(rolling - (letters[from] * power));
                weight -= Weight(letters[from++]);
            }

            var order = Mixed(rolling); // Chosen by something quick; only what is kept goes through the keyed hash.
            if (order < highest && smallest.Add(order) && smallest.Count >= most)
            {
                if (smallest.Count > most)
                {
                    smallest.Remove(smallest.Max);
                }

                highest = smallest.Max;
            }
        }

        return [.. smallest.Select(order => key.Of(ThreadMark.Words, order))];
    }

    /// <summary>Spreads neighbouring numbers over all 64 bits, each to another one (the last step of MurmurHash3).</summary>
    private static ulong Mixed(ulong number)
    {
        number = unchecked((number ^ (number >> 33)) * 0xFF51AFD7ED558CCD);
        number = unchecked((number ^ (number >> 33)) * 0xC4CEB9FE1A85EC53);
        return number ^ (number >> 33);
    }

    private static int Weight(char c) => c < '\u2E80' ? 1 : 2;

    /// <summary>The inverse of an odd number modulo 2^64, by Newton's iteration.</summary>
    private static ulong Inverse(ulong odd)
    {
        var inverse = odd;
        for (var i = 0; i < 5; i++)
        {
            inverse = unchecked(inverse * (2 - (odd * inverse)));
        }

        return inverse;
    }

    /// <summary>The letters and digits in lower case, without headings of quotations.</summary>
    private static int Letters(string text, Span<char> letters)
    {
        var count = 0;
        foreach (var raw in text.AsSpan(0, Math.Min(text.Length, letters.Length)).EnumerateLines())
        {
            var line = Bare(raw);
            if (line.IsEmpty || IsHeading(line))
            {
                continue;
            }

            foreach (var c in line)
            {
                if (char.IsLetterOrDigit(c))
                {
                    letters[count++] = char.ToLowerInvariant(c);
                }
            }
        }

        return count;
    }

    private static ReadOnlySpan<char> Bare(ReadOnlySpan<char> line) => line.TrimStart(" \t\u3000>|*■●").TrimEnd(" \t\u3000*");

    private static bool IsHeading(ReadOnlySpan<char> line)
    {
        if (line.Length > MaxHeading)
        {
            return false;
        }

        if (line is ['-', '-', ..] or ['_', '_', ..] || IsIntroduction(line))
        {
            return true;
        }

        var colon = line[..Math.Min(line.Length, 20)].IndexOf(':');
        if (colon > 0)
        {
            var name = line[..colon].TrimEnd(" *\t");
            foreach (var heading in Headings)
            {
                if (name.Equals(heading.AsSpan(0, heading.Length - 1), StringComparison.OrdinalIgnoreCase))
                {
                    return true;
                }
            }
        }

        return false;
    }

    /// <summary>"On … wrote:", "…さんは書きました:", "2026年11月22日(日) 10:00 … &lt;a@b&gt;:".</summary>
    private static bool IsIntroduction(ReadOnlySpan<char> line)
    {
        if (line.Length is 0 or > MaxHeading)
        {
            return false;
        }

        if (line.StartsWith("On ") && line.Contains('@') && (line.EndsWith(">") || line.EndsWith(",")))
        {
            return true; // "wrote:" stands on the next line
        }

        if (line[^1] != ':')
        {
            return false;
        }

        foreach (var introduction in Introductions)
        {
            if (line.EndsWith(introduction, StringComparison.OrdinalIgnoreCase))
            {
                return true;
            }
        }

        return line.Contains('@') && char.IsAsciiDigit(line[0]);
    }
}

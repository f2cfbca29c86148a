using System.Buffers;
using System.Collections.Frozen;
using System.Text;
using Sekisho.Inspection.Formats;

namespace Sekisho.Inspection.Signatures;

/// <summary>A list of words from <c>signatures/lists/</c>: one entry a line, <c>#</c> starts a comment. Entries are normalised as letters' texts are (<see cref="TextNormal"/>), so that both can be compared as they stand.</summary>
public sealed class WordList
{
    /// <summary>Entries in one list; a file with more is refused.</summary>
    public const int MaxEntries = 100_000;

    /// <summary>Without entries: finds nothing.</summary>
    public static readonly WordList Empty = new([]);

    private readonly SearchValues<string> search;
    private readonly SearchValues<char> beginnings;
    private readonly FrozenDictionary<char, string[]> others;
    private readonly Lazy<IReadOnlyList<(string Entry, byte[] Octets)>> spellings;
    private readonly FrozenSet<string> set;

    /// <summary>Makes a list.</summary>
    /// <param name="entries">Words or phrases, normalised or not; empty ones are left out.</param>
    public WordList(IEnumerable<string> entries)
    {
        Entries = [.. entries.Select(e => TextNormal.Of(e).Trim()).Where(e => e.Length > 0).Distinct(StringComparer.OrdinalIgnoreCase)];
        // Kept apart: a search for ASCII takes many letters at a step, and one that minds no case in kanji takes one.
        others = Entries.Where(e => !char.IsAscii(e[0])).SelectMany(e => new[] { e[0], char.ToUpperInvariant(e[0]), char.ToLowerInvariant(e[0]) }.Distinct().Select(c => (First: c, Entry: e)))
            .GroupBy(e => e.First, e => e.Entry).ToFrozenDictionary(g => g.Key, g => g.ToArray());
        search = SearchValues.Create([.. Entries.Where(e => char.IsAscii(e[0]))], StringComparison.OrdinalIgnoreCase);
        beginnings = SearchValues.Create(others.Keys.AsSpan());
        spellings = new(() => [.. Entries.SelectMany(e => Spellings(e).Select(o => (e, o)))]);
        set = Entries.ToFrozenSet(StringComparer.OrdinalIgnoreCase);
    }

    /// <summary>The entries, normalised, in the file's order.</summary>
    public IReadOnlyList<string> Entries { get; }

    /// <summary>True for a whole entry, whatever its case.</summary>
    /// <param name="entry">Normalised text.</param>
    public bool Contains(string entry) => set.Contains(entry);

    /// <summary>The entry that stands first in a text, whatever its case; null where none does.</summary>
    /// <param name="text">Normalised text.</param>
    public string? FirstIn(ReadOnlySpan<char> text)
    {
        var at = text.IndexOfAny(search);
        var other = OtherIn(at < 0 ? text : text[..at], text);
        at = other >= 0 ? other : at;
        if (at < 0)
        {
            return null;
        }

        // The longest that stands there says most.
        string? found = null;
        foreach (var entry in Entries)
        {
            if (entry.Length > (found?.Length ?? 0) && text[at..].StartsWith(entry, StringComparison.OrdinalIgnoreCase))
            {
                found = entry;
            }
        }

        return found;
    }

    /// <summary>Where the first entry begins that has no ASCII in front; -1 where none does.</summary>
    /// <param name="look">Where it may begin.</param>
    /// <param name="text">The same and what follows.</param>
    private int OtherIn(ReadOnlySpan<char> look, ReadOnlySpan<char> text)
    {
        for (var from = 0; look[from..].IndexOfAny(beginnings) is >= 0 and var next; from++)
        {
            from += next;
            foreach (var entry in others[look[from]])
            {
                if (text[from..].StartsWith(entry, StringComparison.OrdinalIgnoreCase))
                {
                    return from;
                }
            }
        }

        return -1;
    }

    /// <summary>The first entry of the list that stands in octets of no known encoding: as UTF-8, UTF-16 or Shift_JIS, as it is written, in capitals, or with one; null where none does.</summary>
    /// <param name="octets">Such as the stream of a document.</param>
    public string? FirstIn(ReadOnlySpan<byte> octets)
    {
        foreach (var (entry, spelling) in spellings.Value)
        {
            if (octets.IndexOf(spelling) >= 0)
            {
                return entry;
            }
        }

        return null;
    }

    /// <summary>Reads a list.</summary>
    /// <exception cref="InvalidDataException">It has more than <see cref="MaxEntries"/> entries, or is no UTF-8.</exception>
    public static WordList Read(Stream octets)
    {
        using var reader = new StreamReader(octets, new UTF8Encoding(false, throwOnInvalidBytes: true), detectEncodingFromByteOrderMarks: true, leaveOpen: true);
        var entries = new List<string>();
        try
        {
            while (reader.ReadLine() is { } line)
            {
                var end = line.IndexOf('#', StringComparison.Ordinal);
                line = (end < 0 ? line : line[..end]).Trim();
                if (line.Length > 0)
                {
                    entries.Add(line);
                    if (entries.Count > MaxEntries)
                    {
                        throw new InvalidDataException($"More than {MaxEntries:N0} entries.");
                    }
                }
            }
        }
        catch (DecoderFallbackException e)
        {
            throw new InvalidDataException("The list is no UTF-8 text.", e);
        }

        return new WordList(entries);
    }

    private static IEnumerable<byte[]> Spellings(string entry)
    {
        foreach (var spelling in new[] { entry, entry.ToUpperInvariant(), char.ToUpperInvariant(entry[0]) + entry[1..] }.Distinct(StringComparer.Ordinal))
        {
            yield return Encoding.UTF8.GetBytes(spelling);
            yield return Encoding.Unicode.GetBytes(spelling);
            if (!Ascii.IsValid(spelling))
            {
                yield return Encoding.GetEncoding(932).GetBytes(spelling);
            }
        }
    }
}

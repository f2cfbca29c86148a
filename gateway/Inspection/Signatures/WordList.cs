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
    private readonly Lazy<IReadOnlyList<(string Entry, byte[] Octets)>> spellings;
    private readonly FrozenSet<string> set;

    /// <summary>Makes a list.</summary>
    /// <param name="entries">Words or phrases, normalised or not; empty ones are left out.</param>
    public WordList(IEnumerable<string> entries)
    {
        Entries = [.. entries.Select(e => TextNormal.Of(e).Trim()).Where(e => e.Length > 0).Distinct(StringComparer.OrdinalIgnoreCase)];
        search = SearchValues.Create([.. Entries], StringComparison.OrdinalIgnoreCase);
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

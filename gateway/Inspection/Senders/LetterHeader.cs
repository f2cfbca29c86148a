using System.Buffers;
using System.Text;

namespace Sekisho.Inspection.Senders;

/// <summary>One header field as its octets came.</summary>
/// <param name="Name">Its name in lower case; empty for a line that is no field.</param>
/// <param name="Start">Where it begins, in octets from the letter's first.</param>
/// <param name="Length">Its octets, the line end of its last line included.</param>
/// <param name="ValueStart">Where its value begins: behind the colon.</param>
internal readonly record struct LetterField(string Name, int Start, int Length, int ValueStart);

/// <summary>The header of a letter in its own octets, for signatures and for those who must find a field's place again.</summary>
/// <remarks>A line ends with CRLF or a bare LF, which is taken as CRLF when hashing (RFC 6376 section 5.3). A bare CR ends nothing. A line that is no field is kept under an empty name.</remarks>
internal sealed class LetterHeader
{
    /// <summary>Octets read at most; a longer header is cut and <see cref="IsCut"/>. Fields are not counted: what is behind many of them is read by others all the same.</summary>
    public const int MaxOctets = 1 << 20;

    private readonly byte[] octets;
    private readonly Dictionary<string, List<int>> byName = new(StringComparer.Ordinal);
    private readonly List<LetterField> fields = [];

    private LetterHeader(byte[] octets) => this.octets = octets;

    /// <summary>The fields in their order.</summary>
    public IReadOnlyList<LetterField> Fields => fields;

    /// <summary>True where the header was too long to be read to its end: no signature over it can be verified.</summary>
    public bool IsCut { get; private set; }

    /// <summary>Where the body begins.</summary>
    public int BodyStart { get; private set; }

    /// <summary>Reads the header from the stream's start.</summary>
    public static LetterHeader Read(Stream letter)
    {
        letter.Position = 0;
        var length = (int)Math.Min(letter.Length, MaxOctets + 4);
        var buffer = ArrayPool<byte>.Shared.Rent(Math.Max(length, 1));
        try
        {
            // Most headers are small: read on only while their end is not seen.
            int filled = 0, scanned = 0, end = -1;
            while (end < 0 && filled < length)
            {
                var read = letter.Read(buffer, filled, Math.Min(filled == 0 ? 16 << 10 : filled, length - filled));
                if (read == 0)
                {
                    break;
                }

                filled += read;
                end = EndOf(buffer.AsSpan(0, filled), ref scanned);
            }

            var header = new LetterHeader(buffer.AsSpan(0, end < 0 ? filled : end).ToArray());
            header.IsCut = end < 0 && filled > MaxOctets;
            header.Split();
            return header;
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }

    /// <summary>The places of the fields of a name (lower case) in <see cref="Fields"/>, topmost first.</summary>
    public IReadOnlyList<int> Named(string name) => byName.TryGetValue(name, out var list) ? list : [];

    /// <summary>A field's octets.</summary>
    public ReadOnlySpan<byte> Octets(LetterField field) => octets.AsSpan(field.Start, field.Length);

    /// <summary>A field's value in its octets, folding kept.</summary>
    public ReadOnlySpan<byte> Value(LetterField field) => octets.AsSpan(field.ValueStart, field.Start + field.Length - field.ValueStart);

    /// <summary>A field's value as text, an octet a character (Latin-1).</summary>
    public string Text(LetterField field) => Encoding.Latin1.GetString(Value(field));

    /// <summary>The first octet behind the empty line that ends a header; -1 where there is none yet.</summary>
    private static int EndOf(ReadOnlySpan<byte> seen, ref int scanned)
    {
        while (scanned < seen.Length)
        {
            var feed = seen[scanned..].IndexOf((byte)'\n');
            if (feed < 0)
            {
                return -1;
            }

            var line = seen.Slice(scanned, feed);
            scanned += feed + 1;
            if (line.Length == 0 || (line.Length == 1 && line[0] == '\r'))
            {
                return scanned;
            }
        }

        return -1;
    }

    private void Split()
    {
        var at = 0;
        var start = -1;
        while (at < octets.Length)
        {
            var feed = octets.AsSpan(at).IndexOf((byte)'\n');
            var next = feed < 0 ? octets.Length : at + feed + 1;
            var line = octets.AsSpan(at, next - at);
            if (line is [(byte)'\n'] or [(byte)'\r', (byte)'\n'])
            {
                Add(start, at);
                BodyStart = next;
                return;
            }

            if (line[0] is not ((byte)' ' or (byte)'\t') || start < 0)
            {
                Add(start, at);
                start = at;
            }

            at = next;
        }

        Add(start, at);
        BodyStart = octets.Length;
    }

    private void Add(int start, int end)
    {
        if (start < 0)
        {
            return;
        }

        var field = octets.AsSpan(start, end - start);
        var colon = field.IndexOf((byte)':');
        var name = colon > 0 ? field[..colon].TrimEnd(" \t"u8) : [];
        if (name.Length == 0 || name.ContainsAnyExceptInRange((byte)'!', (byte)'~'))
        {
            fields.Add(new LetterField("", start, field.Length, start));
            return;
        }

        var made = new LetterField(Encoding.ASCII.GetString(name).ToLowerInvariant(), start, field.Length, start + colon + 1);
        (byName.TryGetValue(made.Name, out var list) ? list : byName[made.Name] = []).Add(fields.Count);
        fields.Add(made);
    }
}

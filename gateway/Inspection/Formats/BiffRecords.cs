using System.Buffers.Binary;
using System.Text;

namespace Sekisho.Inspection.Formats;

/// <summary>Goes through the records of a BIFF5 or BIFF8 stream (MS-XLS section 2.1.4) one after the other.</summary>
/// <param name="stream">The workbook stream, seekable.</param>
/// <param name="budget">The letter's time.</param>
internal sealed class BiffRecords(Stream stream, ReadBudget budget)
{
    public const int Continue = 0x003C;

    /// <summary>Records in one workbook: enough for any that fits into a letter.</summary>
    private const int MaxRecords = 4_000_000;

    private readonly BufferedStream octets = new(stream, 32 << 10);
    private readonly byte[] buffer = new byte[0x10000];
    private readonly byte[] header = new byte[4];
    private bool isAhead;
    private int length;
    private int count;

    /// <summary>The record's type.</summary>
    public int Id { get; private set; }

    /// <summary>Its octets, until the next one is read.</summary>
    public ReadOnlySpan<byte> Data => buffer.AsSpan(0, length);

    /// <summary>True where the stream has more records than are read.</summary>
    public bool IsCut => count >= MaxRecords;

    /// <summary>Goes to another place in the stream.</summary>
    public void Seek(long position)
    {
        octets.Position = Math.Clamp(position, 0, stream.Length);
        isAhead = false;
    }

    /// <summary>Reads the next record; false at the end. The last one may be cut short.</summary>
    public bool Next()
    {
        if (!Ahead() || ++count > MaxRecords || ((count & 0x3FF) == 0 && budget.IsSpent))
        {
            return false;
        }

        isAhead = false;
        Id = BinaryPrimitives.ReadUInt16LittleEndian(header);
        length = octets.ReadAtLeast(buffer.AsSpan(0, BinaryPrimitives.ReadUInt16LittleEndian(header.AsSpan(2))), BinaryPrimitives.ReadUInt16LittleEndian(header.AsSpan(2)), throwOnEndOfStream: false);
        return true;
    }

    /// <summary>Reads the next record if it continues this one.</summary>
    public bool NextContinue() => Ahead() && BinaryPrimitives.ReadUInt16LittleEndian(header) == Continue && Next();

    private bool Ahead()
    {
        if (!isAhead)
        {
            isAhead = octets.ReadAtLeast(header, 4, throwOnEndOfStream: false) == 4;
        }

        return isAhead;
    }
}

/// <summary>Reads characters that go on in CONTINUE records, where each piece says anew how wide its characters are (MS-XLS section 2.5.293).</summary>
internal sealed class BiffText(BiffRecords records, Encoding narrow, bool isBiff8)
{
    private int at;

    /// <summary>The encoding of a CODEPAGE record (MS-XLS section 2.4.52); Latin-1 for what is not known.</summary>
    public static Encoding CodePage(int number)
    {
        try
        {
            return number switch { 0x8001 => Encoding.GetEncoding(1252), 0x8000 => Encoding.GetEncoding(10000), 1200 => Encoding.Latin1, _ => Encoding.GetEncoding(number) };
        }
        catch (Exception e) when (e is ArgumentException or NotSupportedException)
        {
            return Encoding.Latin1;
        }
    }

    /// <summary>Begins at an offset of the current record.</summary>
    public void Begin(int offset) => at = offset;

    /// <summary>A string with a length of two octets, with the runs of formatting and the phonetic text (ふりがな) behind it skipped; null at the end.</summary>
    public string? Next()
    {
        if (!Need(2))
        {
            return null;
        }

        int characters = BinaryPrimitives.ReadUInt16LittleEndian(records.Data[at..]);
        at += 2;
        if (!isBiff8)
        {
            var size = Math.Min(characters, records.Data.Length - at);
            at += size;
            return narrow.GetString(records.Data.Slice(at - size, size));
        }

        if (!Need(1))
        {
            return characters == 0 ? "" : null;
        }

        var flags = records.Data[at++];
        long skip = 0;
        if ((flags & 0x08) != 0 && Need(2))
        {
            skip += 4L * BinaryPrimitives.ReadUInt16LittleEndian(records.Data[at..]);
            at += 2;
        }

        if ((flags & 0x04) != 0 && Need(4))
        {
            skip += BinaryPrimitives.ReadUInt32LittleEndian(records.Data[at..]);
            at += 4;
        }

        var text = new StringBuilder(Math.Min(characters, 4096));
        var wide = (flags & 1) != 0;
        while (characters > 0)
        {
            if (at >= records.Data.Length)
            {
                if (!records.NextContinue() || records.Data.Length == 0)
                {
                    return text.Length > 0 ? text.ToString() : null;
                }

                wide = (records.Data[0] & 1) != 0;
                at = 1;
                continue;
            }

            var width = wide ? 2 : 1;
            var here = Math.Min(characters, (records.Data.Length - at) / width);
            if (here == 0)
            {
                at = records.Data.Length; // Half a character at the record's end.
                continue;
            }

            text.Append((wide ? Encoding.Unicode : Encoding.Latin1).GetString(records.Data.Slice(at, here * width)));
            at += here * width;
            characters -= here;
        }

        while (skip > 0)
        {
            if (at >= records.Data.Length)
            {
                if (!records.NextContinue())
                {
                    break;
                }

                at = 0;
            }

            var here = (int)Math.Min(skip, records.Data.Length - at);
            at += here;
            skip -= here;
        }

        return text.ToString();
    }

    /// <summary>Goes on to the next record where this one is used up; pieces other than characters do not begin with a width.</summary>
    private bool Need(int octets)
    {
        if (at >= records.Data.Length && records.NextContinue())
        {
            at = 0;
        }

        return at + octets <= records.Data.Length;
    }
}

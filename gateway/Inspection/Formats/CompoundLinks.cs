using System.Buffers.Binary;
using System.Text;

namespace Sekisho.Inspection.Formats;

/// <summary>Finds the hyperlinks of workbooks and presentations of Office 97 to 2003, and what linked objects are loaded from.</summary>
internal static class CompoundLinks
{
    private static readonly byte[] UrlMoniker = new Guid("79EAC9E0-BAF9-11CE-8C82-00AA004BA90B").ToByteArray();
    private static readonly byte[] FileMoniker = new Guid("00000303-0000-0000-C000-000000000046").ToByteArray();

    /// <summary>HLink records of a workbook (MS-XLS section 2.4.140).</summary>
    /// <param name="records">The workbook's stream.</param>
    /// <param name="found">Where links go.</param>
    public static void Workbook(ReadOnlySpan<byte> records, CarrierContents found)
    {
        while (records.Length >= 4)
        {
            var id = BinaryPrimitives.ReadUInt16LittleEndian(records);
            var length = Math.Min(BinaryPrimitives.ReadUInt16LittleEndian(records[2..]), records.Length - 4);
            if (id == 0x01B8)
            {
                Moniker(records.Slice(4, length), SignKind.Link, found);
            }

            records = records[(4 + length)..];
        }
    }

    /// <summary>Addresses in the strings of a presentation: CString atoms (MS-PPT section 2.9.33), which name where its hyperlinks lead.</summary>
    /// <param name="records">The stream <c>PowerPoint Document</c>.</param>
    /// <param name="found">Where links go.</param>
    public static void Presentation(ReadOnlySpan<byte> records, CarrierContents found)
    {
        while (records.Length >= 8)
        {
            var isContainer = (records[0] & 0x0F) == 0x0F;
            var type = BinaryPrimitives.ReadUInt16LittleEndian(records[2..]);
            var length = (int)Math.Min(BinaryPrimitives.ReadUInt32LittleEndian(records[4..]), (uint)(records.Length - 8));
            if (type == 0x0FBA && length is > 8 and < 8192)
            {
                found.NoteRemote(SignKind.Link, Encoding.Unicode.GetString(records.Slice(8, length & ~1)).TrimEnd('\0'));
            }

            records = records[(isContainer ? 8 : 8 + length)..];
        }
    }

    /// <summary>A linked object or hyperlink names its target as a moniker (MS-OLEDS section 2.3.3, MS-OSHARED section 2.3.7.6).</summary>
    /// <param name="stream">What it stands in.</param>
    /// <param name="kind">What to note remote ones as.</param>
    /// <param name="found">Where they go.</param>
    public static void Moniker(ReadOnlySpan<byte> stream, SignKind kind, CarrierContents found)
    {
        var at = stream.IndexOf(UrlMoniker);
        if (at >= 0 && at + 20 < stream.Length)
        {
            var length = BinaryPrimitives.ReadUInt32LittleEndian(stream[(at + 16)..]);
            var text = Encoding.Unicode.GetString(stream.Slice(at + 20, (int)Math.Min(length, (uint)(stream.Length - at - 20)) & ~1));
            var end = text.IndexOf('\0', StringComparison.Ordinal);
            found.NoteRemote(kind, end < 0 ? text : text[..end]);
        }

        at = stream.IndexOf(FileMoniker);
        if (at >= 0 && at + 22 < stream.Length)
        {
            var text = Encoding.Latin1.GetString(stream[(at + 22)..]);
            var end = text.IndexOf('\0', StringComparison.Ordinal);
            found.NoteRemote(kind, end < 0 ? text : text[..end]);
        }
    }
}

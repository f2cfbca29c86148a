using System.Buffers.Binary;
using System.Text;

namespace Sekisho.Inspection.Formats;

/// <summary>The compiled form of a VBA module: the performance cache in front of its source (MS-OVBA section 2.3.4.3), which Office of the same version runs without a look at the source.</summary>
/// <remarks>
/// MS-OVBA leaves the cache unspecified; what is read here was observed (see <see cref="VbaPCode"/>). The head has the places of the declarations and of the line table;
/// the line table has twelve octets a line: flags, the indentation in the upper half of the second number, the length, another number, and the place in the code that follows it.
/// Office 97 (VBA 5) has no such head and other instructions: it is not read.
/// </remarks>
internal sealed class VbaCache
{
    private const int HeadLength = 0x43;
    private const int LineRecord = 12;
    private const uint LineTableMark = 0x0001CAFE;

    private readonly byte[] stream;
    private readonly int lineTable;
    private readonly int code;
    private readonly int codeLength;
    private readonly Heap declarations;
    private readonly Heap libraries;
    private string? text;

    private VbaCache(byte[] stream, int lineTable, int lines, VbaIdentifiers identifiers, Encoding encoding, VbaTextBudget budget)
    {
        Budget = budget;
        this.stream = stream;
        this.lineTable = lineTable;
        Identifiers = identifiers;
        Encoding = encoding;
        Is64 = stream[2] == 3;
        var end = lineTable + 6 + (lines * LineRecord);
        code = end + 10;
        codeLength = (int)Math.Min(U32(end + 6), (uint)(stream.Length - code));
        LineCount = lines;
        declarations = HeapAt(U32(17) + (Is64 ? 2u : 0) + 8);
        libraries = HeapAt(HeadLength - 6);
    }

    /// <summary>True where it was compiled by 64-bit Office.</summary>
    public bool Is64 { get; }

    /// <summary>Lines with and without code, 0 to 65,535.</summary>
    public int LineCount { get; }

    /// <summary>The names its lines refer to.</summary>
    public VbaIdentifiers Identifiers { get; }

    /// <summary>The project's code page, which its texts are in.</summary>
    public Encoding Encoding { get; }

    /// <summary>How much of the file's modules may still be written out.</summary>
    public VbaTextBudget Budget { get; }

    /// <summary>The lines written out as VBA, as far as they are understood; made when first asked for.</summary>
    public string Text => text ??= new VbaDisassembler(this).Write();

    /// <summary>Finds the compiled form of a module. Null where there is none: tools write the source alone.</summary>
    /// <param name="stream">The module's whole stream; kept.</param>
    /// <param name="source">Where the source begins in it; its length where nobody knows.</param>
    /// <param name="identifiers">The project's.</param>
    /// <param name="encoding">The project's code page.</param>
    /// <param name="budget">The file's, for writing the lines out.</param>
    public static VbaCache? TryRead(byte[] stream, int source, VbaIdentifiers identifiers, Encoding encoding, VbaTextBudget budget)
    {
        // 0xB6 in the place of the head's numbers: Office 97.
        if (source < HeadLength || stream.Length < HeadLength || stream[0] != 1 || stream[1] != 0x16 || BinaryPrimitives.ReadUInt32LittleEndian(stream.AsSpan(5)) == 0xFFFF00B6)
        {
            return null;
        }

        var cache = stream.AsSpan(0, Math.Min(source, stream.Length));
        var at = BinaryPrimitives.ReadUInt32LittleEndian(cache[25..]) + 0x3CL;
        if (!IsLineTable(cache, at))
        {
            // The head may be spoilt on purpose; Office itself does not look for the table, but then its text is still worth reading.
            at = cache.LastIndexOf((ReadOnlySpan<byte>)[0xFE, 0xCA, 0x01, 0x00]);
        }

        if (!IsLineTable(cache, at))
        {
            return null;
        }

        return new VbaCache(stream, (int)at, BinaryPrimitives.ReadUInt16LittleEndian(cache[((int)at + 4)..]), identifiers, encoding, budget);
    }

    /// <summary>The octets of a line; empty for one without code, and for one that is not where its record says.</summary>
    /// <param name="line">0 to <see cref="LineCount"/> - 1.</param>
    /// <param name="indentation">Columns, 0 to 255.</param>
    public ReadOnlySpan<byte> Line(int line, out int indentation)
    {
        var record = stream.AsSpan(lineTable + 6 + (line * LineRecord), LineRecord);
        indentation = record[3];
        var length = BinaryPrimitives.ReadUInt16LittleEndian(record[4..]);
        var at = BinaryPrimitives.ReadUInt32LittleEndian(record[8..]);
        return length > 0 && at <= (uint)codeLength && length <= codeLength - (int)at ? stream.AsSpan(code + (int)at, length) : default;
    }

    /// <summary>What a bounded reader may look at in all lines together: every octet of code once. Records that point at one place again and again get no further.</summary>
    public int CodeLength => codeLength;

    /// <summary>A number of two octets in the declarations, the records of procedures, variables and types; 0 outside them.</summary>
    /// <param name="at">From their beginning.</param>
    public ushort Declared(long at) => declarations.U16(stream, at);

    /// <summary>The name in a record of the declarations: each has flags first and its name second. Null where there is none.</summary>
    public string? DeclaredName(long record) => Identifiers.Name(Declared(record + 2));

    /// <summary>The class that <c>New</c> and <c>TypeOf</c> name, as identifier; 0 where there is none.</summary>
    /// <param name="at">Their operand: four octets a class in 32-bit Office, eight in 64-bit Office, where the table itself has ten.</param>
    public ushort Class(int at)
    {
        var place = U32(13) + 176L + (at / (Is64 ? 8 : 4) * 10);
        return place + 2 <= lineTable ? BinaryPrimitives.ReadUInt16LittleEndian(stream.AsSpan((int)place)) : (ushort)0;
    }

    /// <summary>The library a procedure is declared from, as identifier, and its name in there; 0 and null where there is none.</summary>
    /// <param name="at">From the beginning of the libraries' records.</param>
    public (ushort Library, string? Alias) Library(int at)
    {
        var alias = libraries.U16(stream, at + 4);
        if (alias is 0 or 0xFFFF || alias >= libraries.Length)
        {
            return (libraries.U16(stream, at + 2), null);
        }

        var name = stream.AsSpan(libraries.Start + alias, Math.Min(libraries.Length - alias, 256));
        var end = name.IndexOf((byte)0);
        return (libraries.U16(stream, at + 2), end > 0 ? Encoding.GetString(name[..end]) : null);
    }

    private static bool IsLineTable(ReadOnlySpan<byte> cache, long at)
    {
        if (at < HeadLength || at + 16 > cache.Length || BinaryPrimitives.ReadUInt32LittleEndian(cache[(int)at..]) != LineTableMark)
        {
            return false;
        }

        var end = at + 6 + ((long)BinaryPrimitives.ReadUInt16LittleEndian(cache[((int)at + 4)..]) * LineRecord);
        return end + 10 <= cache.Length && cache[(int)end + 4] == 1 && cache[(int)end + 5] == 1;
    }

    private uint U32(int at) => BinaryPrimitives.ReadUInt32LittleEndian(stream.AsSpan(at));

    /// <summary>Every table is written like this: 01 01, the length in four octets, the octets.</summary>
    private Heap HeapAt(uint at)
    {
        if (at > stream.Length - 6 || stream[at] != 1 || stream[at + 1] != 1)
        {
            return default;
        }

        var start = (int)at + 6;
        return new Heap(start, (int)Math.Min(U32((int)at + 2), (uint)(stream.Length - start)));
    }

    private readonly record struct Heap(int Start, int Length)
    {
        public ushort U16(byte[] stream, long at) =>
            at >= 0 && at + 2 <= Length ? BinaryPrimitives.ReadUInt16LittleEndian(stream.AsSpan(Start + (int)at)) : (ushort)0;
    }
}

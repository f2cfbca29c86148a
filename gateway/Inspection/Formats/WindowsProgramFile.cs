using System.Buffers.Binary;

namespace Sekisho.Inspection.Formats;

/// <summary>Looks into a Windows program (PE) just far enough to tell an Excel add-in by its exports.</summary>
internal static class WindowsProgramFile
{
    private const int MaxNames = 4096;
    private const int NameLength = 40;

    /// <summary>True for a library that exports <c>xlAutoOpen</c>: Excel loads and runs it on a double click, whatever it is called beside <c>.xll</c>.</summary>
    /// <param name="file">The file; seekable.</param>
    public static bool IsExcelAddIn(Stream file)
    {
        Span<byte> head = stackalloc byte[4096];
        file.Position = 0;
        head = head[..file.ReadAtLeast(head, head.Length, throwOnEndOfStream: false)];
        if (head.Length < 0x40)
        {
            return false;
        }

        var pe = BinaryPrimitives.ReadUInt32LittleEndian(head[0x3C..]);
        if (pe > head.Length - 200 || !head[(int)pe..].StartsWith("PE\0\0"u8))
        {
            return false;
        }

        // COFF header: sections at 2, length of the optional header at 16, characteristics at 18, of which 0x2000 says DLL (PE format, "COFF File Header").
        var coff = head[((int)pe + 4)..];
        var sections = BinaryPrimitives.ReadUInt16LittleEndian(coff[2..]);
        var optionalLength = BinaryPrimitives.ReadUInt16LittleEndian(coff[16..]);
        if ((BinaryPrimitives.ReadUInt16LittleEndian(coff[18..]) & 0x2000) == 0 || optionalLength < 104 || coff.Length < 20 + optionalLength)
        {
            return false;
        }

        var optional = coff[20..];
        var directory = BinaryPrimitives.ReadUInt16LittleEndian(optional) == 0x20B ? 112 : 96;
        if (directory + 8 > optionalLength)
        {
            return false;
        }

        var exports = BinaryPrimitives.ReadUInt32LittleEndian(optional[directory..]);
        var table = coff[(20 + optionalLength)..];
        table = table[..Math.Min(table.Length, sections * 40)];
        Span<byte> export = stackalloc byte[40];
        if (exports == 0 || !ReadAt(file, table, exports, export))
        {
            return false;
        }

        var count = Math.Min(BinaryPrimitives.ReadUInt32LittleEndian(export[24..]), MaxNames);
        var names = BinaryPrimitives.ReadUInt32LittleEndian(export[32..]);
        Span<byte> pointer = stackalloc byte[4];
        Span<byte> name = stackalloc byte[NameLength];
        for (uint i = 0; i < count; i++)
        {
            name.Clear();
            if (!ReadAt(file, table, names + (4 * i), pointer))
            {
                return false;
            }

            ReadAt(file, table, BinaryPrimitives.ReadUInt32LittleEndian(pointer), name);
            if (name.StartsWith("xlAutoOpen"u8) || name.StartsWith("_xlAutoOpen"u8))
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>Reads at a relative virtual address through the section table (PE format, "Section Table").</summary>
    private static bool ReadAt(Stream file, ReadOnlySpan<byte> table, uint address, Span<byte> into)
    {
        for (; table.Length >= 40; table = table[40..])
        {
            var start = BinaryPrimitives.ReadUInt32LittleEndian(table[12..]);
            var size = Math.Max(BinaryPrimitives.ReadUInt32LittleEndian(table[8..]), BinaryPrimitives.ReadUInt32LittleEndian(table[16..]));
            if (address >= start && address - start < size)
            {
                file.Position = (long)BinaryPrimitives.ReadUInt32LittleEndian(table[20..]) + (address - start);
                return file.ReadAtLeast(into, into.Length, throwOnEndOfStream: false) == into.Length;
            }
        }

        return false;
    }
}

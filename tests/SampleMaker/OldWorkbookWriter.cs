using System.Text;

namespace Sekisho.SampleMaker;

/// <summary>Writes macro sheets of Excel 2, 3 and 4 (BIFF2 to BIFF4), which are bare streams of records.</summary>
/// <param name="version">2, 3 or 4.</param>
public sealed class OldWorkbookWriter(int version)
{
    private readonly MemoryStream file = new();

    /// <summary>A macro sheet named to open by itself: <c>EXEC("calc" &amp; C1)</c> in A1 with <c>.exe</c> in C1, then <c>HALT()</c> in A2.</summary>
    /// <param name="version">2, 3 or 4.</param>
    public static byte[] Macro(int version) => new OldWorkbookWriter(version).MacroSheet().file.ToArray();

    /// <summary>A workbook of Excel 4 that binds a worksheet and a macro sheet together (BIFF4W).</summary>
    public static byte[] Bound()
    {
        var book = new OldWorkbookWriter(4);
        book.Begin(0x0100);
        book.Head("Figures");
        book.Begin(0x0010);
        book.Record(0x000A);
        book.Head("Hidden");
        return book.MacroSheet().file.ToArray();
    }

    private OldWorkbookWriter MacroSheet()
    {
        Begin(0x0040);
        Record(0x0042, 0xE4, 0x04);
        byte[] place = [0x44, 0, 0, 0];
        byte[] name = [.. "Auto_Open"u8];
        if (version == 2)
        {
            Record(0x0018, [2, 2, 0, (byte)name.Length, (byte)place.Length, .. name, .. place, (byte)place.Length]);
        }
        else
        {
            Record(0x0218, [0x0A, 0, 0, (byte)name.Length, (byte)place.Length, 0, .. name, .. place]);
        }

        // The relative cell C1, two columns to the right in the same row.
        Formula(0, [0x17, 4, .. "calc"u8, 0x44, 0, 0xC0, 2, 0x08, .. Call(1, 110)]);
        Formula(1, Call(0, 54));
        byte[] text = [.. ".exe"u8];
        Record(version == 2 ? 0x0004 : 0x0204, [0, 0, 2, 0, 0, 0, .. version == 2 ? new byte[] { 0, (byte)text.Length } : [(byte)text.Length, 0], .. text]);
        Record(0x000A);
        return this;
    }

    private byte[] Call(byte arguments, byte function) => version == 4 ? [0x42, arguments, function, 0] : [0x42, arguments, function];

    private void Begin(ushort kind) => Record(version switch { 2 => 0x0009, 3 => 0x0209, _ => 0x0409 }, [(byte)version, 0, (byte)kind, (byte)(kind >> 8), .. version == 2 ? Array.Empty<byte>() : [0, 0]]);

    private void Head(string name) => Record(0x008F, [0, 0, 0, 0, (byte)name.Length, .. Encoding.ASCII.GetBytes(name)]);

    private void Formula(byte row, byte[] tokens) =>
        Record(version switch { 2 => 0x0006, 3 => 0x0206, _ => 0x0406 },
            version == 2 ? [row, 0, 0, 0, 0, 0, 0, .. new byte[8], 0, (byte)tokens.Length, .. tokens] : [row, 0, 0, 0, 0, 0, .. new byte[8], 0, 0, (byte)tokens.Length, 0, .. tokens]);

    private void Record(int id, params byte[] content)
    {
        file.Write([(byte)id, (byte)(id >> 8), (byte)content.Length, (byte)(content.Length >> 8)]);
        file.Write(content);
    }
}

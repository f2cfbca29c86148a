using System.Text;

namespace Sekisho.SampleMaker;

/// <summary>Writes a workbook of Excel 5 and 95 (BIFF5) with a macro sheet whose first cells run a program: texts of one octet a letter, no shared strings.</summary>
public static class OldXlmWriter
{
    /// <summary>The workbook.</summary>
    /// <param name="command">What EXEC is given; written in two texts that are joined.</param>
    /// <param name="state">0 visible, 1 hidden, 2 very hidden.</param>
    public static byte[] Workbook(string command, int state = 0)
    {
        var half = command.Length / 2;
        byte[] exec = [.. Text(command[..half]), .. Text(command[half..]), 0x08, 0x42, 1, .. Two(XlmSamples.Exec)];
        byte[] halt = [0x42, 0, .. Two(XlmSamples.Halt)];
        byte[] sheet = [.. Begin(0x40), .. Formula(0, exec), .. Formula(1, halt), .. Record(0x0A, [])];
        var globals = Globals(0, state);
        return new CompoundFileWriter().Add("Book", [.. Globals(globals.Length, state), .. sheet, .. new byte[4096]]).ToArray();
    }

    private static byte[] Globals(int sheetAt, int state)
    {
        // A reference to the first cell of the first sheet (BIFF5: seventeen octets), by the built-in name 1, Auto_Open.
        byte[] cell = [0x5A, 0xFF, 0xFF, .. new byte[8], 0, 0, 0, 0, 0, 0, 0];
        return
        [
            .. Begin(0x05), .. Record(0x42, Two(1252)),
            .. Record(0x85, [.. BitConverter.GetBytes(sheetAt), (byte)state, 1, 6, .. "Macro1"u8]),
            .. Record(0x16, Two(1)), .. Record(0x17, [1, 3, .. "Macro1"u8]),
            .. Record(0x18, [0x20, 0, 0, 1, .. Two(cell.Length), 0, 0, 0, 0, 0, 0, 0, 0, 1, .. cell]),
            .. Record(0x0A, []),
        ];
    }

    private static byte[] Begin(int kind) => Record(0x0809, [.. Two(0x0500), .. Two(kind), 0, 0, 0, 0]);

    private static byte[] Formula(int row, byte[] tokens) => Record(0x06, [.. Two(row), 0, 0, 15, 0, .. new byte[8], 0, 0, 0, 0, 0, 0, .. Two(tokens.Length), .. tokens]);

    private static byte[] Text(string text) => [0x17, (byte)text.Length, .. Encoding.Latin1.GetBytes(text)];

    private static byte[] Record(int id, byte[] body) => [.. Two(id), .. Two(body.Length), .. body];

    private static byte[] Two(int value) => OldArchiveWriter.Two(value);
}

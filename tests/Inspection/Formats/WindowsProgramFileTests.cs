using System.Buffers.Binary;
using Sekisho.Inspection.Formats;
using Sekisho.SampleMaker;

namespace Sekisho.Inspection.Tests.Formats;

public class WindowsProgramFileTests
{
    [Fact]
    public void AddIn_IsToldByItsExports()
    {
        using var message = Letters.OpenDocument("report.dat", Library("xlAutoOpen"));
        using var other = Letters.OpenDocument("report.dll", Library("DllMain"));

        Assert.Equal(FileKind.ExcelAddIn, message.Parts[0].Kind);
        Assert.Equal(FileKind.WindowsProgram, other.Parts[0].Kind);
        Assert.Equal(FileKind.WindowsProgram, FileTypes.Sniff(Samples.Program()));
    }

    [Fact]
    public void BrokenPrograms_AreNone()
    {
        var library = Library("xlAutoOpen");
        for (var length = 0; length < library.Length; length += 7)
        {
            WindowsProgramFile.IsExcelAddIn(new MemoryStream(library[..length]));
        }
    }

    /// <summary>A library of one section with one export; it has no code.</summary>
    private static byte[] Library(string export)
    {
        var file = new byte[0x400];
        void At(int offset, uint value) => BinaryPrimitives.WriteUInt32LittleEndian(file.AsSpan(offset), value);
        "MZ"u8.CopyTo(file);
        At(0x3C, 0x80);
        "PE\0\0"u8.CopyTo(file.AsSpan(0x80));
        file[0x86] = 1; // One section.
        file[0x94] = 0xE0; // Length of the optional header.
        file[0x97] = 0x20; // A library.
        file[0x98] = 0x0B;
        file[0x99] = 0x01;
        At(0x98 + 96, 0x1000);
        var section = 0x98 + 0xE0;
        At(section + 8, 0x200);
        At(section + 12, 0x1000);
        At(section + 16, 0x200);
        At(section + 20, 0x200);
        At(0x200 + 24, 1);
        At(0x200 + 32, 0x1040);
        At(0x240, 0x1050);
        System.Text.Encoding.ASCII.GetBytes(export).CopyTo(file.AsSpan(0x250));
        return file;
    }
}

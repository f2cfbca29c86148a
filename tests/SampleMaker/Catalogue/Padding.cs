using System.IO.Compression;
using Made = Sekisho.SampleMaker.Samples;

namespace Sekisho.SampleMaker.Catalogue;

/// <summary>Files blown up with padding until scanners refuse them.</summary>
internal static class Padding
{
    private const int Mega = 1 << 20;

    public static IReadOnlyList<Sample> Samples { get; } =
    [
        Padded("doc-500-mb", "A document with 500 MB of zeros behind it", "invoice.doc", Made.OldDocument(Made.AutoOpenSource), 500),
        Padded("doc-60-mb", "A document with 60 MB of zeros behind it", "invoice.doc", Made.OldDocument(Made.AutoOpenSource), 60),
        Padded("program-100-mb", "A program with 100 MB of zeros behind it", "invoice.dat", Made.Program(), 100),
        Padded("lnk-50-mb", "A shortcut with 50 MB of zeros behind it", "invoice.lnk", CarrierWriter.Shortcut("cmd.exe", "/c echo harmless"), 50),
        Padded("xlsm-30-mb", "A package with 30 MB of zeros behind it", "invoice.xlsm", OoxmlWriter.Workbook(Made.VbaProject(Made.AutoOpenSource)), 30),
        Sample.Attached("xlsm-zeros-before-end", "A package with 30 MB of zeros before its end record", "papers.zip", () =>
        {
            var package = OoxmlWriter.Workbook(Made.VbaProject(Made.AutoOpenSource));
            return ZipWriter.Plain(("invoice.xlsm", [.. package[..^22], .. new byte[30 * Mega], .. package[^22..]]));
        }),
        Padded("lnk-20-mb-appended", "A shortcut with 20 MB of zeros behind a batch file", "invoice.lnk", CarrierWriter.Shortcut(@"C:\a.txt", "", "@echo off\r\nexit\r\n"u8.ToArray()), 20),
        Sample.Attached("doc-inner-stream", "A document with 60 MB of zeros inside a stream", "papers.zip", () =>
        {
            var file = new CompoundFileWriter().Add("WordDocument", new byte[5000]).Add("Data", new byte[60 * Mega]);
            new VbaProjectWriter().Add("ThisDocument", Made.AutoOpenSource).AddTo(file, "Macros");
            return ZipWriter.Plain(("invoice.doc", file.ToArray()));
        }),
        Sample.Attached("docm-inner-member", "A package with 100 MB of zeros in a member", "invoice.docm", () => Zip(
            ("[Content_Types].xml", "<Types><Override PartName=\"/word/document.xml\" ContentType=\"application/vnd.ms-word.document.macroEnabled.main+xml\"/></Types>"u8.ToArray(), 0),
            ("word/document.xml", "<w:document/>"u8.ToArray(), 0), ("word/media/image1.bmp", [], 100), ("word/vbaProject.bin", Made.VbaProject(Made.AutoOpenSource), 0))),
        Sample.Attached("text-60-mb", "60 MB of zeros and nothing else", "papers.zip", () => Zip(("zeros.dat", [], 60))),
    ];

    private static Sample Padded(string name, string shows, string fileName, byte[] content, int megabytes) =>
        Sample.Attached(name, shows, "papers.zip", () => Zip((fileName, content, megabytes)));

    private static byte[] Zip(params (string Name, byte[] Content, int Megabytes)[] members)
    {
        var zeros = new byte[Mega];
        using var output = new MemoryStream();
        using (var zip = new ZipArchive(output, ZipArchiveMode.Create, leaveOpen: true))
        {
            foreach (var (name, content, megabytes) in members)
            {
                var entry = zip.CreateEntry(name);
                entry.LastWriteTime = Made.Time;
                using var member = entry.Open();
                member.Write(content);
                for (var i = 0; i < megabytes; i++)
                {
                    member.Write(zeros);
                }
            }
        }

        return output.ToArray();
    }
}

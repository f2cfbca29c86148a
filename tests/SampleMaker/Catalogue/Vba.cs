using System.Buffers.Binary;
using System.IO.Compression;
using System.Text;
using Made = Sekisho.SampleMaker.Samples;

namespace Sekisho.SampleMaker.Catalogue;

/// <summary>VBA projects in every host, and what attackers do to them.</summary>
internal static class Vba
{
    private const string Payload = "powershell -w hidden -e SABlAGwAbABvACwAIAB0AGgAaQBzACAAaQBzACAAaABhAHIAbQBsAGUAcwBzACAAdABlAHgAdAA=";

    public static IReadOnlyList<Sample> Samples { get; } =
    [
        Sample.Attached("doc", "Word 97-2003", "paper.doc", () => Made.OldDocument(Made.AutoOpenSource)),
        Sample.Attached("xls", "Excel 97-2003", "list.xls", () => Compound("Workbook", "_VBA_PROJECT_CUR")),
        Sample.Attached("ppt", "PowerPoint 97-2003, the project packed in a record", "slides.ppt", PowerPoint),
        Sample.Attached("docm", "Word, macro-enabled", "paper.docm", () => OoxmlWriter.Document(Project())),
        Sample.Attached("dotm", "A Word template, the project under another name", "paper.dotm", () => OoxmlWriter.Document(Project(), "other.name")),
        Sample.Attached("xlsm", "Excel, macro-enabled", "list.xlsm", () => OoxmlWriter.Workbook(Project())),
        Sample.Attached("xlam", "An Excel add-in", "list.xlam", () => Package("xl/workbook.xml", "application/vnd.ms-excel.addin.macroEnabled.main+xml")),
        Sample.Attached("xlsb", "An Excel binary workbook", "list.xlsb", () => Package("xl/workbook.bin", "application/vnd.ms-excel.sheet.binary.macroEnabled.main")),
        Sample.Attached("pptm", "PowerPoint, macro-enabled", "slides.pptm", () => Package("ppt/presentation.xml", "application/vnd.ms-powerpoint.presentation.macroEnabled.main+xml")),
        Sample.Attached("ppam", "A PowerPoint add-in", "slides.ppam", () => Package("ppt/presentation.xml", "application/vnd.ms-powerpoint.addin.macroEnabled.main+xml")),
        Sample.Attached("word-2003-xml", "Word 2003 XML", "paper.xml", () => OfficeTextWriter.WordXml(Project())),
        Sample.Attached("flat-opc", "A flat package", "paper.xml", () => OfficeTextWriter.FlatPackage(Project())),
        Sample.Attached("mhtml-activemime", "A web archive with ActiveMime, named as a document", "paper.doc", () => OfficeTextWriter.WebArchive(Project())),
        Sample.Attached("activemime-alone", "ActiveMime by itself", "editdata.mso", () => OfficeTextWriter.ActiveMime(Project())),
        Sample.Attached("publisher", "Publisher", "paper.pub", () => Compound("Quill/QuillSub/CONTENTS", "VBA")),
        Sample.Attached("visio", "Visio 2003", "plan.vsd", () => Compound("VisioDocument", "VBAProject")),
        Sample.Attached("access", "Access, told by marker", "data.accdb", () => [0, 1, 0, 0, .. "Standard ACE DB\0"u8, .. new byte[5000], .. Source("Attribute VB_Name = \"Module1\"\r\nSub AutoExec()\r\nEnd Sub\r\n"), .. new byte[500]]),
        Sample.Attached("project-alone", "vbaProject.bin by itself", "data.bin", Project),
        Sample.Attached("macro-in-docx", "A project in a document whose type promises none", "paper.docx", () => OoxmlWriter.Document(Project())),
        Sample.Attached("project-named-picture", "A project called a picture in the package", "paper.docm", () => OoxmlWriter.Document(Project(), "media/image1.jpeg")),
        Sample.Attached("two-projects", "A project in an embedded object beside the document's own", "paper.doc", () => Compound("WordDocument", "Macros", "ObjectPool/_1/Macros")),
        Sample.Attached("broken-dir", "The dir stream cut off: modules are found all the same", "paper.doc", () => Odd(dir: d => d[..20])),
        Sample.Attached("no-dir", "No dir stream at all", "paper.doc", () => Odd(dir: _ => null)),
        Sample.Attached("rubbish-dir", "A dir stream of rubbish", "paper.doc", () => Odd(dir: d => [.. Enumerable.Repeat((byte)0xAA, d.Length)])),
        Sample.Attached("renamed-storages", "VBA and dir under other names", "paper.doc", () => Odd(storage: "Xyz/Abc", dirName: "rid")),
        Sample.Attached("hidden-module", "A module that the editor does not show", "paper.doc", () =>
        {
            var file = new CompoundFileWriter().Add("WordDocument", new byte[5000]);
            new VbaProjectWriter().Add("ThisDocument", "' nothing here\r\n").AddUnshown("Module1", Made.AutoOpenSource).AddTo(file, "Macros");
            return file.ToArray();
        }),
        Sample.Attached("cp932", "Names and text in CP932", "paper.doc", () =>
        {
            var file = new CompoundFileWriter().Add("WordDocument", new byte[5000]);
            new VbaProjectWriter(932).Add("標準モジュール", "Sub AutoOpen()\r\n    MsgBox \"請求書\"\r\nEnd Sub\r\n").AddTo(file, "Macros");
            return file.ToArray();
        }),
        Sample.Attached("form-tag", "A command in a form control's tag, as Emotet kept it", "paper.doc", () => Form(("TextBox1", Payload, "", ""))),
        Sample.Attached("form-value", "A command in a text box", "paper.doc", () => Form(("TextBox1", "", Payload, ""))),
        Sample.Attached("form-group-name", "A command in a group name", "paper.doc", () => Form(("OptionButton1", "", "", Payload))),
        Sample.Attached("property", "A command in a document property", "paper.doc", () => WithMacro(f => f.Add("\u0005SummaryInformation", Property(Payload)))),
        Sample.Attached("variable", "A command in a document variable", "paper.doc", Variable),
        Sample.Attached("variable-docm", "A command in a document variable of a package", "paper.docm", () => ZipWriter.Plain(
            ("[Content_Types].xml", "<Types><Override PartName=\"/word/document.xml\" ContentType=\"application/vnd.ms-word.document.macroEnabled.main+xml\"/><Override PartName=\"/word/vbaProject.bin\" ContentType=\"application/vnd.ms-office.vbaProject\"/></Types>"u8.ToArray()),
            ("word/document.xml", "<w:document/>"u8.ToArray()),
            ("word/settings.xml", Encoding.UTF8.GetBytes($"<w:settings><w:docVars><w:docVar w:name=\"v\" w:val=\"{Payload}\"/></w:docVars></w:settings>")),
            ("word/vbaProject.bin", Project()))),
        Sample.Attached("cells-xls", "A command in the cells of worksheets, Excel 97-2003", "list.xls", () => CellSamples.Excel97()),
        Sample.Attached("cells-xlsm", "A command in the cells of worksheets of a package", "list.xlsm", () => CellSamples.Xml()),
        Sample.Attached("cells-xlsb", "A command in the cells of worksheets of a binary workbook", "list.xlsb", () => CellSamples.Binary()),
        Sample.Attached("quiet-macro", "A macro that nothing starts", "paper.docm", () => OoxmlWriter.Document(Made.VbaProject(Made.QuietSource))),
    ];

    private static byte[] Project() => Made.VbaProject(Made.AutoOpenSource);

    private static byte[] Source(string text) => VbaProjectWriter.Compress(Encoding.ASCII.GetBytes(text));

    private static byte[] Compound(string stream, params string[] storages)
    {
        var file = new CompoundFileWriter().Add(stream, new byte[5000]);
        foreach (var storage in storages)
        {
            new VbaProjectWriter().Add("ThisDocument", Made.AutoOpenSource).AddTo(file, storage);
        }

        return file.ToArray();
    }

    private static byte[] Package(string main, string type)
    {
        var folder = main[..main.IndexOf('/', StringComparison.Ordinal)];
        return ZipWriter.Plain(
            ("[Content_Types].xml", Encoding.UTF8.GetBytes($"<Types><Override PartName=\"/{main}\" ContentType=\"{type}\"/><Override PartName=\"/{folder}/vbaProject.bin\" ContentType=\"application/vnd.ms-office.vbaProject\"/></Types>")),
            (main, "<a/>"u8.ToArray()),
            (folder + "/vbaProject.bin", Project()));
    }

    private static byte[] PowerPoint()
    {
        var vba = Project();
        using var packed = new MemoryStream();
        packed.Write(BitConverter.GetBytes(vba.Length));
        using (var zlib = new ZLibStream(packed, CompressionMode.Compress, leaveOpen: true))
        {
            zlib.Write(vba);
        }

        byte[] record = [0x10, 0, 0x11, 0x10, .. BitConverter.GetBytes((int)packed.Length), .. packed.ToArray()];
        return new CompoundFileWriter().Add("PowerPoint Document", [0x0F, 0, 0xE8, 0x03, .. BitConverter.GetBytes(record.Length), .. record]).ToArray();
    }

    /// <summary>A project whose directory is not what it should be.</summary>
    private static byte[] Odd(Func<byte[], byte[]?>? dir = null, string storage = "Macros/VBA", string dirName = "dir")
    {
        var sound = new VbaProjectWriter().Add("ThisDocument", Made.AutoOpenSource);
        var whole = sound.DirectoryStream();
        var file = new CompoundFileWriter().Add("WordDocument", new byte[5000])
            .Add(storage + "/_VBA_PROJECT", [0xCC, 0x61, 0xFF, 0xFF, 0, 0, 0])
            .Add(storage + "/ThisDocument", Source("Attribute VB_Name = \"ThisDocument\"\r\n" + Made.AutoOpenSource));
        var octets = dir is null ? whole : dir(whole);
        return (octets is null ? file : file.Add($"{storage}/{dirName}", octets)).ToArray();
    }

    private static byte[] WithMacro(Func<CompoundFileWriter, CompoundFileWriter> more)
    {
        var file = new CompoundFileWriter().Add("WordDocument", new byte[5000]);
        new VbaProjectWriter().Add("ThisDocument", Made.AutoOpenSource).AddTo(file, "Macros");
        return more(file).ToArray();
    }

    private static byte[] Form((string Name, string Tag, string Value, string Group) box) => WithMacro(f => FormWriter.AddForm(f, "Macros/UserForm1", box));

    /// <summary>A property set of a code page and a title (MS-OLEPS).</summary>
    private static byte[] Property(string title)
    {
        var text = Encoding.ASCII.GetBytes(title + "\0");
        byte[] set = [0, 0, 0, 0, 2, 0, 0, 0, 1, 0, 0, 0, 24, 0, 0, 0, 2, 0, 0, 0, 32, 0, 0, 0, 2, 0, 0, 0, 0xA4, 3, 0, 0, 30, 0, 0, 0, .. BitConverter.GetBytes(text.Length), .. text];
        return [0xFE, 0xFF, 0, 0, .. new byte[20], 1, 0, 0, 0, .. new byte[16], 48, 0, 0, 0, .. set];
    }

    /// <summary>A document whose table stream holds one variable (MS-DOC section 2.9.305).</summary>
    private static byte[] Variable()
    {
        byte[] table = [9, 9, 0xFF, 0xFF, 1, 0, 4, 0, 2, 0, (byte)'v', 0, (byte)'1', 0, 0, 0, 0, 0, .. BitConverter.GetBytes((ushort)Payload.Length), .. Encoding.Unicode.GetBytes(Payload), 0, 0];
        var fib = new byte[5000];
        fib[11] = 2;
        BinaryPrimitives.WriteInt32LittleEndian(fib.AsSpan(0x27A), 2);
        BinaryPrimitives.WriteInt32LittleEndian(fib.AsSpan(0x27E), table.Length - 2);
        var file = new CompoundFileWriter().Add("WordDocument", fib).Add("1Table", table);
        new VbaProjectWriter().Add("ThisDocument", Made.AutoOpenSource).AddTo(file, "Macros");
        return file.ToArray();
    }
}

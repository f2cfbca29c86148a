using System.Text;

namespace Sekisho.SampleMaker;

/// <summary>Writes Office Open XML packages (ECMA-376) for tests: as small as Office would still open, with or without a VBA project.</summary>
public static class OoxmlWriter
{
    private const string Head = "<?xml version=\"1.0\" encoding=\"UTF-8\" standalone=\"yes\"?>\n";
    private const string Relations = "http://schemas.openxmlformats.org/officeDocument/2006/relationships";

    /// <summary>A Word document.</summary>
    /// <param name="vbaProject">Octets of <c>vbaProject.bin</c>; null for a document without macros.</param>
    /// <param name="vbaName">What the project's part is called; any name will do for Office.</param>
    public static byte[] Document(byte[]? vbaProject = null, string vbaName = "vbaProject.bin") => Package(
        "word/document.xml",
        vbaProject is null ? "application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml" : "application/vnd.ms-word.document.macroEnabled.main+xml",
        "<w:document xmlns:w=\"http://schemas.openxmlformats.org/wordprocessingml/2006/main\"><w:body><w:p><w:r><w:t>harmless</w:t></w:r></w:p></w:body></w:document>",
        vbaProject, vbaName);

    /// <summary>An Excel workbook.</summary>
    /// <param name="vbaProject">Octets of <c>vbaProject.bin</c>; null for a workbook without macros.</param>
    /// <param name="vbaName">What the project's part is called; any name will do for Office.</param>
    public static byte[] Workbook(byte[]? vbaProject = null, string vbaName = "vbaProject.bin") => Package(
        "xl/workbook.xml",
        vbaProject is null ? "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml" : "application/vnd.ms-excel.sheet.macroEnabled.main+xml",
        $"<workbook xmlns=\"http://schemas.openxmlformats.org/spreadsheetml/2006/main\" xmlns:r=\"{Relations}\"><sheets/></workbook>",
        vbaProject, vbaName);

    /// <summary>A Word document with one link under some words.</summary>
    public static byte[] LinkedDocument(string target, string words) => ZipWriter.Plain(
        ("[Content_Types].xml", Text("<Types xmlns=\"http://schemas.openxmlformats.org/package/2006/content-types\"><Override PartName=\"/word/document.xml\" ContentType=\"application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml\"/></Types>")),
        ("word/document.xml", Text($"<w:document xmlns:w=\"http://schemas.openxmlformats.org/wordprocessingml/2006/main\" xmlns:r=\"{Relations}\"><w:body><w:p><w:hyperlink r:id=\"rId7\"><w:r><w:t>{words[..5]}</w:t></w:r><w:r><w:t>{words[5..]}</w:t></w:r></w:hyperlink></w:p></w:body></w:document>")),
        ("word/_rels/document.xml.rels", Links(target)));

    /// <summary>An Excel workbook with one link on a cell of text.</summary>
    public static byte[] LinkedWorkbook(string target, string words) => ZipWriter.Plain(
        ("[Content_Types].xml", Text("<Types xmlns=\"http://schemas.openxmlformats.org/package/2006/content-types\"><Override PartName=\"/xl/workbook.xml\" ContentType=\"application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml\"/></Types>")),
        ("xl/workbook.xml", Text($"<workbook xmlns=\"http://schemas.openxmlformats.org/spreadsheetml/2006/main\" xmlns:r=\"{Relations}\"><sheets/></workbook>")),
        ("xl/sharedStrings.xml", Text($"<sst><si><t>other</t></si><si><r><t>{words[..5]}</t></r><r><t>{words[5..]}</t></r></si></sst>")),
        ("xl/worksheets/sheet1.xml", Text($"<worksheet xmlns:r=\"{Relations}\"><sheetData><row r=\"3\"><c r=\"B3\" t=\"s\"><v>1</v></c></row></sheetData><hyperlinks><hyperlink ref=\"B3\" r:id=\"rId7\"/></hyperlinks></worksheet>")),
        ("xl/worksheets/_rels/sheet1.xml.rels", Links(target)));

    private static byte[] Links(string target) => Text("<Relationships xmlns=\"http://schemas.openxmlformats.org/package/2006/relationships\">"
        + $"<Relationship Id=\"rId7\" Type=\"{Relations}/hyperlink\" Target=\"{target}\" TargetMode=\"External\"/></Relationships>");

    private static byte[] Package(string main, string type, string content, byte[]? vbaProject, string vbaName)
    {
        var folder = main[..(main.IndexOf('/', StringComparison.Ordinal) + 1)];
        var members = new List<(string, byte[])>
        {
            ("[Content_Types].xml", Text($"<Types xmlns=\"http://schemas.openxmlformats.org/package/2006/content-types\"><Default Extension=\"rels\" ContentType=\"application/vnd.openxmlformats-package.relationships+xml\"/>"
                + (vbaProject is null ? "" : $"<Override PartName=\"/{folder}{vbaName}\" ContentType=\"application/vnd.ms-office.vbaProject\"/>")
                + $"<Override PartName=\"/{main}\" ContentType=\"{type}\"/></Types>")),
            ("_rels/.rels", Text($"<Relationships xmlns=\"http://schemas.openxmlformats.org/package/2006/relationships\"><Relationship Id=\"rId1\" Type=\"{Relations}/officeDocument\" Target=\"{main}\"/></Relationships>")),
            (main, Text(content)),
        };
        if (vbaProject is not null)
        {
            members.Add(($"{folder}_rels/{main[folder.Length..]}.rels", Text("<Relationships xmlns=\"http://schemas.openxmlformats.org/package/2006/relationships\">"
                + $"<Relationship Id=\"rId1\" Type=\"http://schemas.microsoft.com/office/2006/relationships/vbaProject\" Target=\"{vbaName}\"/></Relationships>")));
            members.Add((folder + vbaName, vbaProject));
        }

        return ZipWriter.Plain([.. members]);
    }

    private static byte[] Text(string xml) => Encoding.UTF8.GetBytes(Head + xml);
}

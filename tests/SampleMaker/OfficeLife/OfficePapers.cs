using System.Text;
using Sekisho.SampleMaker.Waves;

namespace Sekisho.SampleMaker.OfficeLife;

/// <summary>The papers that honest letters bring: documents without programs, pictures, tables, data.</summary>
internal static class OfficePapers
{
    /// <summary>A PDF of one page.</summary>
    public static byte[] Pdf(Chance c) => CarrierWriter.Pdf("<< /Type /Catalog /Pages 2 0 R >>", "<< /Type /Pages /Kids [3 0 R] /Count 1 >>", "<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents 4 0 R >>",
        CarrierWriter.PdfStream("", Encoding.ASCII.GetBytes($"BT /F1 12 Tf 72 720 Td ({c.Word()} {c.Digits(6)}) Tj ET")));

    /// <summary>A Word document.</summary>
    public static byte[] Docx(Chance c, string text) => CarrierWriter.WordPackage("", $"<w:p><w:r><w:t>{text}</w:t></w:r></w:p><w:p><w:r><w:t>No. {c.Digits(7)}</w:t></w:r></w:p>");

    /// <summary>A workbook without macros.</summary>
    public static byte[] Xlsx(Chance c)
    {
        const string Relations = "http://schemas.openxmlformats.org/officeDocument/2006/relationships";
        var rows = string.Concat(Enumerable.Range(1, c.Number(5, 40)).Select(r => $"<row r=\"{r}\"><c r=\"A{r}\" t=\"inlineStr\"><is><t>{c.Pick("外来", "入院", "検査", "手術", "夜勤", "日勤")}{c.Digits(3)}</t></is></c><c r=\"B{r}\"><v>{c.Number(1, 9999)}</v></c></row>"));
        return ZipWriter.Plain(
            ("[Content_Types].xml", Xml("<Types xmlns=\"http://schemas.openxmlformats.org/package/2006/content-types\"><Override PartName=\"/xl/workbook.xml\" ContentType=\"application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml\"/></Types>")),
            ("_rels/.rels", Xml($"<Relationships xmlns=\"http://schemas.openxmlformats.org/package/2006/relationships\"><Relationship Id=\"rId1\" Type=\"{Relations}/officeDocument\" Target=\"xl/workbook.xml\"/></Relationships>")),
            ("xl/workbook.xml", Xml($"<workbook xmlns=\"http://schemas.openxmlformats.org/spreadsheetml/2006/main\" xmlns:r=\"{Relations}\"><sheets><sheet name=\"Sheet1\" sheetId=\"1\" r:id=\"rId1\"/></sheets></workbook>")),
            ("xl/_rels/workbook.xml.rels", Xml($"<Relationships xmlns=\"http://schemas.openxmlformats.org/package/2006/relationships\"><Relationship Id=\"rId1\" Type=\"{Relations}/worksheet\" Target=\"worksheets/sheet1.xml\"/></Relationships>")),
            ("xl/worksheets/sheet1.xml", Xml($"<worksheet xmlns=\"http://schemas.openxmlformats.org/spreadsheetml/2006/main\"><sheetData>{rows}</sheetData></worksheet>")));
    }

    /// <summary>An Excel 97-2003 workbook.</summary>
    public static byte[] Xls(Chance c)
    {
        var book = new XlmWorkbookWriter();
        var sheet = book.AddSheet("集計", isMacro: false);
        for (var row = 0; row < c.Number(3, 20); row++)
        {
            book.Text(sheet, row, 0, c.Pick("外来", "入院", "検査") + row);
        }

        return book.ToArray();
    }

    /// <summary>A photograph.</summary>
    public static byte[] Jpeg(Chance c) => [0xFF, 0xD8, 0xFF, 0xE0, 0, 16, .. "JFIF\0"u8, 1, 1, 0, 0, 1, 0, 1, 0, 0, 0xFF, 0xDA, 0, 8, 1, 1, 0, 0, 0x3F, 0, .. c.Octets(c.Number(800, 5000)).Where(b => b != 0xFF), 0xFF, 0xD9];

    /// <summary>A scan: TIFF with a head and noise.</summary>
    public static byte[] Tiff(Chance c) => [.. "II*\0"u8, 8, 0, 0, 0, 0, 0, .. c.Octets(c.Number(800, 5000))];

    /// <summary>A DICOM picture (PS3.10: 128 octets, then DICM, explicit little endian).</summary>
    public static byte[] Dicom(Chance c) => [.. new byte[128], .. "DICM"u8, 2, 0, 0, 0, .. "UL"u8, 4, 0, 200, 0, 0, 0, 0x10, 0, 0x10, 0, .. "PN"u8, 10, 0, .. "TEST^TARO "u8, 0xE0, 0x7F, 0x10, 0, .. "OW"u8, 0, 0, 0, 8, 0, 0, .. c.Octets(2048)];

    /// <summary>A table as text, in Shift_JIS as Japanese programs export it.</summary>
    public static byte[] Csv(Chance c) => Encoding.GetEncoding(932).GetBytes("患者ID,氏名,検査日,結果\r\n" + string.Concat(Enumerable.Range(0, c.Number(3, 60)).Select(_ => $"{c.Digits(8)},{OfficeMail.HalfWidth(c)},2026/{c.Number(1, 12)}/{c.Number(1, 28)},{c.Number(1, 999)}\r\n")));

    /// <summary>Data of a medical program: MML, HL7 CDA or an order in XML.</summary>
    public static byte[] Data(Chance c) => Xml($"<ClinicalDocument xmlns=\"urn:hl7-org:v3\"><id extension=\"{c.Digits(8)}\"/><title>診療情報提供書</title><component><text>{c.Word()} {c.Word()}</text></component></ClinicalDocument>");

    /// <summary>A calendar invitation (RFC 5545).</summary>
    public static byte[] Calendar(Chance c) => Encoding.UTF8.GetBytes($"BEGIN:VCALENDAR\r\nPRODID:-//Example//Calendar//JA\r\nVERSION:2.0\r\nMETHOD:REQUEST\r\nBEGIN:VEVENT\r\nUID:{c.Code(20)}@example\r\nDTSTART:2026{c.Number(10, 12)}{c.Number(10, 28)}T0{c.Number(1, 9)}0000Z\r\nSUMMARY:定例会議\r\nDESCRIPTION:オンライン会議 https://meet.example/j/{c.Digits(10)}?pwd={c.Code(24)}\r\nEND:VEVENT\r\nEND:VCALENDAR\r\n");

    /// <summary>A <c>winmail.dat</c> (MS-OXTNEF) with one harmless file.</summary>
    public static byte[] WinMail(string name, byte[] content) =>
        [0x78, 0x9F, 0x3E, 0x22, 1, 0, .. Attribute(0x00069002, new byte[14]), .. Attribute(0x00018010, [.. Encoding.GetEncoding(932).GetBytes(name), 0]), .. Attribute(0x0006800F, content)];

    /// <summary>A presentation, drawing or text as OpenDocument (ISO 26300).</summary>
    public static byte[] OpenDocument(Chance c) => ZipWriter.Plain(("mimetype", "application/vnd.oasis.opendocument.text"u8.ToArray()),
        ("META-INF/manifest.xml", Xml("<manifest:manifest xmlns:manifest=\"urn:oasis:names:tc:opendocument:xmlns:manifest:1.0\"/>")), ("content.xml", Xml($"<office:document-content xmlns:office=\"urn:oasis:names:tc:opendocument:xmlns:office:1.0\"><text>{c.Word()}</text></office:document-content>")));

    private static byte[] Attribute(uint id, byte[] data) => [2, .. BitConverter.GetBytes(id), .. BitConverter.GetBytes(data.Length), .. data, .. BitConverter.GetBytes((ushort)data.Sum(b => b))];

    private static byte[] Xml(string text) => Encoding.UTF8.GetBytes("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n" + text);
}

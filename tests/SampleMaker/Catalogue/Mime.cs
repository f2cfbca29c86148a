using Made = Sekisho.SampleMaker.Samples;

namespace Sekisho.SampleMaker.Catalogue;

/// <summary>Letters that programs read differently.</summary>
internal static class Mime
{
    private static readonly string Program64 = Convert.ToBase64String(Made.Program(), Base64FormattingOptions.InsertLineBreaks);

    public static IReadOnlyList<Sample> Samples { get; } =
    [
        Odd("second-content-type", "Two Content-Type fields; the second has the parts"),
        Odd("second-encoding", "Two Content-Transfer-Encoding fields"),
        Odd("unknown-encoding", "An encoding that does not exist, but is guessed"),
        Odd("two-boundaries", "Two boundary parameters, each with its parts"),
        Odd("boundary-with-comment", "A nested comment in the type, and brackets in the boundary"),
        Odd("boundary-unknown", "A boundary that never comes; another one does"),
        Odd("no-terminator", "The last boundary is missing"),
        Odd("padding-in-the-middle", "Base64 with padding in the middle: two pieces, or only the first"),
        Odd("rubbish-in-base64", "Base64 with signs that are none of its own"),
        Odd("part-in-preamble", "A part before the first boundary"),
        Odd("part-in-epilogue", "A part behind the last boundary"),
        Odd("uuencode", "A program in uuencode in a plain text"),
        Odd("yenc", "A program in yEnc in a plain text"),
        Odd("base64-without-label", "Base64 that nothing says is base64"),
        Odd("blank-before-colon", "A field name with a blank before its colon"),
        Odd("partial-first", "The first of two pieces of a letter (message/partial)"),
        Letter("partial-last", "The last of two pieces of a letter", "Content-Type: message/partial; id=\"x@y\"; number=2; total=2\n\n" + Program64),
        Letter("external-body", "A body that lies elsewhere (message/external-body)", "Content-Type: message/external-body; access-type=URL; URL=\"http://host.example/invoice.exe\"\n\nContent-Type: application/octet-stream\nContent-ID: <a@b.example>\n\n"),
        Letter("second-encoding-contradicts", "Base64 by one field, quoted-printable by the other", Part($"Content-Type: application/octet-stream\nContent-Transfer-Encoding: quoted-printable\nContent-Transfer-Encoding: base64\n\n{Program64}")),
        Letter("broken-quoted-printable", "Quoted-printable with escapes that are none and lines that break anywhere", Part("Content-Type: text/html\nContent-Transfer-Encoding: quoted-printable\n\n<html><a hr=\nef=3D\"http://192.0.2.7/=6\n1=ZZ=\">=\n=")),
        Letter("quoted-printable-program", "A program in quoted-printable", Part("Content-Type: application/octet-stream\nContent-Transfer-Encoding: quoted-printable\n\n" + string.Concat(Made.Program().Select((b, i) => $"={b:X2}" + (i % 20 == 19 ? "=\n" : ""))))),
        Letter("comment-in-encoding", "Nested comments around the encoding", Part($"Content-Type: (a (b (c))) application/octet-stream (d)\nContent-Transfer-Encoding: (a (b)) base64 (c)\n\n{Program64}")),
        Letter("nested-no-terminators", "Two multiparts, neither closed", $"Content-Type: multipart/mixed; boundary=a\n\n--a\nContent-Type: multipart/mixed; boundary=b\n\n--b\nContent-Type: application/octet-stream\nContent-Transfer-Encoding: base64\n\n{Program64}"),
        Letter("boundary-of-parent", "A part within that uses its parent's boundary", $"Content-Type: multipart/mixed; boundary=a\n\n--a\nContent-Type: multipart/mixed; boundary=a\n\n--a\nContent-Type: application/octet-stream\nContent-Transfer-Encoding: base64\n\n{Program64}\n--a--\n--a--\n"),
        Letter("boundary-in-quotes-and-spaces", "A boundary that ends in a blank", $"Content-Type: multipart/mixed; boundary=\"b \"\n\n--b\nContent-Type: application/octet-stream\nContent-Transfer-Encoding: base64\n\n{Program64}\n--b--\n"),
        Letter("second-disposition", "Two Content-Disposition fields with two names", Part($"Content-Type: application/octet-stream\nContent-Disposition: attachment; filename=a.pdf\nContent-Disposition: attachment; filename=a.exe\nContent-Transfer-Encoding: base64\n\nAAECAw==")),
        Letter("external-body-ftp", "A body that lies on a server of files", "Content-Type: message/external-body; access-type=ANON-FTP; site=\"files.example\"; directory=\"pub\"; name=\"notes.txt\"\n\nContent-Type: text/plain\nContent-ID: <a@b.example>\n\n"),
        Letter("comment-in-multipart", "A comment that hides a second boundary", $"Content-Type: multipart/mixed; boundary=b (; boundary=c)\n\n--b\nContent-Type: text/plain\n\nhello\n--b--\n"),
        Letter("honest-brackets", "Brackets within quotation marks; nothing is wrong", "Content-Type: multipart/mixed; boundary=\"(b)\"\n\n--(b)\nContent-Type: text/plain\n\nhello\n--(b)--\n"),
        Letter("uuencode-in-html-part", "uuencode in an attached page", Part("Content-Type: text/html; name=page.html\n\n<html>see below</html>\n" + OddLetters.UuEncode("run.exe", Made.Program()))),
        Letter("second-from-same-domain", "Two From fields of one domain", "From: c@b.test\nContent-Type: text/plain\n\nhello\n"),
        Letter("second-from", "Two From fields", "From: director@hospital.example\nContent-Type: text/plain\n\nhello\n"),
        Letter("second-subject", "Two Subject fields", "Subject: another\nContent-Type: text/plain\n\nhello\n"),
        Letter("no-mime-version-uuencode-in-html", "uuencode in an HTML body", "Content-Type: text/html\n\n<html>see below</html>\n" + OddLetters.UuEncode("run.exe", Made.Program())),
        Letter("text-that-is-base64", "A text body whose whole content is base64 without a label", $"Content-Type: text/plain\n\n{Program64}\n"),
        new Sample("enclosed-letter", "A letter in a letter in a letter, with a program", () => LetterWriter.Enclosing("fwd", LetterWriter.Enclosing("fwd", LetterWriter.WithAttachments("x", "y", ("a.dat", Made.Program()))))),
        new Sample("thousand-letters", "Letters within letters beyond every bound", () => OddLetters.Letter(string.Concat(Enumerable.Repeat("Content-Type: message/rfc822\n\nFrom: a@b.example\n", 1000)) + "\nend\n")),
        new Sample("honest-letter", "A letter as most are; nothing is wrong", () => LetterWriter.Plain("会議のご案内", "いつもお世話になっております。\r\n来週の会議についてご連絡します。\r\n")),
        new Sample("honest-enclosed-letter", "A forwarded letter; nothing is wrong", () => LetterWriter.Enclosing("fwd", LetterWriter.Plain("会議のご案内", "来週です。"))),
        Letter("honest-begin", "A text with a line that begins with the word begin; nothing is wrong", "Content-Type: text/plain\n\nWe shall\nbegin 644 things tomorrow,\nas agreed.\nend\n"),
    ];

    private static Sample Odd(string name, string shows) => new(name, shows, () => OddLetters.All[name]);

    private static Sample Letter(string name, string shows, string rest) => new(name, shows, () => OddLetters.Letter(rest));

    private static string Part(string part) => $"Content-Type: multipart/mixed; boundary=b\n\n--b\nContent-Type: text/plain\n\nhello\n--b\n{part}\n--b--\n";
}

using System.Text;

namespace Sekisho.SampleMaker;

/// <summary>Letters that programs read differently, each hiding a harmless stand-in for a program.</summary>
public static class OddLetters
{
    /// <summary>The one line of JScript that Microsoft's documentation encodes, encoded.</summary>
    public const string EncodedScript = "#@~^RQAAAA==-mD~sX|:/TP{~J:+dYbxL~@!F@*@!+@*@!&@*eEI@#@&@#@&.jm.raY 214Wv:zms/obI0xEAAA==^#~@";

    private static string Program64 => Convert.ToBase64String(Samples.Program(), Base64FormattingOptions.InsertLineBreaks);

    /// <summary>All of them by what is odd.</summary>
    public static IReadOnlyDictionary<string, byte[]> All { get; } = new Dictionary<string, byte[]>
    {
        ["second-content-type"] = Letter($"""
            Content-Type: text/plain
            Content-Type: multipart/mixed; boundary=b

            --b
            Content-Type: application/octet-stream
            Content-Transfer-Encoding: base64

            {Program64}
            --b--
            """),
        ["second-encoding"] = Multipart($"""
            Content-Type: application/octet-stream
            Content-Transfer-Encoding: 7bit
            Content-Transfer-Encoding: base64

            {Program64}
            """),
        ["unknown-encoding"] = Multipart($"""
            Content-Type: application/octet-stream
            Content-Transfer-Encoding: base-64

            {Program64}
            """),
        ["two-boundaries"] = Letter($"""
            Content-Type: multipart/mixed; boundary=one; boundary=two

            --one
            Content-Type: text/plain

            hello
            --two
            Content-Type: application/octet-stream
            Content-Transfer-Encoding: base64

            {Program64}
            --two--
            --one--
            """),
        ["boundary-with-comment"] = Letter($"""
            Content-Type: multipart/mixed (a (nested) comment); boundary=x(y)

            --x(y)
            Content-Type: application/octet-stream
            Content-Transfer-Encoding: base64

            {Program64}
            --x(y)--
            """),
        ["boundary-unknown"] = Letter($"""
            Content-Type: multipart/mixed; boundary=never

            --other
            Content-Type: application/octet-stream
            Content-Transfer-Encoding: base64

            {Program64}
            --other--
            """),
        ["no-terminator"] = Letter($"""
            Content-Type: multipart/mixed; boundary=b

            --b
            Content-Type: application/octet-stream
            Content-Transfer-Encoding: base64

            {Program64}
            """),
        ["padding-in-the-middle"] = Multipart($"""
            Content-Type: application/octet-stream
            Content-Transfer-Encoding: base64

            {Convert.ToBase64String(Samples.Program()[..100])}
            {Convert.ToBase64String(Samples.Program()[100..])}
            """),
        ["rubbish-in-base64"] = Multipart($"""
            Content-Type: application/octet-stream
            Content-Transfer-Encoding: base64

            {Program64.Insert(10, "!*#").Insert(50, "%%")}
            """),
        ["part-in-preamble"] = Letter($"""
            Content-Type: multipart/mixed; boundary=b

            --hidden
            Content-Type: application/octet-stream
            Content-Transfer-Encoding: base64

            {Program64}
            --hidden--
            --b
            Content-Type: text/plain

            hello
            --b--
            """),
        ["part-in-epilogue"] = Letter($"""
            Content-Type: multipart/mixed; boundary=b

            --b
            Content-Type: text/plain

            hello
            --b--
            Content-Type: application/octet-stream
            Content-Transfer-Encoding: base64

            {Program64}
            """),
        ["uuencode"] = Letter($"Content-Type: text/plain\n\nsee below\n\n{UuEncode("run.exe", Samples.Program())}\nbye\n"),
        ["yenc"] = [.. Letter("Content-Type: text/plain\nContent-Transfer-Encoding: 8bit\n\n=ybegin line=128 size=512 name=run.exe\n"), .. YEncode(Samples.Program()), .. "\r\n=yend size=512\r\n"u8],
        ["base64-without-label"] = Multipart($"""
            Content-Type: application/octet-stream

            {Program64}
            """),
        ["blank-before-colon"] = Letter($"""
            Content-Type : multipart/mixed; boundary=b

            --b
            Content-Type: application/octet-stream
            Content-Transfer-Encoding: base64

            {Program64}
            --b--
            """),
        ["partial-first"] = Letter($"""
            Content-Type: message/partial; id="x@y"; number=1; total=2

            Subject: inner
            From: a@b.test
            Content-Type: application/octet-stream
            Content-Transfer-Encoding: base64

            {Program64}
            """),
    };

    /// <summary>A letter whose header and body are given with line feeds.</summary>
    public static byte[] Letter(string rest) => Encoding.Latin1.GetBytes($"From: a@b.test\nMIME-Version: 1.0\nSubject: odd\n{rest}".ReplaceLineEndings("\r\n"));

    private static byte[] Multipart(string part) => Letter($"Content-Type: multipart/mixed; boundary=b\n\n--b\nContent-Type: text/plain\n\nhello\n--b\n{part}\n--b--\n");

    /// <summary>A file in uuencode (POSIX).</summary>
    public static string UuEncode(string name, byte[] content)
    {
        var text = new StringBuilder($"begin 644 {name}\n");
        for (var at = 0; at < content.Length; at += 45)
        {
            var line = content.AsSpan(at, Math.Min(45, content.Length - at));
            text.Append(Sign(line.Length));
            for (var i = 0; i < line.Length; i += 3)
            {
                var group = (line[i] << 16) | ((i + 1 < line.Length ? line[i + 1] : 0) << 8) | (i + 2 < line.Length ? line[i + 2] : 0);
                text.Append(Sign(group >> 18)).Append(Sign((group >> 12) & 63)).Append(Sign((group >> 6) & 63)).Append(Sign(group & 63));
            }

            text.Append('\n');
        }

        return text.Append("`\nend\n").ToString();
    }

    private static char Sign(int value) => value == 0 ? '`' : (char)(value + 32);

    private static byte[] YEncode(byte[] content)
    {
        var text = new List<byte>();
        foreach (var octet in content)
        {
            var c = (byte)(octet + 42);
            text.AddRange(c is 0 or 10 or 13 or (byte)'=' ? [(byte)'=', (byte)(c + 64)] : [c]);
        }

        return [.. text];
    }
}

using System.Security.Cryptography;
using System.Text;
using System.Text.RegularExpressions;

namespace Sekisho.Inspection.Tests.Senders;

/// <summary>Signs letters as the standards' words say, step by step and without the gateway's code, so that one can be held against the other.</summary>
internal static partial class Signer
{
    public static readonly RSA Key = RSA.Create(2048);

    public static readonly string P = "p=" + Convert.ToBase64String(Key.ExportSubjectPublicKeyInfo());

    public static readonly string Zone = $"s._domainkey.mail.example TXT \"v=DKIM1; {P}\"";

    /// <summary>Puts a signature of <c>mail.example</c> in front.</summary>
    /// <param name="letter">Octets; a bare LF stays what it is.</param>
    /// <param name="key">Signs.</param>
    /// <param name="form">The tag <c>c=</c>; empty to leave it out.</param>
    /// <param name="change">Changes the field's text before it is signed.</param>
    /// <param name="length">The tag <c>l=</c>.</param>
    /// <param name="domain">The tag <c>d=</c>.</param>
    public static byte[] Sign(byte[] letter, RSA key, string form, Func<string, string>? change = null, int? length = null, string domain = "mail.example")
    {
        var text = Encoding.Latin1.GetString(letter);
        var (header, body) = Split(text);
        var forms = form.Split('/');
        var canonical = Body(body, forms.Length > 1 && forms[1] == "relaxed");
        var bodyHash = Hash(length is { } l ? canonical[..l] : canonical);
        var field = $"DKIM-Signature: v=1; a=rsa-sha256;{(form.Length > 0 ? $" c={form};" : "")} d={domain}; s=s;\r\n\th=from:to : Subject:x-not-there; bh={bodyHash};{(length is null ? "" : $" l={length};")}\r\n\tb=";
        field = change is null ? field : change(field);
        var relaxed = forms[0] == "relaxed";
        var names = NamesOf().Match(field).Groups[1].Value.Split(':').Select(n => n.Trim().ToLowerInvariant());
        var data = new StringBuilder();
        var left = header.ToList();
        foreach (var name in names)
        {
            var at = left.FindLastIndex(f => f.Contains(':') && f[..f.IndexOf(':')].TrimEnd().Equals(name, StringComparison.OrdinalIgnoreCase));
            if (at >= 0)
            {
                data.Append(Field(left[at], relaxed)).Append("\r\n");
                left.RemoveAt(at);
            }
        }

        data.Append(Field(field, relaxed));
        var signature = Convert.ToBase64String(key.SignData(Encoding.Latin1.GetBytes(data.ToString()), HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1));
        return [.. Encoding.Latin1.GetBytes(field + string.Join("\r\n\t ", signature.Chunk(70).Select(c => new string(c))) + "\r\n"), .. letter];
    }

    /// <summary>Puts an ARC set in front (RFC 8617 section 5.1), sealed with <see cref="Key"/> for the selector <c>s</c>.</summary>
    /// <param name="letter">Octets, with the sets before this one.</param>
    /// <param name="instance">The set's number.</param>
    /// <param name="domain">The sealer.</param>
    /// <param name="results">What it found, such as <c>dmarc=pass header.from=a.example</c>.</param>
    public static byte[] Seal(byte[] letter, int instance, string domain, string results)
    {
        var text = Encoding.Latin1.GetString(letter);
        var (header, body) = Split(text);
        var found = $"ARC-Authentication-Results: i={instance}; {domain};\r\n\t{results}";
        var message = $"ARC-Message-Signature: i={instance}; a=rsa-sha256; c=relaxed/relaxed; d={domain}; s=s;\r\n\th=from:subject; bh={Hash(Body(body, relaxed: true))};\r\n\tb=";
        string Made(IEnumerable<string> fields) =>
            Convert.ToBase64String(Key.SignData(Encoding.Latin1.GetBytes(string.Join("\r\n", fields.Select(f => Field(f, relaxed: true)))), HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1));
        string Last(string name) => header.Last(f => f.StartsWith(name + ":", StringComparison.OrdinalIgnoreCase));
        message += Made([Last("from"), Last("subject"), message]);
        var seal = $"ARC-Seal: i={instance}; a=rsa-sha256; cv={(instance == 1 ? "none" : "pass")}; d={domain}; s=s;\r\n\tb=";
        var before = Enumerable.Range(1, instance - 1).SelectMany(i => (string[])["ARC-Authentication-Results", "ARC-Message-Signature", "ARC-Seal"],
            (i, name) => header.Single(f => f.StartsWith($"{name}: i={i};", StringComparison.Ordinal)));
        seal += Made([.. before, found, message, seal]);
        return [.. Encoding.Latin1.GetBytes($"{seal}\r\n{message}\r\n{found}\r\n"), .. letter];
    }

    private static (List<string> Fields, string Body) Split(string letter)
    {
        var end = letter.StartsWith("\r\n") ? 0 : letter.IndexOf("\r\n\r\n");
        var header = end < 0 ? letter.TrimEnd('\r', '\n') : letter[..end];
        return ([.. FieldEnd().Split(header)], end < 0 ? "" : letter[(end + 4)..]);
    }

    private static string Field(string field, bool relaxed)
    {
        if (!relaxed)
        {
            return field;
        }

        var colon = field.IndexOf(':');
        return field[..colon].TrimEnd(' ', '\t').ToLowerInvariant() + ":" + Spaces().Replace(field[(colon + 1)..].Replace("\r\n", ""), " ").Trim(' ');
    }

    private static string Body(string body, bool relaxed)
    {
        var lines = body.Split("\r\n").Select(l => relaxed ? Spaces().Replace(l, " ").TrimEnd(' ') : l).ToList();
        while (lines.Count > 0 && lines[^1].Length == 0)
        {
            lines.RemoveAt(lines.Count - 1);
        }

        return lines.Count == 0 ? relaxed ? "" : "\r\n" : string.Join("\r\n", lines) + "\r\n";
    }

    private static string Hash(string text) => Convert.ToBase64String(SHA256.HashData(Encoding.Latin1.GetBytes(text)));

    [GeneratedRegex("[ \t]+")]
    private static partial Regex Spaces();

    [GeneratedRegex("\r\n(?![ \t])")]
    private static partial Regex FieldEnd();

    [GeneratedRegex(@"\bh=([^;]*);")]
    private static partial Regex NamesOf();
}

using System.Buffers.Binary;
using System.IO.Hashing;
using System.Net;
using System.Text;
using Sekisho.Inspection.Formats;

namespace Sekisho.Inspection.Signatures;

/// <summary>The one form in which values are compared: what stands in a feed and what stands in a letter both go through here.</summary>
internal static class IndicatorKey
{
    /// <summary>Characters of a value; longer ones are no indicators.</summary>
    public const int Longest = 4_096;

    /// <summary>The 64-bit hash of a text, as a key of 8 octets. Whoever finds one compares the texts.</summary>
    public static void Hash(ReadOnlySpan<byte> text, Span<byte> key) => BinaryPrimitives.WriteUInt64BigEndian(key, XxHash3.HashToUInt64(text));

    /// <summary>
    /// A normalised address (<see cref="Link.Target"/>) without what does not tell two apart: fragment, http against https, the usual ports. Empty for
    /// what leads to no host.
    /// </summary>
    public static ReadOnlySpan<char> Url(string target)
    {
        var text = target.AsSpan();
        var isWeb = text.StartsWith("http://", StringComparison.Ordinal) || text.StartsWith("https://", StringComparison.Ordinal);
        if (!isWeb && !text.Contains("://", StringComparison.Ordinal))
        {
            return [];
        }

        var hash = text.IndexOf('#');
        text = hash < 0 ? text : text[..hash];
        if (!isWeb)
        {
            return text;
        }

        text = text[(text[4] == 's' ? 8 : 7)..];
        var slash = text.IndexOf('/');
        var host = slash < 0 ? text : text[..slash];
        var usual = host.EndsWith(":443", StringComparison.Ordinal) ? 4 : host.EndsWith(":80", StringComparison.Ordinal) ? 3 : 0;
        return usual == 0 || host.IndexOf(':') != host.Length - usual ? text : string.Concat(host[..^usual], slash < 0 ? [] : text[slash..]);
    }

    /// <summary>The port of a normalised address, the scheme's usual one included; 0 where it has none.</summary>
    public static int Port(string target)
    {
        var start = target.IndexOf("://", StringComparison.Ordinal);
        if (start < 0)
        {
            return 0;
        }

        var rest = target.AsSpan(start + 3);
        var end = rest.IndexOfAny('/', '?', '#');
        rest = end < 0 ? rest : rest[..end];
        var colon = rest.LastIndexOf(':');
        return colon > rest.LastIndexOf(']') ? int.TryParse(rest[(colon + 1)..], out var port) ? port : 0
            : target.AsSpan(0, start) switch { "http" or "ws" => 80, "https" or "wss" => 443, "ftp" => 21, _ => 0 };
    }

    /// <summary>A domain in ASCII and lower case; null for what is none, or is a whole registry such as <c>co.jp</c>.</summary>
    public static string? Domain(ReadOnlySpan<char> text)
    {
        text = text.Trim();
        text = text.StartsWith("*.", StringComparison.Ordinal) ? text[2..] : text.TrimStart('.');
        if (text.Length is < 4 or > 253 || text.IndexOfAny("/\\?#@: ") >= 0 || text.IndexOf('.') < 0)
        {
            return null;
        }

        return LinkTargets.Parse($"http://{text}/") is { IsAddress: false, Host: var host } && IsName(host) && !IsRegistry(host) ? host : null;
    }

    /// <summary>A mail address with its domain in ASCII, all in lower case; null for what is none.</summary>
    public static string? Address(ReadOnlySpan<char> text)
    {
        text = text.Trim().Trim('<').Trim('>');
        var at = text.LastIndexOf('@');
        return at is < 1 or > 128 || text[..at].IndexOfAny(" \t<>,;\"") >= 0 || Domain(text[(at + 1)..]) is not { } domain ? null
            : $"{text[..at].ToString().ToLowerInvariant()}@{domain}";
    }

    /// <summary>An IP address in its usual form; null for what is none.</summary>
    public static string? Ip(ReadOnlySpan<char> text)
    {
        text = text.Trim();
        if (text.Length is < 3 or > 45 || text.IndexOfAnyExcept("0123456789abcdefABCDEF.:") >= 0 || (text.IndexOf(':') < 0 && text.Count('.') != 3)
            || !IPAddress.TryParse(text, out var address))
        {
            return null;
        }

        return address.IsIPv4MappedToIPv6 ? address.MapToIPv4().ToString() : address.ToString();
    }

    /// <summary>An IP address with a port, IPv6 in brackets; null for what is none. <c>|</c> may stand for the last colon.</summary>
    public static string? IpPort(ReadOnlySpan<char> text)
    {
        text = text.Trim();
        var mark = text.LastIndexOfAny(':', '|');
        if (mark < 0 || !ushort.TryParse(text[(mark + 1)..], out var port))
        {
            return null;
        }

        var host = text[..mark];
        host = host is ['[', .., ']'] ? host[1..^1] : host;
        return Ip(host) is { } ip ? IpPort(ip, port) : null;
    }

    /// <summary>An IP address in its usual form with a port.</summary>
    public static string IpPort(string ip, int port) => ip.Contains(':', StringComparison.Ordinal) ? $"[{ip}]:{port}" : $"{ip}:{port}";

    /// <summary>A subject without reply marks, in lower case, blanks as one; empty for one that says nothing.</summary>
    public static string Subject(string text)
    {
        var words = TextNormal.Of(text.Length > 1000 ? text[..1000] : text).Trim().ToLowerInvariant();
        while (words.Length > 3)
        {
            var mark = words.StartsWith("re:", StringComparison.Ordinal) || words.StartsWith("fw:", StringComparison.Ordinal) ? 3
                : words.StartsWith("fwd:", StringComparison.Ordinal) ? 4 : 0;
            if (mark == 0)
            {
                break;
            }

            words = words[mark..].TrimStart();
        }

        return string.Join(' ', words.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries));
    }

    private static bool IsName(string host)
    {
        foreach (var c in host)
        {
            if (!char.IsAsciiLetterOrDigit(c) && c is not ('-' or '.' or '_'))
            {
                return false;
            }
        }

        return host.Contains('.', StringComparison.Ordinal) && char.IsAsciiLetter(host[host.LastIndexOf('.') + 1]) && !host.Contains("..", StringComparison.Ordinal);
    }

    /// <summary>Under these everybody registers: as an indicator one would condemn a whole country.</summary>
    private static bool IsRegistry(string host)
    {
        var dot = host.IndexOf('.', StringComparison.Ordinal);
        return dot == host.LastIndexOf('.') && host.Length - dot == 3
            && host.AsSpan(0, dot) is "co" or "com" or "net" or "org" or "gov" or "gob" or "edu" or "ac" or "ne" or "or" or "go" or "lg" or "ed" or "gr" or "ad" or "mil";
    }
}

using System.Globalization;
using System.Text;
using MimeKit.Cryptography;

namespace Sekisho.Inspection.Senders;

/// <summary>A result that somebody else found (RFC 8601 section 2.2).</summary>
/// <param name="Method">The method, such as <c>spf</c>, in lower case.</param>
/// <param name="Result">The result, such as <c>pass</c>, in lower case.</param>
/// <param name="Properties">What it was about, such as <c>smtp.mailfrom</c>, in lower case; the first of each.</param>
public sealed record ReportedResult(string Method, string Result, IReadOnlyDictionary<string, string> Properties);

/// <summary>The results of one Authentication-Results field.</summary>
/// <param name="AuthservId">Who found them.</param>
/// <param name="Results">What was found, at most 100.</param>
public sealed record ReportedResults(string AuthservId, IReadOnlyList<ReportedResult> Results);

/// <summary>A run of octets in a letter.</summary>
/// <param name="Start">From the letter's first octet.</param>
/// <param name="Length">In octets.</param>
public readonly record struct OctetRange(int Start, int Length);

/// <summary>Writes, reads and recognises Authentication-Results fields (RFC 8601).</summary>
public static class AuthenticationResultsField
{
    private const int MostResults = 100;
    private const int MostOctets = 64 << 10;

    /// <summary>The field with what was found, folded, ending with CRLF.</summary>
    /// <param name="authservId">Our name, such as the gateway's host name.</param>
    /// <param name="facts">What was found; nothing gives <c>none</c>.</param>
    public static string Write(string authservId, SenderFacts facts)
    {
        var text = new StringBuilder(256).Append("Authentication-Results: ").Append(Value(authservId));
        var before = text.Length;
        if (facts.Spf is { } spf)
        {
            Start(text, "spf", Word(spf.Result));
            Property(text, facts.IsNullSender ? "smtp.helo" : "smtp.mailfrom", facts.IsNullSender ? spf.Domain : facts.MailFrom);
        }

        if (facts.SpfHelo is { } helo && !facts.IsNullSender)
        {
            Start(text, "spf", Word(helo.Result));
            Property(text, "smtp.helo", helo.Domain);
        }

        foreach (var dkim in facts.Dkim)
        {
            Start(text, "dkim", Word(dkim.Result));
            Comment(text, dkim.Reason.Length > 0 ? dkim.Reason : $"{dkim.KeyBits.ToString(CultureInfo.InvariantCulture)}-bit key{(dkim.UnsignedOctets > 0 ? $", {dkim.UnsignedOctets} octets behind l= unsigned" : "")}");
            Property(text, "header.d", dkim.Domain);
            Property(text, "header.s", dkim.Selector);
            Property(text, "header.a", dkim.Algorithm);
            Property(text, "header.b", dkim.Mark);
        }

        if (facts.Arc is { Result: not ArcResult.None } arc)
        {
            Start(text, "arc", Word(arc.Result));
            Comment(text, arc.Result == ArcResult.Pass ? $"{arc.Sealers.Count} sealed, the newest {arc.Sealers[0]}{(facts.IsVouchedFor ? ", believed" : "")}" : arc.Reason);
        }

        if (facts.Dmarc is { } dmarc)
        {
            Start(text, "dmarc", Word(dmarc.Result));
            Comment(text, dmarc.PolicyDomain.Length > 0 ? $"asks for {Word(dmarc.Policy)} at {dmarc.PolicyDomain}{(dmarc.IsTesting ? ", testing" : "")}" : dmarc.Reason);
            Property(text, "header.from", dmarc.Domain);
        }

        return text.Append(text.Length == before ? "; none\r\n" : "\r\n").ToString();
    }

    /// <summary>The word of a result, as the field and <see cref="SenderFacts.Authentication"/> have it.</summary>
    public static string Word<T>(T result)
        where T : struct, Enum => result.ToString().ToLowerInvariant();

    /// <summary>The fields of a letter that came in which carry our name though we have not written them: forged, or of an earlier pass through here; they must not go on (section 5). In their order.</summary>
    /// <remarks>One whose name cannot be read counts as ours where our name is anywhere in it: readers differ in what they forgive.</remarks>
    /// <param name="letter">The letter, seekable; its header is read.</param>
    /// <param name="authservId">Our name.</param>
    public static IReadOnlyList<OctetRange> Forged(Stream letter, string authservId)
    {
        var header = LetterHeader.Read(letter);
        var forged = new List<OctetRange>();
        foreach (var at in header.Named("authentication-results"))
        {
            var field = header.Fields[at];
            var text = header.Text(field);
            var name = AuthservIdOf(text);
            if (name is null ? text.Contains(authservId, StringComparison.OrdinalIgnoreCase) : name.Equals(authservId, StringComparison.OrdinalIgnoreCase))
            {
                forged.Add(new OctetRange(field.Start, field.Length));
            }
        }

        return forged;
    }

    /// <summary>Reads a field; null where it cannot be read.</summary>
    internal static ReportedResults? Read(LetterHeader header, LetterField field)
    {
        var value = header.Value(field);
        if (value.Length > MostOctets || !AuthenticationResults.TryParse(value.ToArray(), out var parsed))
        {
            return null;
        }

        return new ReportedResults(parsed.AuthenticationServiceIdentifier ?? "", [.. parsed.Results.Take(MostResults).Select(static r =>
        {
            var properties = new Dictionary<string, string>(StringComparer.Ordinal);
            foreach (var p in r.Properties)
            {
                properties.TryAdd($"{p.PropertyType}.{p.Property}".ToLowerInvariant(), p.Value ?? "");
            }

            return new ReportedResult((r.Method ?? "").ToLowerInvariant(), (r.Result ?? "").ToLowerInvariant(), properties);
        })]);
    }

    /// <summary>The first word of the field, comments skipped; null where there is none.</summary>
    private static string? AuthservIdOf(string value)
    {
        var at = 0;
        var depth = 0;
        for (; at < value.Length; at++)
        {
            var c = value[at];
            if (c == '\\' && depth > 0)
            {
                at++;
            }
            else if (c == '(')
            {
                depth++;
            }
            else if (c == ')' && depth > 0)
            {
                depth--;
            }
            else if (depth == 0 && c is not (' ' or '\t' or '\r' or '\n'))
            {
                break;
            }
        }

        if (at >= value.Length)
        {
            return null;
        }

        var name = new StringBuilder();
        var quoted = value[at] == '"';
        for (at += quoted ? 1 : 0; at < value.Length; at++)
        {
            if (quoted ? value[at] == '"' : value[at] is ' ' or '\t' or '\r' or '\n' or ';' or '(')
            {
                return name.Length == 0 ? null : name.ToString();
            }

            if (quoted && value[at] == '\\' && at + 1 < value.Length)
            {
                at++;
            }

            name.Append(value[at]);
        }

        return quoted || name.Length == 0 ? null : name.ToString();
    }

    private static void Start(StringBuilder text, string method, string result) => text.Append(";\r\n\t").Append(method).Append('=').Append(result);

    private static void Property(StringBuilder text, string name, string value)
    {
        if (value.Length > 0)
        {
            text.Append("\r\n\t ").Append(name).Append('=').Append(Value(value));
        }
    }

    private static void Comment(StringBuilder text, string words)
    {
        if (words.Length > 0)
        {
            text.Append(" (").Append(Plain(words).Replace('(', '[').Replace(')', ']').Replace('\\', '/')).Append(')');
        }
    }

    /// <summary>A value as a token, an address or a quoted string; never a control or an octet above ASCII.</summary>
    private static string Value(string value)
    {
        value = Plain(value);
        return value.Length > 0 && value.All(static c => char.IsAsciiLetterOrDigit(c) || "!#$%&'*+-.^_`{|}~@/=".Contains(c, StringComparison.Ordinal)) && !value.Contains('=', StringComparison.Ordinal)
            ? value
            : $"\"{value.Replace("\\", "\\\\", StringComparison.Ordinal).Replace("\"", "\\\"", StringComparison.Ordinal)}\"";
    }

    private static string Plain(string text) => string.Concat(text.Take(320).Select(static c => c is >= ' ' and <= '~' ? c : '?'));
}

using System.Globalization;
using System.Net.Sockets;
using System.Text;
using Sekisho.Inspection.Messages;
using Sekisho.Inspection.Policy;

namespace Sekisho;

/// <summary>How a letter came: for the Received field (RFC 5321 section 4.4, RFC 3848).</summary>
/// <param name="Extended">True after EHLO.</param>
/// <param name="Tls">Protocol and cipher suite, such as <c>Tls13 TLS_AES_256_GCM_SHA384</c>; null in plain text.</param>
public sealed record SessionFacts(bool Extended, string? Tls);

/// <summary>Writes the header fields that the gateway puts in front of a letter; the letter itself stays as it came.</summary>
public static class TraceHeader
{
    /// <summary>The fields, each ended by CRLF: what the gateway thinks of the letter, what it found about the sender, then Received.</summary>
    /// <param name="hostName">The gateway's name.</param>
    /// <param name="envelope">What SMTP said.</param>
    /// <param name="session">How it came.</param>
    /// <param name="verdict">What the judge said.</param>
    /// <param name="results">The Authentication-Results field, ended by CRLF; empty for none.</param>
    public static string Write(string hostName, Envelope envelope, SessionFacts session, Verdict verdict, string results = "")
    {
        var text = new StringBuilder(1024);
        if (!envelope.IsOutbound) // what we think of a letter that leaves the house is for our own eyes
        {
            Append(text, verdict);
        }

        text.Append(results).Append("Received: from ").Append(Helo(envelope.Helo)).Append(" (").Append(Client(envelope)).Append(")\r\n\tby ")
            .Append(hostName).Append(" (Sekisho) with ").Append(Protocol(envelope, session)).Append(" id ")
            .Append(envelope.Id.ToString("N", CultureInfo.InvariantCulture));
        if (session.Tls is not null)
        {
            text.Append("\r\n\t(").Append(session.Tls).Append(')');
        }

        // With several recipients the field would tell each of the others (RFC 5321 section 7.2).
        if (envelope.Recipients is [var only])
        {
            text.Append("\r\n\tfor <").Append(only.Address).Append('>');
        }

        text.Append(";\r\n\t").Append(envelope.ReceivedAt.ToString("ddd, dd MMM yyyy HH:mm:ss ", CultureInfo.InvariantCulture))
            .Append(envelope.ReceivedAt.ToString("zzz", CultureInfo.InvariantCulture).Replace(":", "", StringComparison.Ordinal)).Append("\r\n");
        return text.ToString();
    }

    /// <summary>The fields of a letter that was judged again: the new verdict in place of the first.</summary>
    /// <param name="trace">What <see cref="Write"/> made.</param>
    /// <param name="verdict">The new verdict.</param>
    public static string Judged(string trace, Verdict verdict)
    {
        if (!trace.StartsWith("X-Sekisho-Verdict: ", StringComparison.Ordinal))
        {
            return trace; // of a letter that leaves the house
        }

        // The verdict is the first field; its folded lines begin with a blank.
        var rest = 0;
        do
        {
            var end = trace.IndexOf("\r\n", rest, StringComparison.Ordinal);
            rest = end < 0 ? trace.Length : end + 2;
        }
        while (rest < trace.Length && trace[rest] is ' ' or '\t');

        var text = new StringBuilder(1024);
        Append(text, verdict);
        return text.Append(trace, rest, trace.Length - rest).ToString();
    }

    private static void Append(StringBuilder text, Verdict verdict)
    {
        text.Append("X-Sekisho-Verdict: ").Append(verdict.Disposition.ToString().ToLowerInvariant())
            .Append(CultureInfo.InvariantCulture, $" score={verdict.Score}");
        if (verdict.Findings.Count > 0)
        {
            text.Append("\r\n codes=").AppendJoin(",\r\n  ", verdict.Findings.Select(f => f.Kind.Code).Distinct().Take(20));
        }

        text.Append("\r\n");
    }

    // RFC 3848 and RFC 6531 section 4.3 name the values.
    private static string Protocol(Envelope envelope, SessionFacts session) =>
        (envelope.SmtpUtf8 ? "UTF8SMTP" : session.Extended ? "ESMTP" : "SMTP") + (session.Tls is null ? "" : "S");

    private static string Client(Envelope envelope) =>
        envelope.Client.AddressFamily == AddressFamily.InterNetworkV6 ? $"[IPv6:{envelope.Client}]" : $"[{envelope.Client}]";

    /// <summary>The HELO name where it can stand in a header field; what could end a comment or a field is replaced.</summary>
    private static string Helo(string helo) =>
        string.Concat(helo.Take(255).Select(c => char.IsAsciiLetterOrDigit(c) || c is '.' or '-' or '_' or ':' or '[' or ']' ? c : '?'));
}

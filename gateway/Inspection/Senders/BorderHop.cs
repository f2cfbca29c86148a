using System.Net;
using System.Text.RegularExpressions;
using Sekisho.Inspection.Messages;

namespace Sekisho.Inspection.Senders;

/// <summary>What a listed server in front of the gateway says of the letter: who gave it to that server, and what the server found (RFC 8601 section 5, RFC 5321 section 4.4).</summary>
/// <param name="Client">The address in its Received field; null where that cannot be read.</param>
/// <param name="Helo">The name in its Received field; empty where that cannot be read.</param>
/// <param name="Results">Its results; null where it wrote none.</param>
internal sealed partial record BorderHop(IPAddress? Client, string Helo, ReportedResults? Results)
{
    /// <summary>Reads them where the client is a listed server; null where it is none. With several listed servers in a row the outermost speaks.</summary>
    public static BorderHop? Find(LetterHeader header, Envelope envelope, IReadOnlyList<BorderServer> servers)
    {
        BorderHop? hop = null;
        var client = envelope.Client;
        var above = 0;
        foreach (var at in header.Named("received"))
        {
            if (ServerOf(client, servers) is not { } server)
            {
                break;
            }

            // Only what stands above the next server's Received field can be its own; below, anybody may have written its name.
            var next = header.Named("received").FirstOrDefault(r => r > at, header.Fields.Count);
            var (from, helo) = Source(header.Text(header.Fields[at]));
            hop = new BorderHop(from, helo, ResultsOf(header, server, above, next) ?? hop?.Results);
            if (from is null)
            {
                return hop;
            }

            client = from;
            above = at + 1;
        }

        return hop ?? (ServerOf(client, servers) is { } only ? new BorderHop(null, "", ResultsOf(header, only, 0, header.Fields.Count)) : null);
    }

    /// <summary>The server's SPF result for the same sender, where its client could not be told; null where it gives none.</summary>
    public SpfOutcome? Spf(Envelope envelope)
    {
        var domain = envelope.Sender[(envelope.Sender.LastIndexOf('@') + 1)..];
        var said = Results?.Results.FirstOrDefault(r => r.Method == "spf" && r.Properties.TryGetValue("smtp.mailfrom", out var from)
            && from[(from.LastIndexOf('@') + 1)..].Equals(domain, StringComparison.OrdinalIgnoreCase));
        return said is not null && domain.Length > 0 && Enum.TryParse<SpfResult>(said.Result, ignoreCase: true, out var result) && !char.IsAsciiDigit(said.Result[0]) ? new SpfOutcome(result, domain) : null;
    }

    private static BorderServer? ServerOf(IPAddress client, IReadOnlyList<BorderServer> servers)
    {
        client = client.IsIPv4MappedToIPv6 ? client.MapToIPv4() : client;
        return servers.FirstOrDefault(s => s.Networks.Any(n => n.Contains(client)));
    }

    private static ReportedResults? ResultsOf(LetterHeader header, BorderServer server, int from, int to) =>
        server.AuthservId.Length == 0 ? null : header.Named("authentication-results").Where(at => at >= from && at < to)
            .Select(at => AuthenticationResultsField.Read(header, header.Fields[at]))
            .FirstOrDefault(r => r is not null && r.AuthservId.Equals(server.AuthservId, StringComparison.OrdinalIgnoreCase));

    /// <summary>The words behind <c>from</c> and the bracketed address, as servers write them: <c>from HELO (name [192.0.2.1])</c>, <c>from name ([192.0.2.1] helo=HELO)</c>, <c>from unknown (HELO name) (192.0.2.1)</c>.</summary>
    /// <remarks>What the client called itself is left out first: it may have called itself by an address in brackets.</remarks>
    private static (IPAddress? Address, string Helo) Source(string value)
    {
        var words = value.Split([' ', '\t', '\r', '\n'], 4, StringSplitOptions.RemoveEmptyEntries);
        if (words.Length < 2 || !words[0].Equals("from", StringComparison.OrdinalIgnoreCase))
        {
            return (null, "");
        }

        // The address of the connection is in the comment after the name, before the word "by"; the name itself is the client's to choose.
        var by = value.IndexOf(" by ", StringComparison.OrdinalIgnoreCase) is >= 0 and var spaced ? spaced : value.IndexOf("\tby ", StringComparison.OrdinalIgnoreCase);
        var name = value.IndexOf(words[1], value.IndexOf(words[0], StringComparison.Ordinal) + 4, StringComparison.Ordinal) + words[1].Length;
        if (by < name)
        {
            return (null, words[1]);
        }

        var comment = Greeting().Replace(value[name..by], " ");
        var open = comment.IndexOf('[', StringComparison.Ordinal);
        if (open < 0 && words[1] is ['[', .., ']'])
        {
            comment = words[1]; // Exim, of a client without a name: "from [192.0.2.1] (helo=...)".
            open = 0;
        }
        else if (open < 0)
        {
            // Exchange and qmail: the address alone in round brackets.
            open = comment.LastIndexOf('(');
            comment = comment.Replace(')', ']');
        }

        var close = open < 0 ? -1 : comment.IndexOf(']', open);
        if (close < 0)
        {
            return (null, words[1]);
        }

        var text = comment[(open + 1)..close].Trim();
        text = text.StartsWith("IPv6:", StringComparison.OrdinalIgnoreCase) ? text[5..] : text;
        return (IPAddress.TryParse(text, out var address) ? address : null, words[1]);
    }

    [GeneratedRegex(@"\b(?:helo=|(?:HELO|EHLO) )\S+", RegexOptions.IgnoreCase | RegexOptions.NonBacktracking | RegexOptions.CultureInvariant)]
    private static partial Regex Greeting();
}

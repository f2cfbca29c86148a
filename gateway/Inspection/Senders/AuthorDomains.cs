using MimeKit;
using MimeKit.Utils;

namespace Sekisho.Inspection.Senders;

/// <summary>The domains a letter's From names (RFC 9989 section 5.3.1): of every address, groups included, in every From field.</summary>
/// <param name="Domains">Each once, A-labels in lower case.</param>
/// <param name="Fields">How many From fields there are.</param>
internal sealed record AuthorDomains(IReadOnlyList<string> Domains, int Fields)
{
    private const int MostOctets = 64 << 10;

    /// <summary>Reads them.</summary>
    public static AuthorDomains Read(LetterHeader header)
    {
        var places = header.Named("from");
        var found = new List<string>();
        foreach (var at in places.Take(20))
        {
            var value = header.Value(header.Fields[at]);
            value = value[..Math.Min(value.Length, MostOctets)];
            var before = found.Count;
            if (InternetAddressList.TryParse(value.ToArray(), out var list))
            {
                found.AddRange(list.Mailboxes.Select(static m => Senders.Domains.Ascii(m.Domain ?? "")).OfType<string>());
            }

            if (found.Count == before)
            {
                found.AddRange(Loose(header.Text(header.Fields[at])));
                found.AddRange(Loose(Rfc2047.DecodeText(value.ToArray())));
            }
        }

        return new AuthorDomains([.. found.Distinct(StringComparer.Ordinal)], places.Count);
    }

    /// <summary>What looks like a domain behind an @ in a field that is no list of addresses: mail programs show it all the same.</summary>
    private static IEnumerable<string> Loose(string value)
    {
        for (var at = value.IndexOf('@', StringComparison.Ordinal); at >= 0 && at < MostOctets; at = value.IndexOf('@', at + 1))
        {
            var end = at + 1;
            while (end < value.Length && (char.IsAsciiLetterOrDigit(value[end]) || value[end] is '.' or '-' or '_' or > '\u007F'))
            {
                end++;
            }

            if (Senders.Domains.Ascii(value[(at + 1)..end]) is { } domain)
            {
                yield return domain;
            }
        }
    }
}

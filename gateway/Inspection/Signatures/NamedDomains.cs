using System.Runtime.CompilerServices;
using Sekisho.Inspection.Formats;

namespace Sekisho.Inspection.Signatures;

/// <summary>A name and the domains that its bearer writes from.</summary>
/// <param name="Name">The name, normalised (<see cref="TextNormal"/>); empty where only domains are known.</param>
/// <param name="Domains">Domains in lower case; what is below them counts. A label <c>*</c> stands for any one.</param>
public sealed record NamedDomains(string Name, IReadOnlyList<string> Domains)
{
    private static readonly ConditionalWeakTable<WordList, IReadOnlyList<NamedDomains>> Read = [];

    /// <summary>The entries of a list of the shape <c>name = domain domain</c>; those without a domain are left out. Read once a list.</summary>
    public static IReadOnlyList<NamedDomains> Of(WordList list) =>
        Read.GetValue(list, static l => [.. l.Entries.Select(Parse).Where(n => n.Domains.Count > 0)]);

    /// <summary>Reads <c>name = domain domain</c>, or bare domains.</summary>
    public static NamedDomains Parse(string entry)
    {
        var sign = entry.LastIndexOf('=');
        return new NamedDomains(
            TextNormal.Of(sign < 0 ? "" : entry[..sign]).Trim(),
            [.. entry[(sign + 1)..].Split([' ', ',', '\t'], StringSplitOptions.RemoveEmptyEntries).Select(d => d.TrimStart('.', '@').ToLowerInvariant())]);
    }

    /// <summary>True for one of the domains, or one below.</summary>
    /// <param name="host">A host in A-labels and lower case.</param>
    public bool Owns(string host)
    {
        foreach (var domain in Domains)
        {
            if (IsOrBelow(host, domain))
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>True for the domain itself and what is below it.</summary>
    /// <param name="host">A host in A-labels and lower case.</param>
    /// <param name="domain">A domain, <c>*</c> for any one label.</param>
    public static bool IsOrBelow(ReadOnlySpan<char> host, ReadOnlySpan<char> domain)
    {
        if (!domain.Contains('*'))
        {
            return domain.Length > 0 && host.EndsWith(domain, StringComparison.Ordinal) && (host.Length == domain.Length || host[^(domain.Length + 1)] == '.');
        }

        while (true)
        {
            var (h, d) = (host.LastIndexOf('.'), domain.LastIndexOf('.'));
            var label = domain[(d + 1)..];
            if (label is not "*" && !label.SequenceEqual(host[(h + 1)..]))
            {
                return false;
            }

            if (d < 0 || h < 0)
            {
                return d < 0;
            }

            host = host[..h];
            domain = domain[..d];
        }
    }
}

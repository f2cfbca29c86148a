namespace Sekisho.Options;

/// <summary>Reads lists of domains as the settings give them: <c>hospital.example</c>, or <c>.hospital.example</c> for all below it.</summary>
public static class DomainList
{
    /// <summary>True where a domain is on the list.</summary>
    /// <param name="domains">The list.</param>
    /// <param name="domain">A domain, or an address's part behind the last @.</param>
    public static bool Holds(IEnumerable<string> domains, string domain) =>
        domains.Any(d => d.StartsWith('.') ? domain.EndsWith(d, StringComparison.OrdinalIgnoreCase) : domain.Equals(d, StringComparison.OrdinalIgnoreCase));

    /// <summary>What stands behind the last @; empty where there is none.</summary>
    public static string DomainOf(string address) => address.LastIndexOf('@') is var at and >= 0 ? address[(at + 1)..] : "";
}

using System.Globalization;
using System.Net;

namespace Sekisho.Inspection.Senders;

/// <summary>What a mechanism matches (RFC 7208 section 5).</summary>
internal enum SpfMechanism
{
    All,
    Include,
    A,
    Mx,
    Ptr,
    Ip4,
    Ip6,
    Exists,
}

/// <summary>One term of a record: qualifier, mechanism, domain-spec, prefix lengths, network.</summary>
internal sealed record SpfDirective(SpfResult Qualifier, SpfMechanism Mechanism, string? Domain, int Prefix4, int Prefix6, IPAddress? Network, string Text);

/// <summary>An SPF record in its parts (RFC 7208 sections 4.6 and 12). A record with any fault in its syntax is no record: the check ends in permerror (section 4.6).</summary>
internal sealed record SpfRecord(IReadOnlyList<SpfDirective> Directives, string? Redirect, string? Explanation)
{
    /// <summary>True for a TXT record that is an SPF record (RFC 7208 section 4.5).</summary>
    public static bool Is(string text) => text.Equals("v=spf1", StringComparison.OrdinalIgnoreCase) || text.StartsWith("v=spf1 ", StringComparison.OrdinalIgnoreCase);

    /// <summary>Reads a record; null where its syntax is wrong.</summary>
    public static SpfRecord? Parse(string text)
    {
        if (text.AsSpan().ContainsAnyExceptInRange(' ', '~'))
        {
            return null;
        }

        var directives = new List<SpfDirective>();
        string? redirect = null, explanation = null;
        foreach (var term in text[6..].Split(' ', StringSplitOptions.RemoveEmptyEntries))
        {
            // A modifier is a name and "="; anything else is a mechanism (section 4.6.1).
            var equals = term.IndexOf('=', StringComparison.Ordinal);
            if (equals > 0 && IsModifierName(term.AsSpan(0, equals)))
            {
                var value = term[(equals + 1)..];
                var name = term[..equals];
                if (name.Equals("redirect", StringComparison.OrdinalIgnoreCase))
                {
                    if (redirect is not null || !SpfMacro.IsDomainSpec(value))
                    {
                        return null;
                    }

                    redirect = value;
                }
                else if (name.Equals("exp", StringComparison.OrdinalIgnoreCase))
                {
                    if (explanation is not null || !SpfMacro.IsDomainSpec(value))
                    {
                        return null;
                    }

                    explanation = value;
                }
                else if (!SpfMacro.IsMacroString(value))
                {
                    return null; // unknown ones are ignored, but must be well formed
                }
            }
            else if (Directive(term) is { } directive)
            {
                directives.Add(directive);
            }
            else
            {
                return null;
            }
        }

        return new SpfRecord(directives, redirect, explanation);
    }

    private static bool IsModifierName(ReadOnlySpan<char> name)
    {
        if (!char.IsAsciiLetter(name[0]))
        {
            return false;
        }

        foreach (var c in name)
        {
            if (!char.IsAsciiLetterOrDigit(c) && c is not ('-' or '_' or '.'))
            {
                return false;
            }
        }

        return true;
    }

    private static SpfDirective? Directive(string term)
    {
        var qualifier = term[0] switch { '+' => SpfResult.Pass, '-' => SpfResult.Fail, '~' => SpfResult.SoftFail, '?' => SpfResult.Neutral, _ => SpfResult.None };
        var rest = qualifier == SpfResult.None ? term : term[1..];
        qualifier = qualifier == SpfResult.None ? SpfResult.Pass : qualifier;
        var end = rest.AsSpan().IndexOfAny(':', '/');
        var name = end < 0 ? rest : rest[..end];
        var argument = end < 0 ? "" : rest[end..];
        SpfDirective Made(SpfMechanism mechanism, string? domain = null, int prefix4 = 32, int prefix6 = 128, IPAddress? network = null) =>
            new(qualifier, mechanism, domain, prefix4, prefix6, network, term);

        switch (name.ToLowerInvariant())
        {
            case "all":
                return argument.Length == 0 ? Made(SpfMechanism.All) : null;
            case "include" or "exists":
                return argument.StartsWith(':') && SpfMacro.IsDomainSpec(argument[1..])
                    ? Made(name.Equals("include", StringComparison.OrdinalIgnoreCase) ? SpfMechanism.Include : SpfMechanism.Exists, argument[1..]) : null;
            case "ptr":
                return argument.Length == 0 ? Made(SpfMechanism.Ptr) : argument[0] == ':' && SpfMacro.IsDomainSpec(argument[1..]) ? Made(SpfMechanism.Ptr, argument[1..]) : null;
            case "ip4" or "ip6":
                return argument.StartsWith(':') ? Network(argument[1..], name.Equals("ip4", StringComparison.OrdinalIgnoreCase), Made) : null;
            case "a" or "mx":
                if (!Prefixes(ref argument, out var prefix4, out var prefix6) || (argument.Length > 0 && (argument[0] != ':' || !SpfMacro.IsDomainSpec(argument[1..]))))
                {
                    return null;
                }

                return Made(name.Equals("a", StringComparison.OrdinalIgnoreCase) ? SpfMechanism.A : SpfMechanism.Mx, argument.Length == 0 ? null : argument[1..], prefix4, prefix6);
            default:
                return null;
        }
    }

    private static SpfDirective? Network(string text, bool isV4, Func<SpfMechanism, string?, int, int, IPAddress?, SpfDirective> made)
    {
        var slash = text.IndexOf('/', StringComparison.Ordinal);
        var bits = isV4 ? 32 : 128;
        var prefix = bits;
        if (slash >= 0 && !Number(text.AsSpan(slash + 1), bits, out prefix))
        {
            return null;
        }

        var address = slash < 0 ? text : text[..slash];
        var plain = isV4 ? address.Split('.') is { Length: 4 } parts && parts.All(static p => Number(p, 255, out _)) : address.Contains(':', StringComparison.Ordinal) && !address.Contains('%', StringComparison.Ordinal);
        return plain && IPAddress.TryParse(address, out var network) && Spf.IsV4(network) == isV4
            ? made(isV4 ? SpfMechanism.Ip4 : SpfMechanism.Ip6, null, prefix, prefix, network) : null;
    }

    /// <summary>Takes <c>/24</c>, <c>//64</c> or <c>/24//64</c> off the end (section 5.6's dual-cidr-length).</summary>
    private static bool Prefixes(ref string argument, out int prefix4, out int prefix6)
    {
        (prefix4, prefix6) = (32, 128);
        var six = argument.LastIndexOf("//", StringComparison.Ordinal);
        if (six >= 0 && IsDigits(argument.AsSpan(six + 2)))
        {
            if (!Number(argument.AsSpan(six + 2), 128, out prefix6))
            {
                return false;
            }

            argument = argument[..six];
        }

        // A slash that no number follows belongs to the domain-spec, which then shows whether it is one.
        var four = argument.LastIndexOf('/');
        if (four >= 0 && IsDigits(argument.AsSpan(four + 1)))
        {
            if (!Number(argument.AsSpan(four + 1), 32, out prefix4))
            {
                return false;
            }

            argument = argument[..four];
        }

        return true;
    }

    private static bool IsDigits(ReadOnlySpan<char> text) => text.Length > 0 && !text.ContainsAnyExceptInRange('0', '9');

    /// <summary>A number without leading zeros.</summary>
    private static bool Number(ReadOnlySpan<char> text, int most, out int number)
    {
        number = 0;
        return text.Length is > 0 and <= 3 && (text.Length == 1 || text[0] != '0') && int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out number) && number <= most;
    }
}

using System.Net;
using System.Text;

namespace Sekisho.Inspection.Senders;

/// <summary>How an SPF check ended (RFC 7208 section 2.6).</summary>
public enum SpfResult
{
    /// <summary>There is no record, or no domain to ask for one.</summary>
    None,

    /// <summary>The domain says nothing about this client.</summary>
    Neutral,

    /// <summary>The client may send for the domain.</summary>
    Pass,

    /// <summary>It may not.</summary>
    Fail,

    /// <summary>It probably may not.</summary>
    SoftFail,

    /// <summary>DNS did not answer.</summary>
    TempError,

    /// <summary>The domain's record is wrong.</summary>
    PermError,
}

/// <summary>What an SPF check found.</summary>
/// <param name="Result">How it ended.</param>
/// <param name="Domain">The domain that was asked about.</param>
/// <param name="Mechanism">The term that decided, such as <c>ip4:192.0.2.0/24</c>; null where none did.</param>
/// <param name="Explanation">The domain's explanation of a fail (section 6.2), printable ASCII of at most 500 characters; null where it gives none.</param>
public sealed record SpfOutcome(SpfResult Result, string Domain, string? Mechanism = null, string? Explanation = null);

/// <summary>The values that a check and its macros need (RFC 7208 sections 4.1 and 7.2).</summary>
internal sealed record SpfCheck(IPAddress Client, string Domain, string Sender, string Helo, string Receiver, DateTimeOffset Now)
{
    public string LocalPart => Sender[..Sender.LastIndexOf('@')];

    public string SenderDomain => Sender[(Sender.LastIndexOf('@') + 1)..];
}

/// <summary>Asks whether a client may send for a domain: <c>check_host()</c> of RFC 7208 section 4.</summary>
/// <param name="dns">Answers the questions.</param>
/// <param name="receiver">This gateway's name, for the macro <c>r</c>.</param>
/// <param name="time">The clock, for the macro <c>t</c>.</param>
public sealed class Spf(DnsSource dns, string receiver, TimeProvider time)
{
    private const int MaxLookups = 10;
    private const int MaxVoidLookups = 2;
    private const int MaxMxHosts = 10;
    private const int MaxPtrNames = 10;
    private const int MaxExplanation = 500;

    /// <summary>Checks the MAIL FROM identity, or with an empty sender the HELO identity as section 2.4 says.</summary>
    /// <param name="client">Who connects; an IPv4 address mapped into IPv6 is taken as IPv4.</param>
    /// <param name="sender">The reverse-path; empty for the null sender.</param>
    /// <param name="helo">What it called itself.</param>
    /// <param name="cancel">Gives up.</param>
    public Task<SpfOutcome> CheckAsync(IPAddress client, string sender, string helo, CancellationToken cancel)
    {
        client = client.IsIPv4MappedToIPv6 ? client.MapToIPv4() : client;
        var at = sender.LastIndexOf('@');
        var full = sender.Length == 0 ? "postmaster@" + helo : at <= 0 ? "postmaster@" + sender[(at + 1)..] : sender; // section 4.3
        var domain = full[(full.LastIndexOf('@') + 1)..].TrimEnd('.');
        if (!DnsSource.IsName(domain) || !domain.Contains('.', StringComparison.Ordinal) || domain[0] == '[')
        {
            return Task.FromResult(new SpfOutcome(SpfResult.None, domain));
        }

        return new Run(dns, cancel).CheckAsync(new SpfCheck(client, domain, full, helo, receiver, time.GetUtcNow()), isOutermost: true);
    }

    /// <summary>True for IPv4.</summary>
    internal static bool IsV4(IPAddress address) => address.GetAddressBytes().Length == 4;

    /// <summary>One check with its counted look-ups (section 4.6.4).</summary>
    private sealed class Run(DnsSource dns, CancellationToken cancel)
    {
        private int lookups;
        private int voidLookups;

        /// <summary>The client's validated names; null before the first <c>ptr</c> or <c>%{p}</c>.</summary>
        private List<string>? names;

        public async Task<SpfOutcome> CheckAsync(SpfCheck check, bool isOutermost)
        {
            try
            {
                return await EvaluateAsync(check, isOutermost).ConfigureAwait(false);
            }
            catch (SpfEnd end) when (isOutermost)
            {
                return new SpfOutcome(end.Result, check.Domain);
            }
        }

        private async Task<SpfOutcome> EvaluateAsync(SpfCheck check, bool isOutermost)
        {
            if (!DnsSource.IsName(check.Domain) || !check.Domain.Contains('.', StringComparison.Ordinal))
            {
                return new SpfOutcome(SpfResult.None, check.Domain);
            }

            var answer = await dns.QueryAsync(check.Domain, DnsType.Txt, cancel).ConfigureAwait(false);
            if (answer.Status == DnsStatus.Failed)
            {
                throw new SpfEnd(SpfResult.TempError);
            }

            var records = answer.Records.Where(SpfRecord.Is).Take(2).ToList();
            if (records.Count == 0)
            {
                return new SpfOutcome(SpfResult.None, check.Domain);
            }

            if (records.Count > 1 || SpfRecord.Parse(records[0]) is not { } record)
            {
                throw new SpfEnd(SpfResult.PermError);
            }

            foreach (var directive in record.Directives)
            {
                if (await MatchesAsync(directive, check).ConfigureAwait(false))
                {
                    var explanation = directive.Qualifier == SpfResult.Fail && isOutermost && record.Explanation is { } spec
                        ? await ExplainAsync(spec, check).ConfigureAwait(false) : null;
                    return new SpfOutcome(directive.Qualifier, check.Domain, directive.Text, explanation);
                }
            }

            if (record.Redirect is null)
            {
                return new SpfOutcome(SpfResult.Neutral, check.Domain); // section 4.7
            }

            Count();
            var target = await TargetAsync(record.Redirect, check).ConfigureAwait(false);
            var redirected = await EvaluateAsync(check with { Domain = target }, isOutermost).ConfigureAwait(false);
            return redirected.Result == SpfResult.None ? throw new SpfEnd(SpfResult.PermError) : redirected with { Domain = check.Domain };
        }

        private async Task<bool> MatchesAsync(SpfDirective directive, SpfCheck check)
        {
            switch (directive.Mechanism)
            {
                case SpfMechanism.All:
                    return true;
                case SpfMechanism.Ip4:
                case SpfMechanism.Ip6:
                    return IsWithin(check.Client, directive.Network!, directive.Prefix4);
            }

            Count();
            var domain = directive.Domain is null ? check.Domain : await TargetAsync(directive.Domain, check).ConfigureAwait(false);
            switch (directive.Mechanism)
            {
                case SpfMechanism.Include:
                    var included = await EvaluateAsync(check with { Domain = domain }, isOutermost: false).ConfigureAwait(false);
                    return included.Result == SpfResult.None ? throw new SpfEnd(SpfResult.PermError) : included.Result == SpfResult.Pass;
                case SpfMechanism.Exists:
                    return (await AskAsync(domain, DnsType.A).ConfigureAwait(false)).Count > 0;
                case SpfMechanism.A:
                    return await HasAddressAsync(domain, directive, check.Client, countVoid: true).ConfigureAwait(false);
                case SpfMechanism.Mx:
                    return await IsMxAsync(domain, directive, check.Client).ConfigureAwait(false);
                default:
                    return (await NamesAsync(check).ConfigureAwait(false)).Exists(name => IsOrBelow(name, domain));
            }
        }

        private async Task<bool> IsMxAsync(string domain, SpfDirective directive, IPAddress client)
        {
            var hosts = await AskAsync(domain, DnsType.Mx).ConfigureAwait(false);
            if (hosts.Count > MaxMxHosts)
            {
                throw new SpfEnd(SpfResult.PermError);
            }

            foreach (var host in hosts)
            {
                var space = host.IndexOf(' ', StringComparison.Ordinal);
                if (await HasAddressAsync(host[(space + 1)..], directive, client, countVoid: true).ConfigureAwait(false))
                {
                    return true;
                }
            }

            return false;
        }

        private async Task<bool> HasAddressAsync(string host, SpfDirective directive, IPAddress client, bool countVoid)
        {
            var isV4 = IsV4(client);
            var addresses = await AskAsync(host, isV4 ? DnsType.A : DnsType.Aaaa, countVoid).ConfigureAwait(false);
            return addresses.Any(a => IPAddress.TryParse(a, out var address) && IsWithin(client, address, isV4 ? directive.Prefix4 : directive.Prefix6));
        }

        /// <summary>The client's names whose addresses lead back to it (section 5.5); faults of DNS here are no names.</summary>
        private async Task<List<string>> NamesAsync(SpfCheck check)
        {
            if (names is not null)
            {
                return names;
            }

            names = [];
            var isV4 = IsV4(check.Client);
            var octets = check.Client.GetAddressBytes();
            var reverse = isV4
                ? $"{octets[3]}.{octets[2]}.{octets[1]}.{octets[0]}.in-addr.arpa"
                : string.Join('.', Convert.ToHexStringLower(octets).Reverse()) + ".ip6.arpa";
            var pointers = await dns.QueryAsync(reverse, DnsType.Ptr, cancel).ConfigureAwait(false);
            foreach (var name in pointers.Records.Take(MaxPtrNames))
            {
                var forward = await dns.QueryAsync(name, isV4 ? DnsType.A : DnsType.Aaaa, cancel).ConfigureAwait(false);
                if (forward.Records.Any(a => IPAddress.TryParse(a, out var address) && address.Equals(check.Client)))
                {
                    names.Add(name.TrimEnd('.'));
                }
            }

            return names;
        }

        /// <summary>A question of a mechanism: silence ends the check, an empty answer is counted (section 4.6.4).</summary>
        private async Task<IReadOnlyList<string>> AskAsync(string name, DnsType type, bool countVoid = true)
        {
            var answer = await dns.QueryAsync(name, type, cancel).ConfigureAwait(false);
            if (answer.Status == DnsStatus.Failed)
            {
                throw new SpfEnd(SpfResult.TempError);
            }

            if (answer.Records.Count == 0 && countVoid && ++voidLookups > MaxVoidLookups)
            {
                throw new SpfEnd(SpfResult.PermError);
            }

            return answer.Records;
        }

        private void Count()
        {
            if (++lookups > MaxLookups)
            {
                throw new SpfEnd(SpfResult.PermError);
            }
        }

        /// <summary>A domain-spec with its macros replaced; over 253 characters labels are dropped from the left (section 7.3).</summary>
        private async Task<string> TargetAsync(string spec, SpfCheck check)
        {
            var target = await ExpandAsync(spec, check, isExplanation: false).ConfigureAwait(false) ?? throw new SpfEnd(SpfResult.PermError);
            target = target.TrimEnd('.');
            while (target.Length > 253 && target.IndexOf('.', StringComparison.Ordinal) is var dot and >= 0)
            {
                target = target[(dot + 1)..];
            }

            return target;
        }

        private async Task<string?> ExpandAsync(string spec, SpfCheck check, bool isExplanation)
        {
            // Only the rare macro p needs DNS.
            var validated = spec.Contains("%{p", StringComparison.OrdinalIgnoreCase) ? Best(await NamesAsync(check).ConfigureAwait(false), check.Domain) : "unknown";
            return SpfMacro.Expand(spec, check, (_, _) => validated, isExplanation);
        }

        /// <summary>The validated name that is the domain, else one below it, else any (section 7.3).</summary>
        private static string Best(List<string> names, string domain) =>
            names.Find(n => n.Equals(domain, StringComparison.OrdinalIgnoreCase)) ?? names.Find(n => IsOrBelow(n, domain)) ?? (names.Count > 0 ? names[0] : "unknown");

        /// <summary>The explanation; whatever goes wrong with it, the fail stands without one (section 6.2).</summary>
        private async Task<string?> ExplainAsync(string spec, SpfCheck check)
        {
            var target = await TargetAsync(spec, check).ConfigureAwait(false);
            if (!DnsSource.IsName(target))
            {
                return null;
            }

            var answer = await dns.QueryAsync(target, DnsType.Txt, cancel).ConfigureAwait(false);
            if (answer.Records is not [var text] || !Ascii.IsValid(text))
            {
                return null;
            }

            var explanation = await ExpandAsync(text, check, isExplanation: true).ConfigureAwait(false);
            return explanation is { Length: > MaxExplanation } ? explanation[..MaxExplanation] : explanation;
        }

        private static bool IsOrBelow(string name, string domain) =>
            name.Equals(domain, StringComparison.OrdinalIgnoreCase) || name.EndsWith("." + domain, StringComparison.OrdinalIgnoreCase);

        private static bool IsWithin(IPAddress address, IPAddress network, int prefix)
        {
            if (address.AddressFamily != network.AddressFamily)
            {
                return false;
            }

            Span<byte> one = stackalloc byte[16], other = stackalloc byte[16];
            address.TryWriteBytes(one, out _);
            network.TryWriteBytes(other, out _);
            var whole = prefix / 8;
            return one[..whole].SequenceEqual(other[..whole]) && (prefix % 8 == 0 || (one[whole] ^ other[whole]) >> (8 - (prefix % 8)) == 0);
        }
    }

    /// <summary>Ends a check from within.</summary>
    private sealed class SpfEnd(SpfResult result) : Exception
    {
        public SpfResult Result => result;
    }
}

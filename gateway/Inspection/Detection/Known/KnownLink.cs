using Sekisho.Inspection.Formats;
using Sekisho.Inspection.Messages;
using Sekisho.Inspection.Signatures;

namespace Sekisho.Inspection.Detection.Known;

/// <summary>Finds links, in texts, documents and code, that lead where malware is known to come from.</summary>
/// <remarks>
/// An address written so that nobody clicks it (<c>hxxp</c>, <c>[.]</c>) is a warning about it, such as those of authorities, and no finding.
/// A known address never speaks against the rest of its site: sites are hacked.
/// </remarks>
internal sealed class KnownLink : IDetector
{
    public static readonly FindingKind Url = new("INDICATOR_URL", 100,
        "A link leads to an address that is known for malware.", "既知の不正サイトのURLへ導くリンクがあります。", "T1204.001");

    public static readonly FindingKind Domain = new("INDICATOR_DOMAIN", 100,
        "A link leads to a domain that is known for malware.", "既知の不正なドメインへ導くリンクがあります。", "T1204.001");

    public static readonly FindingKind Host = new("INDICATOR_HOST", 100,
        "A link leads to an IP address that is known for malware.", "既知の不正なIPアドレスへ導くリンクがあります。", "T1204.001");

    private const int MostPerPart = 10;
    private const int MostCode = 1 << 20;

    public IEnumerable<FindingKind> Kinds => [Url, Domain, Host];

    public IEnumerable<Finding> Inspect(InspectionContext context)
    {
        var known = context.Signatures.Indicators;
        if (known.CountOf(IndicatorKind.Url) + known.CountOf(IndicatorKind.Domain) + known.CountOf(IndicatorKind.IpPort) + known.CountOf(IndicatorKind.Ip) == 0)
        {
            yield break;
        }

        var now = context.Message.Envelope.ReceivedAt;
        var seen = new HashSet<string>(StringComparer.Ordinal);
        foreach (var part in context.Message.Parts)
        {
            seen.Clear();
            var found = 0;
            foreach (var link in part.Links.Concat(Hidden(part)))
            {
                if (!link.IsDefanged && link.Host.Length > 0 && found < MostPerPart && seen.Add(link.Target) && Find(link, known, now) is { } finding)
                {
                    found++;
                    yield return finding.Kind.At(part.Path, IndicatorWords.Of(finding.Indicator, now));
                }
            }
        }
    }

    private static (FindingKind Kind, Indicator Indicator)? Find(Link link, IndicatorSet known, DateTimeOffset now)
    {
        if (known.FindUrl(link.Target, now) is { } url)
        {
            return (Url, url);
        }

        if (link.IsAddress)
        {
            return (known.FindIpPort(link.Host, IndicatorKey.Port(link.Target), now) ?? known.FindIp(link.Host, now)) is { } address ? (Host, address) : null;
        }

        if (known.FindDomain(link.Host, now) is { } domain)
        {
            return (Domain, domain);
        }

        foreach (var via in link.Via)
        {
            if (known.FindDomain(via, now) is { } redirector)
            {
                return (Domain, redirector);
            }
        }

        return null;
    }

    /// <summary>Addresses that the letter's reader does not see: what documents fetch, command lines, code.</summary>
    private static IEnumerable<Link> Hidden(MessagePart part)
    {
        foreach (var sign in part.Signs)
        {
            foreach (var link in LinkTargets.Parse(sign.Evidence) is { Host.Length: > 0 } whole && !sign.Evidence.Contains(' ', StringComparison.Ordinal) ? [whole] : TextLinks.Find(sign.Evidence))
            {
                yield return link;
            }
        }

        foreach (var text in part.Vba.SelectMany(p => p.Modules).Select(m => m.Source)
            .Concat(part.Texts.Select(t => t.Text))
            .Concat(part.Xlm is { } xlm ? xlm.Actions.SelectMany(a => a.Arguments) : []))
        {
            foreach (var link in TextLinks.Find(text.Length > MostCode ? text[..MostCode] : text))
            {
                yield return link;
            }
        }
    }
}

using System.Net;
using Sekisho.Smtp;

namespace Sekisho.Options;

// What is wrong with the settings of the door for outbound mail.
public static partial class OptionsCheck
{
    private static void Outbound(SekishoOptions options, List<string> faults)
    {
        var outbound = options.Outbound;
        foreach (var listen in outbound.Listen)
        {
            EndPointAt("Outbound:Listen", listen, "192.0.2.25:2526", faults);
            if (options.Smtp.Listen.Contains(listen, StringComparer.OrdinalIgnoreCase))
            {
                faults.Add($"Outbound:Listen: \"{listen}\" stands in Smtp:Listen, too. Give the door for outbound mail an address or port of its own. Example: \"192.0.2.25:2526\"");
            }
        }

        if (outbound.Listen.Count > 0 && outbound.Networks.Count == 0)
        {
            faults.Add("Outbound:Networks is missing beside Outbound:Listen: nobody could use the door. Name the hospital's own mail servers. Example: [ \"10.1.2.25/32\" ]");
        }

        Networks("Outbound:Networks", outbound.Networks, faults);
        Networks("Outbound:ProxyNetworks", outbound.ProxyNetworks, faults);
        foreach (var everybody in outbound.Networks.Where(n => IPNetwork.TryParse(n, out var network) && network.PrefixLength == 0))
        {
            faults.Add($"Outbound:Networks: \"{everybody}\" is everybody, and everybody could send in the hospital's name. Name the hospital's own mail servers. Example: \"10.1.2.25/32\"");
        }

        foreach (var domain in outbound.SenderDomains.Where(d => d != "*" && !IsDomainOrSuffix(d)))
        {
            faults.Add($"Outbound:SenderDomains: \"{domain}\" is no domain. Example: \"hospital.example\", \".hospital.example\" for all its sub-domains, or \"*\" for any");
        }

        foreach (var host in outbound.Hosts.Where(h => !IsHost(h)))
        {
            faults.Add($"Outbound:Hosts: \"{host}\" is neither HOST nor HOST:PORT. Example: \"smarthost.provider.example:25\"");
        }

        foreach (var sender in outbound.Exempt.Where(s => s.LastIndexOf('@') is var at && (at < 0 || !MailPath.IsDomain(s.AsSpan(at + 1)))))
        {
            faults.Add($"Outbound:Exempt: \"{sender}\" is no sender. Example: \"tayori@hospital.example\", or \"@news.hospital.example\" for all of a domain");
        }

        Range("Outbound:MaxMessages", outbound.MaxMessages, 1, 1_000_000, 100, faults);
        Range("Outbound:MaxRecipients", outbound.MaxRecipients, 1, 1_000_000, 300, faults);
        Range("Outbound:MaxCampaign", outbound.MaxCampaign, 1, 10_000, 50, faults);
    }
}

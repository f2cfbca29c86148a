using System.Net;
using Sekisho.Options;

namespace Sekisho.Smtp;

/// <summary>Who may use the door for outbound mail: the hospital's own servers, for its own senders. An immutable snapshot.</summary>
public sealed class OutboundRules
{
    private readonly IPNetwork[] _networks;
    private readonly IPNetwork[] _proxies;
    private readonly string[] _domains;

    /// <summary>Reads the settings.</summary>
    public OutboundRules(SekishoOptions options)
    {
        var outbound = options.Outbound;
        _networks = [.. outbound.Networks.Select(IPNetwork.Parse)];
        _proxies = [.. outbound.ProxyNetworks.Select(IPNetwork.Parse)];
        _domains = [.. outbound.SenderDomains is [] ? options.Smtp.RelayDomains : outbound.SenderDomains];
    }

    /// <summary>True for one of the hospital's own mail servers.</summary>
    public bool Admits(IPAddress client) => Array.Exists(_networks, n => n.Contains(client));

    /// <summary>True when the client must begin with a PROXY protocol header.</summary>
    public bool IsProxy(IPAddress client) => Array.Exists(_proxies, n => n.Contains(client));

    /// <summary>Whether a reverse-path is taken; the null sender always is.</summary>
    /// <returns>The reply that refuses it, or null.</returns>
    public SmtpReply? RefuseSender(string sender) =>
        sender.Length == 0 || _domains.Contains("*") || DomainList.Holds(_domains, DomainList.DomainOf(sender)) ? null : SmtpReply.ForeignSender;
}

using System.Collections.Frozen;
using System.Net;
using Sekisho.Options;

namespace Sekisho.Smtp;

/// <summary>Who may send to whom: relay domains for all, everything for trusted networks, and the list of known recipients. An immutable snapshot.</summary>
public sealed class RelayRules
{
    private readonly FrozenSet<string> _domains;
    private readonly string[] _domainSuffixes;
    private readonly IPNetwork[] _trusted;
    private readonly IPNetwork[] _proxies;
    private readonly FrozenSet<string>? _recipients;
    private readonly Func<string, bool?>? _directory;
    private readonly string _delimiter;
    private readonly string _postmasterDomain;

    private RelayRules(SmtpOptions options, FrozenSet<string>? recipients, Func<string, bool?>? directory)
    {
        _domains = options.RelayDomains.Where(d => !d.StartsWith('.')).ToFrozenSet(StringComparer.OrdinalIgnoreCase);
        _domainSuffixes = [.. options.RelayDomains.Where(d => d.StartsWith('.')).Select(d => d.ToLowerInvariant())];
        _trusted = [.. options.TrustedNetworks.Select(IPNetwork.Parse)];
        _proxies = [.. options.ProxyNetworks.Select(IPNetwork.Parse)];
        _recipients = recipients;
        _directory = options.RecipientsFromDirectory ? directory : null;
        _delimiter = options.RecipientDelimiter;
        _postmasterDomain = options.RelayDomains.FirstOrDefault(d => !d.StartsWith('.')) ?? options.HostName;
    }

    /// <summary>Reads the rules, and the recipient list where one is named.</summary>
    /// <param name="options">The door's settings.</param>
    /// <param name="directory">Whether an address is somebody's, null where that cannot be said; asked where the settings want it.</param>
    /// <exception cref="IOException">The recipient list cannot be read.</exception>
    public static RelayRules Load(SmtpOptions options, Func<string, bool?>? directory = null) =>
        new(options, options.RecipientList is { Length: > 0 } file ? ReadRecipients(file) : null, directory);

    /// <summary>True when the client may send to any domain.</summary>
    public bool IsTrusted(IPAddress client) => Contains(_trusted, client);

    /// <summary>True when the client must begin with a PROXY protocol header.</summary>
    public bool IsProxy(IPAddress client) => Contains(_proxies, client);

    /// <summary>Gives <c>&lt;postmaster&gt;</c> its domain; other addresses stay.</summary>
    public string Complete(string address) => address.Contains('@', StringComparison.Ordinal) ? address : $"{address}@{_postmasterDomain}";

    /// <summary>Whether a recipient is taken.</summary>
    /// <returns>The reply that refuses him, or null.</returns>
    public SmtpReply? Refuse(string address, IPAddress client)
    {
        var domain = MailPath.DomainOf(address);
        if (!IsRelayDomain(domain))
        {
            return IsTrusted(client) ? null : SmtpReply.RelayDenied;
        }

        if (_recipients is null && _directory is null)
        {
            return null;
        }

        return IsKnown(address, domain) switch { true => null, false => SmtpReply.UnknownRecipient, null => SmtpReply.RecipientsUnknown };
    }

    private bool IsRelayDomain(string domain) =>
        _domains.Contains(domain) || _domainSuffixes.Any(s => domain.EndsWith(s, StringComparison.Ordinal));

    /// <summary>True, false, or null where only the directory could tell and cannot.</summary>
    private bool? IsKnown(string address, string domain)
    {
        var lower = address.ToLowerInvariant();
        if (_recipients is not null && (_recipients.Contains(lower) || _recipients.Contains("@" + domain)))
        {
            return true;
        }

        // RFC 5321 section 4.5.1: postmaster is always there.
        var local = lower[..lower.LastIndexOf('@')];
        if (local == "postmaster")
        {
            return true;
        }

        var extension = _delimiter.Length > 0 ? local.IndexOf(_delimiter, StringComparison.Ordinal) : -1;
        var plain = extension > 0 ? $"{local[..extension]}@{domain}" : null;
        if (plain is not null && _recipients?.Contains(plain) == true)
        {
            return true;
        }

        if (_directory is null)
        {
            return false;
        }

        var known = _directory(lower);
        return known is not true && plain is not null ? _directory(plain) : known;
    }

    private static bool Contains(IPNetwork[] networks, IPAddress address)
    {
        foreach (var network in networks)
        {
            if (network.Contains(address))
            {
                return true;
            }
        }

        return false;
    }

    private static FrozenSet<string> ReadRecipients(string file) =>
        File.ReadLines(file)
            .Select(line => line.Split('#', 2)[0].Trim().ToLowerInvariant())
            .Where(line => line.Contains('@', StringComparison.Ordinal))
            .ToFrozenSet(StringComparer.Ordinal);
}

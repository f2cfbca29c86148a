using System.Net;
using Sekisho.Inspection.Signatures;

namespace Sekisho.Inspection.Senders;

/// <summary>What an entry of the sender list says.</summary>
public enum SenderListKind
{
    /// <summary>Letters that are proven to come from this sender go on, unless what is in them is hostile or they forge our own.</summary>
    Allow,

    /// <summary>Letters that name this sender are quarantined.</summary>
    Block,
}

/// <summary>One line of the sender list: a sender that an admin allows or blocks.</summary>
/// <param name="Kind">Which of the two.</param>
/// <param name="Sender">An address, a domain, <c>.domain</c> for all below it (not itself), or the client's network (CIDR); in the form of <see cref="Normal"/>.</param>
/// <param name="Scope">For which recipients: an address, a domain, <c>.domain</c> for all below it, or <c>*</c> for every recipient; in lower case.</param>
/// <param name="Author">Who put it there.</param>
/// <param name="Reason">Why.</param>
/// <param name="CreatedAt">When.</param>
/// <param name="ExpiresAt">Letters received from then on are not concerned; null for ever.</param>
public sealed record SenderListEntry(SenderListKind Kind, string Sender, string Scope, string Author, string Reason, DateTimeOffset CreatedAt, DateTimeOffset? ExpiresAt)
{
    private const int LongestLocalPart = 128; // RFC 5321 section 4.5.3.1.1 says 64, and real ones of bounce services are longer

    /// <summary>True for a network of clients.</summary>
    public bool IsNetwork => IsNetworkName(Sender);

    /// <summary>True for one address.</summary>
    public bool IsAddress => Sender.Contains('@', StringComparison.Ordinal);

    /// <summary>How exact it is: an address before a domain, a longer domain before a shorter one, any domain before a network, a smaller network before a larger one.</summary>
    public int Exactness =>
        IsNetwork ? int.Parse(Sender.AsSpan(Sender.IndexOf('/', StringComparison.Ordinal) + 1), System.Globalization.CultureInfo.InvariantCulture)
        : IsAddress ? 10_000
        : 1000 + (2 * Domains.Labels(Sender.TrimStart('.'))) + (Sender.StartsWith('.') ? 0 : 1);

    /// <summary>True where it holds for a recipient.</summary>
    /// <param name="recipient">His address; empty for nobody in particular, for whom only <c>*</c> holds.</param>
    public bool HoldsFor(string recipient)
    {
        if (Scope == "*")
        {
            return true;
        }

        var domain = recipient.AsSpan(recipient.LastIndexOf('@') + 1);
        return recipient.Length > 0 && (Scope.Equals(recipient, StringComparison.OrdinalIgnoreCase) || domain.Equals(Scope, StringComparison.OrdinalIgnoreCase)
            || (Scope[0] == '.' && domain.EndsWith(Scope, StringComparison.OrdinalIgnoreCase)));
    }

    /// <summary>A sender as entries name it: domains as A-labels in lower case, networks by their first address; <c>@domain</c> is the domain, one IP address its network. Null for what is none of the four.</summary>
    public static string? Normal(string text)
    {
        text = text.Trim();
        if (text.Length is 0 or > 400)
        {
            return null;
        }

        var slash = text.IndexOf('/', StringComparison.Ordinal);
        if (!text.Contains('@', StringComparison.Ordinal) && IPAddress.TryParse(slash < 0 ? text : text[..slash], out var address) && (text.Contains(':', StringComparison.Ordinal) || text.AsSpan(0, slash < 0 ? text.Length : slash).Count('.') == 3))
        {
            return Network(address, slash < 0 ? null : text[(slash + 1)..]);
        }

        var at = text.LastIndexOf('@');
        if (at > 0)
        {
            var local = text[..at];
            return local.Length <= LongestLocalPart && !local.Any(static c => char.IsWhiteSpace(c) || char.IsControl(c) || c is '<' or '>') && Domains.Ascii(text[(at + 1)..]) is { } host
                ? $"{local.ToLowerInvariant()}@{host}" : null;
        }

        var dotted = at < 0 && text[0] == '.';
        return Domains.Ascii(text[(at == 0 || dotted ? 1 : 0)..]) is { } domain && (dotted || domain.Contains('.', StringComparison.Ordinal)) ? dotted ? "." + domain : domain : null;
    }

    /// <summary>Why an entry must not stand, in a Japanese and an English sentence; null for a sound one.</summary>
    /// <remarks>What is allowed must be somebody's: a hosting provider's /8, <c>co.jp</c> or a free mailer as a whole is everybody's. Blocks may be wide.</remarks>
    /// <param name="kind">Which of the two.</param>
    /// <param name="sender">In the form of <see cref="Normal"/>.</param>
    /// <param name="freeMailers">Domains where anybody has an address.</param>
    public static string? Fault(SenderListKind kind, string sender, WordList freeMailers)
    {
        if (IsNetworkName(sender))
        {
            var (length, isSix) = (int.Parse(sender.AsSpan(sender.IndexOf('/', StringComparison.Ordinal) + 1), System.Globalization.CultureInfo.InvariantCulture), sender.Contains(':', StringComparison.Ordinal));
            var (least, ja, en) = kind == SenderListKind.Allow ? (isSix ? 48 : 24, "許可", "allowed") : (isSix ? 16 : 8, "拒否", "blocked");
            return length < least ? $"\"{sender}\" は広すぎます。{ja}できるのは /{least} までです。 \"{sender}\" is too wide; at the widest a /{least} can be {en}." : null;
        }

        return kind == SenderListKind.Block || sender.Contains('@', StringComparison.Ordinal) || !OpenDomains.Holds(sender.TrimStart('.'), freeMailers) ? null
            : $"\"{sender}\" は誰でも使えるドメインのため、全体は許可できません(拒否はできます)。相手のドメインまたはアドレスを指定してください。"
                + $" Anybody gets a name or an address under \"{sender}\"; it can be blocked, not allowed. Name the sender's own domain or address.";
    }

    /// <summary>The local part of an address may have a slash, too.</summary>
    private static bool IsNetworkName(string sender) => sender.Contains('/', StringComparison.Ordinal) && !sender.Contains('@', StringComparison.Ordinal);

    private static string? Network(IPAddress address, string? length)
    {
        var octets = address.GetAddressBytes();
        var bits = octets.Length * 8;
        if (length is not null && (!int.TryParse(length, System.Globalization.NumberStyles.None, System.Globalization.CultureInfo.InvariantCulture, out bits) || bits > octets.Length * 8))
        {
            return null;
        }

        if (address.IsIPv4MappedToIPv6)
        {
            if (bits < 96)
            {
                return null;
            }

            (octets, bits) = (octets[12..], bits - 96);
        }

        if (octets.Length == 16 && address.ScopeId != 0)
        {
            return null;
        }

        for (var bit = bits; bit < octets.Length * 8; bit++)
        {
            octets[bit / 8] &= (byte)~(0x80 >> (bit % 8));
        }

        return string.Create(System.Globalization.CultureInfo.InvariantCulture, $"{new IPAddress(octets)}/{bits}");
    }
}

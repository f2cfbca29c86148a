using MimeKit;
using Sekisho.Inspection.Formats;
using Sekisho.Inspection.Messages;

namespace Sekisho.Inspection.Senders;

/// <summary>Who a letter says has written it: one address of its From.</summary>
/// <param name="Name">The display name, normalised; empty where there is none.</param>
/// <param name="Address">The address in lower case, its domain in A-labels.</param>
/// <param name="Domain">Its domain; empty where there is none.</param>
internal sealed record ClaimedSender(string Name, string Address, string Domain)
{
    private const int MaxSenders = 20;
    private const int MaxShown = 10_000;

    /// <summary>All of them, at most 20; of Sender where there is no From.</summary>
    public static IReadOnlyList<ClaimedSender> Of(InboundMessage message)
    {
        if (message.Mime is not { } mime)
        {
            return [];
        }

        var from = mime.From.Mailboxes.Take(MaxSenders).Select(Of).ToList();
        if (from.TrueForAll(static s => s.Domain.Length == 0) && mime.Headers[HeaderId.From] is { Length: > 0 and < MaxShown } shown && Shown(shown) is { } meant)
        {
            from = [meant];
        }

        return from.Count > 0 || mime.Sender is null ? from : [Of(mime.Sender)];
    }

    /// <summary>What a program shows as an address that is none: within an encoded word (RFC 2047 section 5), or beside a name without brackets.</summary>
    private static ClaimedSender? Shown(string from)
    {
        var word = from.Split([' ', '\t', '\u3000', '\r', '\n', '<', '>', '"', '(', ')', ',', ';'], StringSplitOptions.RemoveEmptyEntries).FirstOrDefault(static w => w.IndexOf('@', StringComparison.Ordinal) > 0);
        return word is null || DomainOf(word) is not { Length: > 0 } domain ? null
            : new ClaimedSender(TextNormal.Of(from.Replace(word, "", StringComparison.Ordinal)).Trim(' ', '<', '>', '"', '(', ')'), AddressOf(word), domain);
    }

    /// <summary>One mailbox.</summary>
    public static ClaimedSender Of(MailboxAddress mailbox)
    {
        var address = mailbox.Address ?? "";
        return new ClaimedSender(TextNormal.Of(mailbox.Name ?? "").Trim(), AddressOf(address), DomainOf(address));
    }

    /// <summary>An address in lower case, its domain in A-labels.</summary>
    public static string AddressOf(string address)
    {
        var at = address.LastIndexOf('@');
        return at < 0 ? address.ToLowerInvariant() : $"{address[..at].ToLowerInvariant()}@{DomainOf(address)}";
    }

    /// <summary>The domain of an address in A-labels and lower case; empty where there is none.</summary>
    public static string DomainOf(string? address)
    {
        var at = address?.LastIndexOf('@') ?? -1;
        return at < 0 ? "" : LinkTargets.Ascii(address![(at + 1)..].Trim().TrimEnd('>', '.', '"', '\'', ' '));
    }
}

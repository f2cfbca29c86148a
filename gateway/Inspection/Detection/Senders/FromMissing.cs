using MimeKit;
using Sekisho.Inspection.Senders;

namespace Sekisho.Inspection.Detection.Senders;

/// <summary>Finds letters whose From names nobody that a machine can read: what is shown to people is then checked by nothing.</summary>
internal sealed class FromMissing : IDetector
{
    public static readonly FindingKind Hidden = new("FROM_WITHOUT_ADDRESS", 100,
        "The From field shows an address that is hidden from machines, so that it cannot be checked.", "差出人欄にアドレスのような文字列が表示されますが、機械的に確認できない形に細工されています。", "T1656");

    public static readonly FindingKind Missing = new("FROM_MISSING", 20,
        "The mail has no sender's address.", "差出人(From)のアドレスがありません。", "T1656");

    public static readonly FindingKind Many = new("FROM_MANY_DOMAINS", 100,
        "The From field names authors of more domains than any honest mail does.", "差出人欄に、通常ありえない数のドメインのアドレスが並んでいます。", "T1656");

    private const int MostDomains = 4;
    private const int MaxField = 10_000;

    public IEnumerable<FindingKind> Kinds => [Hidden, Missing, Many];

    public IEnumerable<Finding> Inspect(InspectionContext context)
    {
        if (context.Message.Mime is not { } mime)
        {
            yield break;
        }

        var domains = mime.From.Mailboxes.Select(m => ClaimedSender.DomainOf(m.Address)).Where(d => d.Length > 0).Distinct(StringComparer.Ordinal).Take(MostDomains + 1).ToList();
        if (domains.Count > MostDomains)
        {
            yield return Many.At("From", string.Join(", ", domains));
        }
        else if (domains.Count == 0)
        {
            var shown = mime.Headers[HeaderId.From] is { } field ? field[..Math.Min(field.Length, MaxField)] : "";
            var isShown = shown.Contains('@', StringComparison.Ordinal) || shown.Contains('＠', StringComparison.Ordinal);
            if (isShown && !mime.Headers.First(h => h.Id == HeaderId.From).RawValue.AsSpan().Contains((byte)'@'))
            {
                yield return Hidden.At("From", shown.Trim());
            }
            else if (isShown || (context.Message.Envelope.Sender.Length > 0 && mime.From.Mailboxes.All(m => string.IsNullOrEmpty(m.Address))))
            {
                yield return Missing.At("From", shown.Trim()); // Reports of old servers come from "MAILER-DAEMON" alone.
            }
        }
    }
}

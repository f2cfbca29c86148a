using Sekisho.Inspection.Senders;

namespace Sekisho.Inspection.Detection.Outbound;

/// <summary>Finds letters of one of the hospital's own senders who sends more to the outside than he may: the sign of a stolen account or an infected PC.</summary>
internal sealed class OutboundBurst : IDetector
{
    public static readonly FindingKind Burst = new("OUTBOUND_BURST", 100,
        "A sender of our own sends more mail to the outside than is usual by hand; the account may be stolen or its PC infected, so check both and change the password before anything is released.",
        "当院のアカウントから、院外へ短時間に大量のメールが送信されています。アカウントの乗っ取りやPCのウイルス感染が疑われます。PCをネットワークから切り離し、パスワードを変更し、送信者に確認してから、保留したメールの扱いを決めてください。", "T1586.002");

    public IEnumerable<FindingKind> Kinds => [Burst];

    public IEnumerable<Finding> Inspect(InspectionContext context)
    {
        if (context.Outbound is { IsBurst: true } facts)
        {
            var mailFrom = context.Message.Envelope.Sender;
            var (place, who) = facts.Sender.Length == 0 || facts.Sender.Equals(mailFrom, StringComparison.OrdinalIgnoreCase) ? ("MAIL FROM", $"<{mailFrom}>")
                : facts.Sender.StartsWith('[') ? ("client", facts.Sender) : ("From", $"<{facts.Sender}>");
            yield return Burst.At(
                place,
                $"{who}: {facts.Messages} mails to {facts.Recipients} recipients outside within an hour (limits {facts.MaxMessages} and {facts.MaxRecipients}); written at {LetterOrigin.Of(context.Message)}");
        }
    }
}

using Sekisho.Inspection.Senders;

namespace Sekisho.Inspection.Detection.Outbound;

/// <summary>Finds letters that bring the same file, or the same subject with the same link, from the hospital to many people outside, whoever of its senders they bear.</summary>
internal sealed class OutboundCampaign : IDetector
{
    public static readonly FindingKind Campaign = new("OUTBOUND_CAMPAIGN", 100,
        "The same file or link goes from our hospital to many recipients outside; unless somebody planned that, an account or a PC of ours is in other hands.",
        "同じ添付ファイル、または同じ件名とリンクのメールが、当院から院外の多数の宛先へ送信されています。予定された一斉送信でなければ、アカウントの乗っ取りやPCのウイルス感染を疑い、PCをネットワークから切り離し、パスワードを変更してください。", "T1586.002");

    public IEnumerable<FindingKind> Kinds => [Campaign];

    public IEnumerable<Finding> Inspect(InspectionContext context)
    {
        if (context.Outbound is { IsCampaign: true, Campaign: { } campaign } facts)
        {
            yield return Campaign.At(
                campaign.Mark.IsFile ? "attachment" : "Subject",
                $"{campaign.Mark.Shown}: to {campaign.Recipients} recipients outside from {campaign.Senders} senders within an hour (limit {facts.MaxCampaign}); this one of <{context.Message.Envelope.Sender}>, written at {LetterOrigin.Of(context.Message)}");
        }
    }
}

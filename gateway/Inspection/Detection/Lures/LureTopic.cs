using Sekisho.Inspection.Formats;
using Sekisho.Inspection.Messages;

namespace Sekisho.Inspection.Detection.Lures;

/// <summary>Finds the topics and the haste that attackers bait with, in letters that bring something to click. Weighs little: honest letters speak of invoices every day.</summary>
internal sealed class LureTopic : IDetector
{
    public static readonly FindingKind Topic = new("LURE_TOPIC", 5,
        "The mail speaks of something that attackers often use as bait.", "攻撃メールでよく使われる話題(請求書・賞与・検査結果など)のメールです。", "T1566");

    public static readonly FindingKind Urgency = new("LURE_URGENCY", 5,
        "The mail presses for a quick answer.", "急いで開かせようとする言葉があります。", "T1566");

    public IEnumerable<FindingKind> Kinds => [Topic, Urgency];

    public IEnumerable<Finding> Inspect(InspectionContext context)
    {
        if (!HasBait(context.Message))
        {
            yield break;
        }

        var text = context.Message.Text;
        var topics = context.Signatures.List("bait-topics");
        if (topics.FirstIn(text.Subject) is { } topic)
        {
            yield return Topic.At("Subject", topic);
        }
        else if (context.Message.Parts.Where(p => !p.IsBody && p.Container is null).Select(p => (p.Path, Word: topics.FirstIn(TextNormal.Of(p.Name)))).FirstOrDefault(n => n.Word is not null) is { Word: { } word } named)
        {
            yield return Topic.At(named.Path, word);
        }

        var urgency = context.Signatures.List("urgency");
        if ((urgency.FirstIn(text.Subject) ?? urgency.FirstIn(text.Main?.New)) is { } haste)
        {
            yield return Urgency.At("Subject", haste);
        }
    }

    /// <summary>True for letters with an attachment or a link: words alone do no harm, and most letters need not be read for them.</summary>
    private static bool HasBait(InboundMessage message) => message.Parts.Any(p => (!p.IsBody && p.Container is null && p.Kind != FileKind.Image) || (p.IsBody && p.Links.Count > 0));
}

using Sekisho.Inspection.Senders;

namespace Sekisho.Inspection.Detection.Senders;

/// <summary>Finds letters from a client that the domain of the reverse-path forbids (RFC 7208 section 8.4).</summary>
/// <remarks>Forwarders break SPF every day, so it weighs little, and nothing where the author's domain stands behind the letter.</remarks>
internal sealed class SpfFail : IDetector
{
    public static readonly FindingKind Fail = new("SPF_FAIL", 15,
        "The server that sent this may not send for the sender's domain (SPF).", "送信元サーバーは、差出人のドメインから送信することを許可されていません(SPF)。", "T1672");

    public IEnumerable<FindingKind> Kinds => [Fail];

    public IEnumerable<Finding> Inspect(InspectionContext context)
    {
        var facts = context.Sender;
        if (facts.Spf is { Result: SpfResult.Fail } spf && facts.Dmarc?.Result != DmarcResult.Pass && !facts.IsVouchedFor)
        {
            yield return Fail.At("MAIL FROM", $"{facts.Client} for {spf.Domain}: {spf.Mechanism}{(spf.Explanation is null ? "" : $" \"{spf.Explanation}\"")}");
        }
    }
}

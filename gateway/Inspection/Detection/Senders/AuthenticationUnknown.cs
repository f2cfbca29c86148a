using Sekisho.Inspection.Senders;

namespace Sekisho.Inspection.Detection.Senders;

/// <summary>Notes that DNS did not answer, so that nobody reads the silence as a good result; it must never stop a letter.</summary>
internal sealed class AuthenticationUnknown : IDetector
{
    public static readonly FindingKind Unknown = new("AUTH_TEMPERROR", 1,
        "The sender could not be checked: DNS did not answer.", "DNSの応答がなく、差出人を確認できませんでした。");

    public IEnumerable<FindingKind> Kinds => [Unknown];

    public IEnumerable<Finding> Inspect(InspectionContext context)
    {
        var facts = context.Sender;
        if (facts.Dmarc?.Result == DmarcResult.TempError)
        {
            yield return Unknown.At("From", $"dmarc: {facts.Dmarc.Domain}, {facts.Dmarc.Reason}");
        }
        else if (facts.Dmarc?.Result != DmarcResult.Pass && facts.Spf is { Result: SpfResult.TempError } spf)
        {
            yield return Unknown.At("MAIL FROM", $"spf: {spf.Domain}");
        }
    }
}

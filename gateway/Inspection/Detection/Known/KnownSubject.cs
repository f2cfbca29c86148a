namespace Sekisho.Inspection.Detection.Known;

/// <summary>Finds subjects that are known word for word from attacks. Honest people write them too, so this says little alone.</summary>
internal sealed class KnownSubject : IDetector
{
    public static readonly FindingKind Subject = new("INDICATOR_SUBJECT", 30,
        "The subject is known from attacks.", "件名が、攻撃メールの件名として知られているものと一致します。", "T1566");

    public IEnumerable<FindingKind> Kinds => [Subject];

    public IEnumerable<Finding> Inspect(InspectionContext context)
    {
        var now = context.Message.Envelope.ReceivedAt;
        if (context.Message.Mime?.Subject is { Length: > 0 } subject && context.Signatures.Indicators.FindSubject(subject, now) is { } found)
        {
            yield return Subject.At("Subject", IndicatorWords.Of(found, now));
        }
    }
}

using Sekisho.Inspection.Senders;

namespace Sekisho.Inspection.Detection.Senders;

/// <summary>Finds letters whose signature covers only the beginning of the body (RFC 6376 section 8.2): anybody may have added the rest.</summary>
internal sealed class DkimPartialBody : IDetector
{
    public static readonly FindingKind Partial = new("DKIM_PARTIAL_BODY", 20,
        "The sender's signature covers only a part of the text; the rest may have been added by anybody.", "差出人の電子署名(DKIM)が本文の一部しか保護しておらず、残りは第三者が追加できる状態です。", "T1672");

    public IEnumerable<FindingKind> Kinds => [Partial];

    public IEnumerable<Finding> Inspect(InspectionContext context)
    {
        var passed = context.Sender.Dkim.Where(static d => d.Result == DkimResult.Pass).ToList();

        // A second signature of the same domain over everything makes up for it.
        foreach (var dkim in passed.Where(d => d.UnsignedOctets > 0 && !passed.Any(o => o.UnsignedOctets == 0 && o.Domain == d.Domain)).Take(3))
        {
            yield return Partial.At("DKIM-Signature", $"{dkim.Domain}: {dkim.UnsignedOctets} octets are not signed");
        }
    }
}

using Sekisho.Inspection.Formats;

namespace Sekisho.Inspection.Detection.Macros;

/// <summary>Recognises macros that an admin allows for these recipients: then what they would do is shown and not counted (<see cref="Policy.MessagePolicy"/>).</summary>
internal sealed class MacroAllowed : IDetector
{
    public static readonly FindingKind Allowed = new("MACRO_ALLOWED", 1,
        "An administrator allows exactly this macro for these recipients.", "管理者がこの宛先に許可しているマクロです(内容が変われば再び検査します)。");

    public IEnumerable<FindingKind> Kinds => [Allowed];

    public IEnumerable<Finding> Inspect(InspectionContext context)
    {
        if (context.AllowedMacros.Count == 0)
        {
            yield break;
        }

        foreach (var part in context.Message.Parts)
        {
            if (part.Vba.Count > 0 && MacroHash.Of(part.Vba, part.Texts) is { } hash && context.AllowedMacros.Contains(hash))
            {
                // Findings go by their place: where another part has the same (an archive may hold two of one name), nothing is excused.
                var finding = Allowed.At(part.Path, hash);
                if (context.Message.Parts.Count(p => Finding.Printable(p.Path, 500) == finding.Place) == 1)
                {
                    yield return finding;
                }
            }
        }
    }
}

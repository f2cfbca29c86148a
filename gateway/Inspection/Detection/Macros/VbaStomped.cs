namespace Sekisho.Inspection.Detection.Macros;

/// <summary>Finds macros whose compiled form does something else than the source that people and scanners read ("VBA stomping").</summary>
internal sealed class VbaStomped : IDetector
{
    public static readonly FindingKind Stomped = new("VBA_STOMPED", 100,
        "A macro runs something else than its source says.", "マクロのソースコードが、実際に実行される内容と異なります(VBA ストンピング)。", "T1564.007");

    private const int MaxFindings = 20;

    public IEnumerable<FindingKind> Kinds => [Stomped];

    public IEnumerable<Finding> Inspect(InspectionContext context)
    {
        foreach (var part in context.Message.Parts)
        {
            foreach (var module in part.Vba.SelectMany(p => p.Modules).Where(m => m.Stomping is not null).Take(MaxFindings))
            {
                yield return Stomped.At(part.Path, $"{module.Name}: {module.Stomping}");
            }
        }
    }
}

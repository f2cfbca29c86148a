using Sekisho.Inspection.Messages;

namespace Sekisho.Inspection.Detection.Macros;

/// <summary>Finds macros whose code could not be read or followed to its end: what nobody saw is not harmless.</summary>
internal sealed class MacroUnreadable : IDetector
{
    public static readonly FindingKind Unreadable = new("MACRO_UNREADABLE", 85,
        "The code of a macro could not be read whole.", "マクロの内容をすべて読み取ることができませんでした。", "T1027");

    public IEnumerable<FindingKind> Kinds => [Unreadable];

    public IEnumerable<Finding> Inspect(InspectionContext context)
    {
        foreach (var (part, project, behaviour) in MacroCode.In(context.Message))
        {
            var lost = project.Modules.Where(m => m.IsDamaged).Select(m => m.Name).Take(5).ToList();
            if (project.IsDamaged || lost.Count > 0 || behaviour.IsCut)
            {
                yield return Unreadable.At(part.Path, $"{project.Storage}: {(lost.Count > 0 ? string.Join(", ", lost) : behaviour.IsCut ? "too much code" : "the project's directory")}");
            }
        }
    }
}

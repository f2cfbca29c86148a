using Sekisho.Inspection.Messages;

namespace Sekisho.Inspection.Detection.Macros;

/// <summary>Finds macros that are written so that nobody can read them, by a measured degree.</summary>
internal sealed class MacroObfuscated : IDetector
{
    public static readonly FindingKind Obfuscated = new("MACRO_OBFUSCATED", 60,
        "A macro is written so that nobody can read what it does.", "内容を読み取れないように難読化されたマクロです。", "T1027.010");

    private const int Enough = 60;

    public IEnumerable<FindingKind> Kinds => [Obfuscated];

    public IEnumerable<Finding> Inspect(InspectionContext context)
    {
        foreach (var (part, project, behaviour) in MacroCode.In(context.Message))
        {
            if (behaviour.Obfuscation.Degree >= Enough)
            {
                yield return Obfuscated.At(part.Path, $"{project.Storage}: {behaviour.Obfuscation.Degree} of 100: {behaviour.Obfuscation.Why}");
            }
        }
    }
}

using Sekisho.Inspection.Formats;

namespace Sekisho.Inspection.Detection.Attachments;

/// <summary>Finds files whose content is not what their name promises.</summary>
internal sealed class TypeMismatch : IDetector
{
    public static readonly FindingKind Mismatch = new("TYPE_MISMATCH", 30,
        "An attachment is not what its name says.", "添付ファイルの中身が拡張子と一致しません。", "T1036.008");

    public static readonly FindingKind HiddenMacro = new("MACRO_DISGUISED", 60,
        "A document with a macro has a name that promises none.", "マクロなしの拡張子を名乗る文書にマクロが含まれています。", "T1036.008");

    public IEnumerable<FindingKind> Kinds => [Mismatch, HiddenMacro];

    public IEnumerable<Finding> Inspect(InspectionContext context)
    {
        foreach (var part in context.Message.Parts)
        {
            if (part.Vba.Count > 0 && part.Container is { } package && package.Kind.IsPackage() && !package.Kind.IsMacroEnabled() && FileNames.IsMacroFree(package.Name))
            {
                yield return HiddenMacro.At(package.Path, $"{package.Name} carries VBA");
            }

            if (part.IsSealed || part.Kind is FileKind.Unknown or FileKind.Empty || part.Name.Length == 0 || part.Container?.Kind.IsPackage() == true)
            {
                continue;
            }

            if (FileNames.Promised(part.Name) is { } promised && !promised.Contains(part.Kind))
            {
                // Office opens a macro-enabled package under any old name; under .docx and the like it refuses, yet somebody meant to hide it.
                var hidden = part.Kind.IsMacroEnabled() || (part.Vba.Count > 0 && part.Kind.IsCompound());
                yield return (hidden ? HiddenMacro : Mismatch).At(part.Path, $"{part.Name} is {part.Kind}");
            }
        }
    }
}

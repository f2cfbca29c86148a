using Sekisho.Inspection.Formats;

namespace Sekisho.Inspection.Detection.Attachments;

/// <summary>Finds names made to look like papers: <c>invoice.pdf.exe</c>, many blanks before the extension, text turned right to left.</summary>
internal sealed class DoubleExtension : IDetector
{
    public static readonly FindingKind Double = new("DOUBLE_EXTENSION", 60,
        "A file name is made to look like a harmless paper.", "ファイル名が無害な文書に見せかけられています(二重拡張子など)。", "T1036.007");

    public IEnumerable<FindingKind> Kinds => [Double];

    public IEnumerable<Finding> Inspect(InspectionContext context)
    {
        foreach (var part in context.Message.Parts)
        {
            if (part.Name.Length > 0 && part.Names.FirstOrDefault(IsDisguised) is { } name)
            {
                yield return Double.At(part.Path, name);
            }
        }
    }

    private static bool IsDisguised(string name)
    {
        // U+202E writes what follows backwards: "invoice_cod.exe" is shown as "invoice_exe.doc" (T1036.002).
        if (name.AsSpan().ContainsAny('\u202E', '\u202D', '\u2067'))
        {
            return true;
        }

        return FileNames.IsExecutable(name) && FileNames.IsPaper(FileNames.InnerExtension(name));
    }
}

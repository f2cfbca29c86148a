namespace Sekisho.Inspection.Detection.Reading;

/// <summary>Finds ZIP archives that programs read differently: members that only local headers name, or that directory and header describe differently.</summary>
internal sealed class AmbiguousArchive : IDetector
{
    public static readonly FindingKind Ambiguous = new("ARCHIVE_AMBIGUOUS", 50,
        "An archive is built so that programs find different files in it.", "開くソフトによって異なるファイルが取り出される圧縮ファイルです。", "T1036");

    public IEnumerable<FindingKind> Kinds => [Ambiguous];

    public IEnumerable<Finding> Inspect(InspectionContext context)
    {
        foreach (var part in context.Message.Parts)
        {
            if (part.Ambiguities.Count > 0)
            {
                yield return Ambiguous.At(part.Path, string.Join(' ', part.Ambiguities));
            }
        }
    }
}

using System.Globalization;

namespace Sekisho.Inspection.Detection.Reading;

/// <summary>Finds files blown up to a size at which scanners give up: Emotet's documents of 500 MB in a ZIP of less than one (March 2023).</summary>
internal sealed class InflatedFile : IDetector
{
    /// <summary>From here on; honest data packs well, too, but is smaller.</summary>
    private const long Least = 50L << 20;

    private const int LeastRatio = 100;

    /// <summary>Padding from here on is there for its size.</summary>
    private const long LeastPadding = 10L << 20;

    public static readonly FindingKind Inflated = new("ARCHIVE_INFLATED", 80,
        "A file is blown up with padding to a size that scanners refuse.", "検査を避けるため、無意味なデータで巨大化させたファイルです。", "T1027.001");

    public IEnumerable<FindingKind> Kinds => [Inflated];

    public IEnumerable<Finding> Inspect(InspectionContext context)
    {
        foreach (var part in context.Message.Parts)
        {
            if (part.Length >= Least && part.Packed > 0 && part.Length / part.Packed >= LeastRatio)
            {
                yield return Inflated.At(part.Path, string.Create(CultureInfo.InvariantCulture, $"{part.Length} octets from {part.Packed}, {part.Length / part.Packed}:1"));
            }
            else if (part.Padding >= LeastPadding)
            {
                yield return Inflated.At(part.Path, string.Create(CultureInfo.InvariantCulture, $"{part.Padding} octets of padding to a file of {part.Length - part.Padding}"));
            }
        }
    }
}

using Sekisho.Inspection.Formats;
using Sekisho.Inspection.Messages;

namespace Sekisho.Inspection.Detection;

/// <summary>A detector that gives a finding for each sign a reader left on a part; what differs is the table, and for some the look at where the sign stands.</summary>
internal abstract class SignDetector : IDetector
{
    private const int MostPerPart = 10;

    /// <inheritdoc />
    public abstract IEnumerable<FindingKind> Kinds { get; }

    /// <inheritdoc />
    public IEnumerable<Finding> Inspect(InspectionContext context)
    {
        foreach (var part in context.Message.Parts)
        {
            if (part.Signs.Count == 0)
            {
                continue;
            }

            var counts = new Dictionary<FindingKind, int>();
            foreach (var sign in part.Signs)
            {
                if (KindOf(sign, part) is { } kind && (counts[kind] = counts.GetValueOrDefault(kind) + 1) <= MostPerPart)
                {
                    yield return kind.At(part.Path, sign.Evidence);
                }
            }
        }
    }

    /// <summary>What a sign on this part means; null for nothing.</summary>
    protected abstract FindingKind? KindOf(CarrierSign sign, MessagePart part);
}

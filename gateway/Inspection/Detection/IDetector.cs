using Sekisho.Inspection.Messages;
using Sekisho.Inspection.Senders;
using Sekisho.Inspection.Signatures;

namespace Sekisho.Inspection.Detection;

/// <summary>Sees one subject in an opened letter. Pure: no I/O, no clock, no shared state. It advises; only the policy decides.</summary>
public interface IDetector
{
    /// <summary>Every kind of finding this detector can make.</summary>
    IEnumerable<FindingKind> Kinds { get; }

    /// <summary>What it sees. An exception becomes <c>DETECTOR_FAILED</c>, which quarantines.</summary>
    IEnumerable<Finding> Inspect(InspectionContext context);
}

/// <summary>All that a detector may look at.</summary>
public sealed record InspectionContext(InboundMessage Message, SenderFacts Sender, SignatureSet Signatures)
{
    /// <summary>Hashes (<see cref="Formats.MacroHash"/>) of macros that an admin allows for all of this letter's recipients.</summary>
    public IReadOnlySet<string> AllowedMacros { get; init; } = System.Collections.Frozen.FrozenSet<string>.Empty;

    /// <summary>Whose gateway this is: its domains, its people, its partners.</summary>
    public Household Household { get; init; } = Household.Empty;

    /// <summary>What the hospital's own people have sent lately; null for a letter that comes in, and where nobody counts.</summary>
    public OutboundFacts? Outbound { get; init; }
}

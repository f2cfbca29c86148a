using System.Text;
using Sekisho.Inspection.Detection;
using Sekisho.Inspection.Messages;
using Sekisho.Inspection.Senders;
using Sekisho.Inspection.Signatures;

namespace Sekisho.Inspection.Tests.Detection.Outbound;

/// <summary>A short way to ask about a letter that leaves the house.</summary>
internal static class Leaving
{
    public static readonly CampaignMark File = new("file:1", "請求書.zip", IsFile: true);

    public static Envelope Envelope { get; } = Letters.Envelope with { IsOutbound = true, Sender = "nurse@hospital.test", Recipients = [new EnvelopeRecipient("doctor@clinic.test")] };

    public static InspectionContext Context(InboundMessage message, OutboundFacts? facts = null) => new(message, SenderFacts.Unknown, SignatureSet.Shipped) { Outbound = facts };

    public static InboundMessage Open(byte[] letter, Envelope? envelope = null) =>
        MessageReader.Read(envelope ?? Envelope, new MemoryStream(letter), new ReadLimits(), TimeProvider.System, CancellationToken.None);

    public static InboundMessage Text(string letter, Envelope? envelope = null) => Open(Encoding.UTF8.GetBytes(letter.ReplaceLineEndings("\r\n")), envelope);

    public static List<Finding> Ask(IDetector detector, string letter, OutboundFacts? facts)
    {
        using var message = Text(letter);
        return [.. detector.Inspect(Context(message, facts))];
    }
}

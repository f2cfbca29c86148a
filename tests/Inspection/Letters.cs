using System.Net;
using Sekisho.Inspection.Detection;
using Sekisho.Inspection.Messages;
using Sekisho.Inspection.Senders;
using Sekisho.Inspection.Signatures;

namespace Sekisho.Inspection.Tests;

/// <summary>Short ways to open letters and ask detectors in tests.</summary>
internal static class Letters
{
    public static readonly Envelope Envelope = new(Guid.CreateVersion7(), DateTimeOffset.UnixEpoch, IPAddress.Loopback, "sender.test", "alice@sender.test", [new EnvelopeRecipient("bob@hospital.test")]);

    public static InboundMessage Open(byte[] letter, ReadLimits? limits = null, TimeProvider? time = null) =>
        MessageReader.Read(Envelope, new MemoryStream(letter), limits ?? new ReadLimits(), time ?? TimeProvider.System, CancellationToken.None);

    public static InboundMessage OpenDocument(string name, byte[] document, ReadLimits? limits = null) =>
        MessageReader.ReadDocument(name, new MemoryStream(document), limits ?? new ReadLimits(), TimeProvider.System, CancellationToken.None);

    public static InboundMessage Text(string letter) => Open(System.Text.Encoding.Latin1.GetBytes(letter.ReplaceLineEndings("\r\n")));

    public static IReadOnlyList<Finding> Ask(IDetector detector, InboundMessage message) => [.. detector.Inspect(new InspectionContext(message, SenderFacts.Unknown, SignatureSet.Shipped))];

    public static IReadOnlyList<Finding> Ask(IDetector detector, string name, byte[] document)
    {
        using var message = OpenDocument(name, document);
        return Ask(detector, message);
    }

    public static string[] Codes(IDetector detector, string name, byte[] document) => [.. Ask(detector, name, document).Select(f => f.Kind.Code)];
}

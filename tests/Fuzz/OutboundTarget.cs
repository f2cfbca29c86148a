using System.Net;
using System.Text;
using Sekisho.Inspection.Detection;
using Sekisho.Inspection.Detection.Outbound;
using Sekisho.Inspection.Messages;
using Sekisho.Inspection.Senders;
using Sekisho.Inspection.Signatures;
using Sekisho.SampleMaker;

namespace Sekisho.Fuzz;

/// <summary>Takes letters that leave the house for what they have in common and where they were written.</summary>
internal static class OutboundTarget
{
    private static readonly Envelope Envelope = new(Guid.Empty, DateTimeOffset.UnixEpoch, IPAddress.Loopback, "fuzz.test", "n@hospital.test", [new EnvelopeRecipient("x@clinic.test")]) { IsOutbound = true };

    private static readonly ReadLimits Limits = new() { MaxPartInMemory = 1 << 20, MaxUnpacked = 64 << 20, MaxParts = 2000, Time = TimeSpan.FromSeconds(4) };

    public static IEnumerable<byte[]> Letters() =>
    [
        Encoding.ASCII.GetBytes("Received: from a by b; c\r\nReceived: from PC7 ([10.1.2.3])\r\n\tby mail with ESMTPA; x\r\nX-Originating-IP: [10.9.8.7]\r\nSubject: Re: FW: =?utf-8?B?6KuL5rGC?= 12\r\n\r\nhttp://evil.example/a http://www.hospital.test/\r\n"),
        LetterWriter.WithAttachments("x", "x", ("a.doc", Samples.OldDocument(Samples.QuietSource)), ("b.zip", ZipWriter.Plain(("c.txt", new byte[300])))),
    ];

    public static void Run(byte[] octets)
    {
        using var message = MessageReader.Read(Envelope, new MemoryStream(octets), Limits, TimeProvider.System, CancellationToken.None);
        var marks = CampaignMark.Of(message, ["hospital.test"]);
        if (marks.Count > 24 || marks.Any(m => m.Key.Length > 80))
        {
            throw new InvalidOperationException($"{marks.Count} marks");
        }

        if (LetterOrigin.Of(message).Length > 200)
        {
            throw new InvalidOperationException("a long origin");
        }

        var facts = new OutboundFacts(2, 2, 1, 1, marks.Count > 0 ? new CampaignCount(marks[0], 2, 1) : null, 1);
        foreach (var detector in (IDetector[])[new OutboundBurst(), new OutboundCampaign(), new OutboundMacro()])
        {
            foreach (var finding in detector.Inspect(new InspectionContext(message, SenderFacts.Unknown, SignatureSet.Shipped) { Outbound = facts }))
            {
                if (finding.Evidence.Length > 500 || finding.Evidence.Any(char.IsControl))
                {
                    throw new InvalidOperationException("evidence that cannot be shown");
                }
            }
        }
    }
}

using System.Net;
using BenchmarkDotNet.Attributes;
using Sekisho.Inspection.Detection;
using Sekisho.Inspection.Messages;
using Sekisho.Inspection.Policy;
using Sekisho.Inspection.Senders;
using Sekisho.Inspection.Signatures;
using Sekisho.SampleMaker;

namespace Sekisho.Benchmarks;

/// <summary>Steps (1) to (4) of the line on letters of everyday sizes.</summary>
[MemoryDiagnoser]
public class InspectionBenchmarks
{
    private static readonly Envelope Envelope = new(Guid.Empty, DateTimeOffset.UnixEpoch, IPAddress.Loopback, "bench.test", "a@sender.test", [new EnvelopeRecipient("b@hospital.test")]);

    private readonly ReadLimits _limits = new();
    private readonly MessagePolicy _policy = new(new PolicyOptions());
    private byte[] _octets = [];

    /// <summary>What the letter carries.</summary>
    [Params("plain 12 KB", "workbook with macro 100 KB", "zip of 20 documents")]
    public string Letter { get; set; } = "";

    /// <summary>Makes the letter.</summary>
    [GlobalSetup]
    public void Make()
    {
        var text = string.Concat(Enumerable.Range(0, 300).Select(i => $"Line {i} of an ordinary letter between hospitals.\r\n"))[..12_000];
        var macro = string.Concat(Enumerable.Range(0, 800).Select(i => $"Sub Step{i}()\r\n    Cells({i}, 1).Value = {i * 7919 % 104729}\r\nEnd Sub\r\n"));
        _octets = Letter switch
        {
            "plain 12 KB" => LetterWriter.Plain("referral", text),
            "workbook with macro 100 KB" => LetterWriter.WithAttachments("shifts", text, ("shifts.xls", Samples.OldDocument(macro + Samples.AutoOpenSource)), ("scan.bin", new byte[60_000])),
            _ => LetterWriter.WithAttachments("papers", text, ("papers.zip", ZipWriter.Plain([.. Enumerable.Range(0, 20).Select(i => ($"{i}.docx", OoxmlWriter.Document()))]))),
        };
    }

    /// <summary>Open, look, judge.</summary>
    [Benchmark]
    public Verdict Inspect()
    {
        using var stream = new MemoryStream(_octets);
        using var message = MessageReader.Read(Envelope, stream, _limits, TimeProvider.System, CancellationToken.None);
        return _policy.Judge(Detectors.Inspect(Detectors.All, new InspectionContext(message, SenderFacts.Unknown, SignatureSet.Shipped)));
    }
}

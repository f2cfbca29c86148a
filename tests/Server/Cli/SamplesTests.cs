using System.Net;
using System.Security.Cryptography;
using System.Text;
using Sekisho.Cli;
using Sekisho.Inspection.Detection;
using Sekisho.Inspection.Messages;
using Sekisho.Inspection.Policy;
using Sekisho.Inspection.Senders;
using Sekisho.Inspection.Signatures;
using Sekisho.SampleMaker.Catalogue;

namespace Sekisho.Server.Tests.Cli;

/// <summary>What <c>sekisho scan --tree</c> shows of every sample, and what is made of it, against <c>tests/samples</c>.</summary>
public class SamplesTests
{
    private static readonly string Folder = Repository.Folder("tests/samples");

    public static TheoryData<string, string> Names
    {
        get
        {
            var data = new TheoryData<string, string>();
            foreach (var (subject, samples) in Subjects.All)
            {
                foreach (var sample in samples)
                {
                    data.Add(subject, sample.Name);
                }
            }

            return data;
        }
    }

    /// <summary><c>UPDATE_EXPECTED=1</c> writes what is found; review the difference.</summary>
    [Theory]
    [MemberData(nameof(Names))]
    public void Sample_IsSeenAsExpected(string subject, string name)
    {
        var sample = Assert.Single(Subjects.All[subject], s => s.Name == name);
        var found = Found(subject, sample);
        var file = Path.Combine(Folder, subject, name + ".expected");
        if (Environment.GetEnvironmentVariable("UPDATE_EXPECTED") == "1")
        {
            Directory.CreateDirectory(Path.GetDirectoryName(file)!);
            File.WriteAllText(file, found);
        }

        Assert.True(File.Exists(file), $"{file} is missing: run once with UPDATE_EXPECTED=1 and read what is written.");
        Assert.Equal(File.ReadAllText(file).ReplaceLineEndings("\n"), found);
    }

    [Fact]
    public void EveryExpectedResult_HasItsSample()
    {
        var made = Subjects.All.SelectMany(s => s.Value.Select(v => $"{s.Key}/{v.Name}.expected")).Order(StringComparer.Ordinal);
        var kept = Directory.EnumerateFiles(Folder, "*.expected", SearchOption.AllDirectories).Select(f => Path.GetRelativePath(Folder, f).Replace('\\', '/')).Order(StringComparer.Ordinal);

        Assert.Equal(made, kept);
    }

    /// <summary>All are made, and then all again, some seconds later.</summary>
    [Fact]
    public void EverySample_ComesOutTheSame()
    {
        static List<string> Made() => [.. Subjects.All.SelectMany(s => s.Value.Select(v => $"{s.Key}/{v.Name} {Convert.ToHexStringLower(SHA256.HashData(v.Octets()))}"))];

        Assert.Equal(Made(), Made());
    }

    /// <summary>What is called honest must come through; everything else is there because it should not pass unseen.</summary>
    [Fact]
    public void HonestSamples_AreDelivered() => Assert.All(
        Subjects.All.SelectMany(s => s.Value.Where(v => v.Name.StartsWith("honest", StringComparison.Ordinal)).Select(v => (s.Key, v))),
        s => Assert.StartsWith("Deliver", Found(s.Key, s.v).Split('\n')[1], StringComparison.Ordinal));

    private static string Found(string subject, Sample sample)
    {
        using var octets = new MemoryStream(sample.Octets());
        var envelope = new Envelope(Guid.Empty, DateTimeOffset.UnixEpoch, IPAddress.Loopback, "", "", [new EnvelopeRecipient("bob@hospital.test")]);
        using var message = sample.Extension == "eml"
            ? MessageReader.Read(envelope, octets, new ReadLimits(), TimeProvider.System, CancellationToken.None)
            : MessageReader.ReadDocument($"{sample.Name}.{sample.Extension}", octets, new ReadLimits(), TimeProvider.System, CancellationToken.None);
        var findings = Detectors.Inspect(Detectors.All, new InspectionContext(message, SenderFacts.Unknown, SignatureSet.Shipped));
        var verdict = new MessagePolicy(new PolicyOptions()).Judge(findings);
        var text = new StringBuilder($"{sample.Shows}\n{verdict.Disposition} {verdict.Score}\n\n");
        foreach (var line in ScanTree.Lines(message))
        {
            text.Append(line).Append('\n');
        }

        if (subject == "japanese" && message.Text.Main is { } body)
        {
            text.Append($"\nnew: {OneLine(body.New)}\nquoted: {OneLine(body.Quoted)}\nsignature: {OneLine(body.Signature)}\n");
        }

        text.Append('\n');
        foreach (var line in verdict.Findings.Select(f => $"{f.Kind.Code} {f.Place}".TrimEnd()).Distinct().Order(StringComparer.Ordinal))
        {
            // Names may hold what would break the line.
            text.Append(OneLine(line)).Append('\n');
        }

        return text.ToString();
    }

    private static string OneLine(string text) => string.Concat(text.Select(c => c == '\n' ? " / " : char.IsControl(c) ? "\uFFFD" : c.ToString())).TrimEnd();
}

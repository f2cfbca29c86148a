using System.Diagnostics;
using System.Text.RegularExpressions;
using Sekisho.Inspection.Detection;
using Sekisho.Inspection.Detection.Known;
using Sekisho.Inspection.Messages;
using Sekisho.Inspection.Signatures;
using Sekisho.SampleMaker;

namespace Sekisho.Inspection.Tests.Signatures;

/// <summary>Keeps the rules of signatures/yara/: how they are written, and that they leave honest papers alone.</summary>
public class ShippedRulesTests
{
    /// <summary>Whatever its label: a workbook of a tool that makes such attacks, whose Excel 4 macro runs a program when it is opened.</summary>
    private const string Demonstration = "docs/macrome/xorobfuscated_doc.xls";

    [Fact]
    public void EachIsOneFile_WithItsPapers_AndASample()
    {
        var files = Directory.GetFiles(Path.Combine(Repository.Root, "signatures", "yara"), "*.yar");
        Assert.True(files.Length >= 25);
        Assert.Empty(SignatureSet.Shipped.Faults);
        Assert.Equal(files.Select(f => Path.GetFileNameWithoutExtension(f)).Order(StringComparer.Ordinal), SignatureSet.Shipped.Yara.Rules.Select(r => r.Name).Order(StringComparer.Ordinal));
        Assert.Equal(SignatureSet.Shipped.Yara.Rules.Select(r => r.Name).Order(StringComparer.Ordinal), YaraSamples.All.Keys.Order(StringComparer.Ordinal));
        Assert.All(SignatureSet.Shipped.Yara.Rules, rule =>
        {
            Assert.Equal($"signatures/{rule.Name}.yar", rule.Space);
            var kind = YaraRule.KindOf(rule);
            Assert.Equal(rule.Word("code"), kind.Code);
            Assert.Matches("^[A-Z]+(_[A-Z]+)*$", kind.Code);
            Assert.InRange(kind.Weight, 1, 100);
            Assert.EndsWith(".", kind.En, StringComparison.Ordinal);
            Assert.Matches(@"[\u3040-\u30FF\u4E00-\u9FFF]", kind.Ja);
            Assert.DoesNotMatch("(?<!メール)隔離", kind.Ja);
            Assert.Matches(@"^(T\d{4}(\.\d{3})?)?$", kind.Attack ?? "");
            Assert.StartsWith("https://", rule.Word("reference"), StringComparison.Ordinal);
            Assert.False(rule.Name.StartsWith("lure_", StringComparison.Ordinal) && kind.Weight >= 100, $"{rule.Name}: a lure alone never quarantines.");
        });

        // One code, one meaning; and none of a detector's, but for the test file.
        Assert.All(SignatureSet.Shipped.Yara.Rules.Select(YaraRule.KindOf).Distinct().GroupBy(k => k.Code), g => Assert.Single(g));
        Assert.Equal(["EICAR_TEST_FILE"], SignatureSet.Shipped.Yara.Rules.Select(r => YaraRule.KindOf(r).Code).Intersect(Detectors.Kinds.Select(k => k.Code)));
    }

    [CorpusFact]
    public void NoneHitsAnHonestPaper_AndEachPartIsScannedInTime()
    {
        var corpus = Repository.Corpus!;
        var hits = new List<string>();
        var scans = 0;
        var clock = new Stopwatch();
        foreach (var fields in File.ReadLines(Path.Combine(corpus, "MANIFEST.csv")).Skip(1).Select(l => l.Split(',')))
        {
            var (name, label) = (fields[0]["corpus/".Length..], fields[^1]);
            var path = Path.Combine(corpus, name);
            if (!label.StartsWith("benign", StringComparison.Ordinal) && label is not ("macro-benign" or "plain" or "parser-test") || !File.Exists(path))
            {
                continue;
            }

            using var octets = File.OpenRead(path);
            using var message = name.StartsWith("mail/", StringComparison.Ordinal)
                ? MessageReader.Read(Letters.Envelope, octets, new ReadLimits(), TimeProvider.System, CancellationToken.None)
                : MessageReader.ReadDocument(Path.GetFileName(path), octets, new ReadLimits(), TimeProvider.System, CancellationToken.None);
            clock.Start();
            var findings = Letters.Ask(new YaraRule(), message);
            clock.Stop();
            scans++;

            if (name == Demonstration)
            {
                continue;
            }

            // A letter of another scanner's tests holds the test file; and one of a hundred mebibytes is looked at in part, which is said.
            hits.AddRange(findings.Where(f => f.Kind != YaraRule.Partial && !(label == "parser-test" && f.Kind.Code == "EICAR_TEST_FILE")).Select(f => $"{name} [{label}] {f.Place}: {f.Evidence}"));
        }

        Assert.True(scans > 1000, $"Only {scans} files.");
        Assert.True(hits.Count == 0, string.Join('\n', hits));
        Assert.InRange(clock.Elapsed / scans, TimeSpan.Zero, TimeSpan.FromMilliseconds(25));
    }
}

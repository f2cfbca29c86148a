using Sekisho.Inspection.Detection;
using Sekisho.Inspection.Messages;
using Sekisho.Inspection.Policy;
using Sekisho.Inspection.Senders;
using Sekisho.Inspection.Signatures;

namespace Sekisho.Inspection.Tests;

/// <summary>Every workbook of the corpus with Excel 4 macros is known for one, and no other is taken for one.</summary>
public class XlmCorpusTests
{
    /// <summary>Where olevba and this reader differ, and who is right.</summary>
    private static readonly Dictionary<string, string> Differences = new(StringComparer.Ordinal)
    {
        ["docs/macrome/xorobfuscated_doc.xls"] = "olevba does not see the macro sheet behind XOR and Excel's own password",
        ["docs/macrome/default_macro_template.xls"] = "olevba misses the macro sheet Macro1 with Auto_Open and HALT()",
    };

    [CorpusFact]
    public void MacroSheets_AreFoundWhereOlevbaFindsThem_AndSimulatedAttacksAreQuarantined()
    {
        var corpus = Repository.Corpus!;
        var attacks = File.ReadLines(Path.Combine(corpus, "MANIFEST.csv")).Where(l => l.Contains(",simulated-attack:xlm", StringComparison.Ordinal)).Select(Name).ToHashSet(StringComparer.Ordinal);
        var said = File.ReadLines(Path.Combine(corpus, "OLEVBA.csv")).Skip(1).Where(l => Rest(l).Split(',')[3] == "1").Select(Name).ToHashSet(StringComparer.Ordinal);
        Assert.NotEmpty(attacks);
        var policy = new MessagePolicy(new PolicyOptions());
        var complaints = new List<string>();
        foreach (var path in Directory.EnumerateFiles(Path.Combine(corpus, "docs"), "*", SearchOption.AllDirectories))
        {
            var name = Path.GetRelativePath(corpus, path).Replace('\\', '/');
            if (!said.Contains(name) && !attacks.Contains(name) && !Path.GetExtension(name).StartsWith(".xl", StringComparison.OrdinalIgnoreCase))
            {
                continue;
            }

            using var octets = File.OpenRead(path);
            using var message = MessageReader.ReadDocument(Path.GetFileName(path), octets, new ReadLimits(), TimeProvider.System, CancellationToken.None);
            var isFound = message.Parts.Any(p => p.Xlm is not null);
            if (isFound != said.Contains(name) && !Differences.ContainsKey(name))
            {
                complaints.Add($"{name}: {(isFound ? "has a macro sheet that olevba does not see" : "has no macro sheet, olevba says it has")}");
            }

            if (attacks.Contains(name) && policy.Judge(Detectors.Inspect(Detectors.All, new InspectionContext(message, SenderFacts.Unknown, SignatureSet.Shipped))).Disposition == Disposition.Deliver)
            {
                complaints.Add($"{name}: is delivered");
            }
        }

        Assert.True(complaints.Count == 0, string.Join('\n', complaints));
    }

    private static string Name(string line) => (line[0] == '"' ? line[1..line.IndexOf('"', 1)] : line[..line.IndexOf(',')])["corpus/".Length..];

    private static string Rest(string line) => line[0] == '"' ? line[(line.IndexOf('"', 1) + 2)..] : line[(line.IndexOf(',') + 1)..];
}

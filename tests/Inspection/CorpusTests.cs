using System.Diagnostics;
using Sekisho.Inspection.Detection;
using Sekisho.Inspection.Messages;
using Sekisho.Inspection.Policy;
using Sekisho.Inspection.Senders;
using Sekisho.Inspection.Signatures;

namespace Sekisho.Inspection.Tests;

/// <summary>Reads thousands of public documents and letters: nothing may throw, hang, or hide its macros.</summary>
public class CorpusTests
{
    /// <summary>Where olevba says "VBA" and there is none to be found, each with its reason.</summary>
    private static readonly Dictionary<string, string> NoVbaOfOurs = new(StringComparer.Ordinal)
    {
        ["docs/oletools/encrypted/autostart-encrypt-standardpassword.xlsb"] = "encrypted; held as ENCRYPTED_DOCUMENT",
        ["docs/oletools/encrypted/autostart-encrypt-standardpassword.xlsm"] = "encrypted; held as ENCRYPTED_DOCUMENT",
        ["docs/poi/spreadsheet/SampleSS.xml"] = "an XML sheet without binary data: olevba takes its text for source",
        ["docs/poi/spreadsheet/vmlDrawing1.vml"] = "a drawing in XML: olevba takes its text for source",
        ["docs/strelka/test.plist"] = "a property list: olevba takes its text for source",
        ["docs/strelka/test.xml"] = "an XML file: olevba takes its text for source",
    };

    /// <summary>Labelled harmless, and so they are; yet they show an attack that is rightly held: other projects' samples of DDE, remote templates and objects.</summary>
    private static readonly string[] Demonstrations =
    [
        "docs/oletools/msodde/dde-test.", "docs/oletools/oleobj/external_link/", "docs/tika/testAttachedTemplate.docx", "docs/tika/testDdeLink.xlsx",
        "docs/macrome/xorobfuscated_doc.xls", // An automatic EXEC("calc") behind XOR and Excel's own password.
        "docs/tika/testExternalRefs.docx", "docs/tika/testSubdocument.docx", "docs/maldoca/service/testdata/embedded_file.pdf",
    ];

    [CorpusFact]
    public void EveryFile_IsReadInTime_AndMacrosAreFound()
    {
        var corpus = Repository.Corpus!;
        var oracle = File.ReadLines(Path.Combine(corpus, "OLEVBA.csv")).Skip(1).Select(Fields).ToDictionary(f => f[0]["corpus/".Length..], f => (Type: f[1], HasVba: f[3] == "1"), StringComparer.Ordinal);
        var complaints = new List<string>();
        var files = 0;
        foreach (var path in Directory.EnumerateFiles(corpus, "*", SearchOption.AllDirectories))
        {
            var name = Path.GetRelativePath(corpus, path).Replace('\\', '/');
            var clock = Stopwatch.StartNew();
            try
            {
                using var octets = File.OpenRead(path);
                using var message = name.StartsWith("mail/", StringComparison.Ordinal)
                    ? MessageReader.Read(Letters.Envelope, octets, new ReadLimits(), TimeProvider.System, CancellationToken.None)
                    : MessageReader.ReadDocument(Path.GetFileName(path), octets, new ReadLimits(), TimeProvider.System, CancellationToken.None);
                var findings = Detectors.Inspect(Detectors.All, new InspectionContext(message, SenderFacts.Unknown, SignatureSet.Shipped));
                if (findings.FirstOrDefault(f => f.Kind == Detectors.Failed) is { } failed)
                {
                    complaints.Add($"{name}: {failed.Place} {failed.Evidence}");
                }

                // Plain text and mail without documents: olevba takes any text for VBA source.
                if (oracle.TryGetValue(name, out var said) && said.HasVba && said.Type is not ("text" or "mime") && !message.Parts.Any(p => p.Vba.Count > 0) && !NoVbaOfOurs.ContainsKey(name))
                {
                    complaints.Add($"{name}: VBA is not found");
                }
            }
            catch (Exception e)
            {
                complaints.Add($"{name}: {e}");
            }

            // A runaway, on however busy a machine; how fast it is stands in tests/Benchmarks/RESULTS.md.
            if (clock.Elapsed > TimeSpan.FromSeconds(20))
            {
                complaints.Add($"{name}: took {clock.Elapsed}");
            }

            files++;
        }

        Assert.True(complaints.Count == 0, string.Join('\n', complaints));
        Assert.True(files > 1000, $"Only {files} files in the corpus.");
    }

    /// <summary>What a hospital would be troubled with for nothing: few of the harmless documents may be quarantined, and those for a reason.</summary>
    [CorpusFact]
    public void HarmlessDocuments_AreDelivered()
    {
        var corpus = Repository.Corpus!;
        var policy = new MessagePolicy(new PolicyOptions());
        var quarantined = new List<string>();
        var count = 0;
        foreach (var fields in File.ReadLines(Path.Combine(corpus, "MANIFEST.csv")).Skip(1).Select(Fields).Where(f => f[6] == "benign"))
        {
            var name = fields[0]["corpus/".Length..];
            var path = Path.Combine(corpus, name);
            if (!File.Exists(path))
            {
                continue;
            }

            count++;
            using var octets = File.OpenRead(path);
            using var message = MessageReader.ReadDocument(Path.GetFileName(path), octets, new ReadLimits(), TimeProvider.System, CancellationToken.None);
            var verdict = policy.Judge(Detectors.Inspect(Detectors.All, new InspectionContext(message, SenderFacts.Unknown, SignatureSet.Shipped)));
            // An encrypted or truly executable file is rightly held, whatever its label.
            if (verdict.Disposition != Disposition.Deliver && !verdict.Findings.Any(f => f.Kind.Code is "ENCRYPTED_DOCUMENT" or "EXECUTABLE_CONTENT")
                && !Array.Exists(Demonstrations, d => name.StartsWith(d, StringComparison.Ordinal)))
            {
                quarantined.Add($"{name}: {string.Join(", ", verdict.Findings.Select(f => f.Kind.Code))}");
            }
        }

        Assert.True(quarantined.Count * 1000 <= count, string.Join('\n', quarantined));
    }

    /// <summary>Harmless documents with macros that are rightly quarantined, each with its reason.</summary>
    private static readonly Dictionary<string, string> HeldMacros = new(StringComparer.Ordinal)
    {
        ["docs/oletools/excel4-macros/excel4_sample_macro.slk"] = "macro functions in a sheet written as text, with Auto_Open: no office program has saved such a file for decades",
        ["docs/strelka/test.vba"] = "a demonstration as text: it starts PowerShell, and is held as a script",
    };

    /// <summary>A macro alone is no reason: of the harmless documents with macros at most one in fifty is quarantined, and each of those is known by name.</summary>
    [CorpusFact]
    public void HarmlessMacros_AreDelivered()
    {
        var corpus = Repository.Corpus!;
        var policy = new MessagePolicy(new PolicyOptions());
        var unexpected = new List<string>();
        int count = 0, held = 0;
        foreach (var fields in File.ReadLines(Path.Combine(corpus, "MANIFEST.csv")).Skip(1).Select(Fields).Where(f => f[6] == "macro-benign"))
        {
            var name = fields[0]["corpus/".Length..];
            using var octets = File.OpenRead(Path.Combine(corpus, name));
            using var message = MessageReader.ReadDocument(Path.GetFileName(name), octets, new ReadLimits(), TimeProvider.System, CancellationToken.None);
            var verdict = policy.Judge(Detectors.Inspect(Detectors.All, new InspectionContext(message, SenderFacts.Unknown, SignatureSet.Shipped)));
            count++;
            if (verdict.Disposition != Disposition.Deliver)
            {
                held++;
                if (!HeldMacros.ContainsKey(name))
                {
                    unexpected.Add($"{name}: {string.Join(", ", verdict.Findings.Select(f => $"{f.Kind.Code} {f.Evidence}"))}");
                }
            }
        }

        Assert.True(unexpected.Count == 0, string.Join('\n', unexpected));
        Assert.InRange(count, 100, int.MaxValue);
        Assert.True(held * 50 <= count, $"{held} of {count} harmless documents with macros are quarantined.");
    }

    private static string[] Fields(string line)
    {
        var fields = new List<string>();
        var field = new System.Text.StringBuilder();
        var quoted = false;
        foreach (var c in line)
        {
            if (c == '"')
            {
                quoted = !quoted;
            }
            else if (c == ',' && !quoted)
            {
                fields.Add(field.ToString());
                field.Clear();
            }
            else
            {
                field.Append(c);
            }
        }

        fields.Add(field.ToString());
        return [.. fields];
    }
}

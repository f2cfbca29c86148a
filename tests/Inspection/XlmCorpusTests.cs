using Sekisho.Inspection.Detection;
using Sekisho.Inspection.Formats;
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

    /// <summary>
    /// Straight macros, whose following is their formulas again: our print of them less the number of characters of olevba's. What it prints of
    /// macros with jumps and loops is the way it took, not code, and is not compared.
    /// </summary>
    private static readonly Dictionary<string, (int Difference, string Reason)> Straight = new(StringComparer.Ordinal)
    {
        ["docs/oletools/excel4-macros/excel4_sample_macro.xls"] = (0, ""),
        ["docs/oletools/excel4-macros/excel4_sample_macro.xlt"] = (0, ""),
        ["docs/oletools/excel4-macros/excel4_sample_macro.xlsm"] = (0, ""),
        ["docs/oletools/excel4-macros/excel4_sample_macro.xltm"] = (0, ""),
        ["docs/oletools/excel4-macros/excel4_sample_macro_excel5_format.xls"] = (0, ""),
        ["docs/macrome/auto_open_test.xls"] = (1, "both: its print while following; the formulas are the same"),
        ["docs/macrome/builtin_hidden_lbl.xls"] = (1, "both: as above"),
        ["docs/poi/spreadsheet/64420.xlsm"] = (-2, "both: a constant without a formula, which it prints otherwise"),
        ["docs/carbonblack-excel4/samples/SimpleExecution.zip.d/SimpleExecution/SimpleExecution.xls"] = (-3, "both: as above"),
        ["docs/macrome/combined-with-auto-open.xls"] = (-5, "both: as above"),
    };

    /// <summary>olevba's table holds no formulas, but how many characters it printed: the formulas as they stand, then as it follows them.</summary>
    [CorpusFact]
    public void FormulaText_IsAsLongAsOlevbas()
    {
        var complaints = new List<string>();
        foreach (var line in File.ReadLines(Path.Combine(Repository.Corpus!, "OLEVBA.csv")).Skip(1).Where(l => Straight.ContainsKey(Name(l))))
        {
            var (name, chars) = (Name(line), int.Parse(Rest(line).Split(',')[7], System.Globalization.CultureInfo.InvariantCulture));
            using var message = Letters.OpenDocument(Path.GetFileName(name), File.ReadAllBytes(Path.Combine(Repository.Corpus!, name)));
            var difference = Print(message.Parts.First(p => p.Xlm is not null).Xlm!) - chars;
            if (difference != Straight[name].Difference)
            {
                complaints.Add($"{name}: {difference}, expected {Straight[name].Difference}");
            }
        }

        Assert.True(complaints.Count == 0, string.Join('\n', complaints));
        Assert.Equal(5, Straight.Values.Count(s => s.Difference == 0));
    }

    private static int Print(XlmProject project)
    {
        var length = Line("RAW EXCEL4/XLM MACRO FORMULAS:") + Line("- - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - -") + Line("EMULATION - DEOBFUSCATED EXCEL4/XLM MACRO FORMULAS:");
        foreach (var sheet in project.MacroSheets)
        {
            length += Line($"SHEET: {sheet.Name}, Macrosheet");
            foreach (var cell in sheet.Cells)
            {
                var address = XlmText.Cell(cell.Row, cell.Column);
                var value = cell.Value switch { true => "1", false or null => "None", double number => XlmText.Number(number) + ".0", var text => text };
                length += Line($"CELL:{address}, {(cell.Formula is null ? "None" : "=" + cell.Formula)}, {value}");
                if (cell.Formula is not null)
                {
                    length += Line($"CELL:{address,-10}, {"PartialEvaluation",-20}, {cell.Formula}");
                }
            }
        }

        return length;

        static int Line(string text) => "' ".Length + text.Length + 1;
    }

    private static string Name(string line) => (line[0] == '"' ? line[1..line.IndexOf('"', 1)] : line[..line.IndexOf(',')])["corpus/".Length..];

    private static string Rest(string line) => line[0] == '"' ? line[(line.IndexOf('"', 1) + 2)..] : line[(line.IndexOf(',') + 1)..];
}

using Sekisho.Inspection.Formats;
using Sekisho.Inspection.Messages;

namespace Sekisho.Inspection.Tests;

/// <summary>Compares the macro text of the corpus with olevba's, character for character in number, and the compiled form with the source.</summary>
public class VbaCorpusTests
{
    /// <summary>Where the numbers differ: ours less olevba's, and who is right.</summary>
    private static readonly Dictionary<string, (int Difference, string Reason)> Differences = new(StringComparer.Ordinal)
    {
        ["docs/carbonblack-excel4/samples/CleanSamples.zip.d/CleanSamples/clean1.xlsm"] = (-3873, "both right: olevba counts the formulas of the XLM sheet, which are no VBA"),
        ["docs/carbonblack-excel4/samples/SimpleExecution.zip.d/SimpleExecution/SimpleExecutionObfuscatedVeryHidden - Copy.xls"] = (-9660, "both right: XLM formulas"),
        ["docs/macrome/bug_report_1_mass_select_argument.xls"] = (-354, "both right: XLM formulas"),
        ["docs/sheetjs/BlankSheetTypes.xls"] = (147, "both right: olevba lists 195 characters of XLM here instead of the sheets' names"),
        ["docs/sheetjs/BlankSheetTypes.xlsb"] = (-195, "both right: the same 195 characters of XLM"),
        ["docs/poi/spreadsheet/56450.xls"] = (91, "both right: olevba does not list the sheet's name here"),
        ["docs/oletools/encrypted/autostart-encrypt-standardpassword.xls"] = (148, "both right: the sheet's name is encrypted, its length is not what this test reads; the VBA is not"),
        ["docs/oletools/encrypted/autostart-encrypt-standardpassword.xlsb"] = (-693, "olevba is: it knows the standard password; here the document is opened, or held as ENCRYPTED_DOCUMENT, elsewhere"),
        ["docs/oletools/encrypted/autostart-encrypt-standardpassword.xlsm"] = (-693, "olevba is: as above"),
        ["docs/poi/document/60279.doc"] = (248, "ours: olevba finds no source in ThisDocument, which has 247 characters of it"),
    };

    [CorpusFact]
    public void MacroText_IsAsMuchAsOlevbas()
    {
        var complaints = new List<string>();
        var count = 0;
        foreach (var fields in Oracle())
        {
            var name = fields[0]["corpus/".Length..];
            using var message = Open(name);
            var modules = message.Parts.SelectMany(p => p.Vba).SelectMany(p => p.Modules).ToList();

            // olevba's figure is the raw text, attributes and all, and one more a module; in old workbooks its listing of the sheets is added.
            var difference = modules.Sum(m => m.Source.Length + 1) + SheetListing(name) - int.Parse(fields[8], System.Globalization.CultureInfo.InvariantCulture);
            var expected = Differences.GetValueOrDefault(name).Difference;
            // Documents with the standard password may be opened by now.
            if (difference != expected && !(difference == 0 && name.Contains("/encrypted/", StringComparison.Ordinal)))
            {
                complaints.Add($"{name}: {difference}, expected {expected}");
            }

            count++;
        }

        Assert.True(complaints.Count == 0, string.Join('\n', complaints));
        Assert.Equal(123, count);
        Assert.Equal(113, count - Differences.Count); // So many agree to the character.
    }

    /// <summary>olevba names no number of modules; it reads as many as the directory declares, and so must this, by the declaration as a test of its own reads it.</summary>
    [CorpusFact]
    public void ModuleCount_IsWhatTheDirectoryDeclares()
    {
        var complaints = new List<string>();
        var (documents, projects, modules) = (0, 0, 0);
        foreach (var fields in Oracle())
        {
            var name = fields[0]["corpus/".Length..];
            using var message = Open(name);

            // A project may be met twice: in the document, and in what came out of it.
            var read = message.Parts.SelectMany(p => p.Vba).DistinctBy(v => string.Join('\0', v.Modules.Select(m => m.Source))).Select(v => v.Modules.Count).Order().ToList();
            var declared = Containers(message, File.ReadAllBytes(Path.Combine(Repository.Corpus!, name))).SelectMany(Declared).Distinct().Select(d => d.Count).Order().ToList();
            if (!read.SequenceEqual(declared))
            {
                complaints.Add($"{name}: read {string.Join(' ', read)}, declared {string.Join(' ', declared)}");
            }

            documents++;
            projects += read.Count;
            modules += read.Sum();
        }

        Assert.True(complaints.Count == 0, string.Join('\n', complaints));
        Assert.Equal((123, 123, 596), (documents, projects, modules));
    }

    /// <summary>Every name that olevba takes for one that starts by itself stands in the text read here.</summary>
    [CorpusFact]
    public void NamesThatStartByThemselves_StandInTheText()
    {
        var complaints = new List<string>();
        var count = 0;
        foreach (var fields in Oracle().Where(f => f[7].Length > 0))
        {
            var name = fields[0]["corpus/".Length..];
            using var message = Open(name);
            var text = string.Join('\n', message.Parts.SelectMany(p => p.Vba.SelectMany(v => v.Modules).Select(m => m.Source).Concat(p.Xlm?.Names.Select(n => n.Name) ?? [])));
            foreach (var word in fields[7].Split('|'))
            {
                count++;
                if (!text.Contains(word, StringComparison.OrdinalIgnoreCase))
                {
                    complaints.Add($"{name}: {word}");
                }
            }
        }

        Assert.True(complaints.Count == 0, string.Join('\n', complaints));
        Assert.Equal(33, count);
    }

    /// <summary>The only documents whose macro text lies beside them: it is the text read, line for line.</summary>
    [CorpusFact]
    public void MacroText_IsTheTextBesideIt()
    {
        var count = 0;
        foreach (var path in Directory.EnumerateFiles(Path.Combine(Repository.Corpus!, "docs", "poi"), "SimpleMacro.*", SearchOption.AllDirectories).Where(p => !p.EndsWith(".vba", StringComparison.Ordinal)))
        {
            var beside = File.ReadAllText(Path.Combine(Path.GetDirectoryName(path)!, "SimpleMacro.vba"));
            using var message = Letters.OpenDocument(Path.GetFileName(path), File.ReadAllBytes(path));
            Assert.Contains(message.Parts.SelectMany(p => p.Vba).SelectMany(p => p.Modules), m => Shown(m.Source).Contains(Shown(beside), StringComparison.Ordinal));
            count++;
        }

        Assert.Equal(3, count);
    }

    /// <summary>The text as the editor shows it: without the lines of attributes.</summary>
    private static string Shown(string source) => string.Join('\n', source.ReplaceLineEndings("\n").Split('\n').Where(l => !l.StartsWith("Attribute ", StringComparison.Ordinal)).Select(l => l.TrimEnd())).Trim();

    private static IEnumerable<byte[]> Containers(InboundMessage message, byte[] document)
    {
        foreach (var octets in message.Parts.Select(p => p.ReadUpTo(64 << 20)).Append(document))
        {
            if (FileTypes.Sniff(octets) == FileKind.Zip)
            {
                using var zip = new System.IO.Compression.ZipArchive(new MemoryStream(octets));
                foreach (var entry in zip.Entries.Where(e => e.Name.EndsWith(".bin", StringComparison.OrdinalIgnoreCase)))
                {
                    using var content = entry.Open();
                    using var copy = new MemoryStream();
                    content.CopyTo(copy);
                    yield return copy.ToArray();
                }
            }
            else
            {
                yield return octets;
            }
        }
    }

    /// <summary>The number in each project's PROJECTMODULES record (MS-OVBA section 2.3.4.2.3).</summary>
    private static IEnumerable<(int Count, string Directory)> Declared(byte[] octets)
    {
        if (!FileTypes.IsCompoundFile(octets))
        {
            yield break;
        }

        var file = CompoundFile.Open(new MemoryStream(octets));
        foreach (var entry in file.Entries.Where(e => !e.IsStorage && e.Path.EndsWith("VBA/dir", StringComparison.OrdinalIgnoreCase)))
        {
            var records = VbaCompression.Decompress(file.Read(entry, 1 << 20), 1 << 20, out _);
            for (var at = 0; at + 6 <= records.Length;)
            {
                var (id, size) = (BitConverter.ToUInt16(records, at), BitConverter.ToInt32(records, at + 2));
                if (id == 0x000F)
                {
                    yield return (BitConverter.ToUInt16(records, at + 6), Convert.ToHexString(records));
                    break;
                }

                at += 6 + (id == 0x0009 ? 6 : size);
            }
        }
    }

    [CorpusFact]
    public void HarmlessProjects_HideNoModule() =>
        Assert.All(
            Oracle().SelectMany(fields =>
            {
                using var message = Open(fields[0]["corpus/".Length..]);
                return message.Parts.SelectMany(p => p.Vba).SelectMany(p => p.Modules).ToList();
            }),
            m => Assert.Equal(VbaHiding.None, m.Hiding));

    /// <summary>Documents with VBA; olevba takes any text, letter or XML for source, so those are left out.</summary>
    private static IEnumerable<string[]> Oracle() => File.ReadLines(Path.Combine(Repository.Corpus!, "OLEVBA.csv")).Skip(1).Select(l => l.Split(',')).Where(f => f[3] == "1" && f[1] is not ("text" or "mime" or "xml"));

    private static InboundMessage Open(string name) => Letters.OpenDocument(Path.GetFileName(name), File.ReadAllBytes(Path.Combine(Repository.Corpus!, name)));

    /// <summary>How many characters olevba's lines for the sheets of an old workbook have: a fixed text, the kind, whether it is hidden, the name.</summary>
    private static int SheetListing(string name)
    {
        CompoundFile file;
        try
        {
            file = CompoundFile.Open(new MemoryStream(File.ReadAllBytes(Path.Combine(Repository.Corpus!, name))));
        }
        catch (InvalidDataException)
        {
            return 0;
        }

        if (file.Find("Workbook") is not { } workbook)
        {
            return 0;
        }

        var records = file.Read(workbook, int.MaxValue >> 1);
        var length = 0;
        for (var at = 0; at + 4 <= records.Length;)
        {
            var id = BitConverter.ToUInt16(records, at);
            var size = BitConverter.ToUInt16(records, at + 2);
            if (id == 0x85 && at + 11 <= records.Length)
            {
                var hidden = (records[at + 8] & 3) switch { 0 => "visible", 1 => "hidden", _ => "very hidden" };
                var kind = records[at + 9] switch { 0 => "worksheet or dialog sheet", 1 => "Excel 4.0 macro sheet", 2 => "chart", 6 => "Visual Basic module", _ => "?" };
                length += "' 0085 123456 BOUNDSHEET : Sheet Information - ".Length + kind.Length + ", ".Length + hidden.Length + " - ".Length + records[at + 10] + 1;
            }

            at += 4 + size;
        }

        return length == 0 ? 0 : length + 1;
    }
}

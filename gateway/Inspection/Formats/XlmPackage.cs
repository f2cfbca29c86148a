using System.Globalization;
using System.Text;
using System.Xml;

namespace Sekisho.Inspection.Formats;

/// <summary>Reads the sheets and names of an Office Open XML workbook (ECMA-376 part 1 section 18, MS-OFFMACRO2, MS-XLSB) that has macro sheets, or whose values VBA code asks for.</summary>
/// <param name="isPlain">True where only values are asked for: formulas and formats are passed over.</param>
internal sealed class XlmPackage(bool isPlain)
{
    private const int MaxMember = 32 << 20;

    private static readonly XmlReaderSettings Settings = new() { DtdProcessing = DtdProcessing.Prohibit, XmlResolver = null, MaxCharactersInDocument = 64 << 20, IgnoreComments = true, IgnoreProcessingInstructions = true };

    private readonly Dictionary<string, byte[]> members = new(StringComparer.OrdinalIgnoreCase);
    private int cellsLeft = isPlain ? WorkbookCells.MaxCells : XlmProject.MaxCells;
    private int textLeft = isPlain ? WorkbookCells.MaxText : XlmProject.MaxText;
    private int active;
    private string codeName = "";
    private bool isDamaged;

    /// <summary>True where the package declares a macro sheet, or writes its declarations so that a plain look may miss it.</summary>
    /// <param name="contentTypes">The octets of <c>[Content_Types].xml</c>.</param>
    public static bool MayHaveMacros(ReadOnlySpan<byte> contentTypes) =>
        contentTypes.IndexOf("acrosheet"u8) >= 0 || contentTypes.IndexOf("&#"u8) >= 0 || contentTypes.IndexOf((byte)0) >= 0 || Encoding.Latin1.GetString(contentTypes).Contains("macrosheet", StringComparison.OrdinalIgnoreCase);

    /// <summary>The workbook's macros, not yet followed; null where it has no macro sheet.</summary>
    /// <exception cref="InvalidDataException">The workbook part cannot be read.</exception>
    public static XlmProject? Read(ArchiveReader archive) => Read(archive, isPlain: false);

    /// <summary>The workbook's sheets with their cells' values, whatever kind of sheets they are; null where there is no workbook.</summary>
    /// <exception cref="InvalidDataException">The workbook part cannot be read.</exception>
    public static XlmProject? ReadCells(ArchiveReader archive) => Read(archive, isPlain: true);

    private static XlmProject? Read(ArchiveReader archive, bool isPlain)
    {
        try
        {
            return new XlmPackage(isPlain).Project(archive);
        }
        catch (XmlException e)
        {
            throw new InvalidDataException("The workbook's XML is broken: " + e.Message, e);
        }
    }

    private XlmProject? Project(ArchiveReader archive)
    {
        Load(archive, static name => name.EndsWith(".rels", StringComparison.OrdinalIgnoreCase), 4 << 20);
        var root = Relations("").FirstOrDefault(r => r.Type.EndsWith("/officeDocument", StringComparison.OrdinalIgnoreCase)).Target;
        var main = string.IsNullOrEmpty(root) ? members.Keys.Select(Main).FirstOrDefault(m => m is not null) : root;
        if (main is null)
        {
            return null;
        }

        var relations = Relations(main);
        if (!isPlain && !relations.Any(r => IsMacro(r.Type)))
        {
            return null;
        }

        var wanted = relations.Where(r => IsMacro(r.Type) || r.Type.EndsWith("/worksheet", StringComparison.OrdinalIgnoreCase) || r.Type.EndsWith("/sharedStrings", StringComparison.OrdinalIgnoreCase) || (!isPlain && r.Type.EndsWith("/styles", StringComparison.OrdinalIgnoreCase)))
            .Select(r => r.Target).Append(main).ToHashSet(StringComparer.OrdinalIgnoreCase);
        Load(archive, wanted.Contains, MaxMember);
        var sharedPart = relations.FirstOrDefault(r => r.Type.EndsWith("/sharedStrings", StringComparison.OrdinalIgnoreCase)).Target;
        var book = members.GetValueOrDefault(main) ?? throw new InvalidDataException("The workbook part is missing.");
        var targets = relations.GroupBy(r => r.Id, StringComparer.Ordinal).ToDictionary(g => g.Key, g => (g.First().Target, IsMacro: IsMacro(g.First().Type)), StringComparer.Ordinal);
        return book.AsSpan().TrimStart((ReadOnlySpan<byte>)[0xEF, 0xBB, 0xBF, (byte)' ', (byte)'\r', (byte)'\n']) is [(byte)'<', ..] || book is [0xFF, 0xFE, ..] or [0xFE, 0xFF, ..]
            ? FromXml(book, sharedPart, relations.FirstOrDefault(r => r.Type.EndsWith("/styles", StringComparison.OrdinalIgnoreCase)).Target, targets)
            : new Biff12Workbook(book, Member(sharedPart), id => targets.TryGetValue(id, out var found) ? (Member(found.Target), found.IsMacro) : (null, false), isPlain).Project();
    }

    private static bool IsMacro(string type) => type.EndsWith("/xlMacrosheet", StringComparison.OrdinalIgnoreCase) || type.EndsWith("/xlIntlMacrosheet", StringComparison.OrdinalIgnoreCase);

    /// <summary>The part that a relationship part speaks of, where it is a workbook by its name.</summary>
    private static string? Main(string relations)
    {
        var at = relations.LastIndexOf("_rels/", StringComparison.OrdinalIgnoreCase);
        var name = at < 0 ? "" : relations[..at] + relations[(at + 6)..^5];
        return name.Contains("workbook.", StringComparison.OrdinalIgnoreCase) ? name : null;
    }

    private byte[]? Member(string? name) => name is null ? null : members.GetValueOrDefault(name);

    private void Load(ArchiveReader archive, Func<string, bool> isWanted, int longest)
    {
        archive.Rewind();
        var left = isPlain ? WorkbookCells.MaxOctets : 2L * MaxMember;
        while (archive.Next() is { } member)
        {
            var name = member.Name.Replace('\\', '/').TrimStart('/');
            if (member.IsEncrypted || members.ContainsKey(name) || members.Count > 3 * XlmProject.MaxSheets || !isWanted(name))
            {
                continue;
            }

            using var content = archive.OpenRead();
            using var copy = new MemoryStream();
            var buffer = new byte[16 << 10];
            int got;
            while ((got = content.Read(buffer, 0, buffer.Length)) > 0 && copy.Length < Math.Min(longest, left))
            {
                copy.Write(buffer, 0, got);
            }

            isDamaged |= got > 0;
            left -= copy.Length;
            members[name] = copy.ToArray();
        }
    }

    private List<(string Id, string Type, string Target)> Relations(string part)
    {
        var folder = part.LastIndexOf('/') is >= 0 and var slash ? part[..(slash + 1)] : "";
        var found = new List<(string, string, string)>();
        if (Member($"{folder}_rels/{part[folder.Length..]}.rels") is not { } octets)
        {
            return found;
        }

        using var xml = XmlReader.Create(new MemoryStream(octets), Settings);
        while (xml.Read() && found.Count < 2 * XlmProject.MaxSheets)
        {
            if (xml.NodeType == XmlNodeType.Element && xml.LocalName == "Relationship" && xml.GetAttribute("Target") is { } target)
            {
                found.Add((xml.GetAttribute("Id") ?? "", xml.GetAttribute("Type") ?? "", Resolve(folder, Uri.UnescapeDataString(target))));
            }
        }

        return found;
    }

    /// <summary>A target relative to its part's folder, or absolute within the package.</summary>
    private static string Resolve(string folder, string target)
    {
        var names = new List<string>();
        foreach (var name in ((target.StartsWith('/') ? "" : folder) + target).Split('/', '\\'))
        {
            if (name == ".." && names.Count > 0)
            {
                names.RemoveAt(names.Count - 1);
            }
            else if (name is not ("" or "." or ".."))
            {
                names.Add(name);
            }
        }

        return string.Join('/', names);
    }

    private XlmProject FromXml(byte[] book, string? sharedPart, string? stylePart, Dictionary<string, (string Target, bool IsMacro)> targets)
    {
        var sheets = new List<(string Name, XlmVisibility Visibility, string? Target, bool IsMacro)>();
        var names = new List<XlmName>();
        using (var xml = XmlReader.Create(new MemoryStream(book), Settings))
        {
            while (!xml.EOF)
            {
                if (xml.NodeType == XmlNodeType.Element && xml.LocalName == "sheet" && sheets.Count < XlmProject.MaxSheets)
                {
                    var id = "";
                    for (var more = xml.MoveToFirstAttribute(); more; more = xml.MoveToNextAttribute())
                    {
                        id = xml.LocalName == "id" ? xml.Value : id;
                    }

                    xml.MoveToElement();
                    var target = targets.GetValueOrDefault(id);
                    sheets.Add((xml.GetAttribute("name") ?? "", xml.GetAttribute("state") switch { "hidden" => XlmVisibility.Hidden, "veryHidden" => XlmVisibility.VeryHidden, _ => XlmVisibility.Visible }, target.Target, target.IsMacro));
                }
                else if (xml.NodeType == XmlNodeType.Element && xml.LocalName == "workbookView")
                {
                    active = (int)Math.Clamp(Measure(xml, "activeTab") ?? 0, 0, XlmProject.MaxSheets);
                }
                else if (xml.NodeType == XmlNodeType.Element && xml.LocalName == "definedName" && names.Count < XlmProject.MaxNames)
                {
                    var (name, isHidden) = (xml.GetAttribute("name") ?? "", xml.GetAttribute("hidden") is "1" or "true");
                    var formula = xml.ReadElementContentAsString();
                    names.Add(new XlmName(name.StartsWith("_xlnm.", StringComparison.OrdinalIgnoreCase) ? name[6..] : name, isHidden, XlmText.StartOf(name), formula));
                    continue; // The reader stands behind the element already.
                }

                xml.Read();
            }
        }

        var shared = new List<string>();
        if (Member(sharedPart) is { } octets)
        {
            Salvaged(() => Strings(octets, shared));
        }

        var styles = Styles(stylePart);
        var looks = sheets.Select(_ => new XlmLook { Styles = styles, RowHeight = 15 }).ToList();
        var cells = new List<XlmCell>[sheets.Count];
        var codeNames = new string[sheets.Count];
        foreach (var i in Enumerable.Range(0, sheets.Count).OrderBy(i => sheets[i].IsMacro ? 0 : 1))
        {
            cells[i] = [];
            if (Member(sheets[i].Target) is { } content)
            {
                Salvaged(() => Cells(content, shared, looks[i], cells[i]));
            }

            (codeNames[i], codeName) = (codeName, "");
        }

        return new XlmProject([.. sheets.Select((s, i) => new XlmSheet(s.Name, s.Visibility, s.IsMacro, cells[i]) { Look = looks[i], CodeName = codeNames[i] })], names, isDamaged) { Active = active };
    }

    /// <summary>Values are an aid to following VBA code: those in front of broken XML, or of where reading ends, are better than none.</summary>
    private void Salvaged(Action read)
    {
        try
        {
            read();
        }
        catch (XmlException) when (isPlain)
        {
            isDamaged = true;
        }
    }

    private void Strings(byte[] octets, List<string> strings)
    {
        var text = new StringBuilder();
        using var xml = XmlReader.Create(new MemoryStream(octets), Settings);
        var phonetic = false;
        while (!xml.EOF)
        {
            if (xml.LocalName == "rPh")
            {
                phonetic = xml.NodeType == XmlNodeType.Element; // How the text is read aloud is not the text.
            }
            else if (xml.LocalName == "si" && xml.NodeType == XmlNodeType.EndElement)
            {
                textLeft -= text.Length + 8;
                strings.Add(textLeft > 0 ? text.ToString() : "");
                text.Clear();
            }
            else if (xml.LocalName == "si" && xml.IsEmptyElement)
            {
                strings.Add("");
            }
            else if (xml.NodeType == XmlNodeType.Element && xml.LocalName == "t" && !phonetic)
            {
                text.Append(xml.ReadElementContentAsString());
                continue;
            }

            xml.Read();
        }
    }

    /// <summary>Formats are an aid: without them the macros are read all the same.</summary>
    private List<XlmStyle> Styles(string? part)
    {
        try
        {
            using var xml = Member(part) is { } octets ? XmlReader.Create(new MemoryStream(octets), Settings) : null;
            return xml is null ? [] : XlmStyleSheet.Read(xml);
        }
        catch (XmlException)
        {
            isDamaged = true;
            return [];
        }
    }

    private void Cells(byte[] octets, List<string> shared, XlmLook look, List<XlmCell> cells)
    {
        var masters = new Dictionary<string, (int Row, int Column, string Formula)>(StringComparer.Ordinal);
        int row = -1, column = -1;
        string? type = null, formula = null, value = null;
        using var xml = XmlReader.Create(new MemoryStream(octets), Settings);
        void End()
        {
            if ((formula ?? value) is not null && cellsLeft-- > 0)
            {
                textLeft -= (formula?.Length ?? 0) + (type is "str" or "inlineStr" ? value?.Length ?? 0 : 0);
                cells.Add(new XlmCell(row, column, textLeft > 0 ? formula : formula is null ? null : "#REF!", Constant(type, value, shared)));
            }

            isDamaged |= cellsLeft < 0 || textLeft < 0;
            (type, formula, value) = (null, null, null);
        }

        while (!xml.EOF && cellsLeft > 0)
        {
            if (xml.NodeType == XmlNodeType.Element && xml.LocalName == "row")
            {
                End();
                row = int.TryParse(xml.GetAttribute("r"), NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number is > 0 and <= 1 << 20 ? number - 1 : row + 1;
                column = -1;
                if (Measure(xml, "ht") is { } height)
                {
                    look.Row(row, height);
                }
            }
            else if (xml.NodeType == XmlNodeType.Element && xml.LocalName == "sheetPr")
            {
                codeName = xml.GetAttribute("codeName") ?? "";
            }
            else if (xml.NodeType == XmlNodeType.Element && xml.LocalName == "sheetFormatPr")
            {
                look.RowHeight = Measure(xml, "defaultRowHeight") ?? look.RowHeight;
                look.ColumnWidth = Measure(xml, "defaultColWidth") ?? look.ColumnWidth;
            }
            else if (xml.NodeType == XmlNodeType.Element && xml.LocalName == "col" && Measure(xml, "width") is { } width)
            {
                look.Columns((int)Math.Clamp((Measure(xml, "min") ?? 1) - 1, 0, 1 << 14), (int)Math.Clamp((Measure(xml, "max") ?? 1) - 1, 0, 1 << 14), width);
            }
            else if (xml.NodeType == XmlNodeType.Element && xml.LocalName == "c")
            {
                End();
                var place = xml.GetAttribute("r") is { } r ? XlmAddress.Parse(r) : null;
                (row, column) = place is { } at ? (at.Row, at.Column) : (row, column + 1);
                type = xml.GetAttribute("t");
                if (!isPlain)
                {
                    look.Cell(row, column, (int)Math.Clamp(Measure(xml, "s") ?? 0, 0, 1 << 20));
                }

            }
            else if (xml.NodeType == XmlNodeType.Element && xml.LocalName == "f")
            {
                var (kind, index) = (xml.GetAttribute("t"), xml.GetAttribute("si") ?? "");
                formula = xml.ReadElementContentAsString();
                formula = isPlain ? "" : formula;
                if (kind == "shared" && formula.Length > 0)
                {
                    masters.TryAdd(index, (row, column, formula));
                }
                else if (kind == "shared" && masters.TryGetValue(index, out var master))
                {
                    formula = XlmAddress.Move(master.Formula, row - master.Row, column - master.Column);
                }

                continue;
            }
            else if (xml.NodeType == XmlNodeType.Element && xml.LocalName is "v" or "t")
            {
                value += xml.ReadElementContentAsString();
                continue;
            }

            xml.Read();
        }

        End();
    }

    private static double? Measure(XmlReader xml, string attribute) =>
        double.TryParse(xml.GetAttribute(attribute), NumberStyles.Float, CultureInfo.InvariantCulture, out var number) && double.IsFinite(number) ? number : null;

    private static object? Constant(string? type, string? value, List<string> shared) => type switch
    {
        "s" => int.TryParse(value, NumberStyles.None, CultureInfo.InvariantCulture, out var index) && index < shared.Count ? shared[index] : null,
        "b" => value is "1" or "true",
        "str" or "inlineStr" or "e" => value,
        _ => double.TryParse(value, NumberStyles.Float, CultureInfo.InvariantCulture, out var number) && double.IsFinite(number) ? number : value,
    };
}

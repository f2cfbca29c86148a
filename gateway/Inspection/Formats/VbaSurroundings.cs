namespace Sekisho.Inspection.Formats;

/// <summary>What a macro finds in the document around it: form and document properties, variables, cells.</summary>
internal sealed class VbaSurroundings
{
    /// <summary>Nothing at all.</summary>
    public static readonly VbaSurroundings None = new([], null);

    private readonly Dictionary<string, string> texts = new(StringComparer.OrdinalIgnoreCase);
    private readonly HashSet<string> controls = new(StringComparer.OrdinalIgnoreCase);
    private readonly HashSet<string> forms = new(StringComparer.OrdinalIgnoreCase);
    private readonly List<XlmSheet> sheets;
    private readonly Dictionary<string, XlmSheet> byName = new(StringComparer.OrdinalIgnoreCase);
    private readonly Dictionary<string, string> byCode = new(StringComparer.OrdinalIgnoreCase);
    private readonly Dictionary<string, string> names = new(StringComparer.OrdinalIgnoreCase);
    private readonly Dictionary<string, Dictionary<(int Row, int Column), object?>> cells = new(StringComparer.OrdinalIgnoreCase);
    private readonly XlmSheet? active;

    /// <summary>Gathers them.</summary>
    /// <param name="found">Texts beside the content, see <see cref="DocumentText"/>.</param>
    /// <param name="workbook">The workbook's sheets with their cells, where a reader has them.</param>
    /// <param name="started">Names of procedures that the document itself starts, such as a ribbon's onLoad.</param>
    public VbaSurroundings(IEnumerable<DocumentText> found, XlmProject? workbook, IEnumerable<string>? started = null)
    {
        foreach (var text in found)
        {
            // "UserForm1/TextBox1.Tag", "TextBox1.Value", "Title".
            var name = text.Name.Replace('/', '.');
            texts.TryAdd(text.Kind == DocumentTextKind.Form ? name : $"{(text.Kind == DocumentTextKind.Variable ? "variable:" : "property:")}{name}", text.Text);
            if (text.Kind == DocumentTextKind.Form && name.LastIndexOf('.') is var dot and > 0)
            {
                controls.Add(name[..dot]);
                if (name.IndexOf('.', StringComparison.Ordinal) is var first && first < dot)
                {
                    forms.Add(name[..first]);
                    controls.Add(name[(first + 1)..dot]);
                    texts.TryAdd(name[(first + 1)..], text.Text);
                }
            }
        }

        sheets = [.. workbook?.Sheets ?? []];
        foreach (var sheet in sheets)
        {
            byName.TryAdd(sheet.Name, sheet);
            byCode.TryAdd(sheet.CodeName.Length > 0 ? sheet.CodeName : sheet.Name, sheet.Name);
        }

        foreach (var name in workbook?.Names ?? [])
        {
            names.TryAdd(name.Name, name.Formula);
        }

        IsComplete = workbook is { IsDamaged: false };
        active = sheets.ElementAtOrDefault(workbook?.Active ?? 0) ?? sheets.FirstOrDefault();
        Started = new HashSet<string>(started ?? [], StringComparer.OrdinalIgnoreCase);
    }

    /// <summary>Names of procedures that the document starts.</summary>
    public IReadOnlySet<string> Started { get; }

    /// <summary>True for a control, by its name alone or <c>form.name</c>.</summary>
    public bool IsControl(string name) => controls.Contains(name);

    /// <summary>True for a form.</summary>
    public bool IsForm(string name) => forms.Contains(name) || (controls.Contains(name) && texts.ContainsKey($"{name}.Caption"));

    /// <summary>The text that a path such as <c>userform1.textbox1.tag</c> leads to; null where there is none.</summary>
    public string? Text(string path)
    {
        // ThisDocument.TextBox1, Me.TextBox1 and Sheet1.TextBox1 are the page's own controls: the document's name is taken off from the left.
        for (var from = 0; from >= 0;)
        {
            var rest = path[from..];
            var dot = rest.LastIndexOf('.');
            var property = dot > 0 ? rest[(dot + 1)..] : "";
            if (texts.TryGetValue(rest, out var text)
                || (property is "text" or "value" && (texts.TryGetValue($"{rest[..dot]}.Value", out text) || texts.TryGetValue($"{rest[..dot]}.Caption", out text)))
                || (controls.Contains(rest) && (texts.TryGetValue($"{rest}.Value", out text) || texts.TryGetValue($"{rest}.Caption", out text))))
            {
                return text;
            }

            from = path.IndexOf('.', from) is var next and >= 0 ? next + 1 : -1;
        }

        return null;
    }

    /// <summary>A document property or variable by name; null where there is none.</summary>
    public string? Property(string name, bool isVariable) => texts.GetValueOrDefault($"{(isVariable ? "variable:" : "property:")}{name}");

    /// <summary>The name of the sheet that is shown when the workbook is opened; null where no reader gave one.</summary>
    public string? Active => active?.Name;

    /// <summary>True where every cell is known, so that one that is not there is empty.</summary>
    public bool IsComplete { get; }

    /// <summary>The name of a sheet by its place in the workbook, from 1; null where there is none.</summary>
    public string? SheetAt(int number) => sheets.ElementAtOrDefault(number - 1)?.Name;

    /// <summary>The name of the sheet that a module of the project belongs to, by the name that the code calls it by; null where it is none.</summary>
    public string? SheetOf(string module) => byCode.GetValueOrDefault(module);

    /// <summary>What a name of the workbook stands for, such as <c>Sheet1!$B$5</c>; null where it has none.</summary>
    public string? Named(string name) => names.GetValueOrDefault(name);

    /// <summary>A cell's value; false where no reader gave it.</summary>
    /// <param name="sheet">The sheet's name; null for the one that is shown first.</param>
    /// <param name="row">From 0.</param>
    /// <param name="column">From 0.</param>
    /// <param name="value">What the cell holds.</param>
    public bool TryCell(string? sheet, int row, int column, out object? value)
    {
        value = null;
        var found = sheet is null ? active : byName.GetValueOrDefault(sheet);
        if (found is null)
        {
            return false;
        }

        if (!cells.TryGetValue(found.Name, out var known))
        {
            cells[found.Name] = known = new Dictionary<(int, int), object?>(found.Cells.Count);
            foreach (var cell in found.Cells)
            {
                known.TryAdd((cell.Row, cell.Column), cell.Value);
            }
        }

        return known.TryGetValue((row, column), out value) ? value is not null : IsComplete;
    }
}

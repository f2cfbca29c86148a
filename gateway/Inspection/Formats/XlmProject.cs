namespace Sekisho.Inspection.Formats;

/// <summary>How well a sheet is hidden (MS-XLS section 2.4.28, hsState).</summary>
public enum XlmVisibility
{
    /// <summary>Shown as a tab.</summary>
    Visible,

    /// <summary>Hidden; the user can unhide it from the menu.</summary>
    Hidden,

    /// <summary>Hidden so that only a program can unhide it.</summary>
    VeryHidden,
}

/// <summary>When a defined name starts a macro by itself.</summary>
public enum XlmStart
{
    /// <summary>Never: an ordinary name.</summary>
    None,

    /// <summary>When the workbook is opened (<c>Auto_Open</c>).</summary>
    Open,

    /// <summary>When the workbook's window is activated (<c>Auto_Activate</c>).</summary>
    Activate,

    /// <summary>When another window is activated (<c>Auto_Deactivate</c>).</summary>
    Deactivate,

    /// <summary>When the workbook is closed (<c>Auto_Close</c>).</summary>
    Close,
}

/// <summary>A cell that is not empty.</summary>
/// <param name="Row">From 0.</param>
/// <param name="Column">From 0.</param>
/// <param name="Formula">Its formula as text without the equals sign; null for a constant.</param>
/// <param name="Value">The value kept in the file: a <see cref="string"/>, <see cref="double"/> or <see cref="bool"/>, or null.</param>
public sealed record XlmCell(int Row, int Column, string? Formula, object? Value);

/// <summary>One sheet of a workbook with Excel 4 macros; worksheets are kept too, since macros fetch their text there.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Visibility">How well it is hidden.</param>
/// <param name="IsMacro">True for an Excel 4 macro sheet.</param>
/// <param name="Cells">Its cells in the file's order.</param>
public sealed record XlmSheet(string Name, XlmVisibility Visibility, bool IsMacro, IReadOnlyList<XlmCell> Cells)
{
    /// <summary>How its cells are formatted; null where that was not read.</summary>
    internal XlmLook? Look { get; init; }

    /// <summary>The name by which VBA code may call it whatever its tab says; empty where the file has none.</summary>
    internal string CodeName { get; init; } = "";

    /// <summary>A cell's address for people, such as <c>Macro1!A3</c>; row and column from 0.</summary>
    public string Address(int row, int column) => $"{Name}!{XlmText.Cell(row, column)}";
}

/// <summary>A defined name.</summary>
/// <param name="Name">As the file has it, a built-in one by its English name.</param>
/// <param name="IsHidden">True where the list of names does not show it.</param>
/// <param name="Start">Whether it starts a macro by itself.</param>
/// <param name="Formula">What it stands for, as text without the equals sign.</param>
public sealed record XlmName(string Name, bool IsHidden, XlmStart Start, string Formula);

/// <summary>Something that a macro does to the world outside its workbook.</summary>
/// <param name="Function">Such as <c>EXEC</c>, <c>CALL</c>, <c>REGISTER</c>, upper case.</param>
/// <param name="Arguments">The arguments as text, worked out as far as possible; what is not known stands in braces.</param>
/// <param name="Place">The cell, such as <c>Macro1!A3</c>.</param>
/// <param name="IsAutomatic">True where a name that starts by itself leads there; false where only a click or other code can.</param>
public sealed record XlmAction(string Function, IReadOnlyList<string> Arguments, string Place, bool IsAutomatic)
{
    /// <summary>True where the first argument is known and made of letters, not of what a wrong key leaves.</summary>
    internal bool IsReadable => Arguments is [{ Length: > 2 } first, ..] && !first.Contains('{', StringComparison.Ordinal) && first.All(c => c is >= ' ' and < '\u007F');

    /// <inheritdoc />
    public override string ToString() => $"{Function}({string.Join(", ", Arguments)}) at {Place}";
}

/// <summary>The Excel 4 macros of a workbook (MS-XLS, MS-XLSB, ECMA-376), and what they were seen to do.</summary>
/// <param name="Sheets">All sheets, at most 1,000, with at most 400,000 cells together; macro sheets are filled first.</param>
/// <param name="Names">All defined names, at most 10,000.</param>
/// <param name="IsDamaged">True where something could not be read, or did not fit the bounds.</param>
public sealed record XlmProject(IReadOnlyList<XlmSheet> Sheets, IReadOnlyList<XlmName> Names, bool IsDamaged)
{
    internal const int MaxSheets = 1000;
    private const int MaxBooks = 20;
    internal const int MaxCells = 400_000;
    internal const int MaxNames = 10_000;
    internal const int MaxText = 32 << 20;

    /// <summary>What the macros do to the outside, in the order met, at most 200 a workbook; found by following them without running anything.</summary>
    public IReadOnlyList<XlmAction> Actions { get; private init; } = [];

    /// <summary>True where following the macros ended at a bound: there may be more to see.</summary>
    public bool IsCut { get; private init; }

    /// <summary>Index of the sheet that is shown when the workbook is opened.</summary>
    internal int Active { get; init; }

    /// <summary>The sheets that hold macros.</summary>
    public IEnumerable<XlmSheet> MacroSheets => Sheets.Where(s => s.IsMacro);

    /// <summary>The macros of an Excel 5 to 2003 workbook; null where there is no macro sheet, or the workbook is encrypted.</summary>
    /// <param name="file">The document.</param>
    /// <param name="budget">The letter's time.</param>
    internal static XlmProject? Find(CompoundFile file, ReadBudget budget)
    {
        // Excel reads Workbook of the root; a file may hold both generations (BIFF5 in Book), and workbooks stand in storages of their own within documents.
        XlmProject? found = null;
        foreach (var entry in Workbooks(file))
        {
            using var stream = file.OpenRead(entry);
            if (Find(stream, budget) is { } project)
            {
                found = found is null ? project : found.With(project);
            }
        }

        return found;
    }

    /// <summary>The macros of a bare workbook stream: a file of Excel 2 to 4, or a newer one without its compound file. Null where there is no macro sheet, or it is encrypted.</summary>
    /// <param name="stream">Seekable, at its beginning.</param>
    /// <param name="budget">The letter's time.</param>
    internal static XlmProject? Find(Stream stream, ReadBudget budget)
    {
        Span<byte> id = stackalloc byte[2];
        var isOld = stream.ReadAtLeast(id, 2, throwOnEndOfStream: false) == 2 && BiffOldWorkbook.IsBegin(id[0] | (id[1] << 8));
        stream.Position = 0;
        return (isOld ? BiffOldWorkbook.Read(stream, budget) : BiffWorkbook.Read(stream, budget))?.Followed(budget);
    }

    /// <summary>The streams that are workbooks by their name: those of the root first, the newer generation before the older one; at most 20.</summary>
    internal static IEnumerable<CompoundEntry> Workbooks(CompoundFile file) =>
        file.Entries.Where(e => !e.IsStorage && (e.Name.Equals("Workbook", StringComparison.OrdinalIgnoreCase) || e.Name.Equals("Book", StringComparison.OrdinalIgnoreCase)))
            .OrderBy(e => e.Parent.Length).ThenByDescending(e => e.Name.Length).Take(MaxBooks);

    /// <summary>The macros of an Office Open XML workbook, text or binary; null where there is no macro sheet.</summary>
    /// <param name="archive">The package, which is gone through from its beginning.</param>
    /// <param name="contentTypes">The octets of <c>[Content_Types].xml</c>.</param>
    /// <param name="budget">The letter's time.</param>
    internal static XlmProject? Find(ArchiveReader archive, ReadOnlySpan<byte> contentTypes, ReadBudget budget) =>
        XlmPackage.MayHaveMacros(contentTypes) ? XlmPackage.Read(archive)?.Followed(budget) : null;

    /// <summary>Both together: a file may carry several workbooks, each with macros of its own.</summary>
    private XlmProject With(XlmProject other) => new([.. Sheets, .. other.Sheets], [.. Names, .. other.Names], IsDamaged || other.IsDamaged)
    {
        Actions = [.. Actions, .. other.Actions.Except(Actions)],
        IsCut = IsCut || other.IsCut,
    };

    /// <summary>The same with <see cref="Actions"/> filled in.</summary>
    internal XlmProject Followed(ReadBudget budget)
    {
        var interpreter = new XlmInterpreter(this, budget);
        interpreter.Follow();
        for (var day = 1; interpreter is { AsksForDay: true, IsShort: true } && !interpreter.Actions.Any(a => a.IsReadable) && day <= 31 && !budget.IsSpent; day++)
        {
            // Some text is hidden by the day of the month on which it was sent: the day on which it says something is the one.
            var other = new XlmInterpreter(this, budget, day);
            other.Follow();
            interpreter = other.Actions.Any(a => a.IsReadable) ? other : interpreter;
        }

        return this with { Actions = interpreter.Actions, IsCut = interpreter.IsCut };
    }
}

namespace Sekisho.Inspection.Formats;

/// <summary>How a cell is formatted, as far as macros ask for it (<c>GET.CELL</c>): some keep the key to their text there.</summary>
internal sealed record XlmStyle
{
    /// <summary>The number format, such as <c>General</c>.</summary>
    public string NumberFormat { get; init; } = "General";

    /// <summary>The font's name.</summary>
    public string FontName { get; init; } = "";

    /// <summary>The font's size in points; 0 where it is not known.</summary>
    public double FontSize { get; init; }

    /// <summary>True for bold letters.</summary>
    public bool IsBold { get; init; }

    /// <summary>True for italic letters.</summary>
    public bool IsItalic { get; init; }

    /// <summary>True for letters struck through.</summary>
    public bool IsStruck { get; init; }

    /// <summary>True for underlined letters.</summary>
    public bool IsUnderlined { get; init; }

    /// <summary>The letters' colour, 1 to 56 of the palette; 0 where Excel chooses, -1 where it is another.</summary>
    public int FontColor { get; init; }

    /// <summary>1 general, 2 left, 3 centre, 4 right, 5 filled, 6 justified, 7 centred across cells.</summary>
    public int Horizontal { get; init; } = 1;

    /// <summary>1 top, 2 centre, 3 bottom, 4 justified.</summary>
    public int Vertical { get; init; } = 3;

    /// <summary>True where text is wrapped.</summary>
    public bool IsWrapped { get; init; }

    /// <summary>The pattern of the cell's ground, 0 to 18.</summary>
    public int Pattern { get; init; }

    /// <summary>The pattern's colour, as <see cref="FontColor"/>.</summary>
    public int Fore { get; init; }

    /// <summary>The colour behind the pattern, as <see cref="FontColor"/>.</summary>
    public int Back { get; init; }

    /// <summary>True where protection of the sheet locks the cell.</summary>
    public bool IsLocked { get; init; } = true;

    /// <summary>True where protection of the sheet hides the formula.</summary>
    public bool IsHidden { get; init; }
}

/// <summary>The formats, row heights and column widths of one sheet.</summary>
internal sealed class XlmLook
{
    private const int MaxEntries = 200_000;

    private readonly Dictionary<(int Row, int Column), int> cells = [];
    private readonly Dictionary<int, double> heights = [];
    private readonly List<(int First, int Last, double Width)> widths = [];

    /// <summary>The workbook's cell formats; shared by its sheets.</summary>
    public IReadOnlyList<XlmStyle> Styles { get; init; } = [];

    /// <summary>The format of cells that the file does not mention: the sixteenth up to Excel 2003 (MS-XLS section 2.4.353), the first later.</summary>
    public int Untouched { get; init; }

    /// <summary>Height in points of a row that has none of its own.</summary>
    public double RowHeight { get; set; } = 12.75;

    /// <summary>Width in characters of a column that has none of its own.</summary>
    public double ColumnWidth { get; set; } = 8.43;

    /// <summary>Notes a cell's format, by its index in <see cref="Styles"/>.</summary>
    public void Cell(int row, int column, int style)
    {
        if (cells.Count < MaxEntries)
        {
            cells[(row, column)] = style;
        }
    }

    /// <summary>Notes a row's height in points.</summary>
    public void Row(int row, double height)
    {
        if (heights.Count < MaxEntries && double.IsFinite(height))
        {
            heights[row] = height;
        }
    }

    /// <summary>Notes the width in characters of columns, the last one included.</summary>
    public void Columns(int first, int last, double width)
    {
        if (widths.Count < 1000 && double.IsFinite(width))
        {
            widths.Add((first, last, width));
        }
    }

    /// <summary>The answer of <c>GET.CELL</c> to a question about how a cell is formatted; null where the file does not say, or the question is another.</summary>
    /// <param name="question">The function's first argument.</param>
    /// <param name="row">The cell's row, from 0.</param>
    /// <param name="column">The cell's column, from 0.</param>
    public object? Answer(int question, int row, int column)
    {
        if (question == 17)
        {
            return heights.GetValueOrDefault(row, RowHeight);
        }

        if (question == 16)
        {
            var own = widths.FindIndex(w => column >= w.First && column <= w.Last);
            return own < 0 ? ColumnWidth : widths[own].Width;
        }

        var index = cells.GetValueOrDefault((row, column), Untouched);
        if (index < 0 || index >= Styles.Count)
        {
            return null;
        }

        var style = Styles[index];
        return question switch
        {
            7 => style.NumberFormat,
            8 => (double)style.Horizontal,
            13 => (double)style.Pattern,
            14 => style.IsLocked,
            15 => style.IsHidden,
            18 when style.FontName.Length > 0 => style.FontName,
            19 when style.FontSize > 0 => style.FontSize,
            20 => style.IsBold,
            21 => style.IsItalic,
            22 => style.IsUnderlined,
            23 => style.IsStruck,
            24 when style.FontColor >= 0 => (double)style.FontColor,
            33 => style.IsWrapped,
            38 or 64 when style.Fore >= 0 => (double)style.Fore,
            39 when style.Back >= 0 => (double)style.Back,
            63 when style is { Back: >= 0, Fore: >= 0 } => (double)(style.Pattern == 1 ? style.Fore : style.Back),
            50 => (double)style.Vertical,
            _ => null,
        };
    }

    /// <summary>A palette index of the file as macros count: 1 to 56, 0 for a colour that Excel chooses, -1 for none of the palette.</summary>
    public static int Color(int index) => index is >= 8 and < 64 ? index - 7 : index is >= 64 or < 0 ? 0 : index + 1;
}

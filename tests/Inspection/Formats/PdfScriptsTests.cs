using Sekisho.Inspection.Formats;

namespace Sekisho.Inspection.Tests.Formats;

public class PdfScriptsTests
{
    [Theory]
    [InlineData("app.launchURL('https://host.example/')", "launchURL")]
    [InlineData("this.exportDataObject({ cName: 'a', nLaunch: 2 })", "exportDataObject")]
    [InlineData("util.printf('%45000f', n)", "printf")]
    [InlineData("x = unescape('%u9090')", "unescape")]
    [InlineData("this.print(true)", null)]
    [InlineData("util.printf('%.2f %10d %', total)", null)]
    [InlineData("app.alert('印刷してください')", null)]
    [InlineData("", null)]
    public void Script_IsJudged(string script, string? how) => Assert.Equal(how, PdfScripts.Acts(script));
}

using Sekisho.Inspection.Messages;

namespace Sekisho.Inspection.Tests.Messages;

public class PartNamesTests
{
    [Theory]
    [InlineData("attachment; filename=a.pdf; filename=b.exe", "a.pdf|b.exe")]
    [InlineData("attachment; filename*0=\"inv\"; filename*1=\"oice.exe\"", "invoice.exe")]
    [InlineData("attachment; filename*1=\"oice.exe\"; filename*0=\"inv\"", "invoice.exe")]
    [InlineData("attachment; filename*0*=UTF-8''%E8%AB%8B; filename*1*=%E6%B1%82; filename*2=.exe", "請求.exe")]
    [InlineData("attachment; filename=\"=?UTF-8?B?6KuL5rGCLmV4ZQ==?=\"", "請求.exe")]
    [InlineData("attachment; filename=\"C:\\temp\\a.exe\"", "C:\\temp\\a.exe")]
    [InlineData("attachment; filename=\"never closed.exe", "never closed.exe")]
    [InlineData("attachment; filename=\"a;b.exe\"; size=3", "a;b.exe")]
    [InlineData("attachment; filename=a.exe (x)", "a.exe (x)|a.exe")]
    [InlineData("attachment; filename='a.bat'", "'a.bat'|a.bat")]
    [InlineData("attachment, filename=\"a.bat\"", "a.bat")]
    [InlineData("attachment filename=\"a.bat\"; size=1", "a.bat")]
    [InlineData("attachment; filename; filename=\"a.bat\"", "a.bat")]
    [InlineData("attachment; filename=\"a (1).pdf\"", "a (1).pdf")]
    [InlineData("attachment", "")]
    public void Names_AreReadEveryWay(string value, string expected) => Assert.Equal(expected, string.Join('|', PartNames.Read(value)));

    [Fact]
    public void SecondName_IsInspectedToo()
    {
        using var message = Letters.Text("From: a@b.test\nContent-Type: application/octet-stream\nContent-Disposition: attachment; filename=a.pdf; filename=b.exe\n\nx");

        var names = Assert.Single(message.Parts).Names.ToList();
        Assert.Contains("a.pdf", names);
        Assert.Contains("b.exe", names);
    }
}

using Sekisho.Inspection.Detection.Links;

namespace Sekisho.Inspection.Tests.Detection.Links;

public class AppInstallerLinkTests
{
    [Theory]
    [InlineData("ms-appinstaller:?source=https://files.example/reader.appinstaller", true)]
    [InlineData("https://files.example/adobe.appinstaller?x=1", true)]
    [InlineData("https://files.example/appinstaller/", false)]
    public void LinksThatInstall(string link, bool found)
    {
        using var message = Letters.Text($"From: a@b.test\nMIME-Version: 1.0\nContent-Type: text/html\n\n<html><body><a href=\"{link}\">Preview PDF</a></body></html>\n");
        Assert.Equal(found, Letters.Ask(new AppInstallerLink(), message).Count == 1);
    }
}

using Sekisho.Inspection.Formats;

namespace Sekisho.Inspection.Tests.Formats;

public class RemoteTargetsTests
{
    [Theory]
    [InlineData("https://a.test/", true)]
    [InlineData("mhtml:http://a.test!x-usc:http://a.test", true)]
    [InlineData(@"\\server\share\a.dotm", true)]
    [InlineData("file://server/share/a.dotm", true)]
    [InlineData(@"file:///\\server\share\a.dotm", true)]
    [InlineData(@"file:///C:\Users\a\Normal.dotm", false)]
    [InlineData("file:///home/a", false)]
    [InlineData("Normal.dotm", false)]
    [InlineData("../embeddings/a.bin", false)]
    public void Address_IsRemoteOrNot(string target, bool isRemote) => Assert.Equal(isRemote, RemoteTargets.IsRemote(target));
}

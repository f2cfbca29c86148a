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

    [Theory]
    [InlineData(@"\\192.0.2.7\share\a.dotm", true)]
    [InlineData(@"file:///\\3221225991\share", true)] // 192.0.2.7 as one number.
    [InlineData(@"\\files.host.example\share", true)]
    [InlineData(@"\\host@SSL@443\share", false)]
    [InlineData(@"\\host.example@SSL\share", true)]
    [InlineData("file://host.example/share", true)]
    [InlineData(@"\\[2001:db8::1]\share", true)]
    [InlineData(@"\\10.1.2.3\share", false)]
    [InlineData(@"\\172.16.0.1\share", false)]
    [InlineData(@"\\172.32.0.1\share", true)]
    [InlineData(@"\\192.168.0.1\share", false)]
    [InlineData(@"\\[fd00::1]\share", false)]
    [InlineData(@"\\fileserver\share", false)]
    [InlineData(@"\\fs.hospital.local\share", false)]
    [InlineData("https://host.example/a.dotm", false)]
    [InlineData("", false)]
    public void Share_IsOfTheInternetOrNot(string target, bool isOne) => Assert.Equal(isOne, RemoteTargets.IsInternetShare(target));
}

using Sekisho.Inspection.Formats;
using Sekisho.SampleMaker;

namespace Sekisho.Inspection.Tests.Formats;

public class ShellLinkTests
{
    [Fact]
    public void EveryField_IsRead()
    {
        var octets = CarrierWriter.Shortcut(@"%windir%\system32\cmd.exe", "/c start", [1, 2, 3]);

        var link = ShellLink.Read(octets);

        Assert.Equal((@"%windir%\system32\cmd.exe", "/c start", @"C:\Windows\notepad.exe"), (link.Target, link.Arguments, link.Icon));
        Assert.Equal(octets.Length - 3, link.End);
    }

    [Fact]
    public void CutOffShortcut_GivesWhatThereIs()
    {
        var octets = CarrierWriter.Shortcut("cmd.exe", "/c start");
        for (var length = 76; length < octets.Length; length += 7)
        {
            ShellLink.Read(octets.AsSpan(0, length));
        }
    }

    [Fact]
    public void OtherThings_AreInvalid() => Assert.Throws<InvalidDataException>(() => ShellLink.Read(new byte[100]));
}

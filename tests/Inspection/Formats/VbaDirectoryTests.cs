using System.Text;
using Sekisho.Inspection.Formats;
using Sekisho.SampleMaker;

namespace Sekisho.Inspection.Tests.Formats;

public class VbaDirectoryTests
{
    [Fact]
    public void SizeThatLies_DoesNotHideTheModulesBehindIt()
    {
        byte[] name = [0x19, 0, 2, 0, 0, 0, (byte)'M', (byte)'1', 0x47, 0, 4, 0, 0, 0, (byte)'M', 0, (byte)'1', 0];

        var directory = VbaDirectory.TryRead(VbaProjectWriter.Compress([3, 0, 2, 0, 0, 0, 0xA4, 3, 5, 0, 0xFF, 0xFF, 0xFF, 0x7F, .. name]))!;

        Assert.True(directory.IsDamaged);
        Assert.Equal(932, directory.CodePage);
        Assert.Equal("M1", Assert.Single(directory.Modules).UnicodeName);
    }

    [Fact]
    public void OtherStreamOfThatName_IsNone()
    {
        Assert.Null(VbaDirectory.TryRead("no container"u8));
        Assert.Null(VbaDirectory.TryRead(VbaProjectWriter.Compress("no records in here, either"u8)));
    }

    [Fact]
    public void ProjectStream_NamesWhatTheEditorShows() =>
        Assert.Equal(["ThisDocument", "Module1", "Class1", "Form1"], VbaDirectory.Shown("ID=\"{0}\"\r\nDocument=ThisDocument/&H00000000\r\nModule=Module1\r\nClass=Class1\r\nBaseClass=Form1\r\nName=\"P\"\r\n"));
}

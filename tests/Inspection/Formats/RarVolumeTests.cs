using Sekisho.Inspection.Formats;
using Sekisho.SampleMaker;

namespace Sekisho.Inspection.Tests.Formats;

public class RarVolumeTests
{
    [Fact]
    public void Volumes_AreTold()
    {
        Assert.All(VolumeWriter.Rar4("a", "b", new byte[100], 40), v => Assert.True(RarVolume.IsOne(v.Content)));
        Assert.All(VolumeWriter.Rar5("a", "b", new byte[100], 40), v => Assert.True(RarVolume.IsOne(v.Content)));
    }

    [Fact]
    public void WholeArchives_AreNone()
    {
        Assert.False(RarVolume.IsOne(ArchiveWriter.Rar("a", [1])));
        Assert.False(RarVolume.IsOne(RarWriter.Encrypted4("a", [1], "p", hidesNames: true)));
        Assert.Null(RarVolume.IsOne(RarWriter.Encrypted5("a", [1], "p", hidesNames: true)));
        Assert.Null(RarVolume.IsOne("Rar!\u001a\u0007\u0001\0"u8));
    }
}

using Sekisho.Inspection.Formats;

namespace Sekisho.Inspection.Tests.Formats;

public class VolumeNameTests
{
    [Theory]
    [InlineData("a.zip.001", "a.zip", nameof(VolumeScheme.Cut), 1)]
    [InlineData("sub/a.7z.012", "sub/a.7z", nameof(VolumeScheme.Cut), 12)]
    [InlineData("a.Z02", "a.zip", nameof(VolumeScheme.Zip), 2)]
    [InlineData("a.ZIP", "a.ZIP", nameof(VolumeScheme.Zip), VolumeName.Last)]
    [InlineData("a.b.part03.rar", "a.b.rar", nameof(VolumeScheme.RarPart), 3)]
    [InlineData("a.rar", "a.rar", nameof(VolumeScheme.RarOld), 0)]
    [InlineData("a.r00", "a.rar", nameof(VolumeScheme.RarOld), 1)]
    [InlineData("a.zip.aa", "a.zip", nameof(VolumeScheme.Cut), 1)]
    [InlineData("a.tar.gz.BC", "a.tar.gz", nameof(VolumeScheme.Cut), 29)]
    [InlineData("a.S01", "a.rar", nameof(VolumeScheme.RarOld), 102)]
    public void Volumes_AreTold(string name, string whole, string scheme, int number) =>
        Assert.Equal(new VolumeName(whole, Enum.Parse<VolumeScheme>(scheme), number), VolumeName.Parse(name));

    [Theory]
    [InlineData("")]
    [InlineData("a")]
    [InlineData("a.doc")]
    [InlineData(".001")]
    [InlineData("sub/.zip")]
    [InlineData("a.ai")]
    [InlineData("a.zip.gz")]
    [InlineData("a.tar.br")]
    [InlineData("a.zip.a1")]
    [InlineData("a.000")]
    [InlineData("a.0001")]
    [InlineData("a.rtf")]
    [InlineData("a.zoo")]
    public void OtherNames_AreNone(string name) => Assert.Null(VolumeName.Parse(name));
}

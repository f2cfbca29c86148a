using Sekisho.Inspection.Formats;
using Sekisho.SampleMaker;

namespace Sekisho.Inspection.Tests.Formats;

public class SplitZipTests
{
    private static JoinedStream Joined(int size) => Joined([.. VolumeWriter.Zip("a", "b.bin", new byte[1000], size).Select(v => v.Content)]);

    private static JoinedStream Joined(byte[][] volumes) => new([.. volumes.Select<byte[], Func<Stream>>(v => () => new MemoryStream(v))], [.. volumes.Select(v => (long)v.Length)]);

    [Fact]
    public void LastVolume_TellsItsNumber()
    {
        Assert.Equal(2, SplitZip.VolumeOf(new MemoryStream(VolumeWriter.Zip("a", "b.bin", new byte[1000], 400)[^1].Content)));
        Assert.Equal(0, SplitZip.VolumeOf(new MemoryStream(ZipWriter.Plain(("a", [1])))));
        Assert.Equal(0, SplitZip.VolumeOf(new MemoryStream([1, 2, 3])));
    }

    [Fact]
    public void Directory_CountsFromTheBeginning()
    {
        using var volumes = Joined(400);
        var (at, tail) = SplitZip.Directory(volumes, 1 << 20);
        var whole = new byte[at];
        volumes.Position = 0;
        volumes.ReadExactly(whole);
        using var reader = ArchiveReader.Open(new MemoryStream([.. whole, .. tail]), FileKind.Zip, new ReadBudget(TimeProvider.System, TimeSpan.FromSeconds(5), 1 << 20));

        Assert.Equal("b.bin", reader.Next()!.Name);
        Assert.Null(reader.Next());
    }

    [Fact]
    public void BrokenDirectory_IsTold()
    {
        using var cut = Joined([VolumeWriter.Zip("a", "b.bin", new byte[1000], 400)[^1].Content]);
        Assert.Throws<InvalidDataException>(() => SplitZip.Directory(cut, 1 << 20));

        using var large = Joined(400);
        Assert.Throws<InvalidDataException>(() => SplitZip.Directory(large, 10));
    }
}

using System.Buffers.Binary;
using Sekisho.Inspection.Formats;
using Sekisho.SampleMaker;

namespace Sekisho.Inspection.Tests.Formats;

public class CompoundFileTests
{
    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(64)]
    [InlineData(4095)]
    [InlineData(4096)]
    [InlineData(300_000)]
    public void Stream_OfAnyLength_ComesBack(int length)
    {
        var content = new byte[length];
        new Random(7).NextBytes(content);
        var file = Open(new CompoundFileWriter().Add("Storage/Stream", content).Add("Other", [1, 2, 3]).ToArray());

        Assert.Equal(content, file.Read(file.Find("storage/STREAM")!, int.MaxValue));
        Assert.Equal([1, 2, 3], file.Read(file.Find("Other")!, 100));
    }

    [Fact]
    public void Stream_CanBeReadFromAnywhere()
    {
        var content = Enumerable.Range(0, 20_000).Select(i => (byte)(i * 31)).ToArray();
        var file = Open(new CompoundFileWriter().Add("S", content).ToArray());
        using var stream = file.OpenRead(file.Find("S")!);

        stream.Position = 12_345;

        Assert.Equal(content[12_345], stream.ReadByte());
        stream.Seek(-1, SeekOrigin.End);
        Assert.Equal(content[^1], stream.ReadByte());
        Assert.Equal(-1, stream.ReadByte());
    }

    [Fact]
    public void Entries_AreListedWithTheirPaths()
    {
        var file = Open(new CompoundFileWriter().Add("A/B/C", [1]).Add("A/D", [2]).Add("E", [3]).ToArray());

        Assert.Equal(["A", "A/B", "A/B/C", "A/D", "E"], file.Entries.Select(e => e.Path).Order(StringComparer.Ordinal));
        Assert.True(file.Find("A/B")!.IsStorage);
    }

    [Fact]
    public void ChainInACircle_Ends()
    {
        var octets = new CompoundFileWriter().Add("S", new byte[100_000]).ToArray();
        var fatAt = (BinaryPrimitives.ReadInt32LittleEndian(octets.AsSpan(0x4C)) + 1) * 512;
        BinaryPrimitives.WriteUInt32LittleEndian(octets.AsSpan(fatAt + 40), 0); // sector 10 leads back to sector 0
        var file = Open(octets);

        Assert.True(file.Read(file.Find("S")!, int.MaxValue).Length <= 100_000);
    }

    [Fact]
    public void TreeInACircle_IsWalkedOnce()
    {
        var octets = new CompoundFileWriter().Add("A/B", [1]).Add("C", [2]).ToArray();
        var directory = (BinaryPrimitives.ReadInt32LittleEndian(octets.AsSpan(0x30)) + 1) * 512;
        for (var i = 0; i < 4; i++)
        {
            BinaryPrimitives.WriteUInt32LittleEndian(octets.AsSpan(directory + (i * 128) + 0x44), 1);
            BinaryPrimitives.WriteUInt32LittleEndian(octets.AsSpan(directory + (i * 128) + 0x48), 2);
        }

        Assert.InRange(Open(octets).Entries.Count, 1, 3);
    }

    [Fact]
    public void EntryThatNoStorageLeadsTo_IsFoundNevertheless()
    {
        var octets = new CompoundFileWriter().Add("Hidden", [1, 2]).ToArray();
        var directory = (BinaryPrimitives.ReadInt32LittleEndian(octets.AsSpan(0x30)) + 1) * 512;
        BinaryPrimitives.WriteUInt32LittleEndian(octets.AsSpan(directory + 0x4C), 0xFFFFFFFF);

        var file = Open(octets);

        Assert.Equal([1, 2], file.Read(file.Find("?/Hidden")!, 10));
    }

    [Fact]
    public void LostEnd_IsCut()
    {
        var octets = new CompoundFileWriter().Add("S", new byte[100_000]).ToArray();

        Assert.Throws<InvalidDataException>(() => Open(octets[..600])); // the directory is gone
        Assert.Throws<InvalidDataException>(() => Open(octets[..100]));
        Assert.Throws<InvalidDataException>(() => Open([]));
    }

    [Fact]
    public void DeclaredLength_IsNotBelieved()
    {
        var octets = new CompoundFileWriter().Add("S", new byte[5000]).ToArray();
        var directory = (BinaryPrimitives.ReadInt32LittleEndian(octets.AsSpan(0x30)) + 1) * 512;
        BinaryPrimitives.WriteUInt32LittleEndian(octets.AsSpan(directory + 128 + 0x78), 0xFFFFFFF0);
        var file = Open(octets);

        Assert.Equal(5120, file.Read(file.Find("S")!, int.MaxValue).Length); // as far as its sectors lead
    }

    private static CompoundFile Open(byte[] octets) => CompoundFile.Open(new MemoryStream(octets));
}

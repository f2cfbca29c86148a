using Sekisho.Inspection.Formats;

namespace Sekisho.Inspection.Tests.Formats;

public class JoinedStreamTests
{
    private static JoinedStream Join(params byte[][] pieces) => new([.. pieces.Select<byte[], Func<Stream>>(p => () => new MemoryStream(p))], [.. pieces.Select(p => (long)p.Length)]);

    [Fact]
    public void Pieces_AreReadAsOne_ForwardsAndBack()
    {
        using var joined = Join([1, 2, 3], [], [4], [5, 6]);
        var octets = new byte[6];
        joined.ReadExactly(octets);
        Assert.Equal([1, 2, 3, 4, 5, 6], octets);
        Assert.Equal(-1, joined.ReadByte());

        joined.Position = 2;
        joined.ReadExactly(octets, 0, 3);

        Assert.Equal([3, 4, 5], octets[..3]);
        Assert.Equal(6, joined.Length);
    }

    [Fact]
    public void Starts_AreTold()
    {
        using var joined = Join([1, 2, 3], [4], [5, 6]);

        Assert.Equal(4, joined.StartOf(2));
        Assert.Throws<InvalidDataException>(() => joined.StartOf(3));
        Assert.Equal([3, 1, 2], joined.Volumes.Select(v => (int)v.Length));
    }
}

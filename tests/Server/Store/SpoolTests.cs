using System.Runtime.Versioning;
using Sekisho.Store;

namespace Sekisho.Server.Tests.Store;

[SupportedOSPlatform("linux")]
public sealed class SpoolTests : IDisposable
{
    private readonly string _folder = Path.Combine(Path.GetTempPath(), "sekisho-spool-" + Guid.NewGuid().ToString("N"));

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData((16 << 10) - 1)]
    [InlineData((16 << 10) + 1)]
    [InlineData(LetterKey.ChunkSize - 1)]
    [InlineData(LetterKey.ChunkSize)]
    [InlineData(LetterKey.ChunkSize + 1)]
    [InlineData(1 << 20)]
    [InlineData((1 << 20) + 1)]
    [InlineData(3 << 20)]
    public async Task Octets_ComeBackOctetForOctet(int length)
    {
        foreach (var budget in (long[])[0, 40 << 10, 200 << 10, 64 << 20])
        {
            using var spool = new Spool(_folder, budget);
            var expected = StoreHome.Octets(length);
            using (var octets = Spooled(spool, expected))
            {
                using var first = octets.OpenRead();
                using var second = octets.OpenRead();
                second.Position = length / 3;
                using var all = new MemoryStream();
                await first.CopyToAsync(all);
                Assert.Equal(expected, all.ToArray());
                Assert.Equal(length > 0 ? expected[length / 3] : -1, second.ReadByte());
                Assert.Equal(-1, first.ReadByte());
                first.Seek(-Math.Min(length, 10), SeekOrigin.End);
                Assert.Equal(Math.Min(length, 10), first.ReadAtLeast(new byte[20], 20, throwOnEndOfStream: false));
            }

            Assert.Equal(budget, spool.FreeMemory);
        }
    }

    [Fact]
    public void LargeLetters_GoToNamelessSealedFiles()
    {
        using var spool = new Spool(_folder);
        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute, File.GetUnixFileMode(_folder));
        using var octets = Spooled(spool, new byte[2 << 20]);
        Assert.NotNull(octets.File);
        Assert.Empty(Directory.EnumerateFiles(_folder));

        // The file itself, through the process's own descriptor: zeros went in, none may be seen.
        var box = new byte[LetterKey.ChunkSize + LetterKey.Overhead];
        octets.File.ReadSealed(0, box);
        Assert.Equal(-1, box.AsSpan().IndexOf(new byte[8]));
    }

    [Fact]
    public void FilesLeftByACrash_AreDeleted()
    {
        Directory.CreateDirectory(_folder);
        File.WriteAllText(Path.Combine(_folder, "left.spool"), "x");
        using var spool = new Spool(_folder);
        Assert.Empty(Directory.EnumerateFiles(_folder));
    }

    [Fact]
    public void ThreeThousandSenders_StayBounded()
    {
        using var spool = new Spool(_folder, 8 << 20);
        var writers = Enumerable.Range(0, 3000).Select(_ => spool.NewWriter()).ToList();
        var part = new byte[1500];
        for (var i = 0; i < 16; i++)
        {
            foreach (var writer in writers)
            {
                writer.Write(part);
            }
        }

        // What is over the budget is at most each connection's first small buffer.
        Assert.True(spool.FreeMemory > -(3000L * (16 << 10)), $"{-spool.FreeMemory >> 10} KiB over the budget");
        foreach (var writer in writers)
        {
            writer.Dispose();
            writer.Dispose();
        }

        Assert.Equal(8 << 20, spool.FreeMemory);
    }

    [Theory]
    [InlineData(100)]
    [InlineData(2 << 20)]
    public void DisposedLetter_StaysReadableForItsReaders_AndTwiceIsHarmless(int length)
    {
        using var spool = new Spool(_folder);
        var free = spool.FreeMemory;
        var expected = StoreHome.Octets(length);
        var octets = Spooled(spool, expected);
        var reader = octets.OpenRead();
        octets.Dispose();
        octets.Dispose();
        Assert.Throws<ObjectDisposedException>(() => octets.OpenRead());
        var actual = new byte[length];
        reader.ReadExactly(actual);
        Assert.Equal(expected, actual);
        reader.Dispose();
        reader.Dispose();
        Assert.Throws<ObjectDisposedException>(() => reader.ReadByte());
        Assert.Equal(free, spool.FreeMemory);
    }

    [Fact]
    public void CompletedWriter_IsEmpty()
    {
        using var spool = new Spool(_folder);
        using var writer = spool.NewWriter();
        writer.Write("x"u8);
        Assert.Equal(1, writer.Length);
        using var octets = writer.Complete();
        Assert.Throws<ObjectDisposedException>(() => writer.Complete());
        Assert.Throws<ObjectDisposedException>(() => writer.Write("x"u8));
    }

    public void Dispose()
    {
        if (Directory.Exists(_folder))
        {
            Directory.Delete(_folder, recursive: true);
        }
    }

    private static MessageOctets Spooled(Spool spool, ReadOnlySpan<byte> octets)
    {
        using var writer = spool.NewWriter();
        while (octets.Length > 0)
        {
            var part = Math.Min(octets.Length, 10007);
            writer.Write(octets[..part]);
            octets = octets[part..];
        }

        return writer.Complete();
    }
}

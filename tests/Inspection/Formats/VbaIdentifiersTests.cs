using System.Text;
using Sekisho.Inspection.Formats;
using Sekisho.SampleMaker;

namespace Sekisho.Inspection.Tests.Formats;

public class VbaIdentifiersTests
{
    [Theory]
    [InlineData(false, 0x103)]
    [InlineData(true, 0x106)]
    public void Names_AreCountedFromTheReservedWords(bool is64, int reserved)
    {
        var table = VbaIdentifiers.TryRead(Table(is64), Encoding.Latin1)!;

        Assert.Equal(3, table.Count);
        Assert.Equal("Hello", table.Name((ushort)((reserved + 1) * 2)));
        Assert.Equal("MsgBox", table.Name((ushort)((reserved + 2) * 2)));
        Assert.Equal("last", table.Name((ushort)((reserved + 3) * 2)));
        Assert.Null(table.Name((ushort)((reserved + 4) * 2)));
        Assert.True(table.IsOwn((ushort)((reserved + 1) * 2)));
    }

    [Fact]
    public void ReservedWords_HaveTheirSpelling_OrTheProjects()
    {
        var table = VbaIdentifiers.TryRead(Table(false), Encoding.Latin1)!;

        Assert.Equal("NAME", table.Name(0x82 * 2 + 2));
        Assert.Equal("Left", table.Name(0x6D * 2 + 2));
        Assert.Equal("Me", table.Name(VbaIdentifiers.Me));
        Assert.Null(table.Name(0));
        Assert.False(table.IsOwn(0x6D * 2 + 2));
    }

    [Fact]
    public void StreamThatOfficeDoesNotRun_HasNone()
    {
        var stream = Table(false);
        stream[2] = stream[3] = 0xFF;

        Assert.Null(VbaIdentifiers.TryRead(stream, Encoding.Latin1));
        Assert.Null(VbaIdentifiers.TryRead([0xCC, 0x61, 0xFF, 0xFF, 0, 0, 0], Encoding.Latin1));
    }

    [Fact]
    public void CutTable_IsNone()
    {
        var stream = Table(false);
        for (var length = 0; length < stream.Length - 4; length++)
        {
            Assert.Null(VbaIdentifiers.TryRead(stream.AsSpan(0, length), Encoding.Latin1));
        }
    }

    [Fact]
    public void BeginningsWithoutEnd_AreGivenUp()
    {
        // Every beginning promises 60,000 empty entries, and all of them are there but for the end.
        var stream = new byte[32 << 20];
        Array.Fill(stream, (byte)1);
        byte[] beginning = [0x80, 0, 0, 0, 0, 0, 0x03, 0x01, 0x60, 0xEA, 0x03, 0x01, 0, 0, 0, 0];
        new byte[] { 0xCC, 0x61, 0xA3, 0 }.CopyTo(stream, 0);
        for (var at = 16; at < 8 << 20; at += beginning.Length)
        {
            beginning.CopyTo(stream, at);
        }

        Assert.Null(VbaIdentifiers.TryRead(stream, Encoding.Latin1));
    }

    private static byte[] Table(bool is64)
    {
        var file = CompoundFile.Open(new MemoryStream(new VbaProjectWriter().AddCompiled("A", null, w => w.Sub("Hello").Line(w.Named(0x20, "MsgBox"), w.Named(0x20, "last")), is64).ToArray()));
        return file.Read(file.Find("VBA/_VBA_PROJECT")!, 1 << 20);
    }
}

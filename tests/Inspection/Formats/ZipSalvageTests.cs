using Sekisho.Inspection.Formats;
using Sekisho.SampleMaker;

namespace Sekisho.Inspection.Tests.Formats;

public class ZipSalvageTests
{
    [Fact]
    public void Members_AreReadUpToTheBreak()
    {
        var content = Enumerable.Range(0, 100_000).Select(n => (byte)(n * 7919 >> 8)).ToArray();
        var zip = ZipWriter.Plain(("first.dat", Samples.Program()), ("second.dat", content));
        using var cut = new MemoryStream(zip[..(zip.Length * 2 / 3)]);

        var members = ZipSalvage.Members(cut, new ReadBudget(TimeProvider.System, TimeSpan.FromSeconds(5), 1 << 30)).ToList();

        Assert.Equal(["first.dat", "second.dat"], members.Select(m => m.Name));
        Assert.Equal(Samples.Program(), Read(members[0]));
        var half = Read(members[1]);
        Assert.InRange(half.Length, 1000, content.Length - 1);
        Assert.Equal(content[..half.Length], half);
    }

    [Fact]
    public void StoredMemberWithoutLength_EndsAtItsDescriptor()
    {
        var member = RawZipWriter.Stored("a.txt", "harmless"u8.ToArray());
        byte[] zip = [.. RawZipWriter.Archive(member with { IsListed = false, Flags = 0x808 })[..^22], .. "PK\u0007\u0008"u8, .. new byte[40]];
        "\0\0\0\0"u8.CopyTo(zip.AsSpan(18));
        using var file = new MemoryStream(zip);

        Assert.Equal("harmless"u8.ToArray(), Read(Assert.Single(ZipSalvage.Members(file, new ReadBudget(TimeProvider.System, TimeSpan.FromSeconds(5), 1 << 30)))));
    }

    [Fact]
    public void Nonsense_HasNoMembers()
    {
        using var file = new MemoryStream("PK\u0003\u0004PK\u0003\u0004 and nothing that makes sense of it"u8.ToArray());

        Assert.Empty(ZipSalvage.Members(file, new ReadBudget(TimeProvider.System, TimeSpan.FromSeconds(5), 1 << 30)));
    }

    private static byte[] Read(ArchiveItem item)
    {
        using var stream = item.Open();
        using var octets = new MemoryStream();
        stream.CopyTo(octets);
        return octets.ToArray();
    }
}

using System.Formats.Tar;
using System.Text;
using Sekisho.Inspection.Formats;
using Sekisho.SampleMaker;

namespace Sekisho.Inspection.Tests.Formats;

public class TarArchiveTests
{
    [Theory]
    [InlineData(TarEntryFormat.V7)]
    [InlineData(TarEntryFormat.Ustar)]
    [InlineData(TarEntryFormat.Pax)]
    [InlineData(TarEntryFormat.Gnu)]
    public void EveryFormat_IsToldAndRead(TarEntryFormat format)
    {
        var longName = format == TarEntryFormat.V7 ? "短い.exe" : new string('d', 120) + "/請求書.exe";
        var octets = Tar(format, (longName, Samples.Program()), ("b.txt", [1, 2, 3]));

        Assert.Equal(FileKind.Tar, FileTypes.Sniff(octets));
        Assert.Equal([(longName, Samples.Program().Length), ("b.txt", 3)], Read(octets).Select(i => (i.Name, (int)i.Length)));
    }

    [Fact]
    public void OldTar_IsLookedInto()
    {
        using var message = Letters.OpenDocument("a.bin", Tar(TarEntryFormat.V7, ("a.dat", Samples.Program())));

        Assert.Empty(message.Problems);
        Assert.Contains(message.Parts, p => p.Kind == FileKind.WindowsProgram);
    }

    [Fact]
    public void TarsOneBehindTheOther_AreAllRead()
    {
        byte[] octets = [.. ArchiveWriter.Tar("a.txt", [1]), .. ArchiveWriter.Tar("b.txt", [2])];

        Assert.Equal(["a.txt", "b.txt"], Read(octets).Select(i => i.Name));
        Assert.Equal(["a.txt"], Read([.. new byte[1024], .. ArchiveWriter.Tar("a.txt", [1])]).Select(i => i.Name));
    }

    [Fact]
    public void BrokenHeader_IsToldAndPassedOver()
    {
        var octets = Tar(TarEntryFormat.Ustar, ("a.txt", [1]), ("b.txt", [2]));
        octets[150] ^= 1;
        var names = new List<string>();

        Assert.Throws<InvalidDataException>(() => names.AddRange(Read(octets).Select(i => i.Name)));
        using var message = Letters.OpenDocument("a.tar", octets);
        Assert.Contains(message.Parts, p => p.Name == "b.txt");
        Assert.Single(message.Problems);
    }

    [Fact]
    public void FileThatBreaksOff_IsTold() =>
        Assert.Throws<InvalidDataException>(() => Read(ArchiveWriter.Tar("a.bin", new byte[2000])[..1024]).ToList());

    [Fact]
    public void EndWithoutEndMark_IsNoFault() => Assert.Single(Read(ArchiveWriter.Tar("a.bin", [1])[..1024]));

    [Fact]
    public void TextIsNone() => Assert.False(TarArchive.IsHeader(Encoding.ASCII.GetBytes(new string('0', 512))));

    private static byte[] Tar(TarEntryFormat format, params (string Name, byte[] Content)[] files)
    {
        using var output = new MemoryStream();
        using (var tar = new TarWriter(output, format, leaveOpen: true))
        {
            foreach (var (name, content) in files)
            {
                TarEntry entry = format switch
                {
                    TarEntryFormat.V7 => new V7TarEntry(TarEntryType.V7RegularFile, name),
                    TarEntryFormat.Ustar => new UstarTarEntry(TarEntryType.RegularFile, name),
                    TarEntryFormat.Pax => new PaxTarEntry(TarEntryType.RegularFile, name),
                    _ => new GnuTarEntry(TarEntryType.RegularFile, name),
                };
                entry.DataStream = new MemoryStream(content);
                tar.WriteEntry(entry);
            }
        }

        return output.ToArray();
    }

    private static IEnumerable<ArchiveItem> Read(byte[] octets) =>
        TarArchive.Members(new MemoryStream(octets), new ReadBudget(TimeProvider.System, TimeSpan.FromMinutes(1), 1 << 30));
}

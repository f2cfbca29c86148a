using System.Text;
using SharpCompress.Common;
using Made = Sekisho.SampleMaker.Samples;

namespace Sekisho.SampleMaker.Catalogue;

/// <summary>Archives of every format and what attackers do to them; each holds a program, or a script where a program would not do.</summary>
internal static class Archives
{
    private static readonly byte[] Script = "var shell = new ActiveXObject(\"WScript.Shell\");\r\nvar run = function() { shell.Run(\"harmless\"); };\r\nrun();\r\n"u8.ToArray();
    private static readonly RawZipMember Paper = RawZipWriter.Stored("paper.txt", "nothing is wrong"u8.ToArray());
    private static readonly RawZipMember Hidden = RawZipWriter.Stored("run.exe", Made.Program());

    public static IReadOnlyList<Sample> Samples { get; } =
    [
        Zip("zip-stored", "ZIP, not packed", () => RawZipWriter.Archive(RawZipWriter.Stored("run.dat", Made.Program()))),
        Zip("zip-deflate", "ZIP, Deflate", () => ZipWriter.Plain(("run.dat", Made.Program()))),
        Zip("zip-shrunk", "ZIP, shrunk (method 1)", () => RawZipWriter.Archive(RawZipWriter.Old("run.dat", Script, 1))),
        Zip("zip-reduced", "ZIP, reduced (method 2)", () => RawZipWriter.Archive(RawZipWriter.Old("run.dat", Script, 2))),
        Zip("zip-reduced-most", "ZIP, reduced (method 5)", () => RawZipWriter.Archive(RawZipWriter.Old("run.dat", Script, 5))),
        Zip("zip-imploded", "ZIP, imploded (method 6)", () => RawZipWriter.Archive(RawZipWriter.Old("run.dat", Script, 6))),
        Zip("zip-deflate64", "ZIP, Deflate64", () => RawZipWriter.Archive(RawZipWriter.Old("run.dat", Script, 9))),
        Zip("zip-bzip2", "ZIP, bzip2", () => RawZipWriter.Modern("run.dat", Made.Program(), CompressionType.BZip2)),
        Zip("zip-lzma", "ZIP, LZMA", () => RawZipWriter.Modern("run.dat", Made.Program(), CompressionType.LZMA)),
        Zip("zip-zstd", "ZIP, Zstandard", () => RawZipWriter.Modern("run.dat", Made.Program(), CompressionType.ZStandard)),
        Zip("zip-ppmd", "ZIP, PPMd", () => RawZipWriter.Modern("run.dat", Made.Program(), CompressionType.PPMd)),
        Zip("zip-xz", "ZIP, xz (method 95)", () => RawZipWriter.Archive(new RawZipMember("paper.txt", 95, ArchiveWriter.Xz(), 8, ZipWriter.Crc32("hello xz"u8.ToArray())))),
        Zip("zip-unknown-method", "ZIP, packed by a method that nobody knows", () => RawZipWriter.Archive(new RawZipMember("paper.txt", 77, new byte[50], 100, 1))),
        Zip("zip-prepended", "ZIP behind other octets, as self-extracting ones are", () => [.. Encoding.ASCII.GetBytes(new string('x', 3000)), .. ZipWriter.Plain(("run.dat", Made.Program()))]),
        Zip("zip-trailing", "ZIP before other octets", () => [.. ZipWriter.Plain(("run.dat", Made.Program())), .. Encoding.ASCII.GetBytes(new string('x', 3000))]),
        Zip("zip-behind-picture", "ZIP behind a picture", () => [0xFF, 0xD8, 0xFF, 0xE0, 0, 16, .. "JFIF"u8, 0, .. new byte[200], 0xFF, 0xD9, .. ZipWriter.Plain(("run.dat", Made.Program()))]),
        Zip("zip-two-archives", "Two ZIPs behind one another; programs open one of them", () => [.. ZipWriter.Plain(("run.dat", Made.Program())), .. ZipWriter.Plain(("paper.txt", "nothing is wrong"u8.ToArray()))]),
        Zip("zip-unlisted-member", "A member that the directory does not name", () => RawZipWriter.Archive(Paper, Hidden with { IsListed = false })),
        Zip("zip-two-names", "A member with another name in its own header", () => RawZipWriter.Archive(RawZipWriter.Stored("paper.txt", "nothing is wrong"u8.ToArray()) with { LocalName = "run.exe" })),
        Zip("zip-same-name-twice", "Two members of one name", () => RawZipWriter.Archive(Paper, Hidden with { Name = "paper.txt", LocalName = "paper.txt" })),
        Zip("zip-no-directory", "ZIP without its directory", () => [.. RawZipWriter.Archive(Hidden with { IsListed = false })[..^22]]),
        Zip("zip-cut-member", "ZIP cut off within its second member", () => CutOff()),
        Zip("zip-cut-directory", "ZIP cut off within its directory, another end put behind", () => CutDirectory()),
        Zip("zip-streamed-no-directory", "ZIP without its directory, lengths not told in front", () => [.. RawZipWriter.Archive(Hidden with { IsListed = false, Flags = 0x808, Packed = Deflated(Made.Program()), Method = 8 })[..^22]]),
        Zip("zip-folder-names", "Names that lead out of the folder", () => RawZipWriter.Archive(RawZipWriter.Stored("../../Startup/run.exe", Made.Program()))),
        Zip("zip-shift-jis-name", "A name in Shift_JIS without the flag of UTF-8", () => ZipOf(Encoding.GetEncoding(932), "請求書.exe")),
        Sample.Attached("7z", "7z", "papers.7z", () => ArchiveWriter.SevenZip("run.dat", Made.Program())),
        Sample.Attached("7z-no-substreams", "7z whose header does not say how many files a packed stream holds", "papers.7z", () => PlainSevenZipWriter.WithoutSubStreams(true, ("run.dat", Made.Program()))),
        Sample.Attached("rar4", "RAR 4", "papers.rar", () => SealedArchiveWriter.Rar4("run.dat", Made.Program())),
        Sample.Attached("rar5", "RAR 5", "papers.rar", () => ArchiveWriter.Rar("run.dat", Made.Program())),
        Sample.Attached("tar", "tar", "papers.tar", () => ArchiveWriter.Tar("run.dat", Made.Program())),
        Sample.Attached("tar-gz", "tar in gzip", "papers.tgz", () => ArchiveWriter.Gzip(ArchiveWriter.Tar("run.dat", Made.Program()))),
        Sample.Attached("gz", "gzip", "paper.gz", () => ArchiveWriter.Gzip(Made.Program())),
        Sample.Attached("bz2", "bzip2", "paper.bz2", () => ArchiveWriter.Bzip2(Made.Program())),
        Sample.Attached("xz", "xz", "paper.xz", ArchiveWriter.Xz),
        Sample.Attached("zst", "Zstandard", "paper.zst", Zstd),
        Sample.Attached("cab-stored", "Cabinet, not packed", "papers.cab", () => OldArchiveWriter.Cab(0, ("run.dat", Made.Program()))),
        Sample.Attached("cab-mszip", "Cabinet, MSZIP", "papers.cab", () => OldArchiveWriter.Cab(1, ("run.dat", Made.Program()))),
        Sample.Attached("cab-lzx", "Cabinet, LZX", "papers.cab", () => OldArchiveWriter.Cab(3, ("run.dat", Made.Program()))),
        Sample.Attached("arj-stored", "ARJ, not packed", "papers.arj", () => OldArchiveWriter.Arj("run.dat", Made.Program())),
        Sample.Attached("arj", "ARJ, packed", "papers.arj", () => OldArchiveWriter.Arj("run.dat", Made.Program(), 1)),
        Sample.Attached("lzh-level-0", "LZH, -lh0-, header of level 0, a Japanese name", "papers.lzh", () => OldArchiveWriter.Lzh("請求書表.dat", Made.Program())),
        Sample.Attached("lzh-level-1", "LZH, -lh5-, header of level 1 with a folder", "papers.lzh", () => OldArchiveWriter.Lzh("run.dat", Made.Program(), 1, "-lh5-")),
        Sample.Attached("lzh-level-2", "LZH, -lh7-, header of level 2", "papers.lzh", () => OldArchiveWriter.Lzh("run.dat", Made.Program(), 2, "-lh7-")),
        new Sample("split-by-letters", "A ZIP cut in three, numbered by letters", () =>
        {
            var zip = ZipWriter.Plain(("run.dat", Made.Program()));
            var third = zip.Length / 3;
            return LetterWriter.WithAttachments("資料送付", "資料をお送りします。", ("papers.zip.aa", zip[..third]), ("papers.zip.ab", zip[third..(2 * third)]), ("papers.zip.ac", zip[(2 * third)..]));
        }),
        new Sample("split-arj", "An ARJ archive in volumes", () => LetterWriter.WithAttachments("資料送付", "資料をお送りします。", VolumeWriter.Arj("papers", "run.dat", Made.Program(), (Made.Program().Length / 2) + 1))),
        new Sample("split-self-unpacking", "A RAR archive in volumes whose first one is a program", () => LetterWriter.WithAttachments("資料送付", "資料をお送りします。", VolumeWriter.SelfUnpacking("papers", "run.dat", Made.Program(), (Made.Program().Length / 2) + 1))),
        Sample.Attached("ace", "ACE: recognised, reported as not looked into", "papers.dat", () => [.. new byte[7], .. "**ACE**"u8, .. new byte[50]]),
        Sample.Attached("ace-by-name", "ACE by its name alone", "papers.ace", () => [1, 2, 3, 4]),
        Zip("nested-eight", "Eight archives in one another, of several formats, with a program", () => Nested(8)),
        Zip("nested-two-hundred", "Two hundred archives in one another", () => Nested(200)),
        Zip("nested-many", "Eight archives in each of eight, three floors deep, of zeros", Floors),
        Sample.Attached("quine-like", "gzip in gzip in gzip, a hundred times", "paper.gz", () => Enumerable.Range(0, 100).Aggregate("quine"u8.ToArray(), (file, _) => ArchiveWriter.Gzip(file))),
        Sample.Attached("quine-gz", "gzip that unpacks to itself", "paper.gz", QuineWriter.Gzip),
        Zip("quine-zip", "ZIP whose one member is the archive itself", QuineWriter.Zip),
        Zip("cut-off", "An archive that breaks off", () => ZipWriter.Plain(("run.dat", Made.Program()))[..60]),
        Zip("honest", "An archive of papers; nothing is wrong", () => ZipWriter.Plain(("資料/議事録.txt", "議事録"u8.ToArray()), ("資料/一覧.xlsx", OoxmlWriter.Workbook()))),
    ];

    private static Sample Zip(string name, string shows, Func<byte[]> content) => Sample.Attached(name, shows, "papers.zip", content);

    private static byte[] Deflated(byte[] content)
    {
        using var output = new MemoryStream();
        using (var deflate = new System.IO.Compression.DeflateStream(output, System.IO.Compression.CompressionLevel.Optimal, leaveOpen: true))
        {
            deflate.Write(content);
        }

        return output.ToArray();
    }

    /// <summary>A program, then a long text of which half is there.</summary>
    private static byte[] CutOff()
    {
        var text = Encoding.ASCII.GetBytes(string.Concat(Enumerable.Range(0, 20_000).Select(n => $"{n * 7919 % 10007} ")));
        var zip = ZipWriter.Plain(("run.dat", Made.Program()), ("paper.txt", text));
        return zip[..(zip.Length * 2 / 3)];
    }

    /// <summary>Two members, the directory's second entry broken.</summary>
    private static byte[] CutDirectory()
    {
        var zip = RawZipWriter.Archive(Paper, Hidden);
        zip.AsSpan(zip.AsSpan().LastIndexOf("PK\u0001\u0002"u8), 4).Clear();
        return zip;
    }

    private static byte[] Zstd()
    {
        using var output = new MemoryStream();
        using (var zstd = new SharpCompress.Compressors.ZStandard.CompressionStream(output, 3, 0, leaveOpen: true))
        {
            zstd.Write(Made.Program());
        }

        return output.ToArray();
    }

    private static byte[] ZipOf(Encoding names, string name)
    {
        // A name of as many octets is put in the place of another one.
        var octets = names.GetBytes(name);
        var stand = new string('a', octets.Length);
        var zip = RawZipWriter.Archive(RawZipWriter.Stored(stand, Made.Program()) with { Flags = 0 });
        for (int at; (at = zip.AsSpan().IndexOf(Encoding.ASCII.GetBytes(stand))) >= 0;)
        {
            octets.CopyTo(zip, at);
        }

        return zip;
    }

    private static byte[] Nested(int depth)
    {
        var file = Made.Program();
        for (var i = 0; i < depth; i++)
        {
            file = ((depth - i) % 4) switch
            {
                1 => ZipWriter.Plain(($"{i}.dat", file)),
                2 => ArchiveWriter.Gzip(file),
                3 => ArchiveWriter.Tar($"{i}.dat", file),
                _ => ArchiveWriter.SevenZip($"{i}.dat", file),
            };
        }

        return file;
    }

    private static byte[] Floors()
    {
        var file = ZipWriter.Plain(("zeros.dat", new byte[8 << 20]));
        for (var floor = 0; floor < 3; floor++)
        {
            file = ZipWriter.Plain([.. Enumerable.Range(0, 8).Select(i => ($"{i}.zip", file))]);
        }

        return file;
    }
}

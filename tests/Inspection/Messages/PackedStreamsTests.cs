using System.Text;
using Sekisho.Inspection.Formats;
using Sekisho.Inspection.Messages;
using Sekisho.SampleMaker;

namespace Sekisho.Inspection.Tests.Messages;

/// <summary>gzip, bzip2, xz, zstd and disc images that are more, or less, than one whole file.</summary>
public class PackedStreamsTests
{
    private static readonly byte[] Zstd = Zstandard("hello zstd"u8);

    [Fact]
    public void SecondStreams_AreRead()
    {
        Assert.Equal("onetwo", Content("a.bz2", [.. ArchiveWriter.Bzip2("one"u8.ToArray()), .. ArchiveWriter.Bzip2("two"u8.ToArray())]));
        Assert.Equal("onetwo", Content("a.gz", [.. ArchiveWriter.Gzip("one"u8.ToArray()), .. ArchiveWriter.Gzip("two"u8.ToArray())]));
        Assert.Equal("hello xzhello xz", Content("a.xz", [.. ArchiveWriter.Xz(), .. ArchiveWriter.Xz()]));
        Assert.Equal("hello xzhello xz", Content("a.xz", [.. ArchiveWriter.Xz(), .. new byte[8000], .. ArchiveWriter.Xz(), 0, 0, 0, 0]));
        Assert.Equal("hello zstdhello zstd", Content("a.zst", [.. Zstd, .. Zstd]));
    }

    [Fact]
    public void WhatFollowsTheLastStream_HarmsNothing()
    {
        Assert.Equal("one", Content("a.bz2", [.. ArchiveWriter.Bzip2("one"u8.ToArray()), .. "rubbish"u8]));
        Assert.Equal("hello xz", Content("a.xz", [.. ArchiveWriter.Xz(), .. "rubbish"u8]));
    }

    [Fact]
    public void SkippableFrames_ArePassedOver()
    {
        byte[] skipped = [0x5A, 0x2A, 0x4D, 0x18, 3, 0, 0, 0, 1, 2, 3];

        Assert.Equal(FileKind.Zstd, FileTypes.Sniff([.. skipped, .. Zstd]));
        Assert.Equal("hello zstd", Content("a.bin", [.. skipped, .. Zstd]));
        Assert.Equal("hello zstd", Content("a.zst", [.. Zstd, .. skipped]));
    }

    [Fact]
    public void FrameThatBreaksOff_IsTold() => AssertBroken("a.zst", Zstd[..^3]);

    [Fact]
    public void DiscsThatBreakOff_AreTold()
    {
        foreach (var image in new[] { DiskImageWriter.Iso("a.txt", new byte[9000]), DiskImageWriter.Udf("a.txt", new byte[9000]) })
        {
            using var whole = Letters.OpenDocument("a.iso", image);
            Assert.Empty(whole.Problems);
            AssertBroken("a.iso", image[..^4096]);
        }
    }

    [Fact]
    public void GzipsOwnName_IsTheMembers()
    {
        var packed = ArchiveWriter.Gzip("rem"u8.ToArray());
        byte[] named = [.. packed[..3], 8, .. packed[4..10], .. Encoding.UTF8.GetBytes("請求書.bat"), 0, .. packed[10..]];

        using var message = Letters.OpenDocument("a.txt.gz", named);

        var member = message.Parts[1];
        Assert.Equal(["請求書.bat", "a.txt"], member.Names);
        Assert.Equal("rem", member.Text);
    }

    private static void AssertBroken(string name, byte[] octets)
    {
        using var message = Letters.OpenDocument(name, octets);
        Assert.Contains(message.Problems, p => p.Reason == ReadProblemReason.Broken);
    }

    private static string Content(string name, byte[] octets)
    {
        using var message = Letters.OpenDocument(name, octets);
        Assert.Empty(message.Problems);
        return message.Parts[1].Text;
    }

    /// <summary>One frame of one raw block (RFC 8878 section 3.1.1).</summary>
    private static byte[] Zstandard(ReadOnlySpan<byte> content) =>
        [0x28, 0xB5, 0x2F, 0xFD, 0x20, (byte)content.Length, (byte)((content.Length << 3) | 1), 0, 0, .. content];
}

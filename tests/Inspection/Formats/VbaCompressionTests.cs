using System.Text;
using Sekisho.Inspection.Formats;
using Sekisho.SampleMaker;

namespace Sekisho.Inspection.Tests.Formats;

public class VbaCompressionTests
{
    /// <summary>The three worked examples of MS-OVBA section 3.2.</summary>
    [Theory]
    [InlineData("0119B000616263646566676800696A6B6C6D6E6F70007172737475762E", "abcdefghijklmnopqrstuv.")]
    [InlineData("012FB000236161616263646582660070616768696A013808616B6C00306D6E6F70067102700410727374757610" + "7778797A003C", "#aaabcdefaaaaghijaaaaaklaaamnopqaaaaaaaaaaaarstuvwxyzaaa")]
    [InlineData("0103B002614500", "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa")]
    public void ExamplesOfTheSpecification_ComeOut(string packed, string plain)
    {
        var output = VbaCompression.Decompress(Convert.FromHexString(packed), 1 << 20, out var damaged);

        Assert.Equal(plain, Encoding.ASCII.GetString(output));
        Assert.False(damaged);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(4095)]
    [InlineData(4096)]
    [InlineData(4097)]
    [InlineData(20_000)]
    public void WhatTheWriterPacks_ComesBack(int length)
    {
        var plain = Encoding.ASCII.GetBytes(string.Concat(Enumerable.Range(0, length).Select(i => (char)('a' + (i * i % 23))))[..length]);

        var output = VbaCompression.Decompress(VbaProjectWriter.Compress(plain), 1 << 20, out var damaged);

        Assert.Equal(plain, output);
        Assert.False(damaged);
    }

    [Fact]
    public void NoContainer_IsInvalid()
    {
        Assert.Throws<InvalidDataException>(() => VbaCompression.Decompress([], 100, out _));
        Assert.Throws<InvalidDataException>(() => VbaCompression.Decompress([2, 0, 0xB0, 0], 100, out _));
        Assert.Throws<InvalidDataException>(() => VbaCompression.Decompress([1, 0, 0, 0], 100, out _));
    }

    [Fact]
    public void CopyFromBeforeTheChunk_IsDamage()
    {
        // flag 1: the first token copies, where nothing is yet.
        VbaCompression.Decompress([1, 0x02, 0xB0, 0x01, 0x00, 0x00], 100, out var damaged);

        Assert.True(damaged);
    }

    [Fact]
    public void Output_IsBounded()
    {
        var packed = VbaProjectWriter.Compress(new byte[1 << 20]);

        Assert.InRange(VbaCompression.Decompress(packed, 10_000, out _).Length, 10_000, 10_000 + 4096);
    }
}

using Sekisho.Inspection.Formats;
using Sekisho.SampleMaker;

namespace Sekisho.Inspection.Tests.Formats;

public class QuantumDecoderTests
{
    [Fact]
    public void Quantum_IsOpened()
    {
        // Several blocks, and models that are sorted anew more than once.
        byte[] content = [.. OldArchiveTests.Document(), .. Enumerable.Range(0, 60_000).Select(i => (byte)((i * 7919) >> 3)), .. new byte[5000]];
        using var message = Letters.OpenDocument("a.cab", QuantumWriter.Cab("A.DOC", content));

        Assert.Empty(message.Problems);
        Assert.Equal(content, message.Parts[1].ReadUpTo(1 << 20));
    }

    [Fact]
    public void BrokenBlock_IsTold() => Assert.Throws<InvalidDataException>(() => new QuantumDecoder(16).Frame([0x55, 0xAA, 1], 32768));

    [Theory]
    [InlineData(9)]
    [InlineData(22)]
    public void UnknownWindow_IsTold(int bits) => Assert.Throws<InvalidDataException>(() => new QuantumDecoder(bits));
}

using Sekisho.Inspection.Formats;

namespace Sekisho.Inspection.Tests.Formats;

public class VbaPCodeTests
{
    private readonly List<VbaInstruction> into = [];

    [Fact]
    public void Line_ComesApart()
    {
        // MsgBox "abc"
        byte[] line = [0xB6, 0, 3, 0, (byte)'a', (byte)'b', (byte)'c', 0, 0x41, 0x40, 0x20, 2, 1, 0];

        Assert.True(VbaPCode.Split(line, false, into));

        Assert.Equal([new VbaInstruction(0xB6, 0, 2, 0, 4, 3), new VbaInstruction(0x41, 0x10, 10, 2, 0, 0)], into);
    }

    [Fact]
    public void NumbersOf64Bit_AreThoseOf32Bit()
    {
        Assert.True(VbaPCode.Split([0xB9, 0, 0, 0, 0xB2, 0, 0xAF, 0, 1, 0, 0xAC, 0, 1, 0], true, into));

        Assert.Equal([0xB6, 0xB0, 0xAE, 0xAC], into.Select(i => (int)i.Code));
    }

    [Fact]
    public void UnknownInstruction_CostsNoMoreThanItself()
    {
        // Something unknown with one operand between two texts.
        byte[] line = [0xB6, 0, 1, 0, (byte)'a', 0, 0x0A, 1, 0xFF, 0xFF, 0xB6, 0, 1, 0, (byte)'b', 0];

        Assert.False(VbaPCode.Split(line, false, into));

        Assert.Equal([0xB6, VbaPCode.Unknown, VbaPCode.Unknown, 0xB6], into.Select(i => (int)i.Code));
        Assert.Equal(14, into[^1].Text);
    }

    [Fact]
    public void TextThatIsLongerThanTheLine_IsNoText()
    {
        Assert.False(VbaPCode.Split([0xB6, 0, 0xFF, 0xFF, 1], false, into));
        Assert.DoesNotContain(into, i => i.Text > 0);
    }

    [Fact]
    public void LongLineOfNonsense_EndsSoon()
    {
        var line = new byte[65_535];
        Array.Fill(line, (byte)0x0A);
        line[^2] = 0xFF;

        Assert.False(VbaPCode.Split(line, false, into));
        Assert.InRange(into.Count, 1, 32_768);
    }
}

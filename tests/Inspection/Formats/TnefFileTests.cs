using System.Text;
using Sekisho.Inspection.Formats;

namespace Sekisho.Inspection.Tests.Formats;

public class TnefFileTests
{
    [Fact]
    public void Attachments_AreTakenOut()
    {
        var tnef = Tnef(Attribute(0x00069002, new byte[14]), Attribute(0x00018010, "a.exe\0"u8), Attribute(0x0006800F, "MZ"u8),
            Attribute(0x00069002, new byte[14]), Attribute(0x00018010, "SHORT~1.DOC\0"u8), Attribute(0x0006800F, [1, 2, 3]),
            Attribute(0x00069005, [1, 0, 0, 0, 0x1F, 0, 0x07, 0x37, 1, 0, 0, 0, 10, 0, 0, 0, .. Encoding.Unicode.GetBytes("請求.x"), 0, 0, 0, 0]));

        var found = TnefFile.Find(tnef, out var broken);

        Assert.False(broken);
        Assert.Equal(["a.exe", "請求.x"], found.Select(f => f.Name));
        Assert.Equal([1, 2, 3], found[1].Content);
    }

    [Fact]
    public void LostEnd_IsToldAndWhatCameBeforeIsGiven()
    {
        var tnef = Tnef(Attribute(0x00069002, new byte[14]), Attribute(0x0006800F, new byte[1000]));

        Assert.Equal(900, Assert.Single(TnefFile.Find(tnef[..^102], out var broken)).Content.Length);
        Assert.True(broken);
    }

    [Fact]
    public void PropertiesThatAreDeclaredForEver_End() =>
        TnefFile.Find(Tnef(Attribute(0x00069005, [0xFF, 0xFF, 0xFF, 0xFF, 0x01, 0x10, 0, 0, 0xFF, 0xFF, 0xFF, 0xFF])), out _);

    [Fact]
    public void OtherThings_AreInvalid() => Assert.Throws<InvalidDataException>(() => TnefFile.Find("nothing of the kind"u8, out _));

    private static byte[] Tnef(params byte[][] attributes) => [0x78, 0x9F, 0x3E, 0x22, 1, 0, .. attributes.SelectMany(a => a)];

    private static byte[] Attribute(uint id, ReadOnlySpan<byte> data) => [2, .. BitConverter.GetBytes(id), .. BitConverter.GetBytes(data.Length), .. data, 0, 0];
}

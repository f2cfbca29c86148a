using Sekisho.Inspection.Formats;
using Sekisho.SampleMaker;

namespace Sekisho.Inspection.Tests.Formats;

public class VbaDisassemblerTests
{
    [Fact]
    public void Expressions_KeepTheirOrder() =>
        Assert.Equal("x = Chr(\"a\" & b.c(1), -2) Mod (3)", One(w => [w.Text("a"), VbaCacheWriter.Number(1), w.Named(0x20, "b"), w.Named(0x25, "c", 1), w.Op(0x11), VbaCacheWriter.Number(2), w.Op(0x16), w.Named(0x24, "Chr", 2), VbaCacheWriter.Number(3), w.Op(0x1D), w.Op(0x0D), w.Named(0x27, "x")]));

    [Fact]
    public void IfOnOneLine() =>
        Assert.Equal("If a = True Then Exit Sub", One(w => [w.Named(0x20, "a"), w.Op(0xB7, 1), w.Op(0x05), w.Op(0x9B), w.Op(0x47), w.Op(0x7C), w.Op(0x6A)]));

    [Fact]
    public void SetOfNewObject() => Assert.Equal("Set o = New Collection", One(w => [w.Op(0xED), w.New("Collection"), w.Named(0x2E, "o")]));

    [Fact]
    public void SetOfNewObject_In64Bit() => Assert.Equal("Set o = New Second New First", One(w => [w.New("First"), w.Op(0xED), w.New("Second"), w.Named(0x2E, "o")], true));

    [Fact]
    public void MemberCallsAndComment() =>
        Assert.Equal("Me.Add \"k\" 'why", One(w => [w.Text("k"), w.Named(0x20, "Me"), w.Op(0x42, 0x10, w.Id("Add"), 1), w.Op(0xE0, 0, 12), BitConverter.GetBytes((ushort)3), "why\0"u8.ToArray()]));

    [Fact]
    public void Loops() => Assert.Equal("For i = 1 To 9 Step 2", One(w => [w.Op(0xFF), w.Named(0x20, "i"), w.Op(0xFE), VbaCacheWriter.Number(1), VbaCacheWriter.Number(9), VbaCacheWriter.Number(2), w.Op(0x95)]));

    [Fact]
    public void UnknownInstruction_LosesNoNameAndNoText()
    {
        var line = One(w => [w.Text("before"), w.Op(0x10A, 0, w.Id("Hidden")), w.Text("after")]);

        Assert.Contains("\"before\"", line, StringComparison.Ordinal);
        Assert.Contains("?Hidden", line, StringComparison.Ordinal);
        Assert.Contains("\"after\"", line, StringComparison.Ordinal);
    }

    [Fact]
    public void StackThatIsEmpty_GivesQuestionMarks() => Assert.Equal("? And ?", One(w => [w.Op(0x04)]));

    [Fact]
    public void SumOfAThousandTexts_IsKeptWhole()
    {
        var line = One(w => [w.Text("t0"), .. Enumerable.Range(1, 4000).SelectMany(i => new[] { w.Text($"t{i}"), w.Op(0x11) }), w.Named(0x27, "x")]);

        Assert.Equal("x = " + string.Join(" & ", Enumerable.Range(0, 4001).Select(i => $"\"t{i}\"")), line);
    }

    [Fact]
    public void TextThatGrowsWithoutEnd_IsCut()
    {
        var name = new string('n', 255);
        var project = new VbaProjectWriter();
        for (var module = 0; module < 8; module++)
        {
            project.AddCompiled($"M{module}", null, w =>
            {
                for (var i = 0; i < 4; i++)
                {
                    w.Line([.. Enumerable.Range(0, 6000).SelectMany(_ => new[] { w.Named(0x20, name), w.Op(0x1D), w.Op(0x04) })]);
                }
            });
        }

        var modules = Assert.Single(VbaProject.Find(CompoundFile.Open(new MemoryStream(project.ToArray())))).Modules;

        Assert.Equal(8, modules.Count);
        Assert.InRange(modules.Sum(m => m.Code.Length), 1 << 20, 20 << 20);
    }

    private static string One(Func<VbaCacheWriter, byte[][]> line, bool is64 = false) => Module(w => w.Line(line(w)), is64).PCode!.Trim();

    private static VbaModule Module(Action<VbaCacheWriter> compile, bool is64 = false) =>
        Assert.Single(Assert.Single(VbaProject.Find(CompoundFile.Open(new MemoryStream(new VbaProjectWriter().AddCompiled("Module1", null, compile, is64).ToArray())))).Modules);
}

using System.Text;
using Sekisho.Inspection.Formats;
using Sekisho.SampleMaker;

namespace Sekisho.Inspection.Tests.Formats;

public class VbaCacheTests
{
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void CompiledLines_AreWrittenOutAsVba(bool is64)
    {
        var module = Module("", is64, w => w
            .Declare("Fetch", "urlmon", "FetchA", "caller", "url")
            .Blank()
            .Sub("AutoOpen")
            .Line(w.Text("say \"hi\""), w.Op(0x41, 0x10, w.Id("MsgBox"), 1))
            .EndSub());

        Assert.Equal("    Private Declare Function Fetch Lib \"urlmon\" Alias \"FetchA\"(caller, url)\r\n\r\n    Sub AutoOpen()\r\n    MsgBox \"say \"\"hi\"\"\"\r\n    End Sub\r\n", module.PCode);
        Assert.Equal(5, module.Cache!.LineCount);
        Assert.Equal(is64, module.Cache.Is64);
    }

    [Fact]
    public void TextsAndNames_AreInTheProjectsCodePage()
    {
        var project = new VbaProjectWriter(932).AddCompiled("標準", null, w => w.Sub("開く").Line(w.Text("請求書"), w.Op(0x41, 0x10, w.Id("表示"), 1)).EndSub()).ToArray();

        var module = Assert.Single(Assert.Single(VbaProject.Find(CompoundFile.Open(new MemoryStream(project)))).Modules);

        Assert.Contains("Sub 開く()", module.PCode, StringComparison.Ordinal);
        Assert.Contains("表示 \"請求書\"", module.PCode, StringComparison.Ordinal);
    }

    [Fact]
    public void ModuleWithoutCompiledForm_HasNone()
    {
        var module = Assert.Single(Assert.Single(VbaProject.Find(CompoundFile.Open(new MemoryStream(Samples.VbaProject(Samples.AutoOpenSource))))).Modules);

        Assert.Null(module.PCode);
        Assert.Null(module.Stomping);
        Assert.Same(module.Source, module.Code);
    }

    [Fact]
    public void SpoiltHead_DoesNotHideTheLines()
    {
        var stream = Stream(out var identifiers);
        stream.AsSpan(25, 4).Fill(0xFF);

        Assert.Contains("\"harmless\"", VbaCache.TryRead(stream, stream.Length, identifiers, Encoding.Latin1, new VbaTextBudget())!.Text, StringComparison.Ordinal);
    }

    [Fact]
    public void LinesOfOffice97_AreNotRead()
    {
        var stream = Stream(out var identifiers);
        stream.AsSpan(5, 4).Clear();
        new byte[] { 0xB6, 0, 0xFF, 0xFF }.CopyTo(stream, 5);

        Assert.Null(VbaCache.TryRead(stream, stream.Length, identifiers, Encoding.Latin1, new VbaTextBudget()));
    }

    [Fact]
    public void EveryCut_AndEverySpoiltOctet_IsReadWithoutAComplaint()
    {
        var stream = Stream(out var identifiers);
        for (var at = 0; at < stream.Length; at++)
        {
            _ = VbaCache.TryRead(stream[..at], at, identifiers, Encoding.Latin1, new VbaTextBudget())?.Text;
            var spoilt = stream.ToArray();
            spoilt[at] ^= 0xFF;
            var cache = VbaCache.TryRead(spoilt, spoilt.Length, identifiers, Encoding.Latin1, new VbaTextBudget());
            if (cache is not null)
            {
                _ = (cache.Text, VbaStomping.Find(cache, Samples.QuietSource));
            }
        }
    }

    [Fact]
    public void LinesThatAllPointAtOnePlace_AreNotReadAgainAndAgain()
    {
        var stream = Stream(out var identifiers, w =>
        {
            for (var i = 0; i < 60_000; i++)
            {
                w.Line(w.Op(0x6F));
            }
        });
        // Every line is as long as all of the code.
        var table = stream.AsSpan().LastIndexOf((ReadOnlySpan<byte>)[0xFE, 0xCA, 1, 0]) + 6;
        for (var i = 0; i < 60_000; i++)
        {
            BitConverter.GetBytes((ushort)60_000).CopyTo(stream, table + (i * 12) + 4);
            BitConverter.GetBytes(0).CopyTo(stream, table + (i * 12) + 8);
        }

        var cache = VbaCache.TryRead(stream, stream.Length, identifiers, Encoding.Latin1, new VbaTextBudget())!;

        Assert.Equal(60_000, cache.LineCount);
        Assert.InRange(cache.Text.Length, 1, 8 << 20);
        Assert.InRange(cache.Text.Split("\r\n").Length, 1, 20);
    }

    private static VbaModule Module(string? source, bool is64, Action<VbaCacheWriter> compile) =>
        Assert.Single(Assert.Single(VbaProject.Find(CompoundFile.Open(new MemoryStream(new VbaProjectWriter().AddCompiled("Module1", source, compile, is64).ToArray())))).Modules);

    /// <summary>A module's stream without source.</summary>
    private static byte[] Stream(out VbaIdentifiers identifiers, Action<VbaCacheWriter>? compile = null)
    {
        var file = CompoundFile.Open(new MemoryStream(new VbaProjectWriter().AddCompiled("Module1", null, compile ?? (w => w.Sub("Hello", "who").Line(w.Text("harmless"), w.Op(0x41, 0x10, w.Id("MsgBox"), 1)).EndSub())).ToArray()));
        identifiers = VbaIdentifiers.TryRead(file.Read(file.Find("VBA/_VBA_PROJECT")!, 1 << 20), Encoding.Latin1)!;
        return file.Read(file.Find("VBA/Module1")!, 1 << 22);
    }
}

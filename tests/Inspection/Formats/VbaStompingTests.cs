using Sekisho.Inspection.Formats;
using Sekisho.SampleMaker;

namespace Sekisho.Inspection.Tests.Formats;

public class VbaStompingTests
{
    [Theory]
    [InlineData("Sub AutoOpen()\r\n    MsgBox \"harmless\"\r\nEnd Sub\r\n")]
    [InlineData("' a comment\r\nsub autoopen\r\n    msgbox _\r\n\"harmless\" 'another\r\nEnd Sub\r\n\r\n")]
    public void SourceThatSaysTheSame_IsNone(string source) => Assert.Null(Stomping(source));

    [Fact]
    public void OtherSource_IsNamed() => Assert.Equal("compiled, but not in the source: Sub AutoOpen, \"harmless\"", Stomping("Sub Hello()\r\n    MsgBox \"hello\"\r\nEnd Sub\r\n"));

    [Fact]
    public void WordsInAComment_AreNoSource() => Assert.Contains("\"harmless\"", Stomping("Sub AutoOpen()\r\n    MsgBox \"other\" ' MsgBox \"harmless\"\r\nEnd Sub\r\n"), StringComparison.Ordinal);

    [Fact]
    public void NameThatDoesNotStart_IsNoProcedure() => Assert.Equal("compiled, but not in the source: Sub AutoOpen", Stomping("Sub Hello()\r\n    AutoOpen = MsgBox(\"harmless\")\r\nEnd Sub\r\n"));

    [Theory]
    [InlineData("")]
    [InlineData("Attribute VB_Base = \"x\"\r\nOption Explicit\r\n' gone\r\n\r\n")]
    [InlineData(null)]
    public void SourceThatIsGone_IsFound(string? source) => Assert.StartsWith("no source, 3 compiled lines", Stomping(source), StringComparison.Ordinal);

    [Fact]
    public void QuotationMarksInTexts_AreNoDifference() =>
        Assert.Null(Module("Sub A()\r\n    Run \"say \"\"hi\"\" now\"\r\nEnd Sub", w => w.Sub("A").Line(w.Text("say \"hi\" now"), w.Op(0x41, 0x10, w.Id("Run"), 1)).EndSub()).Stomping);

    [Fact]
    public void EmptyModule_IsNone() => Assert.Null(Module("Option Explicit\r\n", w => w.Line(w.Op(0xCD, 4)).Blank()).Stomping);

    [Fact]
    public void CompiledFormThatIsGone_IsNone() => Assert.Null(Module(Samples.AutoOpenSource, w => w.Blank()).Stomping);

    [Fact]
    public void CompiledFormThatTheDirectoryDoesNotList_IsFound()
    {
        var file = new CompoundFileWriter();
        var writer = new VbaProjectWriter().AddCompiled("Listed", null, w => w.Sub("AutoOpen").EndSub());
        var octets = CompoundFile.Open(new MemoryStream(writer.ToArray()));
        file.Add("VBA/Other", octets.Read(octets.Find("VBA/Listed")!, 1 << 20));
        writer.AddTo(file, "");

        var other = Assert.Single(VbaProject.Find(CompoundFile.Open(new MemoryStream(file.ToArray()))), p => p.Storage == "VBA").Modules.Single(m => m.Name == "Other");

        Assert.Equal(VbaHiding.NotInDirectory, other.Hiding);
        Assert.StartsWith("no source, 2 compiled lines", other.Stomping, StringComparison.Ordinal);
        Assert.Equal(other.PCode, other.Code);
    }

    private static string? Stomping(string? source) => Module(source, w => w.Sub("AutoOpen").Line(w.Text("harmless"), w.Op(0x41, 0x10, w.Id("MsgBox"), 1)).EndSub()).Stomping;

    private static VbaModule Module(string? source, Action<VbaCacheWriter> compile) =>
        Assert.Single(Assert.Single(VbaProject.Find(CompoundFile.Open(new MemoryStream(new VbaProjectWriter().AddCompiled("Module1", source, compile).ToArray())))).Modules);
}

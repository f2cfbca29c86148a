using System.Text;
using Sekisho.Inspection.Detection.Lures;
using Sekisho.SampleMaker;

namespace Sekisho.Inspection.Tests.Detection.Lures;

public class LureEnableMacrosTests
{
    private const string RedDawn = "THIS DOCUMENT IS PROTECTED. Previewing is not available for protected documents. You have to press ENABLE EDITING and ENABLE CONTENT buttons.";

    public static TheoryData<byte[]> Encodings => [Encoding.ASCII.GetBytes(RedDawn), Encoding.Unicode.GetBytes(RedDawn)];

    [Theory, MemberData(nameof(Encodings))]
    public void RedDawn_IsFound_HoweverWordKeepsItsText(byte[] text)
    {
        var codes = Letters.Codes(new LureEnableMacros(), "a.doc", Document(text, Samples.AutoOpenSource));
        Assert.Equal(["LURE_DOCUMENT", "LURE_ENABLE_MACROS"], codes);
    }

    [Fact]
    public void Packages_AreReadToo()
    {
        var sample = new Sekisho.SampleMaker.Waves.MacroSample([new("ThisDocument", "", [Samples.AutoOpenSource])], []) { Shown = RedDawn };
        Assert.Equal(["LURE_DOCUMENT", "LURE_ENABLE_MACROS"], Letters.Codes(new LureEnableMacros(), "a.docm", sample.Write(Sekisho.SampleMaker.Waves.MacroHost.Docm)));
        Assert.Equal(["LURE_DOCUMENT", "LURE_ENABLE_MACROS"], Letters.Codes(new LureEnableMacros(), "a.xlsm", sample.Write(Sekisho.SampleMaker.Waves.MacroHost.Xlsm)));
    }

    [Fact]
    public void HonestMacroWorkbook_OnlyAsks() =>
        Assert.Equal(["LURE_ENABLE_MACROS"], Letters.Codes(new LureEnableMacros(), "shift.doc", Document(Encoding.Unicode.GetBytes("勤務表です。マクロを有効にしてお使いください。"), Samples.QuietSource)));

    [Fact]
    public void WithoutAProgram_NothingIsAsked() => Assert.Empty(Letters.Codes(new LureEnableMacros(), "a.doc", Document(Encoding.ASCII.GetBytes(RedDawn), null)));

    [Fact]
    public void TheLetterMayAsk()
    {
        using var message = Letters.Open(LetterWriter.WithAttachments("x", "開いたら「コンテンツの有効化」を押してください。", ("a.doc", Samples.OldDocument(Samples.AutoOpenSource))));
        Assert.Equal("text", Assert.Single(Letters.Ask(new LureEnableMacros(), message)).Place);
    }

    private static byte[] Document(byte[] text, string? source)
    {
        var stream = new byte[6000];
        text.CopyTo(stream, 1536);
        var file = new CompoundFileWriter().Add("WordDocument", stream).Add("1Table", new byte[100]);
        if (source is not null)
        {
            new VbaProjectWriter().Add("ThisDocument", source).AddTo(file, "Macros");
        }

        return file.ToArray();
    }
}

using System.Text;
using Sekisho.Inspection.Formats;
using Sekisho.SampleMaker;

namespace Sekisho.Inspection.Tests.Formats;

public class ScriptEncodingTests
{
    [Fact]
    public void KnownScript_IsDecoded()
    {
        var plain = Encoding.ASCII.GetString(ScriptEncoding.Decode(Encoding.ASCII.GetBytes(OddLetters.EncodedScript)));

        Assert.Contains("my_msg = \"Testing <1><2><3>!\";\r\n\r\n", plain, StringComparison.Ordinal);
        Assert.Contains("Script.Echo(my_msg)", plain, StringComparison.Ordinal);
    }

    [Fact]
    public void DecodedScript_StandsInTheTree()
    {
        using var message = Letters.OpenDocument("a.jse", Encoding.ASCII.GetBytes(OddLetters.EncodedScript));
        using var wide = Letters.OpenDocument("a.jse", [0xFF, 0xFE, .. Encoding.Unicode.GetBytes(OddLetters.EncodedScript)]);

        Assert.Equal(["a.jse", "a.jse/decoded script"], message.Parts.Select(p => p.Path));
        Assert.Equal(FileKind.EncodedScript, wide.Parts[0].Kind);
        Assert.Equal(message.Parts[1].Length, wide.Parts[1].Length);
    }

    [Theory]
    [InlineData("")]
    [InlineData("#@~^")]
    [InlineData("#@~^AAAAAA==")]
    [InlineData("#@~^RQAAAA==-mD~@")]
    public void BrokenScripts_AreRead(string text) => Assert.NotNull(ScriptEncoding.Decode(Encoding.ASCII.GetBytes(text)));
}

using Sekisho.Inspection.Formats;

namespace Sekisho.Inspection.Tests.Formats;

public class ScriptTextsTests
{
    [Theory]
    [InlineData("a='x'+\"y\" + `z`", "a='xyz`")]
    [InlineData(@"'\x41\u0042\u{43}\x22\n'", @"'AB\u{43}\x22\n'")]
    [InlineData("['aaaaaaaaaaaaaaaa','bb','c'].join('')", "['aaaaaaaaaaaaaaaabb','c'].join('')")]
    [InlineData("['aaaaaaaaaaaaaaaa','bb'].map(f)", "['aaaaaaaaaaaaaaaa','bb'].map(f)")]
    [InlineData(@"\", @"\")]
    [InlineData(@"\x4", @"\x4")]
    public void Pieces_AreOne(string script, string plain) => Assert.Equal(plain, ScriptTexts.Plain(script));

    [Theory]
    [InlineData("TVqQ", new byte[] { 0x4D, 0x5A, 0x90 })]
    [InlineData("_-8 =", new byte[] { 0xFF, 0xEF })]
    [InlineData("", new byte[0])]
    public void Base64_OfEitherAlphabet(string text, byte[] octets) => Assert.Equal(octets, ScriptTexts.FromBase64(text));
}

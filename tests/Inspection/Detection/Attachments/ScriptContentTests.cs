using Sekisho.Inspection.Detection.Attachments;

namespace Sekisho.Inspection.Tests.Detection.Attachments;

public class ScriptContentTests
{
    [Fact]
    public void Script_IsFound() => Assert.Equal(["SCRIPT_CONTENT"], Letters.Codes(new ScriptContent(), "a.dat", "@echo off\r\ndel x"u8.ToArray()));

    [Fact]
    public void ScriptInATextFile_IsOnlyNoted() => Assert.Equal(["SCRIPT_AS_TEXT"], Letters.Codes(new ScriptContent(), "a.txt", "@echo off\r\ndel x"u8.ToArray()));

    [Fact]
    public void Text_IsNot() => Assert.Empty(Letters.Codes(new ScriptContent(), "a.dat", "The function of the heart; a lecture."u8.ToArray()));
}

using Sekisho.Inspection.Formats;

namespace Sekisho.Inspection.Tests.Formats;

public class VbaTokensTests
{
    [Theory]
    [InlineData("a = b _\r\n + 1 ' c", "a = b + 1")]
    [InlineData("Rem x _\r\n still\r\nx: Rem y\r\nz", "x : | z")]
    [InlineData("s = \"a\"\"b\" & Chr$(&H41&)", "s = 'a\"b' & chr ( &H41 )")]
    [InlineData("a&b & c& : d% = e!f", "a & b & c : d = e ! f")]
    [InlineData("If d > #1/2/2020# Then Print #1, 1.5E+3", "if d > #1/2/2020# then print # 1 , 1.5E+3")]
    [InlineData("#If VBA7 Then\r\nx\r\n#Else\r\ny\r\n#End If", "x | y")]
    [InlineData("Attribute VB_Name = \"M\"\r\nDim [My Name], 患者名", "dim my name , 患者名")]
    [InlineData("s = \"open\r\nt", "s = 'open' | t")]
    public void Source_IsTakenApart(string source, string expected) => Assert.Equal(expected, Shown(source));

    [Fact]
    public void TooMuch_IsCut()
    {
        var tokens = new VbaTokens(VbaTokens.NewNames());

        Assert.Equal(11, tokens.Read(string.Concat(Enumerable.Repeat("a b ", 100)), 10).Count);
        Assert.True(tokens.IsCut);
    }

    private static string Shown(string source)
    {
        var tokens = new VbaTokens(VbaTokens.NewNames()).Read(source);
        return string.Join(' ', tokens.SkipLast(1).Select(t => t.Kind switch { VbaTokenKind.Line => "|", VbaTokenKind.Text => $"'{t.Text}'", _ => t.Text })).TrimEnd(' ', '|');
    }
}

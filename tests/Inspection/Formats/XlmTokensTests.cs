using System.Text;
using Sekisho.Inspection.Formats;
using Sekisho.SampleMaker;

namespace Sekisho.Inspection.Tests.Formats;

public class XlmTokensTests
{
    private static readonly XlmTokens Tokens = new(BiffVersion.Biff8, Encoding.Latin1, i => i == 0 ? "It's" : null, i => $"name{i}", (_, i) => $"outside{i}");

    [Fact]
    public void Tokens_BecomeText()
    {
        Assert.Equal("IF('It''s'!$B$3<1,CHAR(65)&\"a\"\"b\",)", Text(new XlmFormulaWriter().Cell(0, 2, 1).Number(1).Operator(0x09).Number(65).Fixed(111).Text("a\"b").Operator(0x08).Missing().Call(3, 1)));
        Assert.Equal("FORMULA(name2,$A$1)", Text(new XlmFormulaWriter().Name(2).Cell(0, 0).Call(2, 0x8060)));
        Assert.Equal("name1($A$1)", Text(new XlmFormulaWriter().Name(1).Cell(0, 0).Call(2, 255)));
    }

    [Theory]
    [InlineData(336, "CONCATENATE")]
    [InlineData(359, "HYPERLINK")]
    [InlineData(267, "REGISTER.ID")]
    [InlineData(480, "IFERROR")]
    [InlineData(150, "CALL")]
    public void Functions_StandAtTheirNumbers(int number, string name) => Assert.Equal(name, XlmFunctions.Name(number));

    [Theory]
    [InlineData(0, "BEEP")]
    [InlineData(17, "RUN")]
    [InlineData(96, "FORMULA")]
    [InlineData(118, "ALERT")]
    [InlineData(148, "ON.TIME")]
    [InlineData(383, "WORKBOOK.HIDE")]
    public void Commands_StandAtTheirNumbers(int number, string name) => Assert.Equal(name, XlmFunctions.Command(number));

    [Theory]
    [InlineData("08")]
    [InlineData("17FF00")]
    [InlineData("420A6E00")]
    [InlineData("7F")]
    [InlineData("")]
    public void BrokenTokens_HaveNoText(string hex) => Assert.Null(Tokens.ToText(Convert.FromHexString(hex), 0, 0));

    private static string? Text(XlmFormulaWriter formula) => Tokens.ToText(formula.ToArray(), 0, 0);
}

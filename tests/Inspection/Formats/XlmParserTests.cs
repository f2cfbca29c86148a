using Sekisho.Inspection.Formats;

namespace Sekisho.Inspection.Tests.Formats;

public class XlmParserTests
{
    [Theory]
    [InlineData("1+2*3^-4%")]
    [InlineData("'a ''b'!$A$1:B2")]
    [InlineData("R[-1]C[2]&RC&R1C1")]
    [InlineData("IF(,,)")]
    [InlineData("{1,2;\"x\",TRUE}")]
    [InlineData("[1]Sheet1!A1(#N/A,!B1)")]
    [InlineData("_xlfn.CONCAT(HRHRE1)")]
    public void Formula_IsTakenApart(string formula) => Assert.NotNull(XlmExpression.Parse(formula));

    [Theory]
    [InlineData("")]
    [InlineData("1 2")]
    [InlineData("\"a")]
    [InlineData("IF(1")]
    [InlineData("A1:")]
    public void BrokenFormula_IsNone(string formula) => Assert.Null(XlmExpression.Parse(formula));

    [Fact]
    public void DeepAndLongFormulas_AreNone()
    {
        Assert.Null(XlmExpression.Parse(new string('(', 30_000)));
        Assert.Null(XlmExpression.Parse(new string('-', 30_000) + "1"));
        Assert.Null(XlmExpression.Parse(new string('1', 40_000)));
    }

    [Fact]
    public void SharedFormula_MovesItsRelativeReferencesOnly() =>
        Assert.Equal("B3&$A2&B$1&\"A1\"&'A1'!B3&SUM(B3:D4)", XlmAddress.Move("A2&$A1&A$1&\"A1\"&'A1'!A2&SUM(A2:C3)", 1, 1));
}

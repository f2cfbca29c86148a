using Sekisho.Inspection.Detection.Macros;
using Sekisho.SampleMaker;

namespace Sekisho.Inspection.Tests.Detection.Macros;

public class MacroObfuscatedTests
{
    [Fact]
    public void WordPutTogether_IsToldByName() =>
        Assert.Contains("powershell", Assert.Single(Letters.Ask(new MacroObfuscated(), "a.doc", Samples.OldDocument("Sub AutoOpen()\r\nShell \"pow\" & \"ersh\" & Chr(101) & \"ll\"\r\nEnd Sub"))).Evidence, StringComparison.Ordinal);

    [Fact]
    public void JunkAndSenselessNames_AreMeasured()
    {
        var junk = string.Concat(Enumerable.Range(0, 15).Select(i => $"Zqwkt{i}vxp = Sin({i}) * Log({i} + 3)\r\n"));

        Assert.Equal(["MACRO_OBFUSCATED"], Letters.Codes(new MacroObfuscated(), "a.doc", Samples.OldDocument($"Sub AutoOpen()\r\n{junk}End Sub\r\n")));
    }

    [Fact]
    public void OrdinaryCode_IsNot() =>
        Assert.Empty(Letters.Codes(new MacroObfuscated(), "a.doc", Samples.OldDocument("Sub AutoOpen()\r\nFor i = 1 To 31\r\ntotal = total + Cells(i, 2).Value\r\nname = \"Shift \" & i & Chr(10)\r\nNext\r\nApplication.Run \"Report\"\r\nEnd Sub\r\nSub Report()\r\nEnd Sub")));
}

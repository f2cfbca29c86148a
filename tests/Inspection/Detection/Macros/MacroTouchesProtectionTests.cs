using Sekisho.Inspection.Detection.Macros;
using Sekisho.SampleMaker;

namespace Sekisho.Inspection.Tests.Detection.Macros;

public class MacroTouchesProtectionTests
{
    [Theory]
    [InlineData("Application.AutomationSecurity = 1")]
    [InlineData("Application.AutomationSecurity = msoAutomationSecurityLow")]
    [InlineData("Options.VirusProtection = False")]
    [InlineData("ThisDocument.VBProject.VBComponents(1).CodeModule.AddFromString \"x\"")]
    [InlineData("CreateObject(\"WScript.Shell\").RegWrite \"HKCU\\Software\\Microsoft\\Office\\16.0\\Word\\Security\\AccessVBOM\", 1, \"REG_DWORD\"")]
    public void SelfStart_IsFound_AndAButtonIsLess(string statement)
    {
        Assert.Equal(["MACRO_TOUCHES_PROTECTION"], Letters.Codes(new MacroTouchesProtection(), "a.doc", Samples.OldDocument($"Sub AutoOpen()\r\n{statement}\r\nEnd Sub")));
        Assert.Equal(["MACRO_TOUCHES_PROTECTION_LATER"], Letters.Codes(new MacroTouchesProtection(), "a.doc", Samples.OldDocument($"Sub B_Click()\r\n{statement}\r\nEnd Sub")));
    }

    [Theory]
    [InlineData("Application.AutomationSecurity = msoAutomationSecurityForceDisable")]
    [InlineData("Application.EnableEvents = False")]
    public void RaisingIt_IsNot(string statement) =>
        Assert.Empty(Letters.Codes(new MacroTouchesProtection(), "a.doc", Samples.OldDocument($"Sub AutoOpen()\r\n{statement}\r\nEnd Sub")));
}

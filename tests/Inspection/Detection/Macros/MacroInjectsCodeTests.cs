using Sekisho.Inspection.Detection.Macros;
using Sekisho.SampleMaker;

namespace Sekisho.Inspection.Tests.Detection.Macros;

public class MacroInjectsCodeTests
{
    private const string Declarations = "Private Declare PtrSafe Function Va Lib \"kernel32\" Alias \"VirtualAlloc\" (ByVal a As LongPtr, ByVal b As Long, ByVal c As Long, ByVal d As Long) As LongPtr\r\nPrivate Declare PtrSafe Sub CopyMemory Lib \"kernel32\" Alias \"RtlMoveMemory\" (a As Any, b As Any, ByVal c As Long)\r\n";

    [Fact]
    public void MemoryForCode_IsFoundByItsTrueName() =>
        Assert.Equal("AutoOpen -> kernel32 VirtualAlloc", Assert.Single(Letters.Ask(new MacroInjectsCode(), "a.doc", Samples.OldDocument(Declarations + "Sub AutoOpen()\r\nm = Va(0, 4096, &H3000, &H40)\r\nEnd Sub"))).Evidence);

    [Fact]
    public void ByAButton_IsLess() =>
        Assert.Equal(["MACRO_INJECTS_CODE_LATER"], Letters.Codes(new MacroInjectsCode(), "a.doc", Samples.OldDocument(Declarations + "Sub Go_Click()\r\nm = Va(0, 4096, &H3000, &H40)\r\nEnd Sub")));

    [Fact]
    public void DeclaredOnly_OrCopyingMemory_IsNot() =>
        Assert.Empty(Letters.Codes(new MacroInjectsCode(), "a.doc", Samples.OldDocument(Declarations + "Sub AutoOpen()\r\nCopyMemory a, b, 4\r\nEnd Sub")));
}

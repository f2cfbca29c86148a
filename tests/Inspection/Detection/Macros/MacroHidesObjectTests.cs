using Sekisho.Inspection.Detection.Macros;
using Sekisho.SampleMaker;

namespace Sekisho.Inspection.Tests.Detection.Macros;

public class MacroHidesObjectTests
{
    [Fact]
    public void ObjectByAnUnknownName_IsFound() =>
        Assert.Equal(["MACRO_HIDES_OBJECT"], Letters.Codes(new MacroHidesObject(), "a.doc", Samples.OldDocument("Sub AutoOpen()\r\nSet x = CreateObject(Secret(Now))\r\nEnd Sub\r\nFunction Secret(a)\r\nSecret = Format(a, \"x\")\r\nEnd Function")));

    [Fact]
    public void WithATextOutOfTheDocument_ItIsEmotetsWay() =>
        Assert.Equal(["MACRO_STORED_COMMAND"], Letters.Codes(new MacroHidesObject(), "a.doc", Samples.OldDocument("Sub AutoOpen()\r\nSet x = GetObject(ActiveDocument.Range(0, 9).Text)\r\nEnd Sub")));

    [Fact]
    public void KnownName_OrAButton_IsNot() =>
        Assert.Empty(Letters.Codes(new MacroHidesObject(), "a.doc", Samples.OldDocument("Sub AutoOpen()\r\nConst n = \"Outlook\"\r\nSet x = CreateObject(n & \".Application\")\r\nEnd Sub\r\nSub B_Click()\r\nSet y = CreateObject(ActiveDocument.Range(0, 9).Text)\r\nEnd Sub")));
}

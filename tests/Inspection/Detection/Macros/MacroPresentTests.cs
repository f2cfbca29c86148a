using Sekisho.Inspection.Detection.Macros;
using Sekisho.SampleMaker;

namespace Sekisho.Inspection.Tests.Detection.Macros;

public class MacroPresentTests
{
    [Fact]
    public void Macro_IsFoundInOldAndNewDocuments()
    {
        Assert.Equal(["MACRO_PRESENT"], Letters.Codes(new MacroPresent(), "a.doc", Samples.OldDocument(Samples.QuietSource)));
        Assert.Equal(["MACRO_PRESENT"], Letters.Codes(new MacroPresent(), "a.xlsm", OoxmlWriter.Workbook(Samples.VbaProject(Samples.QuietSource))));
    }

    [Fact]
    public void DocumentsWithoutMacro_AreNot()
    {
        Assert.Empty(Letters.Codes(new MacroPresent(), "a.doc", Samples.OldDocument()));
        Assert.Empty(Letters.Codes(new MacroPresent(), "a.docx", OoxmlWriter.Document()));
    }
}

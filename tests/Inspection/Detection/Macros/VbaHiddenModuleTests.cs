using Sekisho.Inspection.Detection.Macros;
using Sekisho.SampleMaker;

namespace Sekisho.Inspection.Tests.Detection.Macros;

public class VbaHiddenModuleTests
{
    [Fact]
    public void ModuleThatTheEditorDoesNotShow_IsFound()
    {
        var project = new VbaProjectWriter().Add("Shown", Samples.QuietSource).AddUnshown("Secret", Samples.AutoOpenSource).ToArray();

        Assert.Equal("Secret: not in the project's list", Assert.Single(Letters.Ask(new VbaHiddenModule(), "a.docm", OoxmlWriter.Document(project))).Evidence);
    }

    [Fact]
    public void ModuleThatTheDirectoryDoesNotList_IsFound()
    {
        var file = new CompoundFileWriter().Add("WordDocument", new byte[5000]);
        new VbaProjectWriter().Add("Listed", Samples.QuietSource).AddTo(file, "Macros");
        file.Add("Macros/VBA/Other", VbaProjectWriter.Compress("Attribute VB_Name = \"Other\"\r\nSub AutoOpen()\r\nEnd Sub"u8));

        Assert.Equal("Other: not in the project's directory", Assert.Single(Letters.Ask(new VbaHiddenModule(), "a.doc", file.ToArray())).Evidence);
    }

    [Fact]
    public void OrdinaryModules_AreNot() => Assert.Empty(Letters.Codes(new VbaHiddenModule(), "a.doc", Samples.OldDocument(Samples.AutoOpenSource)));
}

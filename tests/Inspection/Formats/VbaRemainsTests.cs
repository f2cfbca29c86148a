using Sekisho.Inspection.Formats;
using Sekisho.SampleMaker;

namespace Sekisho.Inspection.Tests.Formats;

public class VbaRemainsTests
{
    [Fact]
    public void SourceAnywhere_IsFoundByItsMark()
    {
        var project = VbaRemains.Find([.. new byte[1000], .. VbaProjectWriter.Compress("Attribute VB_Name = \"Lost\"\r\nSub AutoOpen()\r\nEnd Sub"u8), .. new byte[500]])!;

        var module = Assert.Single(project.Modules);
        Assert.Equal("Lost", module.Name);
        Assert.Contains("Sub AutoOpen()", module.Source, StringComparison.Ordinal);
    }

    [Fact]
    public void OctetsWithoutSource_HaveNone() => Assert.Null(VbaRemains.Find("Attribute VB_Name = \"Plain\"\0Attribut"u8));
}

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

    [Fact]
    public void AccessDatabase_AndCompoundFileTooBrokenToList_ShowTheirMacros()
    {
        var source = VbaProjectWriter.Compress("Attribute VB_Name = \"Lost\"\r\nSub AutoExec()\r\nEnd Sub"u8);
        byte[] database = [0, 1, 0, 0, .. "Standard ACE DB\0"u8, .. new byte[5000], .. source, .. new byte[500]];
        byte[] broken = [0xD0, 0xCF, 0x11, 0xE0, 0xA1, 0xB1, 0x1A, 0xE1, .. new byte[600], .. source];

        using var access = Letters.OpenDocument("a.accdb", database);
        using var compound = Letters.OpenDocument("a.doc", broken);

        Assert.Equal(FileKind.Access, access.Parts[0].Kind);
        Assert.Single(access.Parts[0].Vba);
        Assert.Single(compound.Parts[0].Vba);
        Assert.NotEmpty(compound.Problems);
    }
}

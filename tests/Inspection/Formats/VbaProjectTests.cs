using System.Text;
using Sekisho.Inspection.Formats;
using Sekisho.SampleMaker;

namespace Sekisho.Inspection.Tests.Formats;

public class VbaProjectTests
{
    [Fact]
    public void Modules_HaveTheirNamesAndSources()
    {
        var project = Assert.Single(Find(new VbaProjectWriter().Add("Module1", "Sub A()\r\nEnd Sub\r\n").Add("ThisDocument", "' nothing").ToArray()));

        Assert.Equal("VBA", project.Storage);
        Assert.False(project.IsDamaged);
        Assert.Equal(["Module1", "ThisDocument"], project.Modules.Select(m => m.Name));
        Assert.Contains("Sub A()", project.Modules[0].Source, StringComparison.Ordinal);
        Assert.All(project.Modules, m => Assert.False(m.IsDamaged));
    }

    [Fact]
    public void JapaneseProject_IsReadInItsCodePage()
    {
        var project = Assert.Single(Find(new VbaProjectWriter(932).Add("標準モジュール", "Sub 自動実行()\r\nMsgBox \"こんにちは\"\r\nEnd Sub").ToArray()));

        Assert.Equal(932, project.CodePage);
        Assert.Equal("標準モジュール", project.Modules[0].Name);
        Assert.Contains("こんにちは", project.Modules[0].Source, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("Macros")]
    [InlineData("_VBA_PROJECT_CUR")]
    [InlineData("Any/Where/Else")]
    public void Project_IsFoundInAnyStorage(string storage)
    {
        var file = new CompoundFileWriter().Add("WordDocument", new byte[10]);
        new VbaProjectWriter().Add("M", Samples.AutoOpenSource).AddTo(file, storage);

        Assert.Equal(storage + "/VBA", Assert.Single(Find(file.ToArray())).Storage);
    }

    [Fact]
    public void BrokenDirectory_StillGivesTheSources()
    {
        var file = new CompoundFileWriter().Add("VBA/dir", [9, 9, 9]).Add("VBA/_VBA_PROJECT", [0xCC, 0x61])
            .Add("VBA/Hidden", [.. new byte[50], .. VbaProjectWriter.Compress(Encoding.ASCII.GetBytes("Attribute VB_Name = \"Hidden\"\r\nSub AutoOpen()\r\nEnd Sub"))]);

        var project = Assert.Single(Find(file.ToArray()));

        Assert.True(project.IsDamaged);
        Assert.Contains("Sub AutoOpen()", Assert.Single(project.Modules).Source, StringComparison.Ordinal);
    }

    [Fact]
    public void ModuleThatTheDirectoryDoesNotList_IsFound()
    {
        var file = new CompoundFileWriter();
        new VbaProjectWriter().Add("Listed", "Sub A()\r\nEnd Sub").AddTo(file, "");
        file.Add("VBA/Unlisted", VbaProjectWriter.Compress("Attribute VB_Name = \"Unlisted\"\r\nSub AutoOpen()\r\nEnd Sub"u8));

        Assert.Equal(["Listed", "Unlisted"], Assert.Single(Find(file.ToArray())).Modules.Select(m => m.Name));
    }

    [Fact]
    public void RemovedSource_IsDamage()
    {
        var file = new CompoundFileWriter();
        new VbaProjectWriter().Add("Listed", "Sub A()\r\nEnd Sub").AddTo(file, "");
        var octets = file.ToArray();
        var at = octets.AsSpan().IndexOf("\0Attribut"u8);
        octets.AsSpan(at - 3, 12).Clear();

        var module = Assert.Single(Assert.Single(Find(octets)).Modules);

        Assert.True(module.IsDamaged);
        Assert.Empty(module.Source);
    }

    [Fact]
    public void StreamNamedDir_IsNoProjectByItself() =>
        Assert.Empty(Find(new CompoundFileWriter().Add("X/dir", [1, 2, 3, 4]).Add("WordDocument", new byte[10]).ToArray()));

    private static IReadOnlyList<VbaProject> Find(byte[] octets) => VbaProject.Find(CompoundFile.Open(new MemoryStream(octets)));
}

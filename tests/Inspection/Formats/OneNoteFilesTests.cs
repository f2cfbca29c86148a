using Sekisho.Inspection.Formats;
using Sekisho.SampleMaker;

namespace Sekisho.Inspection.Tests.Formats;

public class OneNoteFilesTests
{
    [Fact]
    public void File_HasItsName()
    {
        var found = Read(CarrierWriter.OneNote("click.wsf", [1, 2, 3]));

        var file = Assert.Single(found.Files);
        Assert.Equal("click.wsf", file.Name);
        Assert.Equal([1, 2, 3], file.Content);
        Assert.Contains(new CarrierSign(SignKind.Link, "https://link.test/page"), found.Signs);
    }

    [Fact]
    public void PackagedStore_IsOpenedToo()
    {
        var section = new byte[64];
        new Guid("638DE92F-A6D4-4BC1-9A36-B3FC2511A5B7").ToByteArray().CopyTo(section, 48);
        var content = Enumerable.Repeat((byte)7, 100).ToArray();
        // Type 2, 101 octets: a compact number of one octet (100, lowest bit set), then the content.
        var head = BitConverter.GetBytes(2u | (2u << 3) | (101u << 17));

        Assert.Equal(content, Assert.Single(Read([.. section, 9, 9, .. head, (100 << 1) | 1, .. content, .. new byte[20]]).Files).Content);
    }

    [Fact]
    public void ScriptInASection_IsFoundByItsName()
    {
        using var message = Letters.OpenDocument("a.one", CarrierWriter.OneNote("click.wsf", [1, 2, 3]));

        Assert.Equal(["EXECUTABLE_NAME"], Letters.Ask(new Sekisho.Inspection.Detection.Attachments.ExecutableName(), message).Select(f => f.Kind.Code));
    }

    private static CarrierContents Read(byte[] section)
    {
        var found = new CarrierContents();
        OneNoteFiles.Find(section, new ReadBudget(TimeProvider.System, TimeSpan.FromMinutes(1), 1 << 30), found);
        return found;
    }
}

using Sekisho.Inspection.Detection.Reading;
using Sekisho.Inspection.Formats;
using Sekisho.SampleMaker;

namespace Sekisho.Inspection.Tests.Detection.Reading;

public class AmbiguousArchiveTests
{
    [Fact]
    public void MemberOutsideTheDirectory_IsFoundAndOpened()
    {
        // Two archives one after the other: the last directory names its own member only.
        byte[] joined = [.. ZipWriter.Plain(("hidden.exe", Samples.Program())), .. ZipWriter.Plain(("shown.txt", new byte[50]))];
        using var message = Letters.OpenDocument("a.zip", joined);

        Assert.Contains("hidden.exe", Assert.Single(Letters.Ask(new AmbiguousArchive(), message)).Evidence, StringComparison.Ordinal);
        Assert.Contains(message.Parts, p => p.Name == "hidden.exe" && p.Kind == FileKind.WindowsProgram);
        Assert.Contains(message.Parts, p => p.Name == "shown.txt");
    }

    [Fact]
    public void NameThatDiffers_IsFound()
    {
        var zip = ZipWriter.Plain(("invoice.txt", Samples.Program()));
        zip.AsSpan(zip.AsSpan().IndexOf("invoice.txt"u8), 11).Clear();
        "invoice.exe"u8.CopyTo(zip.AsSpan(30));

        using var message = Letters.OpenDocument("a.zip", zip);

        Assert.Equal(["ARCHIVE_AMBIGUOUS"], Letters.Ask(new AmbiguousArchive(), message).Select(f => f.Kind.Code));
        Assert.Contains(message.Parts, p => p.Name == "invoice.exe");
    }

    [Fact]
    public void OrdinaryArchive_IsNot()
    {
        Assert.Empty(Letters.Codes(new AmbiguousArchive(), "a.zip", ZipWriter.Plain(("a.txt", new byte[100]), ("b/inner.zip", ZipWriter.Plain(("c", [1]))))));
        Assert.Empty(Letters.Codes(new AmbiguousArchive(), "a.zip", [.. new byte[500], .. ZipWriter.Plain(("a.txt", new byte[100])), .. new byte[10]]));
    }
}

using Sekisho.Inspection.Detection.Emotet;
using Sekisho.SampleMaker;

namespace Sekisho.Inspection.Tests.Detection.Emotet;

public class EmotetAttachmentNameTests
{
    [Theory]
    [InlineData("Mes_G697449.doc", true)]
    [InlineData("DOC_010001817115732.xlsm", true)]
    [InlineData("INV 2022-06-15_1046, USA.xls", true)]
    [InlineData("Report - 2022-06-14_1146.lnk", true)]
    [InlineData("Form - Jun 06, 2022.lnk", true)]
    [InlineData("10682236691132898, UK.lnk", true)]
    [InlineData("57_01042022.zip", true)]
    [InlineData("message_0906.zip", true)]
    [InlineData("untitled-0422.xls", true)]
    [InlineData("INVOICE 589 03_23.doc", true)]
    [InlineData("勤務表2026年11月.xlsm", false)]
    [InlineData("20261123_議事録.doc", false)]
    [InlineData("invoice.doc", false)]
    [InlineData("INV 2022-06-15_1046, USA.pdf", false)]
    public void ShapesOfItsNames(string name, bool found)
    {
        using var message = Letters.Open(LetterWriter.WithAttachments("x", "x", (name, new byte[20])));
        Assert.Equal(found, Letters.Ask(new EmotetAttachmentName(), message).Any(f => f.Kind == EmotetAttachmentName.Shape));
    }

    [Theory]
    [InlineData("form.zip", "form.doc", true)]
    [InlineData("form.zip", "other.doc", false)]
    public void PasswordArchiveNamedAsItsMember(string archive, string member, bool found)
    {
        using var message = Letters.Open(LetterWriter.WithAttachments("x", "password: k9-Tokyo", (archive, ZipWriter.Encrypted(member, Samples.OldDocument(), "k9-Tokyo"))));
        Assert.Equal(found, Letters.Ask(new EmotetAttachmentName(), message).Any(f => f.Kind == EmotetAttachmentName.Shared));
    }
}

using System.Text;
using Sekisho.Inspection.Detection.Carriers;
using Sekisho.Inspection.Detection.Reading;
using Sekisho.Inspection.Formats;
using Sekisho.SampleMaker;

namespace Sekisho.Inspection.Tests.Formats;

public class PdfEncryptionTests
{
    private static readonly byte[] Inner = "WScript.Echo('inner')"u8.ToArray();

    public static TheoryData<string> Ways => [.. PdfLock.All.Keys];

    [Theory]
    [MemberData(nameof(Ways))]
    public void EmptyPassword_OpensByItself(string way) => AssertOpen(Read(Make(PdfLock.All[way], "", "owner")));

    [Theory]
    [MemberData(nameof(Ways))]
    public void UsersPassword_Opens(string way) => AssertOpen(Read(Make(PdfLock.All[way], "sesame", "owner"), "wrong", "sesame"));

    [Theory]
    [MemberData(nameof(Ways))]
    public void OwnersPassword_OpensToo(string way) => AssertOpen(Read(Make(PdfLock.All[way], "sesame", "owner"), "wrong", "owner"));

    [Theory]
    [MemberData(nameof(Ways))]
    public void WrongPassword_LeavesItShut(string way)
    {
        var found = Read(Make(PdfLock.All[way], "sesame", "owner"), "wrong", "Sesame");

        Assert.Contains(found.Signs, s => s.Kind == SignKind.PdfEncrypted);
        Assert.DoesNotContain(found.Signs, s => s.Kind == SignKind.Link);
        Assert.Contains(new CarrierSign(SignKind.PdfEmbeddedFile, "encrypted"), found.Signs);
        Assert.Empty(found.Files);
    }

    [Theory]
    [InlineData("AES, 128 bits")]
    [InlineData("AES, 256 bits, revision 6")]
    public void MetadataInTheClear_OpensToo(string way) => AssertOpen(Read(Make(PdfLock.All[way] with { EncryptMetadata = false }, "sesame", "owner"), "sesame"));

    [Fact]
    public void OnlyFilesEncrypted_RestIsReadWithoutKey()
    {
        var pdf = Make(PdfLock.All["AES, 128 bits"] with { FilesOnly = true }, "sesame", "owner");
        var shut = Read(pdf);

        Assert.Contains(new CarrierSign(SignKind.Link, "https://link.test/a"), shut.Signs);
        Assert.Contains(shut.Signs, s => s.Kind == SignKind.PdfEncrypted);
        Assert.Empty(shut.Files);
        AssertOpen(Read(pdf, "sesame"));
    }

    [Theory]
    [InlineData("pässwörd")]
    [InlineData("パスワード１２３")]
    public void PasswordOutsideAscii_Opens(string password) =>
        AssertOpen(Read(Make(PdfLock.All["AES, 256 bits, revision 6"], password, "owner"), password));

    [Fact]
    public void HandlerNotKnown_StaysShut()
    {
        var text = Encoding.Latin1.GetString(Make(PdfLock.All["RC4, 128 bits"], "", "owner")).Replace("/Filter /Standard", "/Filter /Entrusts", StringComparison.Ordinal);

        Assert.Contains(Read(Encoding.Latin1.GetBytes(text)).Signs, s => s.Kind == SignKind.PdfEncrypted);
    }

    /// <summary>A second trailer behind, in the clear: programs may take either, so both are read.</summary>
    [Fact]
    public void ClearRevisionBesideEncryptedOne_HidesNeither()
    {
        byte[] pdf = [.. Make(PdfLock.All["AES, 128 bits"], "", "owner"), .. CarrierWriter.Pdf("<< /S /Launch /F (calc.exe) >>")];
        var found = Read(pdf);

        Assert.Contains(new CarrierSign(SignKind.Link, "https://link.test/a"), found.Signs);
        Assert.Contains(new CarrierSign(SignKind.PdfLaunch, "calc.exe"), found.Signs);
    }

    /// <summary>Decoys must not wear the reader out: more ways than any program writes are told as unreadable.</summary>
    [Fact]
    public void ManyEncryptions_AreUnreadable()
    {
        var trailers = string.Concat(Enumerable.Range(0, 20).Select(i => $"trailer << /Encrypt << /Filter /Standard /V 1 /X {i} >> >>\n"));

        Assert.Throws<InvalidDataException>(() => Read([.. Make(PdfLock.All["AES, 128 bits"], "", "owner"), .. Encoding.ASCII.GetBytes(trailers)]));
    }

    /// <summary>One of them opens, the other does not: what may be the true one is told as shut.</summary>
    [Fact]
    public void DecoyBesideTheTrueEncryption_IsTold()
    {
        byte[] pdf = [.. Make(PdfLock.All["AES, 128 bits"], "", "owner"), .. "trailer % said\n<< /Encrypt << /Filter /Standard /V 1 >> >>\n"u8];
        var found = Read(pdf);

        AssertOpenIn(found);
        Assert.Contains(found.Signs, s => s.Kind == SignKind.PdfEncrypted);
    }

    [Fact]
    public void PasswordOfTheLetter_OpensItsAttachment()
    {
        using var message = Letters.Open(LetterWriter.WithAttachments("資料", "パスワード: Kyoto-2026", ("shiryo.pdf", Make(PdfLock.All["AES, 256 bits, revision 6"], "Kyoto-2026", "owner"))));

        Assert.Contains(message.Parts, p => p.Name == "inner.js" && p.Container?.Name == "shiryo.pdf");
        Assert.Equal(["ARCHIVE_PASSWORD_IN_LETTER"], Letters.Ask(new PasswordInLetter(), message).Select(f => f.Kind.Code));
        Assert.DoesNotContain("PDF_ENCRYPTED", Letters.Ask(new PdfAction(), message).Select(f => f.Kind.Code));
    }

    /// <summary>Octets that another program wrote (qpdf 11, revision 6, password <c>user</c>): the two implementations of the hash here could err alike.</summary>
    [Fact]
    public void AnotherProgramsFile_Opens() => Assert.Contains(new CarrierSign(SignKind.Link, "https://link.test/a"), Read(Convert.FromBase64String(Foreign), "user").Signs);

    private const string Foreign = 
        "JVBERi0xLjcKJb/3ov4KMSAwIG9iago8PCAvRXh0ZW5zaW9ucyA8PCAvQURCRSA8PCAvQmFzZVZlcnNpb24gLzEuNyAvRXh0ZW5zaW9uTGV2ZWwgOCA+PiA+PiAvUGFnZXMgMyAwIFIgL1R5cGUgL0NhdGFsb2cgPj4KZW5kb2JqCjIgMCBv"
        + "YmoKPDwgL1R5cGUgL09ialN0bSAvTGVuZ3RoIDE3NiAvRmlsdGVyIC9GbGF0ZURlY29kZSAvTiAyIC9GaXJzdCA5ID4+CnN0cmVhbQowPluD5MdER6313P6R2Jfp40P2BgI4BxFeM29XTpukHau32eguk9LV2oAKBckoOdONrKKA/JnkGc8C"
        + "J9RtgIhPw0WUoImIt/5+xnh4xAarC8/ulXqXCknX5U3rmaJ5W1NL9Mxa62W3UBuXrBVnqlGpYzLQGySaaWckf5mIiAAp8YoXA/bzyUgcYuKHy/J/ndKjFmI+0JcZccrdoSAF2EHYkmlcWpH/To87qSj3UE1EMGVuZHN0cmVhbQplbmRvYmoK"
        + "NSAwIG9iago8PCAvQ0YgPDwgL1N0ZENGIDw8IC9BdXRoRXZlbnQgL0RvY09wZW4gL0NGTSAvQUVTVjMgL0xlbmd0aCAzMiA+PiA+PiAvRmlsdGVyIC9TdGFuZGFyZCAvTGVuZ3RoIDI1NiAvTyA8MzNhYTkxNmJhOWQ3ODBiMDBmMzY2MTIz"
        + "YmQ3NmYzZmJkNWRmMzk1ZDI1NjFmNDgxOGFhNDVhMzRiYjYzM2VjZDM3YjZkOTFmMzkyYTA4NjVlYzEwOTllOGFhYzJiZjViPiAvT0UgPDVhYTFkZWRhOWJkZTJhYThhZDA5MzExODMyODI4MWI1MWVjNjEzZWMyM2QzYmQwOWNiYjAwMjk1"
        + "NTAwNjBjOGY+IC9QIC00IC9QZXJtcyA8NzkwMTBiOGU1OWZmNDhmOTJhNzQyNTAyNWU0ZmIxMjQ+IC9SIDYgL1N0bUYgL1N0ZENGIC9TdHJGIC9TdGRDRiAvVSA8ZmNjNzU0MTFjY2JmYzJhYjhlYjRlOWNkMjQ4NTA0ZmNiYTlhYzhiNGI2"
        + "MDk0MjNkN2MzOGNlNTBhNGY2MWIzYWU0ZmJiM2M5MDEyZjM1OTgzMzIwZWVjOWRiNmM1NmNhPiAvVUUgPGEzYmZlMjM5ZmZjYTRiMzg0M2M2NzJiZTkzOTU1ODQxZThlMmJjYzM2NDY2NDE2NTFmOWY0Zjc3ODQ3MGFjOWY+IC9WIDUgPj4K"
        + "ZW5kb2JqCjYgMCBvYmoKPDwgL1R5cGUgL1hSZWYgL0xlbmd0aCAzNyAvRmlsdGVyIC9GbGF0ZURlY29kZSAvRGVjb2RlUGFybXMgPDwgL0NvbHVtbnMgNCAvUHJlZGljdG9yIDEyID4+IC9XIFsgMSAyIDEgXSAvUm9vdCAxIDAgUiAvU2l6"
        + "ZSA3IC9JRCBbPDMxNDE1OTI2NTM1ODk3OTMyMzg0NjI2NDMzODMyNzk1PjwzMTQxNTkyNjUzNTg5NzkzMjM4NDYyNjQzMzgzMjc5NT5dIC9FbmNyeXB0IDUgMCBSID4+CnN0cmVhbQp4nGNiAAImRgZ+BiYGhmIQqwHEYmBk+s84+T8TA5My"
        + "AwAotwPLCmVuZHN0cmVhbQplbmRvYmoKc3RhcnR4cmVmCjk1MgolJUVPRgo=";

    private static byte[] Make(PdfLock how, string user, string owner) => PdfWriter.Encrypted(how, user, owner, "https://link.test/a", "app.launchURL\\('https://script.test/b'\\)", Inner);

    private static void AssertOpen(CarrierContents found)
    {
        Assert.DoesNotContain(found.Signs, s => s.Kind == SignKind.PdfEncrypted);
        AssertOpenIn(found);
    }

    private static void AssertOpenIn(CarrierContents found)
    {
        Assert.Contains(new CarrierSign(SignKind.Link, "https://link.test/a"), found.Signs);
        Assert.Contains(new CarrierSign(SignKind.PdfOpenScript, "OpenAction: app.launchURL('https://script.test/b')"), found.Signs);
        Assert.Contains(new CarrierSign(SignKind.CommandLink, "https://script.test/b"), found.Signs);
        var file = Assert.Single(found.Files);
        Assert.Equal("inner.js", file.Name);
        Assert.Equal(Inner, file.Content);
    }

    private static CarrierContents Read(byte[] pdf, params string[] passwords)
    {
        var found = new CarrierContents();
        PdfFile.Find(pdf, new ReadBudget(TimeProvider.System, TimeSpan.FromMinutes(1), 1 << 30), found, encryption => Array.Exists(passwords, encryption.Try));
        return found;
    }
}

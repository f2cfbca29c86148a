using Sekisho.Inspection.Detection.Reading;
using Sekisho.SampleMaker;

namespace Sekisho.Inspection.Tests.Detection.Reading;

public class EncryptedContentTests
{
    [Fact]
    public void EncryptedArchive_IsFound() => Assert.Equal(["ENCRYPTED_ARCHIVE"], Letters.Codes(new EncryptedContent(), "a.zip", ZipWriter.Encrypted("a.doc", new byte[100], "8Gh!aa-0")));

    [Fact]
    public void EncryptedDocument_IsFound() =>
        Assert.Equal(["ENCRYPTED_DOCUMENT"], Letters.Codes(new EncryptedContent(), "a.docx", new CompoundFileWriter().Add("EncryptedPackage", new byte[5000]).Add("EncryptionInfo", new byte[100]).ToArray()));

    [Fact]
    public void EncryptedMail_IsFound()
    {
        using var message = Letters.Text("From: a@b.test\nContent-Type: application/pkcs7-mime; smime-type=enveloped-data; name=smime.p7m\n\nxx");

        Assert.Equal("ENCRYPTED_MAIL", Assert.Single(Letters.Ask(new EncryptedContent(), message)).Kind.Code);
    }

    [Fact]
    public void OpenArchive_IsNot() => Assert.Empty(Letters.Codes(new EncryptedContent(), "a.zip", ZipWriter.Plain(("a.txt", [65]))));
}

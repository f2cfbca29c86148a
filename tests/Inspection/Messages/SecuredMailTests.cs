using System.Text;
using Sekisho.Inspection.Detection.Reading;
using Sekisho.Inspection.Formats;
using Sekisho.Inspection.Messages;
using Sekisho.SampleMaker;

namespace Sekisho.Inspection.Tests.Messages;

public class SecuredMailTests
{
    private static readonly byte[] Entity = Encoding.ASCII.GetBytes("Content-Type: application/octet-stream; name=a.dat\r\nContent-Transfer-Encoding: base64\r\n\r\n" + Convert.ToBase64String(Samples.Program()));

    public static TheoryData<string, string> Signed => new() { { "signed-data", "smime.p7m" }, { "compressed-data", "smime.p7z" }, { "enveloped-data", "smime.p7m" } };

    [Theory]
    [MemberData(nameof(Signed))]
    public void OpenSecuredMail_IsWalked(string type, string name)
    {
        foreach (var file in type == "compressed-data" ? [CmsWriter.Compressed(Entity)] : new[] { CmsWriter.Signed(Entity), CmsWriter.SignedInPieces(Entity), CmsWriter.Signed(CmsEntity(CmsWriter.Signed(Entity))) })
        {
            using var message = Letters.Open(Letter($"application/pkcs7-mime; smime-type={type}; name={name}", file));

            Assert.Empty(message.Problems);
            Assert.Contains(message.Parts, p => p.Kind == FileKind.WindowsProgram && p.Name == "a.dat");
        }
    }

    [Fact]
    public void SignedFile_IsLookedInto()
    {
        using var message = Letters.OpenDocument("a.exe.p7m", CmsWriter.Signed(Samples.Program()));

        Assert.Contains(message.Parts, p => p is { Kind: FileKind.WindowsProgram, Name: "a.exe" });
    }

    [Theory]
    [InlineData("application/pkcs7-mime; smime-type=enveloped-data")]
    [InlineData("application/pkcs7-mime; smime-type=signed-data")]
    [InlineData("application/octet-stream; name=a.bin")]
    public void SealedMail_IsTold(string type)
    {
        using var message = Letters.Open(Letter(type, CmsWriter.Sealed("1.2.840.113549.1.7.3")));

        Assert.Equal(["ENCRYPTED_MAIL"], Letters.Ask(new EncryptedContent(), message).Select(f => f.Kind.Code));
    }

    [Fact]
    public void WhatIsNoSecuredMail_IsNotCalledClean()
    {
        using var message = Letters.Open(Letter("application/pkcs7-mime; name=smime.p7m", [1, 2, 3]));

        Assert.Equal(ReadProblemReason.NoReader, Assert.Single(message.Problems).Reason);
    }

    [Theory]
    [InlineData("application/pkcs7-signature; name=smime.p7s")]
    [InlineData("application/pkcs7-mime; smime-type=certs-only; name=a.p7c")]
    [InlineData("application/x-pkcs7-certificates; name=a.p7b")]
    public void SignaturesAndCertificates_AreHarmless(string type)
    {
        using var message = Letters.Open(Letter(type, CmsWriter.Signed(null)));

        Assert.Empty(message.Problems);
    }

    [Fact]
    public void BrokenSignature_IsHarmless()
    {
        using var signature = Letters.Open(Letter("application/pkcs7-signature; name=smime.p7s", CmsWriter.Signed(null)[..30]));
        using var other = Letters.Open(Letter("application/pkcs7-mime; name=smime.p7m", CmsWriter.Signed(null)[..30]));

        Assert.Empty(signature.Problems);
        Assert.Equal(ReadProblemReason.Broken, Assert.Single(other.Problems).Reason);
    }

    [Theory]
    [InlineData("a.txt", "\r\n-----BEGIN PGP MESSAGE-----\r\n\r\nhQEMA\r\n", true)]
    [InlineData("a.asc", "Comment\r\n-----BEGIN PGP MESSAGE-----\r\n\r\nhQEMA\r\n", true)]
    [InlineData("a.txt", "They begin with -----BEGIN PGP MESSAGE-----\r\n", false)]
    [InlineData("a.asc", "-----BEGIN PGP SIGNATURE-----\r\n\r\niQEM\r\n", false)]
    [InlineData("a.asc", "-----BEGIN PGP PUBLIC KEY BLOCK-----\r\n\r\nmQEM\r\n", false)]
    public void PgpText_IsToldWhereEncrypted(string name, string text, bool isEncrypted)
    {
        using var message = Letters.OpenDocument(name, Encoding.ASCII.GetBytes(text));

        Assert.Equal(isEncrypted, message.Problems.Any(p => p.Reason == ReadProblemReason.EncryptedMail));
    }

    [Theory]
    [InlineData("a.gpg", "85010C0398", ReadProblemReason.EncryptedMail)]
    [InlineData("a.pgp", "C1C0AC0398", ReadProblemReason.EncryptedMail)]
    [InlineData("a.gpg", "A30278DA", ReadProblemReason.NoReader)]
    [InlineData("a.pgp", "0001020304", ReadProblemReason.NoReader)]
    [InlineData("a.gpg", "99010D0460", null)]
    [InlineData("a.bin", "85010C0398", null)]
    public void PgpPackets_AreToldByName(string name, string octets, ReadProblemReason? reason)
    {
        using var message = Letters.OpenDocument(name, [.. Convert.FromHexString(octets), .. new byte[300]]);

        Assert.Equal(reason, message.Problems.Select(p => (ReadProblemReason?)p.Reason).SingleOrDefault());
    }

    [Fact]
    public void MultipartEncrypted_IsToldOnce()
    {
        using var message = Letters.Text("From: a@b.test\nContent-Type: multipart/encrypted; protocol=\"application/pgp-encrypted\"; boundary=x\n\n--x\nContent-Type: application/pgp-encrypted\n\nVersion: 1\n--x\nContent-Type: application/octet-stream; name=a.asc\n\n-----BEGIN PGP MESSAGE-----\n\nhQEMA\n--x--\n");

        Assert.Single(message.Problems, p => p.Reason == ReadProblemReason.EncryptedMail);
    }

    private static byte[] CmsEntity(byte[] file) => Encoding.ASCII.GetBytes("Content-Type: application/pkcs7-mime; smime-type=signed-data\r\nContent-Transfer-Encoding: base64\r\n\r\n" + Convert.ToBase64String(file));

    private static byte[] Letter(string type, byte[] file) =>
        Encoding.ASCII.GetBytes($"From: a@b.test\r\nContent-Type: {type}\r\nContent-Transfer-Encoding: base64\r\n\r\n{Convert.ToBase64String(file, Base64FormattingOptions.InsertLineBreaks)}\r\n");
}

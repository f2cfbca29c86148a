using Sekisho.Inspection.Detection.Reading;
using Sekisho.Inspection.Formats;
using Sekisho.Inspection.Messages;

namespace Sekisho.Inspection.Tests.Formats;

public class OfficeEncryptionTests
{
    [Fact]
    public void Xor_GivesKeyAndVerifierOfThePassword()
    {
        // MS-OFFCRYPTO section 2.3.7: both depend on the password alone.
        var pattern = OfficeXor.Pattern("password", OfficeXor.ExcelRotation, out var key, out var verifier);

        Assert.Equal(0x83AF, verifier);
        Assert.Equal(0x147A, key);
        Assert.Equal(16, pattern.Length);
    }

    /// <summary>Public samples whose password is not in the list, with it where their makers tell it; the other ones nobody knows.</summary>
    private static readonly Dictionary<string, string?> Others = new(StringComparer.Ordinal)
    {
        ["example_password.docx"] = "Password1234_",
        ["example_password.xlsx"] = "Password1234_",
        ["rc4cryptoapi_password.doc"] = "Password1234_",
        ["password_tika_binaryrc4.doc"] = "tika",
        ["protected_passtika.xlsb"] = "tika",
        ["testEXCEL_protected_passtika.xls"] = "tika",
        ["testWORD_protected_passtika.docx"] = "tika",
        ["extenxls_pwd123.xlsx"] = "pwd123",
        ["protected_sha512.xlsx"] = "this is a test",
        ["test_password.docx"] = "Password1!",
        ["test_password_brute.docx"] = "aaa",
        ["encrypted.doc"] = null,
        ["encrypted.docx"] = null,
        ["encrypted.pptx"] = null,
        ["encrypted.xls"] = null,
        ["encrypted.xlsm"] = null,
        ["encrypted.xlsx"] = null,
        ["document with password.docx"] = null,
        ["PasswordProtected.doc"] = null,
        ["51832.xls"] = null,
    };

    /// <summary>What comes out is readable, not only accepted: the sheets' names in workbooks that Excel itself hid by XOR, and a macro sheet.</summary>
    [CorpusFact]
    public void XorWorkbooksOfExcel_ComeOutReadable()
    {
        foreach (var (name, password, sheet) in new[]
        {
            ("docs/exceldatareader/TestData/Test_git_issue_242_xor_pwd_password.xls", "password", "Sheet1"),
            ("docs/sheetjs/password_2002_40_xor.xls", "password", "Sheet3"),
            ("docs/macrome/xorobfuscated_doc.xls", OfficeEncryption.ExcelDefault, "Macro1"),
        })
        {
            var octets = File.ReadAllBytes(Path.Combine(Repository.Corpus!, name));
            var encryption = OfficeEncryption.Find(CompoundFile.Open(new MemoryStream(octets)), FileKind.Excel)!;
            Assert.True(encryption.Try(password), name);
            var plain = CompoundFile.Open(new MemoryStream(encryption.Decrypt(octets, new ReadBudget(TimeProvider.System, TimeSpan.FromMinutes(1), 1 << 30))));
            var stream = plain.Read((plain.Find("Workbook") ?? plain.Find("Book"))!, 1 << 20);
            Assert.Contains(sheet, System.Text.Encoding.Latin1.GetString(stream), StringComparison.Ordinal);
        }
    }

    /// <summary>What came out of an opened presentation is not taken for an encrypted one again.</summary>
    [CorpusFact]
    public void OpenedPresentation_IsNotSaidToBeClosed()
    {
        foreach (var name in new[] { "docs/poi/slideshow/Password_Protected-hello.ppt", "docs/poi/slideshow/Password_Protected-56-hello.ppt", "docs/poi/slideshow/ppt_with_png_encrypted.ppt" })
        {
            using var message = Letters.OpenDocument("a.ppt", File.ReadAllBytes(Path.Combine(Repository.Corpus!, name)));
            Assert.Empty(message.Problems);
            Assert.NotNull(message.Parts[0].Password);
        }
    }

    [CorpusFact]
    public void EncryptedDocuments_OpenByUsualPasswords()
    {
        var corpus = Repository.Corpus!;
        var complaints = new List<string>();
        var (count, byList, byOthers) = (0, 0, 0);
        foreach (var line in File.ReadLines(Path.Combine(corpus, "MANIFEST.csv")).Where(l => l.Contains(",benign-encrypted", StringComparison.Ordinal)))
        {
            var path = Path.Combine(corpus, line.Split(',')[0]["corpus/".Length..]);
            if (!File.Exists(path))
            {
                continue;
            }

            count++;
            var name = Path.GetFileName(path);
            if (Others.TryGetValue(name, out var password))
            {
                var file = CompoundFile.Open(new MemoryStream(File.ReadAllBytes(path)));
                var encryption = OfficeEncryption.Find(file, OfficeCompound.KindOf(file));
                if (password is not null && encryption?.Try(password) == true)
                {
                    byOthers++;
                    var plain = encryption.Decrypt(File.ReadAllBytes(path), new ReadBudget(TimeProvider.System, TimeSpan.FromMinutes(1), 1 << 30));
                    Assert.True(FileTypes.Sniff(plain) is FileKind.Zip or FileKind.CompoundFile);
                }
                else if (password is not null)
                {
                    complaints.Add($"{name} is not opened by {password}: {encryption}");
                }

                continue;
            }

            using var octets = File.OpenRead(path);
            using var message = MessageReader.ReadDocument(name, octets, new ReadLimits(), new StandingClock(), CancellationToken.None);
            if (message.Problems.Count > 0 || message.Parts.Count < 2)
            {
                complaints.Add($"{name}: {string.Join("; ", message.Problems.Select(p => $"{p.Place} {p.Text}"))}");
            }

            byList++;
        }

        Assert.True(complaints.Count == 0, $"{count}, list {byList}, others {byOthers}\n{string.Join('\n', complaints)}");
        Assert.True(byList >= 55, $"Only {byList} of {count} open by the list.");
    }

    /// <summary>The list of passwords is left when its time is up; how many open must not depend on how busy this machine is.</summary>
    private sealed class StandingClock : TimeProvider
    {
        public override long GetTimestamp() => 0;
    }
}

using Sekisho.Inspection.Formats;
using Sekisho.Inspection.Messages;
using Sekisho.SampleMaker;

namespace Sekisho.Inspection.Tests.Messages;

/// <summary>Documents behind a password are opened by Excel's own one, or by the one that the letter gives, and their macros found.</summary>
public class EncryptedDocumentsTests
{
    private const string Given = "Kd82hfQx";

    public static TheoryData<string, string> Cases
    {
        get
        {
            var cases = new TheoryData<string, string>();
            foreach (var password in new[] { OfficeEncryption.ExcelDefault, Given })
            {
                foreach (var how in new[] { "agile 128", "agile 256", "standard", "xls Rc4", "xls CryptoApi", "xls CryptoApi40", "xls Xor", "raw Rc4", "raw Xor", "doc Rc4", "doc CryptoApi", "doc Xor" })
                {
                    cases.Add(how, password);
                }
            }

            return cases;
        }
    }

    [Theory]
    [MemberData(nameof(Cases))]
    public void Macro_IsFoundBehindThePassword(string how, string password)
    {
        var (name, content) = Sample(how, password);
        using var message = Letters.Open(LetterWriter.WithAttachments("請求書", password == Given ? $"添付をご確認ください。\r\nパスワード: {Given}\r\n" : "添付をご確認ください。", (name, content)));

        Assert.Empty(message.Problems);
        Assert.Contains(message.Parts, p => p.Password?.Text == password && p.Kind == FileKind.EncryptedOffice);
        Assert.Contains(message.Parts, p => p.Vba.Any(v => v.Modules.Any(m => m.Source.Contains("Sub AutoOpen", StringComparison.Ordinal)))
            || p.Xlm?.Actions.Any(a => a is { Function: "EXEC", IsAutomatic: true }) == true);
        if (how.StartsWith("doc", StringComparison.Ordinal))
        {
            var plain = message.Parts.Single(p => p.Container?.Password is not null && p.Kind == FileKind.Word);
            Assert.Contains("the hidden text", System.Text.Encoding.Latin1.GetString(plain.ReadUpTo(1 << 20)), StringComparison.Ordinal);
        }
    }

    [Theory]
    [InlineData("agile 256")]
    [InlineData("standard")]
    [InlineData("xls Rc4")]
    [InlineData("xls Xor")]
    [InlineData("raw Xor")]
    [InlineData("doc Xor")]
    public void UnknownPassword_IsSaid(string how)
    {
        var (name, content) = Sample(how, "nobodyKnows77");
        using var message = Letters.Open(LetterWriter.WithAttachments("x", "y", (name, content)));

        Assert.Contains(message.Problems, p => p.Reason == ReadProblemReason.EncryptedDocument);
    }

    [Fact]
    public void SecondWorkbookOfTheFile_IsOpenedToo()
    {
        var encrypted = OfficeEncryptionWriter.Workbook(Stream(), OfficeEncryption.ExcelDefault, OldEncryption.Xor);
        var file = new CompoundFileWriter().Add("WordDocument", new byte[5000]).Add("1Table", new byte[100]).Add("Workbook", encrypted).ToArray();
        using var message = Letters.OpenDocument("a.xls", file);

        Assert.Contains(message.Parts, p => p.Xlm?.Actions.Count > 0);
    }

    private static byte[] Stream()
    {
        var file = CompoundFile.Open(new MemoryStream(XlmSamples.Emotet()));
        return file.Read(file.Find("Workbook")!, 1 << 20);
    }

    private static (string Name, byte[] Content) Sample(string how, string password)
    {
        var package = OoxmlWriter.Document(Samples.VbaProject(Samples.AutoOpenSource));
        var method = how[..3] is "xls" or "raw" or "doc" ? Enum.Parse<OldEncryption>(how[4..]) : default;
        return how[..3] switch
        {
            "agi" => ("a.docm", OfficeEncryptionWriter.Agile(package, password, how == "agile 128" ? 128 : 256)),
            "sta" => ("a.docm", OfficeEncryptionWriter.Standard(package, password)),
            "xls" => ("a.xls", new CompoundFileWriter().Add("Workbook", OfficeEncryptionWriter.Workbook(Stream(), password, method)).ToArray()),
            "raw" => ("a.xls", OfficeEncryptionWriter.Workbook(Stream(), password, method)),
            _ => ("a.doc", OfficeEncryptionWriter.Document(Samples.AutoOpenSource, "the hidden text", password, method)),
        };
    }
}

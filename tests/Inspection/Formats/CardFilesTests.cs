using System.Text;
using Sekisho.Inspection.Formats;

namespace Sekisho.Inspection.Tests.Formats;

public class CardFilesTests
{
    private static readonly string Content = Convert.ToBase64String(Encoding.ASCII.GetBytes("harmless octets"));

    [Theory]
    [InlineData("ATTACH;FILENAME=run.exe;ENCODING=BASE64;VALUE=BINARY:", "run.exe")]
    [InlineData("ATTACH;VALUE=BINARY;ENCODING=\"BASE64\";X-FILENAME=\"a;b\\c:d.exe\":", "a")] // A semicolon in quotation marks ends the name all the same: it is not worth a parser.
    [InlineData("item1.photo;TYPE=JPEG;ENCODING=b:", "photo")]
    [InlineData("KEY;BASE64:", "key")]
    [InlineData("LOGO:data:image/x;base64,", "logo")]
    public void File_IsTakenOut(string head, string name)
    {
        var found = new CarrierContents();

        CardFiles.Find($"BEGIN:VCARD\r\n{head}{Content}\r\nEND:VCARD\r\n", found);

        var file = Assert.Single(found.Files);
        Assert.Equal((name, "harmless octets"), (file.Name, Encoding.ASCII.GetString(file.Content)));
    }

    [Theory]
    [InlineData("ATTACH;FMTTYPE=application/pdf:https://host.example/abcdefgh.pdf")]
    [InlineData("DESCRIPTION;ENCODING=BASE64:aGFybWxlc3Mgb2N0ZXRz")]
    [InlineData("PHOTO;ENCODING=QUOTED-PRINTABLE:aGFybWxlc3Mgb2N0ZXRz")]
    [InlineData("LOGO:data:image/png,aGFybWxlc3Mgb2N0ZXRz")]
    public void AnythingElse_IsNot(string line)
    {
        var found = new CarrierContents();

        CardFiles.Find(line + "\r\n", found);

        Assert.Empty(found.Files);
    }
}

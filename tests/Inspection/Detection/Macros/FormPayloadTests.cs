using Sekisho.Inspection.Detection.Macros;
using Sekisho.SampleMaker;

namespace Sekisho.Inspection.Tests.Detection.Macros;

public class FormPayloadTests
{
    [Fact]
    public void EncodedTag_AndCommandInAValue_AreFound()
    {
        var encoded = Convert.ToBase64String([.. Enumerable.Range(0, 120).Select(i => (byte)((i * 37) ^ 0x5A))]);

        var findings = Letters.Ask(new FormPayload(), "a.doc", Document("AutoOpen", ("Box1", encoded, "PowerShell", "")));

        Assert.Equal(["UserForm1/Box1.Tag", "UserForm1/Box1.Value"], findings.Select(f => f.Evidence[..f.Evidence.IndexOf(':', StringComparison.Ordinal)]));
    }

    [Fact]
    public void OrdinaryForm_IsNot() =>
        Assert.Empty(Letters.Codes(new FormPayload(), "a.doc", Document("Hello", ("Box1", "first", "Please fill in the name and the address of the patient, then press the button below to go on to the next page of this form.", ""))));

    [Fact]
    public void TextWithoutAnyMacro_IsNot()
    {
        var file = FormWriter.AddForm(new CompoundFileWriter().Add("WordDocument", new byte[5000]), "Forms/UserForm1", ("Box1", "", "powershell", ""));

        Assert.Empty(Letters.Codes(new FormPayload(), "a.doc", file.ToArray()));
    }

    private static byte[] Document(string procedure, params (string, string, string, string)[] boxes)
    {
        var file = FormWriter.AddForm(new CompoundFileWriter().Add("WordDocument", new byte[5000]), "Macros/UserForm1", boxes);
        new VbaProjectWriter().Add("ThisDocument", $"Sub {procedure}()\r\nEnd Sub").AddTo(file, "Macros");
        return file.ToArray();
    }
}

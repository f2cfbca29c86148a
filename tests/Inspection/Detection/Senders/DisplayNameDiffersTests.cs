using Sekisho.Inspection.Detection.Senders;

namespace Sekisho.Inspection.Tests.Detection.Senders;

public class DisplayNameDiffersTests
{
    [Theory]
    [InlineData("\"tanaka@hospital.test\" <x@mailbox.example>", "", "FROM_NAME_IS_OTHER_ADDRESS")]
    [InlineData("\"Tanaka (tanaka@hospital.test)\" <x@mailbox.example>", "", "FROM_NAME_IS_OTHER_ADDRESS")]
    [InlineData("\"tanaka@mail.hospital.test\" <tanaka@hospital.test>", "", "")]
    [InlineData("\"Tanaka Hanako\" <x@mailbox.example>", "Tanaka Hanako\ntanaka@hospital.test\n", "FROM_SIGNATURE_OF_ANOTHER")]
    [InlineData("\"Tanaka Hanako\" <tanaka@hospital.test>", "Tanaka Hanako\ntanaka@hospital.test\n", "")]
    [InlineData("\"Tanaka Hanako\" <hanako@private.example>", "Tanaka Hanako\nprivate: hanako@private.example, office: tanaka@hospital.test\n", "")]
    [InlineData("\"Tanaka Hanako\" <x@mailbox.example>", "Please write to sato@hospital.test\n", "")]
    public void NameAndSignature_NameTheSender(string from, string text, string code)
    {
        using var message = Letters.Text($"From: {from}\nTo: bob@hospital.test\nSubject: x\n\nHello, see the attachment.\n\n{text}");
        Assert.Equal(code, string.Join(' ', Letters.Ask(new DisplayNameDiffers(), message).Select(f => f.Kind.Code)));
    }
}

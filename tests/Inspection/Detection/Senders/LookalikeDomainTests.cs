using Sekisho.Inspection.Detection.Senders;

namespace Sekisho.Inspection.Tests.Detection.Senders;

public class LookalikeDomainTests
{
    [Theory]
    [InlineData("x@sekisyo-hp.example", "LOOKALIKE_DOMAIN")]
    [InlineData("x@sekihsо-hp.example", "LOOKALIKE_DOMAIN")] // a Cyrillic o besides
    [InlineData("x@sеkisho-hp.example", "LOOKALIKE_DOMAIN")] // a Cyrillic e
    [InlineData("x@xn--skisho-hp-g0h.example", "LOOKALIKE_DOMAIN")] // the same as it travels
    [InlineData("x@sekish0-hp.example", "LOOKALIKE_DOMAIN")]
    [InlineData("x@mail.sekisho-hp-support.invalid", "LOOKALIKE_DOMAIN")]
    [InlineData("x@sekishohp.example", "LOOKALIKE_DOMAIN")]
    [InlineData("x@hp-sekisho.example", "LOOKALIKE_DOMAIN")]
    [InlineData("x@sekisho-hp.invalid", "LOOKALIKE_DOMAIN")]
    [InlineData("x@sekisho-hp.example.mailbox.invalid", "LOOKALIKE_DOMAIN")]
    [InlineData("x@sekisho-hp-example.mailbox.invalid", "LOOKALIKE_DOMAIN")]
    [InlineData("x@sekisho-kensa.co.jp", "LOOKALIKE_DOMAIN")] // of a partner's
    [InlineData("x@sekisho-hp.example", "")]
    [InlineData("x@a.b.sekisho-hp.example", "")]
    [InlineData("x@lab.sekisho-kensa.example", "")]
    [InlineData("x@sekisho-hp.cloudoffice.invalid", "")] // a service's sub-domain of its customer
    [InlineData("x@sekisho-kensatsu.example", "")]
    [InlineData("x@minato-clinic.example", "")]
    [InlineData("x@mailbox.example", "")]
    public void Domains(string address, string code)
    {
        Assert.Equal(code, Asked.Codes(new LookalikeDomain(), Asked.From(address)));
        Assert.Equal(code, Asked.Codes(new LookalikeDomain(), Asked.From("a@mailbox.example", $"Reply-To: {address}\n")));
    }
}

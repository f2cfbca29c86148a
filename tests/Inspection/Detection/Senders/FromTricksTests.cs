using Sekisho.Inspection.Detection.Senders;

namespace Sekisho.Inspection.Tests.Detection.Senders;

public class FromTricksTests
{
    [Theory]
    [InlineData("a@b.example\nFrom: c@b.example", "several From fields")]
    [InlineData("a@b.example\nFrom: a@b.example", "")]
    [InlineData("a@b.example, c@d.example", "several authors of several domains and no Sender")]
    [InlineData("a@b.example, c@d.example\nSender: a@b.example", "")]
    [InlineData("a@b.example, c@mail.b.example", "")]
    [InlineData("\"Tanaka\" <=?utf-8?q?tanaka=40hospital.test?=@b.example>", "encoded word within an address")]
    [InlineData("=?utf-8?b?55Sw5Lit?= <a@b.example>", "")]
    [InlineData("a@b.example (tanaka@hospital.test)", "another address in a comment")]
    [InlineData("a@b.example (a@mail.b.example)", "")]
    [InlineData("a@b.example (Tanaka :-\\))", "")]
    [InlineData("\"Tanaka <tanaka@hospital.test>\" <a@b.example>", "another address in angle brackets in the name")]
    [InlineData("\"Tanaka <a@b.example>\" <a@b.example>", "")]
    [InlineData("\"Tanaka                                   .\" <a@b.example>", "a name so long that the address is out of sight")]
    [InlineData("\"tаnaka\" <tаnaka@b.example>", "letters of two alphabets, to be read tanaka")]
    [InlineData("\"田中 太郎 (関所総合病院)\" <a@b.example>", "")]
    [InlineData("Undisclosed:;", "")]
    [InlineData("", "")]
    public void Fields(string from, string trick)
    {
        using var message = Letters.Open(System.Text.Encoding.UTF8.GetBytes(Asked.From(from).ReplaceLineEndings("\r\n")));
        var found = Letters.Ask(new FromTricks(), message);
        Assert.Equal(trick, found.Count == 0 ? "" : found[0].Evidence.Split(": ")[0]);
    }

    [Fact]
    public void LongName() => Assert.Equal("FROM_TRICKS", Asked.Codes(new FromTricks(), Asked.From($"\"{string.Join(' ', Enumerable.Repeat("Tanaka", 40))}\" <a@b.example>")));

    [Fact]
    public void Nul() => Assert.Equal("FROM_TRICKS", Asked.Codes(new FromTricks(), Asked.From("\"Tanaka\0\" <a@b.example>")));

    [Theory]
    [InlineData("From: director@hospital.example\n", "FROM_OF_TWO_DOMAINS")]
    [InlineData("From: \"b@hospital.example\" <c@B.TEST>\n", "FROM_TRICKS")] // Of one domain, whatever it is shown as.
    [InlineData("From: nobody at all\n", "FROM_TRICKS")]
    [InlineData("", "")]
    public void TwoFromFields(string more, string code)
    {
        using var message = Letters.Open(Sekisho.SampleMaker.OddLetters.Letter(more + "Content-Type: text/plain\n\nhello\n"));
        Assert.Equal(code, string.Join(' ', Letters.Ask(new FromTricks(), message).Select(f => f.Kind.Code)));
    }
}

using Sekisho.Inspection.Detection.Senders;

namespace Sekisho.Inspection.Tests.Detection.Senders;

public class FromMissingTests
{
    [Theory]
    [InlineData("a@b.example", "")]
    [InlineData("\"a@b.example\"", "")] // an address, quotes or not: judged as one
    [InlineData("=?utf-8?B?5bGx55SwIDx5YW1hZGFAaG9zcGl0YWwuZXhhbXBsZT4=?=", "FROM_WITHOUT_ADDRESS")] // 山田 <yamada@hospital.example>
    [InlineData("=?utf-8?B?5bGx55SwIDx5YW1hZGFAaG9zcGl0YWwuZXhhbXBsZT4=?= <>", "FROM_WITHOUT_ADDRESS")]
    [InlineData("Yamada ＠ hospital", "FROM_WITHOUT_ADDRESS")]
    [InlineData("Yamada yamada@hospital.example", "FROM_MISSING")] // a broken program; judged as that address
    [InlineData("", "FROM_MISSING")]
    [InlineData("undisclosed:;", "FROM_MISSING")]
    [InlineData("MAILER-DAEMON", "")]
    [InlineData("<a@b1.example>, <a@b2.example>, <a@b3.example>, <a@b4.example>", "")]
    [InlineData("<a@b1.example>, <a@b2.example>, <a@b3.example>, <a@b4.example>, <a@b5.example>", "FROM_MANY_DOMAINS")]
    public void Fields(string from, string code) => Assert.Equal(code, Asked.Codes(new FromMissing(), Asked.From(from)));

    /// <summary>Reports of undeliverable mail may have none.</summary>
    [Fact]
    public void AReport_NeedsNone() => Assert.Equal("", Asked.Codes(new FromMissing(), Asked.From(""), mailFrom: ""));
}

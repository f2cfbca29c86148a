using Sekisho.Inspection.Detection.Senders;

namespace Sekisho.Inspection.Tests.Detection.Senders;

public class AuthorityNameTests
{
    [Theory]
    [InlineData("社会保険診療報酬支払基金 <x@mailbox.example>", "AUTHORITY_NAME")]
    [InlineData("社会保険診療報酬支払基金 <x@tokyo.ssk.or.jp>", "")]
    [InlineData("埼玉県国民健康保険団体連合会 <x@saikokuhoren.or.jp>", "")]
    [InlineData("埼玉県国民健康保険団体連合会 <x@saikokuhoren.example>", "AUTHORITY_NAME")]
    [InlineData("厚生労働省 <x@mhlw.go.jp.mailbox.example>", "AUTHORITY_NAME")]
    [InlineData("港区保健所 <x@city.minato.tokyo.jp>", "")]
    [InlineData("横浜市保健所 <x@city.yokohama.lg.jp>", "")]
    [InlineData("大阪府中央保健所 <x@mbox.pref.osaka.jp>", "")]
    [InlineData("港区保健所 <x@freemail.example>", "AUTHORITY_NAME")]
    [InlineData("\"【ヤマト運輸】\" <x@mailbox.example>", "AUTHORITY_NAME")]
    [InlineData("佐川急便株式会社 <info@sagawa-exp.co.jp>", "")]
    [InlineData("佐川 急 <x@mailbox.example>", "")]
    [InlineData("\"Ａｍａｚｏｎ.co.jp\" <x@mailbox.example>", "AUTHORITY_NAME")]
    [InlineData("\"Amazon.co.jp\" <x@ship.amazon.co.jp>", "")]
    [InlineData("Tamazon <x@mailbox.example>", "")]
    [InlineData("Amazonas Coffee <x@mailbox.example>", "")]
    [InlineData("We ship to Amazon <x@mailbox.example>", "")]
    [InlineData("関所検査センター 営業 <x@mailbox.example>", "PARTNER_NAME")]
    [InlineData("関所検査センター 営業 <x@mail.sekisho-kensa.example>", "")]
    [InlineData("関所総合病院 <x@mailbox.example>", "OWN_NAME")]
    [InlineData("SEKISHO GENERAL HOSPITAL <x@mailbox.example>", "OWN_NAME")]
    [InlineData("関所総合病院 <x@sekisho-hp.example>", "")]
    [InlineData("関所総合病院 <b@bounce.haishin.example>", "")]
    [InlineData("みなと薬品 関所総合病院担当 <x@minato-yakuhin.example>", "")]
    [InlineData("山本 <x@mailbox.example>", "")]
    public void NameOverForeignDomain(string from, string code) => Assert.Equal(code, Asked.Codes(new AuthorityName(), Asked.From(from)));
}

using Sekisho.Inspection.Detection.Senders;
using Sekisho.Inspection.Senders;

namespace Sekisho.Inspection.Tests.Detection.Senders;

public class ColleagueNameTests
{
    [Theory]
    [InlineData("高橋 太郎", "COLLEAGUE_NAME")]
    [InlineData("髙橋太郎", "COLLEAGUE_NAME")]
    [InlineData("太郎　高橋", "COLLEAGUE_NAME")]
    [InlineData("高橋太郎先生", "COLLEAGUE_NAME")]
    [InlineData("ﾀｶﾊｼ ﾀﾛｳ", "COLLEAGUE_NAME")]
    [InlineData("ヤマサ゛キ ショウ", "COLLEAGUE_NAME")] // half-width kana through ISO-2022-JP
    [InlineData("たかはし たろう", "COLLEAGUE_NAME")]
    [InlineData("Taro TAKAHASHI", "COLLEAGUE_NAME")]
    [InlineData("Takahasi, Tarou", "COLLEAGUE_NAME")]
    [InlineData("Ｔａｋａｈａｓｈｉ　Ｔａｒｏ", "COLLEAGUE_NAME")]
    [InlineData("Dr. Tarō Takahashi, M.D.", "COLLEAGUE_NAME")]
    [InlineData("外科 高橋 太郎", "COLLEAGUE_FORGED")]
    [InlineData("外科部長 高橋太郎", "COLLEAGUE_FORGED")]
    [InlineData("高橋 太郎(関所総合病院)", "COLLEAGUE_FORGED")]
    [InlineData("関所総合病院 外科 高橋", "COLLEAGUE_FORGED")]
    [InlineData("田中 太郎", "COLLEAGUE_NAME_PERHAPS")] // two colleagues, so there are more elsewhere
    [InlineData("田中 太郎 先生", "COLLEAGUE_NAME")]
    [InlineData("医療情報室", "COLLEAGUE_NAME_PERHAPS")]
    [InlineData("関所総合病院 医療情報室", "COLLEAGUE_NAME")]
    [InlineData("高橋", "")]
    [InlineData("高橋 次郎", "")]
    [InlineData("小高橋太郎丸", "")]
    [InlineData("T. Takahashi", "")]
    [InlineData("医療情報室 山本", "")]
    [InlineData("楽天市場", "")]
    public void NameOverForeignAddress(string name, string code)
    {
        Assert.Equal(code, Asked.Codes(new ColleagueName(), Asked.From($"\"{name}\" <user@mailbox.example>"), "spf=pass dmarc=pass"));
        Assert.Equal("", Asked.Codes(new ColleagueName(), Asked.From($"\"{name}\" <user@sekisho-hp.example>"), "spf=pass dmarc=pass"));
    }

    [Theory]
    [InlineData("\"田中 太郎\" <tanaka.taro@freemail.example>", "someone@sekisho-hp.example", "", "")] // the directory knows it
    [InlineData("\"高橋 太郎\" <tanaka.taro@freemail.example>", "someone@sekisho-hp.example", "", "COLLEAGUE_NAME")] // but as another's
    [InlineData("\"高橋 太郎\" <me@freemail.example>", "takahashi.taro@sekisho-hp.example", "", "COLLEAGUE_NAME_PERHAPS")] // to himself
    [InlineData("\"高橋 太郎\" <me@freemail.example>", "someone@sekisho-hp.example", "-- \n高橋 太郎\n関所総合病院 外科\nTEL 03-0000-0000\n", "COLLEAGUE_FORGED")]
    [InlineData("\"高橋 太郎\" <me@clinic.example>", "someone@sekisho-hp.example", "-- \n高橋 太郎\n関所総合病院 外科(非常勤)\nTEL 03-0000-0000\n", "COLLEAGUE_NAME")]
    [InlineData("\"Takahashi Taro (via Service Docs)\" <share@service.example>", "someone@sekisho-hp.example", "", "")]
    [InlineData("\"高橋 太郎\" <t@minato-univ.example>", "someone@sekisho-hp.example", "", "")] // a partner's
    public void Excuses(string from, string to, string text, string code) => Assert.Equal(code, Asked.Codes(new ColleagueName(), Asked.From(from) + text, "spf=pass dmarc=pass", to: to));

    /// <summary>Whom nobody knows, and whose address has nothing of the name either, is an impostor; a mailbox at home and a namesake's have something of it.</summary>
    [Theory]
    [InlineData("\"高橋 太郎\" <info@mailbox.example>", false, "COLLEAGUE_FORGED")]
    [InlineData("\"高橋 太郎\" <x9z-2211@mailbox.example>", false, "COLLEAGUE_FORGED")]
    [InlineData("\"Taro Takahashi\" <sales@mailbox.example>", false, "COLLEAGUE_FORGED")]
    [InlineData("\"高橋 太郎\" <takahashi1970@mailbox.example>", false, "COLLEAGUE_NAME")]
    [InlineData("\"高橋 太郎\" <t.takahasi@mailbox.example>", false, "COLLEAGUE_NAME")]
    [InlineData("\"高橋 太郎\" <tarou-t@mailbox.example>", false, "COLLEAGUE_NAME")]
    [InlineData("\"高橋 太郎\" <info@mailbox.example>", true, "COLLEAGUE_NAME")]
    public void Stranger(string from, bool isKnown, string code)
    {
        var day = new DateOnly(2026, 11, 1);
        var ledger = new Correspondence { Address = "x", Today = day, Contact = isKnown ? new Contact(day.AddDays(-40), day, null, 3, 0) : null };
        Assert.Equal(code, Asked.Codes(new ColleagueName(), Asked.From(from), "spf=pass dmarc=pass", ledger: ledger));

        // One harmless letter of yesterday makes nobody known.
        Assert.Equal(code, Asked.Codes(new ColleagueName(), Asked.From(from), "spf=pass dmarc=pass", ledger: isKnown ? ledger : ledger with { Contact = new Contact(day.AddDays(-1), day.AddDays(-1), null, 1, 0) }));
    }

    /// <summary>A list that changes From is no liar; one that SPF denies is no list.</summary>
    [Theory]
    [InlineData("spf=pass dmarc=pass", "COLLEAGUE_NAME_PERHAPS")]
    [InlineData("spf=fail dmarc=fail", "COLLEAGUE_NAME")]
    [InlineData("spf=pass dmarc=pass", "COLLEAGUE_NAME", false)]
    public void Lists(string results, string code, bool isKnown = true) => Assert.Equal(code, Asked.Codes(
        new ColleagueName(), "From: \"高橋 太郎 via 研究会\" <m@ml.example>\nTo: m@ml.example\nList-Id: <m.ml.example>\n\nx\n", results, mailFrom: "m-bounces@ml.example", knowsList: isKnown));

    [Fact]
    public void Partner_WithoutProof_IsNoExcuse() =>
        Assert.Equal("COLLEAGUE_NAME", Asked.Codes(new ColleagueName(), Asked.From("\"高橋 太郎\" <t@minato-univ.example>"), "spf=fail dmarc=fail"));

    [Fact]
    public void Service_WithoutProof_IsNoExcuse() =>
        Assert.Equal("COLLEAGUE_NAME", Asked.Codes(new ColleagueName(), Asked.From("\"高橋 太郎\" <share@service.example>"), "spf=fail dmarc=fail"));
}

using Sekisho.Inspection.Messages;

namespace Sekisho.Inspection.Tests.Messages;

public class PasswordCandidatesTests
{
    [Theory]
    [InlineData("添付ファイルのパスワードは次のとおりです。\nabc-123!", "abc-123!")]
    [InlineData("パスワード：Xy7#kk", "Xy7#kk")]
    [InlineData("ＰＷ：１２３４ａｂ", "1234ab")]
    [InlineData("解凍パスワード「himitsu9」です", "himitsu9")]
    [InlineData("パスワードはabc123です。よろしくお願いします。", "abc123")]
    [InlineData("PW: qq11", "qq11")]
    [InlineData("The password is: Tr0ub4dor.", "Tr0ub4dor")]
    [InlineData("Password for the archive is 8831", "8831")]
    [InlineData("開封キー\n\n【7531】", "7531")]
    [InlineData("ﾊﾟｽﾜｰﾄﾞ=sakura-22", "sakura-22")]
    [InlineData("本日の日付 2023年3月7日 がパスワードです", "20230307")]
    [InlineData("(pass: 4649)", "4649")]
    [InlineData("Zip pass -> w0rd\n", "w0rd")]
    public void Phrase_GivesItsPassword(string text, string password) => Assert.Contains(password, PasswordCandidates.Of(text).Take(30));

    [Fact]
    public void Html_IsReadAsItIsSeen()
    {
        var text = PasswordCandidates.Plain("<style>b{}</style><table><tr><td>パスワード</td><td><b>a&amp;b</b>77</td></tr></table><img src=x alt=\"PW 5151\">");

        Assert.Contains("a&b77", PasswordCandidates.Of(text));
        Assert.Contains("5151", PasswordCandidates.Of(text));
    }
}

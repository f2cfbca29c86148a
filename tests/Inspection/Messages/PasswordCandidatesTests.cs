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
    [InlineData("パスワード：Xk7\u200D#pQ2m", "Xk7#pQ2m")]
    [InlineData("パスワード：Xk7\u00AD#pQ2m", "Xk7#pQ2m")]
    [InlineData("パスワード: X k 7 # p Q 2 m", "Xk7#pQ2m")]
    [InlineData("パスワードは\nX k 7 # p Q 2 m\nです", "Xk7#pQ2m")]
    [InlineData("Zip pass -> w0rd\n", "w0rd")]
    public void Phrase_GivesItsPassword(string text, string password) => Assert.Contains(password, PasswordCandidates.Of(text).Take(30));

    [Fact]
    public void Html_IsReadAsItIsSeen()
    {
        var text = PasswordCandidates.Plain("<style>b{}</style><table><tr><td>パスワード</td><td><b>a&amp;b</b>77</td></tr></table><img src=x alt=\"PW 5151\">");

        Assert.Contains("a&b77", PasswordCandidates.Of(text));
        Assert.Contains("5151", PasswordCandidates.Of(text));
    }

    [Theory]
    [InlineData("<p>パスワード：Xk<!-- a>b -->7#pQ2m</p>")]
    [InlineData("<p>パスワード：Xk7<sup></sup>#pQ2m</p>")]
    [InlineData("<p>パスワード</p><span title=\"Xk7#pQ2m\">*</span>")]
    [InlineData("<p>パスワード</p><input type=text value=Xk7#pQ2m>")]
    [InlineData("<p>パスワード</p><img title=\"a>b\" alt='Xk7#pQ2m'>")]
    [InlineData("<p title=\"never closed>パスワード：Xk7#pQ2m</p>")]
    public void Html_GivesWhatIsHiddenInIt(string html) => Assert.Contains("Xk7#pQ2m", PasswordCandidates.Of(PasswordCandidates.Plain(html)).Take(30));

    [Theory]
    [InlineData("password.txt", "Xk7#pQ2m")]
    [InlineData("readme.txt", "パスワード：Xk7#pQ2m")]
    public void TextFileBesideTheArchive_GivesItsPassword(string name, string text)
    {
        var octets = System.Text.Encoding.GetEncoding(932).GetBytes(text);
        using var message = Letters.Open(SampleMaker.LetterWriter.WithAttachments("x", "資料です", ("a.zip", SampleMaker.ZipWriter.Encrypted("memo.txt", "hello"u8.ToArray(), "Xk7#pQ2m")), (name, octets)));

        Assert.Empty(message.Problems);
        Assert.Contains(message.Parts, p => p.Text == "hello");
    }
}

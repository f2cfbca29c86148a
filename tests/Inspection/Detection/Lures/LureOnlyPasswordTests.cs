using Sekisho.Inspection.Detection.Lures;
using Sekisho.SampleMaker;

namespace Sekisho.Inspection.Tests.Detection.Lures;

public class LureOnlyPasswordTests
{
    [Theory]
    [InlineData("パスワード: k9-Tokyo\r\n\r\n-- \r\n田中\r\n", true)]
    [InlineData("Archive pass: k9-Tokyo", true)]
    [InlineData("いつも大変お世話になっております。先日お打ち合わせさせていただきました件につきまして、資料をお送りいたしますのでご査収ください。パスワード: k9-Tokyo", false)]
    public void BodyOfAPasswordOnly_IsFound(string text, bool found)
    {
        using var message = Letters.Open(LetterWriter.WithAttachments("Re: 資料", text, ("a.zip", ZipWriter.Encrypted("a.txt", new byte[50], "k9-Tokyo"))));
        Assert.Equal(found ? ["LURE_ONLY_PASSWORD"] : [], Letters.Ask(new LureOnlyPassword(), message).Select(f => f.Kind.Code));
    }
}

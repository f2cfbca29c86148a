using Sekisho.Inspection.Senders;

namespace Sekisho.Inspection.Tests.Senders;

public class LookAlikeDomainsTests
{
    [Theory]
    [InlineData("abcdef", "abcdef", 0)]
    [InlineData("abcdef", "abdcef", 1)]
    [InlineData("abcdef", "abcde", 1)]
    [InlineData("abcdef", "xbcdefy", 2)]
    [InlineData("abcdef", "ghijkl", 3)]
    [InlineData("ab", "abcdef", 3)]
    public void Distance_IsBounded(string one, string other, int distance) => Assert.Equal(distance, LookAlikeDomains.Distance(one, other, 2));

    /// <summary>Short and common names have many honest neighbours.</summary>
    [Theory]
    [InlineData("smh.or.jp", "snh.or.jp")]
    [InlineData("asahi.or.jp", "asaka.or.jp")]
    [InlineData("hospital.test", "hospital.example")]
    [InlineData("hospital.test", "minato-hospital.example")]
    [InlineData("osaka-h.jp", "asaka-h.jp")]
    [InlineData("kensa.co.jp", "kensa.com")]
    [InlineData("medical1.jp", "medical2.jp")]
    [InlineData("sekisho-hp.jp", "mail.sekisho-hp.jp")]
    public void HonestNeighbours(string known, string other) => Assert.Null(new LookAlikeDomains([known]).Find(other, w => w is "mail" or "support"));

    [Theory]
    [InlineData("sekisho.or.jp", "sekisho.com", "another ending")]
    [InlineData("sekisho.or.jp", "sekisho.jp.mailbox.invalid", "known name in front of another")]
    [InlineData("sekisho.or.jp", "sekisho-or-jp.mailbox.invalid", "known name in front of another")]
    [InlineData("sekisho.or.jp", "sekishomail.jp", "words added")]
    [InlineData("sekisho.or.jp", "seklsho.or.jp", "letters that look alike")]
    [InlineData("modern.or.jp", "modem.or.jp", "letters that look alike")]
    [InlineData("sekisho.or.jp", "sekihso.or.jp", "a letter or two wrong")]
    [InlineData("sekisho-hp.jp", "hp-sekisho.jp", "words in another order")]
    [InlineData("sekisho-hp.jp", "sekis-hohp.jp", "hyphens moved")]
    public void Tricks(string known, string other, string how) => Assert.StartsWith(how[..7], new LookAlikeDomains([known]).Find(other, w => w is "mail" or "support")?.How ?? "", StringComparison.Ordinal);
}

using System.Text;
using Sekisho.Inspection.Messages;
using Sekisho.SampleMaker;

namespace Sekisho.Inspection.Tests.Messages;

public class LetterTextTests
{
    [Fact]
    public void NewQuotedAndSignature_AreKeptApart()
    {
        var body = Body("""
            山田先生

            ご紹介ありがとうございます。

            ━━━━━━━━━━━━━━━
            中央病院 地域連携室 佐藤
            TEL：03-1234-5678
            ━━━━━━━━━━━━━━━

            > 紹介状を送ります。
            > ご確認ください。
            """);

        Assert.Equal("山田先生\n\nご紹介ありがとうございます。", body.New);
        Assert.Contains("紹介状を送ります", body.Quoted, StringComparison.Ordinal);
        Assert.StartsWith("━━", body.Signature, StringComparison.Ordinal);
        Assert.Contains("TEL:03-1234-5678", body.Signature, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("new\n\n-----Original Message-----\nFrom: a\nold")]
    [InlineData("new\n\n差出人: 田中\n送信日時: 2026年11月22日\n宛先: 佐藤\n件名: Re\n\nold")]
    [InlineData("new\n\n________________________________\nFrom: a\nSent: today\nTo: b\nSubject: c\n\nold")]
    [InlineData("new\n\nOn Sun, 22 Nov 2026 at 10:00, A <a@b.test>\nwrote:\n> old")]
    [InlineData("new\n\n2026年11月22日(日) 10:00 山田 <y@b.test>:\n> old")]
    [InlineData("new\n\n山田さんは書きました:\n> old")]
    [InlineData("new\n\nSato> old")]
    [InlineData("new\n\n＞ old")]
    public void Quotations_AreFound(string text)
    {
        var body = Body(text);

        Assert.Equal("new", body.New);
        Assert.Contains("old", body.Quoted, StringComparison.Ordinal);
        Assert.DoesNotContain("new", body.Quoted, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("hello\n-- \nSato\n", "hello")]
    [InlineData("hello\n\nFrom: the ward we send greetings.\nbye", "hello\n\nFrom: the ward we send greetings.\nbye")]
    [InlineData("list\n-----\none\n-----\ntwo", "list\n-----\none\n-----\ntwo")]
    public void OtherText_StaysNew(string text, string expected) => Assert.Equal(expected, Body(text).New);

    [CorpusFact]
    public void LettersFromJapan_AreDecoded()
    {
        var corpus = Path.Combine(Repository.Corpus!, "mail");
        foreach (var (file, word) in new[]
        {
            ("mail-iso-2022-jp/data/sample0.eml", "投稿テスト"), ("ruby-mail/emails/multi_charset/japanese_iso_2022.eml", "すみません"), ("mimekit/messages/japanese.txt", "メール"),
        })
        {
            using var octets = File.OpenRead(Path.Combine(corpus, file));
            using var message = MessageReader.Read(Letters.Envelope, octets, new ReadLimits(), TimeProvider.System, CancellationToken.None);
            var text = message.Text.Subject + string.Concat(message.Text.Bodies.Select(b => b.Text));
            Assert.True(text.Contains(word, StringComparison.Ordinal), $"{file}: {text[..Math.Min(text.Length, 300)]}");
            Assert.DoesNotContain('\u001B', text);
        }
    }

    [CorpusFact]
    public void AnyLetter_HasATextAndLinks()
    {
        foreach (var file in Directory.EnumerateFiles(Path.Combine(Repository.Corpus!, "mail"), "*", SearchOption.AllDirectories))
        {
            using var octets = File.OpenRead(file);
            using var message = MessageReader.Read(Letters.Envelope, octets, new ReadLimits(), TimeProvider.System, CancellationToken.None);
            Assert.All(message.Text.Bodies, b => Assert.True(b.New.Length + b.Quoted.Length + b.Signature.Length <= b.Text.Length + 2));
            Assert.All(message.Parts, p => Assert.NotNull(p.Links));
        }
    }

    private static BodyText Body(string text)
    {
        using var message = Letters.Open(LetterWriter.Plain("x", text));
        return message.Text.Main!;
    }
}

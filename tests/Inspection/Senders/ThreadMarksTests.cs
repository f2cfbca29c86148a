using System.Text;
using Sekisho.Inspection.Messages;
using Sekisho.Inspection.Senders;
using Sekisho.Inspection.Signatures;

namespace Sekisho.Inspection.Tests.Senders;

public class ThreadMarksTests
{
    private const string Words = "超音波診断装置の見積書につきまして、前回との違いを来月の会議で報告する予定です。費用の内訳とあわせて今週中にお知らせください。";

    /// <summary>The vectors of the authors of SipHash: key 00..0f, input 00..0e.</summary>
    [Fact]
    public void TheHash_IsSipHash()
    {
        var key = new ThreadKey([.. Enumerable.Range(0, 16).Select(i => (byte)i)]);
        Assert.Equal("A129CA6149BE45E5", key.Hash(Enumerable.Range(0, 15).Select(i => (byte)i).ToArray()).ToString("X16", System.Globalization.CultureInfo.InvariantCulture));
        Assert.Equal("726FDB47DD0E0E31", key.Hash([]).ToString("X16", System.Globalization.CultureInfo.InvariantCulture));
        Assert.Throws<ArgumentException>(() => new ThreadKey(new byte[15]));
    }

    [Theory]
    [InlineData("Re: 会議資料", "会議資料", true, false)]
    [InlineData("RE: Re: FW: 会議 資料", "会議資料", true, true)]
    [InlineData("【重要】Re[2]: [ml 123] 返信: Plan", "plan", true, false)]
    [InlineData("転送:plan", "plan", false, true)]
    [InlineData("report: plan", "report:plan", false, false)]
    [InlineData("【重要】", "【重要】", false, false)]
    [InlineData("", "", false, false)]
    public void Subjects_AreComparedWithoutTheirPrefixes(string subject, string plain, bool isReply, bool isForward) =>
        Assert.Equal((plain, isReply, isForward), ThreadMarks.Plain(subject));

    [Fact]
    public void TheSameWords_HaveTheSameMarks_HoweverTheyAreWritten()
    {
        var marks = Marks(Words);
        Assert.InRange(marks.Length, 30, 48);
        Assert.Equal(marks, Marks(string.Join('\n', Words.Chunk(17).Select(c => "> > " + new string(c)))));
        Assert.Equal(marks, Marks(Words.Replace("、", " ,", StringComparison.Ordinal)));
        Assert.Empty(marks.Intersect(Marks("感染対策の講習の日程につきまして、会場の広さを図面に書き込んでお返しします。担当者の変更は改めて院内で検討いたします。")));
        Assert.Empty(marks.Intersect(ThreadText.Marks(new ThreadKey(new byte[16]), Words, 48))); // another key
        Assert.Empty(Marks("よろしくお願いします。"));

        // What stands before and behind takes nothing away: the smallest of a part are among the smallest of the whole.
        var whole = ThreadText.Marks(ThreadMemory.Key, "a short line in front\n" + Words + "\nand one behind it, which is longer than that", 96);
        Assert.Equal(16, marks.Take(16).Intersect(whole).Count());
    }

    [Fact]
    public void Headings_DoNotCount() =>
        Assert.Equal(Marks(Words), Marks($"-----Original Message-----\nFrom: a very long name of somebody <a@b.example>\n件名: 件名も長い場合があるが数えないことにするのでよい\n{Words}"));

    [Fact]
    public void Of_ALetter()
    {
        var marks = Of($"From: Sato <sato@firm.example>\nTo: t@sekisho-hp.example\nCc: x@gmail.com\nMessage-ID: <1@firm.example>\nIn-Reply-To: <2@sekisho-hp.example>\nSubject: Re: 装置の見積について\nContent-Type: text/plain; charset=utf-8\n\nありがとうございます。\n\n2026年11月20日(金) 10:15 田中 <t@sekisho-hp.example>:\n> {Words}\n")!;
        Assert.True(marks.QuotesUs);
        Assert.True(marks.IsReply);
        Assert.False(marks.IsOutgoing || marks.IsOwn || marks.IsAutomatic || marks.NamesAuthor);
        Assert.Equal(Marks(Words), marks.Quoted.Take(48));
        Assert.Single(marks.References);
        Assert.Equal(2, marks.Parties.Count); // ours is none
        Assert.Equal([ThreadRole.Author, ThreadRole.Other], marks.Parties.Select(p => p.Role));
        Assert.NotEqual(0, marks.Parties[0].Domain);
        Assert.Equal(0, marks.Parties[1].Domain); // anybody's
        Assert.NotEmpty(marks.Routes);

        var ours = Of("From: t@sekisho-hp.example\nTo: sato@firm.example\nSubject: x\n\nhello\n", "10.1.2.3")!;
        Assert.True(ours.IsOutgoing);
        Assert.Equal(0, ours.Subject); // too short to tell anything
        Assert.False(Of("From: t@sekisho-hp.example\nTo: sato@firm.example\nSubject: x\n\nhello\n")!.IsOutgoing);
        Assert.True(Of("From: a@b.example\nList-Unsubscribe: <mailto:x@y.example>\n\nhello\n")!.IsAutomatic);
        Assert.Null(Of("Subject: nobody\n\nhello\n"));
    }

    /// <summary>A letter as large as it may be is no work.</summary>
    [Fact]
    public void HugeLetters_AreBounded()
    {
        var letter = new StringBuilder("From: a@b.example\nSubject: ").Append('x', 5000).Append("\nReferences:").Insert(0, "");
        for (var i = 0; i < 5000; i++)
        {
            letter.Append(" <").Append(i).Append("@x.example>\n");
        }

        letter.Append("To:").AppendJoin(',', Enumerable.Range(0, 5000).Select(i => $" a{i}@d{i}.example\n")).Append('\n');
        for (var i = 0; i < 50_000; i++)
        {
            letter.Append("> line ").Append(i * 7919L).Append(" of it\n");
        }

        var marks = Of(letter.ToString())!;
        Assert.True(ThreadMatch.Asked(marks).Count <= 180);
        Assert.True(marks.Parties.Count <= 40 && marks.References.Count <= 33);
    }

    private static long[] Marks(string text) => ThreadText.Marks(ThreadMemory.Key, text, 48);

    private static ThreadMarks? Of(string letter, string client = "192.0.2.1")
    {
        using var message = MessageReader.Read(
            Letters.Envelope with { Client = System.Net.IPAddress.Parse(client), Helo = "mail.firm.example" }, new MemoryStream(Encoding.UTF8.GetBytes(letter.ReplaceLineEndings("\r\n"))), new ReadLimits(), TimeProvider.System, CancellationToken.None);
        return ThreadMarks.Of(message, ImpersonationTests.House, SignatureSet.Shipped.List("free-mailers"), ThreadMemory.Key);
    }
}

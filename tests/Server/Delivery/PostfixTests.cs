using System.Text;
using Sekisho.Delivery;

namespace Sekisho.Server.Tests.Delivery;

/// <summary>Delivers to a real Postfix of the test's own, with STARTTLS, into its Maildirs.</summary>
public sealed class PostfixTests : IDisposable
{
    private readonly PostfixServer postfix = new();

    public void Dispose() => postfix.Dispose();

    [NeedsProgram("postfix", "postfix")]
    public async Task PostfixTakesTheLettersAsTheyAre()
    {
        NeedsProgramAttribute.Path("postfix", "postfix");
        var port = postfix.Start();
        var options = Letters.To("127.0.0.1:" + port);
        (options.CommandTimeout, options.DataDoneTimeout) = (TimeSpan.FromSeconds(30), TimeSpan.FromSeconds(30));
        await using var way = new WayOut(options);
        string[] bodies =
        [
            "Subject: one\r\n\r\nHello\r\n",
            "Subject: dots\r\n\r\n.\r\n..\r\n.a\r\n\r\n.\r\n",
            "Subject: 8-bit\r\n\r\n日本語\r\n",
            "Subject: long\r\n\r\n" + new string('y', 900) + "\r\n",
            "Subject: no end\r\n\r\nno end",
        ];
        foreach (var body in bodies)
        {
            var replies = await way.SendAsync(Letters.Envelope("ward@hospital.test", "nobody@elsewhere.test"), Encoding.UTF8.GetBytes(body), "X-Trace: 1\r\n");
            Assert.True(replies[0].Kind == ReplyKind.Delivered, replies[0].Text);
            Assert.True(replies[1].Kind == ReplyKind.Permanent, replies[1].Text);
        }

        var kept = postfix.Kept;
        for (var i = 0; i < 300 && !(Directory.Exists(kept) && Directory.GetFiles(kept).Length == bodies.Length); i++)
        {
            await Task.Delay(100);
        }

        var files = Directory.GetFiles(kept).Select(File.ReadAllText).ToList();
        Assert.Equal(bodies.Length, files.Count);
        foreach (var body in bodies)
        {
            // Postfix keeps LF and puts fields of its own in front; all behind our trace field must be what was sent.
            var expected = ("X-Trace: 1\n" + body.Replace("\r\n", "\n")).TrimEnd('\n') + "\n";
            Assert.True(files.Any(f => f.EndsWith(expected, StringComparison.Ordinal)), string.Join("\n=====\n", files));
        }

        Assert.All(files, f => Assert.Contains("using TLS", f));
    }
}

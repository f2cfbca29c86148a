using System.Text;
using MimeKit;
using Sekisho.Inspection.Messages;

namespace Sekisho.Inspection.Tests.Messages;

public class PartViewsTests
{
    private static readonly byte[] Content = [.. Enumerable.Range(0, 500_000).Select(i => (byte)(i * 7 % 251))];

    [Fact]
    public void DecodedView_ReadsFromAnywhere()
    {
        var raw = Encoding.ASCII.GetBytes(Convert.ToBase64String(Content, Base64FormattingOptions.InsertLineBreaks));
        using var view = new DecodedView(new MemoryStream(raw), ContentEncoding.Base64, Content.Length);

        AssertReads(view);
    }

    [Fact]
    public void ReplayView_ReadsFromAnywhere()
    {
        using var view = new ReplayView(() => new MemoryStream(Content), Content.Length);

        AssertReads(view);
    }

    [Fact]
    public void ReplayView_DoesNotReplayForEver()
    {
        var large = new byte[70 << 20];
        using var view = new ReplayView(() => new MemoryStream(large), large.Length);

        Assert.Throws<InvalidDataException>(() =>
        {
            for (var i = 0; i < 1000; i++)
            {
                view.Position = i % 2 == 0 ? large.Length - 1 - (i * 70_000L) : 65_536L * i;
                view.ReadByte();
            }
        });
    }

    private static void AssertReads(Stream view)
    {
        var all = new MemoryStream();
        view.CopyTo(all);
        Assert.Equal(Content, all.ToArray());
        foreach (var at in new[] { 499_999, 0, 70_000, 69_999, 300_000, 48 << 10 })
        {
            view.Position = at;
            var some = new byte[Math.Min(1000, Content.Length - at)];
            view.ReadExactly(some);
            Assert.Equal(Content[at..(at + some.Length)], some);
        }
    }
}

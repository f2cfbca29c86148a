using System.Text;
using Sekisho.Delivery;

namespace Sekisho.Server.Tests.Delivery;

public sealed class MaildirTests : IDisposable
{
    private readonly string root = Directory.CreateTempSubdirectory("maildir").FullName;

    public void Dispose() => Directory.Delete(root, recursive: true);

    [Fact]
    public async Task EachRecipientHasAFileWithTheOctetsBehindTwoFields()
    {
        var envelope = Letters.Envelope("b@Hospital.test", "c@other.test");
        Assert.All((await DeliverAsync(envelope)).Values, r => Assert.Equal((ReplyKind.Delivered, "maildir"), (r.Kind, r.Host)));
        foreach (var (folder, address) in (( string, string)[])[("hospital.test/b", "b@Hospital.test"), ("other.test/c", "c@other.test")])
        {
            var file = Assert.Single(Directory.GetFiles(Path.Combine(root, folder, "new")));
            byte[] expected = [.. Encoding.ASCII.GetBytes($"Return-Path: <a@sender.test>\r\nDelivered-To: {address}\r\nX: y\r\n"), .. Letters.Plain];
            Assert.Equal(expected, await File.ReadAllBytesAsync(file));
            Assert.Empty(Directory.GetFiles(Path.Combine(root, folder, "tmp")));
            Assert.True(Directory.Exists(Path.Combine(root, folder, "cur")));
        }
    }

    [Fact]
    public async Task TheSameLetterAgainReplacesItself()
    {
        var envelope = Letters.Envelope();
        await DeliverAsync(envelope);
        await DeliverAsync(envelope);
        var file = Assert.Single(Directory.GetFiles(Path.Combine(root, "hospital.test/b/new")));
        File.Move(file, Path.Combine(root, "hospital.test/b/cur", Path.GetFileName(file) + ":2,S"));
        await DeliverAsync(envelope);
        Assert.Empty(Directory.GetFiles(Path.Combine(root, "hospital.test/b/new")));
    }

    [Theory]
    [InlineData("../../etc/passwd", "%2E.%2F..%2Fetc%2Fpasswd")]
    [InlineData("..", "%2E.")]
    [InlineData(".", "%2E")]
    [InlineData("", "%")]
    [InlineData("a/b\\c\0d", "a%2Fb%5Cc%00d")]
    [InlineData("first.last+x", "first.last+x")]
    [InlineData("医", "%E5%8C%BB")]
    [InlineData("a%2Fb", "a%252Fb")]
    public void NamesStayBelowTheRoot(string name, string safe)
    {
        Assert.Equal(safe, Maildir.SafeName(name));
        Assert.Equal(root, Path.GetDirectoryName(Path.GetFullPath(Path.Combine(root, Maildir.SafeName(name)))));
    }

    [Fact]
    public void LongNamesAreCutAndStayDifferent()
    {
        var (one, two) = (Maildir.SafeName(new string('x', 300) + "1"), Maildir.SafeName(new string('x', 300) + "2"));
        Assert.True(one.Length <= 200);
        Assert.NotEqual(one, two);
    }

    [Fact]
    public async Task AFolderThatCannotBeWrittenIsTemporary()
    {
        await File.WriteAllTextAsync(Path.Combine(root, "hospital.test"), "in the way");
        Assert.Equal(ReplyKind.Temporary, (await DeliverAsync(Letters.Envelope()))[0].Kind);
    }

    private async Task<IReadOnlyDictionary<int, RecipientReply>> DeliverAsync(Inspection.Messages.Envelope envelope)
    {
        await using var way = new WayOut(new Sekisho.Options.DeliveryOptions(), maildir: root);
        return await way.SendAsync(envelope, Letters.Plain, "X: y\r\n");
    }
}

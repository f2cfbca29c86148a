using System.Text;
using System.Text.Json;
using Sekisho.Options;
using Sekisho.SampleMaker;
using Sekisho.Server.Tests.Smtp;

namespace Sekisho.Server.Tests.Cli;

/// <summary>An admin lists senders by hand, of a quarantined letter, and from a file.</summary>
public sealed class SendersCommandTests
{
    [Fact]
    public async Task SendersAreListedTestedAndRemoved()
    {
        await using var host = await SmtpHost.StartAsync(new SekishoOptions(), keepPolicy: true);
        Assert.Equal(2, (await host.CliAsync("senders", "block", "nobody", "--reason", "x")).Code);
        Assert.Equal(2, (await host.CliAsync("senders", "allow", ".example", "--reason", "x")).Code);
        Assert.Equal(2, (await host.CliAsync("senders", "allow", "a@x.example", "--reason", "x", "--for", "no domain")).Code);
        Assert.Equal(2, (await host.CliAsync("senders", "allow", Guid.CreateVersion7().ToString("N"), "--reason", "x")).Code);
        Assert.Equal(0, (await host.CliAsync("senders", "block", ".Evil.example", "192.0.2.77/24", "--reason", "詐欺", "--expires", "2099-12-31")).Code);
        Assert.Equal(0, (await host.CliAsync("senders", "allow", "news@mail.evil.example", "--reason", "x", "--for", "hospital.test")).Code);

        var (_, lines) = await host.CliAsync("senders", "list", "--json");
        Assert.Equal([".evil.example", "192.0.2.0/24", "news@mail.evil.example"], Of(lines, "sender").Order(StringComparer.Ordinal));
        (_, lines) = await host.CliAsync("senders", "test", "News@mail.evil.example", "--client", "192.0.2.5", "--json");
        Assert.Equal(["news@mail.evil.example", ".evil.example", "192.0.2.0/24"], Of(lines, "sender"));
        Assert.Equal([".evil.example"], Of((await host.CliAsync("senders", "test", "news@mail.evil.example", "--for", "a@elsewhere.test", "--json")).Lines, "sender"));
        Assert.Contains("メール隔離されます", string.Concat((await host.CliAsync("senders", "test", "x@a.evil.example")).Lines), StringComparison.Ordinal);
        Assert.Equal(2, (await host.CliAsync("senders", "test", "evil.example")).Code);

        Assert.Contains("を許可しました allowed", (await host.CliAsync("senders", "allow", "c@x.example", "--reason", "x")).Lines[0], StringComparison.Ordinal);
        Assert.Contains("を拒否しました blocked", (await host.CliAsync("senders", "block", "c@x.example", "--reason", "x")).Lines[0], StringComparison.Ordinal);
        Assert.Contains("1 件を削除しました", (await host.CliAsync("senders", "remove", ".EVIL.example")).Lines[0], StringComparison.Ordinal);
        Assert.Equal(3, (await host.CliAsync("senders", "remove", ".evil.example")).Code);
        Assert.True(JsonDocument.Parse((await host.CliAsync("audit", "verify", "--json")).Lines[0]).RootElement.GetProperty("intact").GetBoolean());
    }

    [Fact]
    public async Task OfAQuarantinedLetter_TheSendersAreTaken()
    {
        await using var host = await SmtpHost.StartAsync(new SekishoOptions(), keepPolicy: true);
        await host.SendAsync(LetterWriter.WithAttachments("請求", "x", ("seikyu.doc", Samples.OldDocument("Sub AutoOpen()\r\n    Shell \"cmd /c start tool.exe\", 1\r\nEnd Sub\r\n"))));
        var letter = JsonDocument.Parse((await host.CliAsync("quarantine", "list", "--json")).Lines[0]).RootElement;
        var id = letter.GetProperty("id").GetString()!;
        Assert.Equal(0, (await host.CliAsync("senders", "block", id, "--reason", "x")).Code);
        var blocked = Of((await host.CliAsync("senders", "list", "--json")).Lines, "sender");
        Assert.Contains(letter.GetProperty("sender").GetString()!.ToLowerInvariant(), blocked);
        var (_, allowed) = await host.CliAsync("senders", "allow", id, "--reason", "x", "--json");
        Assert.Contains(Assert.Single(Of(allowed, "sender")), letter.GetProperty("from").GetString(), StringComparison.OrdinalIgnoreCase);
    }

    [Fact]
    public async Task AFileIsImportedWhole_OrNotAtAll()
    {
        await using var host = await SmtpHost.StartAsync(new SekishoOptions(), keepPolicy: true);
        var file = Path.GetTempFileName();
        try
        {
            await File.WriteAllTextAsync(file, "list,sender,for,expires,reason\nblock,a@x.example\nblock,b@x.example,what?\nallow,.lab.example,*,soon\n");
            Assert.Equal(2, (await host.CliAsync("senders", "import", file)).Code);
            Assert.Empty((await host.CliAsync("senders", "list", "--json")).Lines);

            await File.WriteAllTextAsync(file, "list,sender,for,expires,reason\nblock,a@x.example,*,2099-01-01,\"one, two\"\nallow,.lab.example,@hospital.test,,x\nallow,a@x.example,,,x\n");
            Assert.Equal(0, (await host.CliAsync("senders", "import", file, "--check")).Code);
            Assert.Empty((await host.CliAsync("senders", "list", "--json")).Lines);
            Assert.Equal(0, (await host.CliAsync("senders", "import", file)).Code);
            var before = (await host.CliAsync("senders", "list", "--json")).Lines;
            Assert.Equal(["allow .lab.example hospital.test", "allow a@x.example *"], before.Select(l => JsonDocument.Parse(l).RootElement)
                .Select(e => $"{e.GetProperty("list")} {e.GetProperty("sender")} {e.GetProperty("scope")}").Order(StringComparer.Ordinal));

            var exported = (await host.CliAsync("senders", "export")).Lines;
            await File.WriteAllTextAsync(file, string.Join('\n', exported), Encoding.UTF8);
            Assert.Equal(0, (await host.CliAsync("senders", "remove", "a@x.example")).Code);
            Assert.Equal(0, (await host.CliAsync("senders", "import", file)).Code);
            Assert.Equal(before, (await host.CliAsync("senders", "list", "--json")).Lines);
        }
        finally
        {
            File.Delete(file);
        }
    }

    /// <summary>What is wrong is said in Japanese first, and nothing is listed.</summary>
    [Theory]
    [InlineData("理由を入力してください", "allow", "a@x.example", "--reason", "")]
    [InlineData("理由を入力してください", "block", "a@x.example", "--reason", " ")]
    [InlineData("アドレス、ドメイン、ネットワークのいずれでもありません", "block", "nobody", "--reason", "x")]
    [InlineData("許可できるのは /24 まで", "allow", "10.0.0.0/8", "--reason", "x")]
    [InlineData("許可できるのは /48 まで", "allow", "2001:db8::/32", "--reason", "x")]
    [InlineData("誰でも使えるドメイン", "allow", "co.jp", "--reason", "x")]
    [InlineData("誰でも使えるドメイン", "allow", "gmail.com", "--reason", "x")]
    [InlineData("アドレスでもドメインでもありません", "allow", "a@x.example", "--reason", "x", "--for", "no domain")]
    [InlineData("フォルダーです", "import", "/tmp")]
    [InlineData("ファイルが見つかりません", "import", "/nonexistent/senders.csv")]
    public async Task WhatIsWrongIsSaidInJapaneseFirst(string words, params string[] arguments)
    {
        await using var host = await SmtpHost.StartAsync(new SekishoOptions(), keepPolicy: true);
        var (code, error) = await host.FailingCliAsync(["senders", .. arguments]);
        Assert.Equal(2, code);
        Assert.Contains(words, error, StringComparison.Ordinal);
        Assert.Empty((await host.CliAsync("senders", "list", "--json")).Lines);
    }

    private static List<string> Of(IEnumerable<string> lines, string name) => [.. lines.Select(l => JsonDocument.Parse(l).RootElement.GetProperty(name).GetString()!)];
}

using System.Text;
using System.Text.Json;
using Sekisho.Options;
using Sekisho.SampleMaker;
using Sekisho.Server.Tests.Smtp;

namespace Sekisho.Server.Tests.Quarantine;

/// <summary>A letter with an encrypted attachment and the mail with its password, as a gateway sees them.</summary>
public sealed class PasswordResolverTests
{
    private const string Password = "8Gh!aa-0";
    private static readonly TimeSpan Soon = TimeSpan.FromSeconds(30);

    [Fact]
    public async Task ThePasswordMailComesAfter_BothGoOn()
    {
        await using var host = await StartAsync();
        var letter = Sealed("results.txt", "検査結果です"u8.ToArray());
        Assert.StartsWith("250", await host.SendAsync(letter, "kensa@lab.test"), StringComparison.Ordinal);
        Assert.Equal("held", (await ShownAsync(host)).GetProperty("state").GetString());
        Assert.Null(await host.NextLetterAsync(TimeSpan.FromMilliseconds(500)));

        var passwordMail = PasswordMail();
        Assert.StartsWith("250", await host.SendAsync(passwordMail, "office@lab.test"), StringComparison.Ordinal);
        var arrived = new[] { await host.NextLetterAsync(Soon), await host.NextLetterAsync(Soon) };
        Assert.All(arrived, Assert.NotNull);
        var opened = Assert.Single(arrived, l => l!.Octets.AsSpan().EndsWith(letter));
        Assert.Single(arrived, l => l!.Octets.AsSpan().EndsWith(passwordMail));
        var trace = Encoding.Latin1.GetString(opened!.Octets.AsSpan(0, opened.Octets.Length - letter.Length));
        Assert.StartsWith("X-Sekisho-Verdict: deliver", trace, StringComparison.Ordinal);
        Assert.Contains("ARCHIVE_PASSWORD_GIVEN", trace, StringComparison.Ordinal);
        Assert.Contains("Received: from client.test", trace, StringComparison.Ordinal);

        var (_, audit) = await host.CliAsync("audit", "list", "--json");
        Assert.Equal(["clear", "hold"], audit.Select(l => JsonDocument.Parse(l).RootElement.GetProperty("action").GetString()));
        Assert.DoesNotContain(audit, line => line.Contains(Password, StringComparison.Ordinal));
    }

    [Fact]
    public async Task ThePasswordMailCameBefore_TheLetterNeedNotWait()
    {
        await using var host = await StartAsync();
        await host.SendAsync(PasswordMail(), "kensa@lab.test");
        Assert.NotNull(await host.NextLetterAsync(Soon));
        var letter = Sealed("results.txt", new byte[100]);
        await host.SendAsync(letter, "kensa@lab.test");
        Assert.True((await host.NextLetterAsync(Soon))!.Octets.AsSpan().EndsWith(letter));
        Assert.Empty((await host.CliAsync("quarantine", "list", "--json")).Lines);
    }

    [Fact]
    public async Task WhatThePasswordShows_IsJudgedLikeAnythingElse()
    {
        await using var host = await StartAsync();
        await host.SendAsync(Sealed("invoice.exe", Samples.Program()) /* its name alone shows in the list of names, so this is quarantined at once */, "kensa@lab.test");
        Assert.Equal("quarantined", (await ShownAsync(host)).GetProperty("state").GetString());

        // A document inside an archive inside: only the password shows it.
        var hidden = ZipWriter.Encrypted("a.zip", ZipWriter.Plain(("invoice.exe", Samples.Program())), Password);
        await host.SendAsync(LetterWriter.WithAttachments("見積", "ご確認ください。", ("a.zip", hidden)), "sales@maker.test");
        Assert.Equal("held", (await ShownAsync(host)).GetProperty("state").GetString());
        await host.SendAsync(PasswordMail(), "sales@maker.test");
        await EventuallyAsync(async () => (await ShownAsync(host)).GetProperty("state").GetString() == "quarantined");
        var (_, lines) = await host.CliAsync("quarantine", "show", (await ShownAsync(host)).GetProperty("id").GetString()!, "--json");
        Assert.Contains("EXECUTABLE_CONTENT", lines[0], StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("kensa@elsewhere.test", "nurse@hospital.test")]
    [InlineData("kensa@lab.test", "doctor@hospital.test")]
    public async Task AStrangersPasswordOrOneForSomebodyElse_OpensNothing(string sender, string recipient)
    {
        await using var host = await StartAsync();
        await host.SendAsync(Sealed("results.txt", new byte[100]), "kensa@lab.test");
        await host.SendAsync(PasswordMail(), sender, recipient);
        Assert.NotNull(await host.NextLetterAsync(Soon)); // the password mail
        Assert.Null(await host.NextLetterAsync(TimeSpan.FromSeconds(2)));
        Assert.Equal("held", (await ShownAsync(host)).GetProperty("state").GetString());
    }

    [Fact]
    public async Task TimeIsUp_TheLetterIsQuarantined_AndTheRecipientIsToldInJapanese()
    {
        await using var host = await StartAsync(wait: TimeSpan.FromSeconds(2));
        await host.SendAsync(Sealed("results.txt", new byte[100]), "kensa@lab.test");
        var id = (await ShownAsync(host)).GetProperty("id").GetString()!;
        var notice = await host.NextLetterAsync(Soon);
        Assert.NotNull(notice);
        Assert.Equal(("", "nurse@hospital.test"), (notice.Sender, Assert.Single(notice.Recipients)));
        using var mail = MimeKit.MimeMessage.Load(new MemoryStream(notice.Octets));
        Assert.Contains("パスワード", mail.Subject, StringComparison.Ordinal);
        Assert.Contains(id, mail.TextBody, StringComparison.Ordinal);
        Assert.Contains("検査結果[:]//x.test", mail.TextBody, StringComparison.Ordinal);
        Assert.Equal("auto-generated", mail.Headers["Auto-Submitted"]);

        var shown = await ShownAsync(host);
        Assert.Equal("quarantined", shown.GetProperty("state").GetString());
        var (_, lines) = await host.CliAsync("quarantine", "show", id, "--json");
        Assert.Contains("PASSWORD_NEVER_CAME", lines[0], StringComparison.Ordinal);

        // Later the password is known after all.
        Assert.Equal(3, await host.TellCliAsync("wrong\n", "quarantine", "password", id));
        Assert.Equal("quarantined", (await ShownAsync(host)).GetProperty("state").GetString());
        Assert.Equal(0, await host.TellCliAsync(Password + "\n", "quarantine", "password", id));
        Assert.NotNull(await host.NextLetterAsync(Soon));
        Assert.True(JsonDocument.Parse((await host.CliAsync("audit", "verify", "--json")).Lines[0]).RootElement.GetProperty("intact").GetBoolean());
    }

    [Fact]
    public async Task ThePasswordIsHeard_EvenWhereDeliveredLettersAreNotKept()
    {
        await using var host = await StartAsync(options => options.Store.KeepDeliveredDays = 0);
        await host.SendAsync(Sealed("results.txt", new byte[100]), "kensa@lab.test");

        // The gateway learns within one round that a letter waits; from then on it listens.
        await Task.Delay(TimeSpan.FromSeconds(1));
        await host.SendAsync(PasswordMail(), "kensa@lab.test");
        Assert.NotNull(await host.NextLetterAsync(Soon));
        Assert.NotNull(await host.NextLetterAsync(Soon));
    }

    [Fact]
    public async Task APartnerWhoTelephones_IsLetThrough()
    {
        await using var host = await StartAsync(options => options.Policy.PassEncryptedFrom.Add("@lab.test"));
        await host.SendAsync(Sealed("results.txt", new byte[100]), "kensa@LAB.test");
        Assert.NotNull(await host.NextLetterAsync(Soon));
    }

    [Fact]
    public async Task AWrongPasswordOpensNothing_WhateverThePolicyLetsThrough()
    {
        await using var host = await StartAsync(options => options.Policy = options.Policy with { HoldForPassword = TimeSpan.Zero });
        await host.SendAsync(Sealed("results.txt", new byte[100]), "kensa@lab.test");
        var id = (await ShownAsync(host)).GetProperty("id").GetString()!;
        Assert.Equal("quarantined", (await ShownAsync(host)).GetProperty("state").GetString());
        Assert.Equal(3, await host.TellCliAsync("wrong\n", "quarantine", "password", id));
        var (_, audit) = await host.CliAsync("audit", "list", "--json");
        Assert.Equal("quarantine", JsonDocument.Parse(Assert.Single(audit)).RootElement.GetProperty("action").GetString());
    }

    /// <summary>A password that opens a harmless file does not make somebody else's conversation one's own.</summary>
    [Fact]
    public async Task AStolenConversationStaysStolen_WhateverThePasswordShows()
    {
        const string Ours = """
            港クリニック 佐藤先生
            いつもお世話になっております。関所総合病院 外科の高橋です。
            先週ご紹介いただいた患者さまの手術日が十二月四日に決まりました。
            術前検査の結果は良好で、入院は十二月二日の午前十時を予定しております。
            ご家族への説明は二日の午後に病棟の面談室で行います。
            お薬手帳と紹介状の写しを当日お持ちいただくようお伝えください。
            """;
        await using var host = await StartAsync(options => (options.Smtp.TrustedNetworks, options.Senders.Threads.LearnFirst) = (["127.0.0.0/8"], TimeSpan.Zero));
        var ours = Encoding.UTF8.GetString(LetterWriter.Plain("手術日のご連絡", Ours))
            .Replace("Alice <alice@sender.test>", "Takahashi <takahashi@hospital.test>", StringComparison.Ordinal).Replace("Bob <bob@hospital.test>", "Sato <sato@clinic.test>", StringComparison.Ordinal);
        Assert.StartsWith("250", await host.SendAsync(Encoding.UTF8.GetBytes(ours), "takahashi@hospital.test", "sato@clinic.test"), StringComparison.Ordinal);
        Assert.NotNull(await host.NextLetterAsync(Soon));

        // What it has learnt it writes down within a second.
        var stolen = LetterWriter.WithAttachments(
            "Re: 手術日のご連絡", "添付をご確認ください。\n\n" + string.Concat(Ours.Split('\n').Select(line => $"> {line}\n")), ("a.zip", ZipWriter.Encrypted("a.txt", new byte[100], Password)));
        stolen = Encoding.UTF8.GetBytes(Encoding.UTF8.GetString(stolen).Replace("sample@", "stolen@", StringComparison.Ordinal));
        var (id, shown) = ("", "");
        for (var i = 0; i < 20 && !shown.Contains("STOLEN_THREAD", StringComparison.Ordinal); i++)
        {
            await Task.Delay(500);
            await host.SendAsync(stolen, "alice@sender.test");
            id = (await ShownAsync(host)).GetProperty("id").GetString()!;
            shown = string.Concat((await host.CliAsync("quarantine", "show", id, "--json")).Lines);
        }

        Assert.Contains("STOLEN_THREAD", shown, StringComparison.Ordinal);
        await host.TellCliAsync(Password + "\n", "quarantine", "password", id);
        shown = string.Concat((await host.CliAsync("quarantine", "show", id, "--json")).Lines);
        Assert.Contains("quarantined", shown, StringComparison.OrdinalIgnoreCase);
        Assert.Contains("STOLEN_THREAD", shown, StringComparison.Ordinal);
        Assert.Contains("ARCHIVE_PASSWORD_GIVEN", shown, StringComparison.Ordinal);
    }

    [Fact]
    public async Task TwoArchivesWithTwoPasswordsInTwoMails_AreOpenedTogether()
    {
        await using var host = await StartAsync();
        var letter = LetterWriter.WithAttachments("検査結果", "2つお送りします。",
            ("a.zip", ZipWriter.Encrypted("a.txt", new byte[100], Password)), ("b.zip", ZipWriter.Encrypted("b.txt", new byte[100], "zX4-99qq")));
        await host.SendAsync(letter, "kensa@lab.test");
        await host.SendAsync(PasswordMail(), "kensa@lab.test");
        Assert.NotNull(await host.NextLetterAsync(Soon)); // the first password mail
        Assert.Null(await host.NextLetterAsync(TimeSpan.FromSeconds(2)));
        await host.SendAsync(LetterWriter.Plain("もう一つ", "2つ目のパスワードは zX4-99qq です。"), "kensa@lab.test");
        var arrived = new[] { await host.NextLetterAsync(Soon), await host.NextLetterAsync(Soon) };
        Assert.Contains(arrived, l => l!.Octets.AsSpan().EndsWith(letter));
    }

    private static Task<SmtpHost> StartAsync(Action<SekishoOptions>? change = null, TimeSpan? wait = null)
    {
        var options = new SekishoOptions { Policy = new() { HoldForPassword = wait ?? TimeSpan.FromMinutes(30) } };
        change?.Invoke(options);
        return SmtpHost.StartAsync(options, keepPolicy: true);
    }

    private static byte[] Sealed(string name, byte[] content) =>
        LetterWriter.WithAttachments("検査結果://x.test", "添付をご確認ください。後ほどお知らせします。", ("kekka.zip", ZipWriter.Encrypted(name, content, Password)));

    private static byte[] PasswordMail() => LetterWriter.Plain("先ほどの件", $"お世話になっております。\r\n先ほどお送りした添付ファイルの解凍パスワードは下記のとおりです。\r\n\r\n{Password}\r\n");

    private static async Task<JsonElement> ShownAsync(SmtpHost host)
    {
        var (_, lines) = await host.CliAsync("quarantine", "list", "--json");
        return JsonDocument.Parse(lines[0]).RootElement;
    }

    private static async Task EventuallyAsync(Func<Task<bool>> holds)
    {
        for (var i = 0; i < 60; i++)
        {
            if (await holds())
            {
                return;
            }

            await Task.Delay(500);
        }

        Assert.Fail("it did not come to that");
    }
}

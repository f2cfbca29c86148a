using System.Text.Json;
using Sekisho.Options;
using Sekisho.Server.Tests.Delivery;
using Sekisho.Server.Tests.Smtp;
using Sekisho.Server.Tests.Staff;

namespace Sekisho.Server.Tests.Cli;

/// <summary>The whole way: a directory, the gateway that reads it, its door, and an operator who asks.</summary>
public sealed class StaffCommandTests
{
    [NeedsProgram(Slapd.Program, "slapd")]
    public async Task TheDoorGoesByTheDirectoryAlsoWhenItIsDown()
    {
        using var slapd = new Slapd(StaffLdif.People(40) + StaffLdif.Entry("cn=外来", ("objectClass", "group"), ("cn", "外来"), ("mail", "gairai@hospital.test")));
        var host = await SmtpHost.StartAsync(new SekishoOptions { Smtp = { RecipientsFromDirectory = true }, Staff = slapd.Options(), Log = { Json = true } });
        try
        {
            for (var tries = 0; tries < 100 && (await SayAsync(host, "u1@hospital.test")).StartsWith("451 4.3.0", StringComparison.Ordinal); tries++)
            {
                await Task.Delay(100); // until it was read
            }

            Assert.StartsWith("250", await SayAsync(host, "U1.alias+ward@hospital.test"), StringComparison.Ordinal);
            Assert.StartsWith("250", await SayAsync(host, "gairai@hospital.test"), StringComparison.Ordinal);
            Assert.StartsWith("550 5.1.1", await SayAsync(host, "stranger@hospital.test"), StringComparison.Ordinal);
            var (code, lines) = await host.CliAsync("staff", "test", "--json");
            var said = JsonDocument.Parse(Assert.Single(lines)).RootElement;
            Assert.Equal((0, 40, 1, 10), (code, said.GetProperty("people").GetInt32(), said.GetProperty("others").GetInt32(), said.GetProperty("first").GetArrayLength()));
            (_, lines) = await host.CliAsync("staff", "list", "髙橋 太郎", "--json");
            Assert.Equal("タカハシ タロウ", JsonDocument.Parse(Assert.Single(lines)).RootElement.GetProperty("kana").GetString());
            Assert.Contains("41 people", await DoctorAsync(host, "good"), StringComparison.Ordinal);

            slapd.Kill();
            await host.TerminateAsync();
            host = await SmtpHost.RestartAsync(host);
            Assert.StartsWith("250", await SayAsync(host, "u2@hospital.test"), StringComparison.Ordinal);
            Assert.StartsWith("550 5.1.1", await SayAsync(host, "stranger@hospital.test"), StringComparison.Ordinal);
            Assert.Contains("stay in force", await DoctorAsync(host, "warning"), StringComparison.Ordinal);
            (code, lines) = await host.CliAsync("staff", "test", "--json");
            Assert.Equal((1, "unreachable"), (code, JsonDocument.Parse(Assert.Single(lines)).RootElement.GetProperty("kind").GetString()));
            Assert.Equal(1, (await host.CliAsync("staff", "refresh")).Code);
        }
        finally
        {
            await host.DisposeAsync();
        }
    }

    /// <summary>Nobody was ever read: nobody is refused for good.</summary>
    [Fact]
    public async Task UntilTheDirectoryWasReadStrangersArePutOff()
    {
        using var silent = new SilentServer();
        await using var host = await SmtpHost.StartAsync(new SekishoOptions
        {
            Smtp = { RecipientsFromDirectory = true, RecipientList = "doctor@hospital.test" }, Staff = { Servers = [silent.Url], BaseDns = ["dc=hospital,dc=test"], Timeout = TimeSpan.FromSeconds(1) },
        });
        Assert.StartsWith("250", await SayAsync(host, "doctor@hospital.test"), StringComparison.Ordinal);
        Assert.StartsWith("451 4.3.0", await SayAsync(host, "nurse@hospital.test"), StringComparison.Ordinal);
        var (code, lines) = await host.CliAsync("staff", "test");
        Assert.Equal(1, code);
        Assert.Contains("451", await DoctorAsync(host, "bad"), StringComparison.Ordinal);
        Assert.Equal(2, (await host.CliAsync("staff", "nonsense")).Code);
    }

    private static Task<string> SayAsync(SmtpHost host, string recipient) => host.SendAsync(Letters.Clean(), recipient: recipient);

    /// <summary>What the doctor says of the directory, which must be in the given state.</summary>
    private static async Task<string> DoctorAsync(SmtpHost host, string state)
    {
        var detail = "";
        for (var tries = 0; tries < 30; tries++)
        {
            var (_, lines) = await host.CliAsync("doctor", "--json");
            var check = lines.Select(l => JsonDocument.Parse(l).RootElement).Single(c => c.GetProperty("check").GetString() == "directory");
            detail = $"{check.GetProperty("state")}: {check.GetProperty("detail")}";
            if (check.GetProperty("state").GetString() == state)
            {
                return detail;
            }

            await Task.Delay(200);
        }

        Assert.Fail($"{detail}\n{host.LogTail}");
        return "";
    }
}

using System.Text.Json;
using Sekisho.Options;
using Sekisho.SampleMaker;
using Sekisho.Server.Tests.Smtp;

namespace Sekisho.Server.Tests.Cli;

/// <summary><c>policy explain</c> and <c>replay</c> as an admin uses them before he changes a setting.</summary>
public sealed class PolicyCommandTests
{
    [Fact]
    public async Task ExplainSaysWhatAPresetDoes_AndReplayWhatItWouldHaveDone()
    {
        await using var host = await SmtpHost.StartAsync(
            new SekishoOptions { Policy = new() { Overrides = { new() { Domain = "ward.test", QuarantineAt = 40 } } } }, keepPolicy: true);

        // An embedded package alone: delivered by the standard, quarantined by the strict preset.
        var letter = LetterWriter.WithAttachments("資料", "ご確認ください。", ("a.pdf", "%PDF-1.4\n1 0 obj\n<< /OpenAction << /S /JavaScript /JS (this.print\\(\\)) >> /Type /Catalog >>\nendobj\ntrailer << /Root 1 0 R >>\n%%EOF"u8.ToArray()));
        await host.SendAsync(letter);
        Assert.NotNull(await host.NextLetterAsync(TimeSpan.FromSeconds(20)));
        await host.SendAsync(Letters.Clean());

        var (code, lines) = await host.CliAsync("policy", "explain", "--json");
        Assert.Equal(0, code);
        Assert.Equal(100, JsonDocument.Parse(Assert.Single(lines)).RootElement.GetProperty("quarantineAt").GetInt32());
        (_, lines) = await host.CliAsync("policy", "explain", "--domain", "ward.test", "--json");
        Assert.Equal(40, JsonDocument.Parse(lines[0]).RootElement.GetProperty("quarantineAt").GetInt32());
        (_, lines) = await host.CliAsync("policy", "explain");
        Assert.Contains(lines, l => l.Contains("100 点以上でメール隔離", StringComparison.Ordinal));
        Assert.Contains(lines, l => l.Contains("policy explain --domain ward.test", StringComparison.Ordinal));
        (_, lines) = await host.CliAsync("policy", "explain", "--preset", "watch");
        Assert.Contains(lines, l => l.Contains("Nothing is quarantined", StringComparison.Ordinal));

        (code, lines) = await host.CliAsync("replay", "--preset", "strict", "--json");
        Assert.Equal(1, code);
        Assert.Equal(2, lines.Count);
        var moved = JsonDocument.Parse(lines[0]).RootElement;
        Assert.Equal(("deliver", "quarantine"), (moved.GetProperty("before").GetString(), moved.GetProperty("after").GetString()));
        Assert.Equal((2, 1), (JsonDocument.Parse(lines[1]).RootElement.GetProperty("letters").GetInt32(), JsonDocument.Parse(lines[1]).RootElement.GetProperty("changed").GetInt32()));

        (code, lines) = await host.CliAsync("replay", "--preset", "standard");
        Assert.Equal(0, code);
        Assert.Contains(lines, l => l.Contains("No difference", StringComparison.Ordinal));
        Assert.Null(await host.NextLetterAsync(TimeSpan.FromMilliseconds(500)) is { } more && more.Octets.AsSpan().EndsWith(letter) ? more : null);
    }

    [Fact]
    public async Task ReplayReadsAFolderAndAnotherSettingsFile()
    {
        await using var host = await SmtpHost.StartAsync(new SekishoOptions(), keepPolicy: true);
        var folder = Directory.CreateTempSubdirectory("sekisho-replay-").FullName;
        await File.WriteAllBytesAsync(Path.Combine(folder, "a.eml"), Letters.WithMacro());
        var settings = Path.Combine(folder, "new.json");
        await File.WriteAllTextAsync(settings, """{ "Policy": { "Preset": "Watch" } }""");
        var (code, lines) = await host.CliAsync("replay", folder, "--settings", settings, "--json");
        Assert.Equal(1, code);
        Assert.Equal("deliver", JsonDocument.Parse(lines[0]).RootElement.GetProperty("after").GetString());

        await File.WriteAllTextAsync(settings, """{ "Policy": { "Preset": "Loose" } }""");
        Assert.Equal(2, (await host.CliAsync("replay", folder, "--settings", settings)).Code);
        Assert.Equal(2, (await host.CliAsync("replay", folder + "/none")).Code);
        Directory.Delete(folder, recursive: true);
    }
}

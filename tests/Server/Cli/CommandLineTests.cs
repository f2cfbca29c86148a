using System.Text.Json;
using Sekisho.Options;
using Sekisho.Server.Tests.Smtp;

namespace Sekisho.Server.Tests.Cli;

/// <summary>The command line as its user runs it: the program, beside a running gateway.</summary>
public sealed class CommandLineTests : IAsyncLifetime
{
    private SmtpHost _host = null!;

    public async Task InitializeAsync()
    {
        var options = new SekishoOptions();
        _host = await SmtpHost.StartAsync(options, keepPolicy: true);
    }

    public async Task DisposeAsync() => await _host.DisposeAsync();

    [Fact]
    public async Task AMacroLetterIsQuarantinedShownReleasedAndArrivesAsItCame()
    {
        var letter = Letters.WithMacro();
        Assert.StartsWith("250", await _host.SendAsync(letter), StringComparison.Ordinal);
        Assert.Null(await _host.NextLetterAsync(TimeSpan.FromMilliseconds(500)));

        var (code, lines) = await _host.CliAsync("quarantine", "list", "--json");
        Assert.Equal(0, code);
        var message = JsonDocument.Parse(Assert.Single(lines)).RootElement;
        var id = message.GetProperty("id").GetString()!;
        Assert.Equal("quarantined", message.GetProperty("state").GetString());

        (code, lines) = await _host.CliAsync("quarantine", "show", id, "--json");
        Assert.Equal(0, code);
        var findings = JsonDocument.Parse(Assert.Single(lines)).RootElement.GetProperty("findings").EnumerateArray().ToList();
        Assert.Contains(findings, f => f.GetProperty("code").GetString() == "MACRO_AUTO_EXEC");
        Assert.All(findings, f => Assert.True(f.GetProperty("ja").GetString()!.Length > 0 && f.GetProperty("en").GetString()!.Length > 0));

        (code, lines) = await _host.CliAsync("quarantine", "show", id);
        Assert.Contains(lines, l => l.Contains("マクロ", StringComparison.Ordinal));

        (code, _) = await _host.CliAsync("quarantine", "release", id, "--reason", "確認済み");
        Assert.Equal(0, code);
        var arrived = await _host.NextLetterAsync(TimeSpan.FromSeconds(20));
        Assert.NotNull(arrived);
        Assert.True(arrived.Octets.AsSpan().EndsWith(letter), "what was released is not what came");

        // A second release delivers nothing: the letter is gone already.
        (code, _) = await _host.CliAsync("quarantine", "release", id);
        Assert.Equal(3, code);
        Assert.Null(await _host.NextLetterAsync(TimeSpan.FromMilliseconds(500)));

        (code, lines) = await _host.CliAsync("audit", "list", "--json");
        var actions = lines.Select(l => JsonDocument.Parse(l).RootElement.GetProperty("action").GetString()).ToList();
        Assert.Equal(["release", "quarantine"], actions);
        (code, lines) = await _host.CliAsync("audit", "verify", "--json");
        Assert.Equal(0, code);
        Assert.True(JsonDocument.Parse(lines[0]).RootElement.GetProperty("intact").GetBoolean());
    }

    [Fact]
    public async Task ADiscardedLetterNeverArrives()
    {
        await _host.SendAsync(Letters.WithMacro());
        var (_, lines) = await _host.CliAsync("quarantine", "list", "--json");
        var id = JsonDocument.Parse(lines[0]).RootElement.GetProperty("id").GetString()!;
        Assert.Equal(0, (await _host.CliAsync("quarantine", "discard", id)).Code);
        Assert.Equal(3, (await _host.CliAsync("quarantine", "release", id)).Code);
        Assert.Null(await _host.NextLetterAsync(TimeSpan.FromMilliseconds(500)));
    }

    [Fact]
    public async Task ScanPrintsOneLineAFile()
    {
        var folder = Directory.CreateTempSubdirectory("sekisho-scan-").FullName;
        Directory.CreateDirectory(Path.Combine(folder, "deep"));
        await File.WriteAllBytesAsync(Path.Combine(folder, "bad.eml"), Letters.WithMacro());
        await File.WriteAllBytesAsync(Path.Combine(folder, "deep", "clean.eml"), Letters.Clean());
        var (code, lines) = await _host.CliAsync("scan", "--json", folder);
        Directory.Delete(folder, recursive: true);

        Assert.Equal(1, code);
        Assert.Equal(2, lines.Count);
        var bad = JsonDocument.Parse(lines[0]).RootElement;
        Assert.Equal(["file", "disposition", "score", "findings", "authentication", "ms", "error"], bad.EnumerateObject().Select(p => p.Name));
        Assert.Equal("quarantine", bad.GetProperty("disposition").GetString());
        Assert.Equal(["code", "place", "evidence"], bad.GetProperty("findings")[0].EnumerateObject().Select(p => p.Name));
        Assert.Equal("deliver", JsonDocument.Parse(lines[1]).RootElement.GetProperty("disposition").GetString());
    }

    [Fact]
    public async Task ScanPassesOverPipesAndDevices()
    {
        var folder = Directory.CreateTempSubdirectory("sekisho-scan-").FullName;
        using (var mkfifo = System.Diagnostics.Process.Start("mkfifo", Path.Combine(folder, "pipe.eml")))
        {
            await mkfifo.WaitForExitAsync();
        }

        var (code, lines) = await _host.CliAsync("scan", "--json", folder, "/dev/zero").WaitAsync(TimeSpan.FromSeconds(20));
        Directory.Delete(folder, recursive: true);
        Assert.Equal(3, code);
        Assert.Equal(2, lines.Count);
        Assert.All(lines, line => Assert.Equal("not a regular file", JsonDocument.Parse(line).RootElement.GetProperty("error").GetString()));
    }

    [Fact]
    public async Task WhatStrangersWroteMovesNoCursor()
    {
        await _host.SendAsync(Letters.WithMacro(subject: "=?utf-8?q?=1b[2Jgone?="));
        var (_, json) = await _host.CliAsync("quarantine", "list", "--json");
        var id = JsonDocument.Parse(json[0]).RootElement.GetProperty("id").GetString()!;
        var (_, list) = await _host.CliAsync("quarantine", "list");
        var (_, show) = await _host.CliAsync("quarantine", "show", id);
        Assert.Contains(show, line => line.Contains("gone", StringComparison.Ordinal));
        Assert.DoesNotContain(list.Concat(show), line => line.Contains('\u001b', StringComparison.Ordinal));
    }

    [Fact]
    public async Task ScanHasALineForAFileThatIsNotThere()
    {
        var (code, lines) = await _host.CliAsync("scan", "--json", "/nonexistent/file.eml");
        Assert.Equal(2, code);
        Assert.Equal("no such file or folder", JsonDocument.Parse(Assert.Single(lines)).RootElement.GetProperty("error").GetString());
    }

    [Theory]
    [InlineData(2, "no-such-verb")]
    [InlineData(2, "quarantine", "release", "not-an-id")]
    [InlineData(2, "scan", "--json", "/nonexistent/file.eml")]
    [InlineData(2, "queue", "retry")]
    [InlineData(0, "queue", "list")]
    [InlineData(0, "config", "check")]
    [InlineData(0, "config", "show")]
    [InlineData(0, "--help")]
    [InlineData(0, "--version")]
    [InlineData(2)]
    [InlineData(2, "--no-such-option")]
    [InlineData(3, "serve", "--web", "127.0.0.1:0", "--smtp", "203.0.113.1:2525")]
    public async Task ExitCodesAreAsStated(int expected, params string[] arguments) => Assert.Equal(expected, (await _host.CliAsync(arguments)).Code);

    [Fact]
    public async Task WhatConfigShowPrintsCanBeUsedAsSettings()
    {
        var (_, lines) = await _host.CliAsync("config", "show");
        var home = Directory.CreateTempSubdirectory("sekisho-config-").FullName;
        await File.WriteAllLinesAsync(Path.Combine(home, OptionsLoader.FileName), lines);
        var (_, faults) = OptionsLoader.Read(home);
        Directory.Delete(home, recursive: true);
        Assert.Empty(faults);
    }
}

using System.Text.RegularExpressions;

namespace Sekisho.Server.Tests.Smtp;

/// <summary>Plays every file in tests/dialogues against the gateway.</summary>
public sealed class DialogueTests(SmtpHosts hosts) : IClassFixture<SmtpHosts>
{
    /// <summary>The names of all dialogues.</summary>
    public static TheoryData<string> Names => [.. Directory.GetFiles(Folder, "*.smtp").Select(file => Path.GetFileNameWithoutExtension(file)!).Order(StringComparer.Ordinal)];

    private static string Folder => Repository.Folder("tests/dialogues");

    /// <summary>The dialogue goes as its file says.</summary>
    [Theory]
    [MemberData(nameof(Names))]
    public async Task Dialogue_GoesAsWritten(string name)
    {
        var dialogue = Dialogue.Read(Path.Combine(Folder, name + ".smtp"));
        await using var runner = new DialogueRunner(dialogue, await hosts.GetAsync(dialogue));
        await runner.RunAsync();
    }

    /// <summary>A dialogue's name is words, and its first line says what it is about.</summary>
    [Theory]
    [MemberData(nameof(Names))]
    public void Dialogue_HasANameAndAStory(string name)
    {
        Assert.Matches(new Regex("^[a-z0-9]+(-[a-z0-9]+)*$"), name);
        Assert.Matches(new Regex("^# [A-Z].*\\.$"), File.ReadLines(Path.Combine(Folder, name + ".smtp")).First());
    }
}

/// <summary>One gateway for all dialogues that ask for the same settings: most ask for none.</summary>
public sealed class SmtpHosts : IAsyncLifetime
{
    private readonly Dictionary<string, SmtpHost> hosts = [];

    /// <summary>The gateway for a dialogue, started when it is the first to ask.</summary>
    public async Task<SmtpHost> GetAsync(Dialogue dialogue)
    {
        var key = string.Join('\n', dialogue.Settings.Select(setting => $"{setting.Key}={setting.Value}"));
        if (!hosts.TryGetValue(key, out var host))
        {
            host = hosts[key] = await SmtpHost.StartAsync(dialogue.Options());
        }

        return host;
    }

    /// <inheritdoc />
    public Task InitializeAsync() => Task.CompletedTask;

    /// <inheritdoc />
    public async Task DisposeAsync()
    {
        foreach (var host in hosts.Values)
        {
            await host.DisposeAsync();
        }
    }
}

using System.Text.RegularExpressions;
using Sekisho.Inspection.Detection;

namespace Sekisho.Server.Tests;

/// <summary>What keeps the house in shape: floors, time, and tables that tell the truth.</summary>
public sealed partial class HouseRulesTests
{
    /// <summary>The server's rooms and those below that each may use. Two rooms never use each other.</summary>
    private static readonly Dictionary<string, string[]> Floors = new()
    {
        ["Options"] = ["Smtp"], // the checks ask MailPath what a domain is
        ["Staff"] = ["Options"],
        ["Senders"] = ["Store", "Options"],
        ["Store"] = ["Options"],
        ["Signatures"] = ["Store", "Options"],
        ["Delivery"] = ["Store", "Options"],
        ["Quarantine"] = ["Store", "Options", "Delivery", "Housekeeping"],
        ["Smtp"] = ["Store", "Options"],
        ["Housekeeping"] = ["Store", "Options", "Smtp"],
        ["Web"] = ["Store", "Options", "Housekeeping"],
        ["Cli"] = ["Staff", "Store", "Options", "Housekeeping", "Quarantine", "Smtp", "Signatures", "Senders"],
    };

    [Fact]
    public void EveryRoomUsesOnlyRoomsBelow()
    {
        var faults = new List<string>();
        foreach (var file in Sources("gateway/Server").Where(f => f.Count(c => c == '/') >= 3))
        {
            var room = file.Split('/')[2];
            if (!Floors.TryGetValue(room, out var allowed))
            {
                faults.Add($"{file}: the room {room} has no floor in this test");
                continue;
            }

            foreach (Match match in Room().Matches(File.ReadAllText(Repository.Folder(file))))
            {
                var used = match.Groups[1].Value;
                if (used != room && used != "Inspection" && Floors.ContainsKey(used) && !allowed.Contains(used))
                {
                    faults.Add($"{file}: {room} may not use {used}");
                }
            }
        }

        Assert.Empty(faults);
    }

    [Fact]
    public void InspectionKnowsNothingOfTheServer() =>
        Assert.DoesNotContain(
            Sources("gateway/Inspection"),
            file => Regex.IsMatch(File.ReadAllText(Repository.Folder(file)), @"using Sekisho\.(?!Inspection)|System\.Net\.Sockets|Microsoft\.Data|Npgsql"));

    /// <summary>Time comes in through <see cref="TimeProvider"/>, so that tests can turn the clock.</summary>
    [Fact]
    public void NobodyAsksTheClockOfTheMachine() =>
        Assert.DoesNotContain(Sources("gateway"), file => Clock().IsMatch(File.ReadAllText(Repository.Folder(file))));

    /// <summary>The table of findings in gateway/README.md is made from the detectors. <c>UPDATE_EXPECTED=1</c> writes it anew.</summary>
    [Fact]
    public void TheTableOfFindingsIsTrue()
    {
        var file = Repository.Folder("gateway/README.md");
        var text = File.ReadAllText(file);
        var table = string.Concat(GatewayKinds.All.DistinctBy(k => k.Code).OrderBy(k => k.Code, StringComparer.Ordinal)
            .Select(k => $"| `{k.Code}` | {k.Weight} | {k.Ja} | {k.En} | {k.Attack} |\n"));
        var made = Findings().Replace(text, $"$1\n\n| code | weight | 日本語 | English | ATT&CK |\n|---|---|---|---|---|\n{table.Replace("$", "$$", StringComparison.Ordinal)}\n$2");
        if (Environment.GetEnvironmentVariable("UPDATE_EXPECTED") == "1")
        {
            File.WriteAllText(file, made);
        }

        Assert.Equal(made, File.ReadAllText(file));
        Assert.Contains(Detectors.Kinds.First().Code, text, StringComparison.Ordinal);
    }

    /// <summary>Both front pages have the same sections, so that neither language is told less.</summary>
    [Fact]
    public void TheJapaneseReadmeHasEverySectionOfTheEnglishOne()
    {
        static int[] Shape(string file) => [.. File.ReadLines(Repository.Folder(file)).Where(l => l.StartsWith('#')).Select(l => l.TakeWhile(c => c == '#').Count())];

        Assert.Equal(Shape("README.md"), Shape("README.ja.md"));
    }

    private static IEnumerable<string> Sources(string folder) =>
        Directory.EnumerateFiles(Repository.Folder(folder), "*.cs", SearchOption.AllDirectories)
            .Select(f => Path.GetRelativePath(Repository.Root, f).Replace('\\', '/'))
            .Where(f => !f.Contains("/obj/", StringComparison.Ordinal) && !f.Contains("/bin/", StringComparison.Ordinal));

    [GeneratedRegex(@"\bSekisho\.(\w+)")]
    private static partial Regex Room();

    [GeneratedRegex(@"\bDateTime(Offset)?\.(Utc)?Now\b|\bDateTime\.Today\b|\bStopwatch\.(StartNew|GetTimestamp)\b|\bEnvironment\.TickCount")]
    private static partial Regex Clock();

    [GeneratedRegex(@"(<!-- findings:[^>]*-->).*?(<!-- /findings -->)", RegexOptions.Singleline)]
    private static partial Regex Findings();
}

using System.Text.RegularExpressions;
using Sekisho.Inspection.Detection;

namespace Sekisho.Inspection.Tests;

/// <summary>Keeps the house's rules, which nobody reads but this test.</summary>
public partial class HouseRulesTests
{
    /// <summary>From the ground up; a floor uses those below it, never one above.</summary>
    private static readonly string[] Floors = ["Formats", "Signatures", "Messages", "Senders", "Detection", "Policy"];

    [Fact]
    public void EveryDetector_HasATestOfItsName_AndStandsInTheList()
    {
        var detection = Path.Combine(Repository.Root, "gateway", "Inspection", "Detection");
        var tests = Path.Combine(Repository.Root, "tests", "Inspection", "Detection");
        var files = Directory.GetDirectories(detection).SelectMany(d => Directory.GetFiles(d, "*.cs")).ToList();
        Assert.NotEmpty(files);
        foreach (var file in files)
        {
            var test = Path.Combine(tests, Path.GetRelativePath(detection, file).Replace(".cs", "Tests.cs", StringComparison.Ordinal));
            Assert.True(File.Exists(test), $"{Path.GetFileName(file)} has no test {test}.");
        }

        Assert.Equal(files.Select(f => Path.GetFileNameWithoutExtension(f)).Order(StringComparer.Ordinal), Detectors.All.Select(d => d.GetType().Name).Order(StringComparer.Ordinal));
    }

    [Fact]
    public void EveryKind_HasItsOwnCode_AndBothLanguages()
    {
        var kinds = Detectors.Kinds.ToList();
        Assert.Equal(kinds.Count, kinds.Select(k => k.Code).Distinct(StringComparer.Ordinal).Count());
        Assert.All(kinds, k =>
        {
            Assert.Matches("^[A-Z]+(_[A-Z]+)*$", k.Code);
            Assert.InRange(k.Weight, 1, 10_000);
            Assert.EndsWith(".", k.En, StringComparison.Ordinal);
            Assert.Matches(@"[\u3040-\u30FF\u4E00-\u9FFF]", k.Ja);
            Assert.DoesNotMatch("(?<!メール)隔離", k.Ja);
            Assert.Matches(@"^(T\d{4}(\.\d{3})?)?$", k.Attack ?? "");
        });
    }

    [Fact]
    public void NoFloor_UsesOneAbove()
    {
        for (var floor = 0; floor < Floors.Length; floor++)
        {
            foreach (var file in Directory.GetFiles(Path.Combine(Repository.Root, "gateway", "Inspection", Floors[floor]), "*.cs", SearchOption.AllDirectories))
            {
                var text = File.ReadAllText(file);
                foreach (var above in Floors[(floor + 1)..])
                {
                    Assert.False(text.Contains($"using Sekisho.Inspection.{above}", StringComparison.Ordinal), $"{file} uses {above}.");
                }

                Assert.False(text.Contains("using Sekisho.Smtp", StringComparison.Ordinal) || text.Contains("using Sekisho.Store", StringComparison.Ordinal), $"{file} uses the server.");
            }
        }

        // Readers know nothing of mail.
        Assert.All(Directory.GetFiles(Path.Combine(Repository.Root, "gateway", "Inspection", "Formats"), "*.cs"),
            file => Assert.DoesNotContain("using MimeKit", File.ReadAllText(file), StringComparison.Ordinal));
    }

    [Fact]
    public void Time_ComesInThroughTheDoor()
    {
        foreach (var file in Directory.GetFiles(Path.Combine(Repository.Root, "gateway"), "*.cs", SearchOption.AllDirectories))
        {
            if (!file.Contains($"{Path.DirectorySeparatorChar}obj{Path.DirectorySeparatorChar}", StringComparison.Ordinal))
            {
                Assert.False(Clock().IsMatch(File.ReadAllText(file)), $"{file} looks at the clock by itself; take a TimeProvider.");
            }
        }
    }

    [GeneratedRegex(@"\bDateTime(Offset)?\.(Utc)?Now\b|\bDateTime\.Today\b", RegexOptions.NonBacktracking)]
    private static partial Regex Clock();
}

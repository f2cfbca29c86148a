using System.Diagnostics;
using System.Text;
using Sekisho.Inspection.Signatures;

namespace Sekisho.Inspection.Tests.Signatures;

/// <summary>Makes sets of rules for tests.</summary>
internal static class YaraSets
{
    public static SignatureSet Of(string rules, TimeSpan? time = null) => SignatureSet.Of(Rules(rules, time));

    public static YaraRules Rules(string rules, TimeSpan? time = null)
    {
        var faults = new List<SignatureFault>();
        var set = YaraRules.Compile([new YaraFile("test.yar", "test", Encoding.UTF8.GetBytes(rules))], faults, time ?? YaraRules.DefaultTime);
        Assert.Empty(faults);
        return set;
    }
}

/// <summary>The binding to libyara: what it tells, and that it stays right and small under load.</summary>
public sealed class YaraRulesTests
{
    private static readonly YaraNames Names = new("a.doc", "Word", "1/a.doc");

    [Fact]
    public void Match_TellsRuleTagsMetasAndFirstOffsets()
    {
        var rules = YaraSets.Rules("""
            rule one : red green { meta: text = "値" number = 42 truth = false strings: $a = "kumquat" $b = { 01 ?? 03 } $none = "medlar" condition: #a == 2 and $b and not $none }
            private rule hidden { condition: true }
            rule two { condition: hidden and filesize > 100 }
            """);
        Assert.Equal(["one", "two"], rules.Rules.Select(r => r.Name));
        var content = new byte[4000];
        "kumquat"u8.CopyTo(content.AsSpan(700));
        "kumquat"u8.CopyTo(content.AsSpan(900));
        new byte[] { 1, 2, 3 }.CopyTo(content.AsSpan(3990));
        var result = rules.Scan(content, Names);
        Assert.Null(result.Fault);
        Assert.Equal(["one", "two"], result.Matches.Select(m => m.Rule.Name));
        var one = result.Matches[0];
        Assert.Same(rules.Rules[0], one.Rule);
        Assert.Equal("test/test.yar", one.Rule.Space + "/test.yar");
        Assert.Equal(["red", "green"], one.Rule.Tags);
        Assert.Equal([new("text", "値"), new("number", 42L), new("truth", false)], one.Rule.Metas);
        Assert.Equal([new("$a", 700), new("$b", 3990)], one.Strings);
        Assert.Empty(result.Matches[1].Strings);
    }

    [Fact]
    public void Externals_AreThoseOfTheScan()
    {
        var rules = YaraSets.Rules("""rule name { condition: file_name == "見積.xls" and file_type == "Excel" and part_path == "2/a.zip/見積.xls" }""");
        Assert.Single(rules.Scan("x"u8, new YaraNames("見積.xls", "Excel", "2/a.zip/見積.xls")).Matches);
        Assert.Empty(rules.Scan("x"u8, new YaraNames("見積.xls", "Excel", "2/見積.xls")).Matches);
        Assert.Empty(rules.Scan("x"u8, new YaraNames("", "", "")).Matches);
        Assert.Single(YaraSets.Rules("""rule r { condition: file_name == "a b" }""").Scan("x"u8, new YaraNames("a\0b", "", "")).Matches);
    }

    [Fact]
    public void RulesOnPrograms_RunOnProgramsOnly()
    {
        var rules = YaraSets.Rules("import \"pe\"\nrule dll { condition: pe.is_dll() or filesize > 1 and not pe.is_pe }\n");
        Assert.Empty(rules.Scan("text"u8, Names).Matches);
        Assert.Single(rules.Scan("MZ and no more"u8, Names).Matches);
        Assert.Single(rules.Scan(SampleMaker.YaraSamples.Library("x"), Names).Matches);
    }

    [Theory]
    [InlineData("import \"pe\"\nrule a { condition: pe.is_pe }", true)]
    [InlineData("rule a { condition: true }", false)]
    [InlineData("import \"pe\"\nrule a { condition: pe.is_pe }\nrule b { strings: $a = \"pe.x\" condition: $a }", false)]
    [InlineData("import \"pe\"\nrule a { meta: d = \"a rule for you\" condition: pe.is_pe }", true)]
    [InlineData("import \"pe\"\nrule a { condition: pe.is_pe }\nrule b // note\n{ condition: true }", false)]
    [InlineData("import \"hash\"\nrule a { condition: hash.md5(0, 1) == \"pe.x\" }", false)]
    public void AFileIsAboutPrograms_WhenEachOfItsRulesIs(string source, bool programs) =>
        Assert.Equal(programs, new YaraFile("a.yar", "a", Encoding.UTF8.GetBytes(source)).AsksForProgramsOnly);

    [Fact]
    public void BrokenFiles_AreNamedWithLineAndReason_AndTheRestWorks()
    {
        var folder = Directory.CreateTempSubdirectory("sekisho-yara-");
        try
        {
            var yara = Path.Combine(folder.FullName, "yara");
            Directory.CreateDirectory(Path.Combine(yara, "deeper"));
            void Write(string name, string text) => File.WriteAllText(Path.Combine(yara, name), text);
            Write("good.yar", "rule good { strings: $a = \"kumquat\" condition: $a }");
            Write("deeper/same-name.yara", "\uFEFFrule good { condition: filesize == 7 }");
            Write("syntax.yar", "rule a {\n  condition:\n    and\n}");
            Write("unknown.yar", "rule a { condition: no_such_thing == 1 }");
            Write("module.yar", "import \"nowhere\"\nrule a { condition: true }");
            Write("include.yar", "include \"good.yar\"\nrule b { condition: true }");
            Write("twice.yar", "rule a { condition: true }\nrule a { condition: true }");
            Write("expression.yar", "rule a { strings: $a = /(/ condition: $a }");
            Write("notes.txt", "no rules");
            File.WriteAllBytes(Path.Combine(yara, "utf16.yar"), Encoding.Unicode.GetBytes("rule a { condition: true }"));
            File.WriteAllBytes(Path.Combine(yara, "latin.yar"), [0x72, 0xE9]);
            Write("empty.yar", "");

            var set = SignatureSet.Load([folder.FullName]);
            Assert.Equal(["good", "good"], set.Yara.Rules.Select(r => r.Name));
            Assert.Equal(2, set.Yara.Scan("kumquat"u8, Names).Matches.Count);
            var faults = set.Faults.ToDictionary(f => Path.GetFileName(f.File), f => f.Reason);
            Assert.Equal(["expression.yar", "include.yar", "latin.yar", "module.yar", "syntax.yar", "twice.yar", "unknown.yar", "utf16.yar"], faults.Keys.Order(StringComparer.Ordinal));
            Assert.StartsWith("line 3: syntax error", faults["syntax.yar"], StringComparison.Ordinal);
            Assert.Equal("line 1: undefined identifier \"no_such_thing\"", faults["unknown.yar"]);
            Assert.StartsWith("line 2: duplicated identifier", faults["twice.yar"], StringComparison.Ordinal);
            Assert.Contains("include", faults["include.yar"], StringComparison.Ordinal);
            Assert.Equal("The file is no UTF-8 text.", faults["utf16.yar"]);

            var before = set.Generation;
            Assert.Equal(before, SignatureSet.Load([folder.FullName]).Generation);
            Write("good.yar", "rule good { strings: $a = \"quince\" condition: $a }");
            Assert.NotEqual(before, SignatureSet.Load([folder.FullName]).Generation);
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    [Fact]
    public void ManyBrokenFiles_AreAllNamed_AndTheSoundOnesWork()
    {
        var faults = new List<SignatureFault>();
        var files = Enumerable.Range(0, 120).Select(i => new YaraFile($"{i:000}.yar", $"x/{i:000}.yar", Encoding.UTF8.GetBytes(i % 2 == 0 ? $"rule r{i} {{ condition: filesize == {i} }}" : "rule broken {"))).ToList();
        var rules = YaraRules.Compile(files, faults, YaraRules.DefaultTime);
        Assert.Equal(files.Where((_, i) => i % 2 == 1).Select(f => f.Path), faults.Select(f => f.File).Order(StringComparer.Ordinal));
        Assert.Equal(60, rules.Rules.Count);
        Assert.Equal("r8", Assert.Single(rules.Scan(new byte[8], Names).Matches).Rule.Name);

        // Nothing sound at all.
        faults.Clear();
        Assert.Empty(YaraRules.Compile([.. files.Where((_, i) => i % 2 == 1)], faults, YaraRules.DefaultTime).Rules);
        Assert.Equal(60, faults.Count);
    }

    [Fact]
    public void AMissingLibrary_IsAFault_AndNoRuleIsInForce()
    {
        Assert.Null(YaraSelfTest.Fault);
        Assert.Contains("cannot be loaded", YaraSelfTest.Examine("libyara.so.none"), StringComparison.Ordinal);
        var faults = new List<SignatureFault>();
        var rules = YaraRules.Compile([new YaraFile("a.yar", "a", "rule a { condition: true }"u8.ToArray())], faults, YaraRules.DefaultTime, "libyara.so.none");
        Assert.NotNull(rules.Fault);
        Assert.Empty(rules.Rules);
        Assert.Single(faults);
        Assert.Equal(YaraResult.Nothing, rules.Scan("x"u8, Names));
    }

    [Fact]
    public void AScanEndsInTime_AndTheNextIsRight()
    {
        var rules = YaraSets.Rules("rule slow { condition: filesize > 5 and for all i in (1..2000000000) : (uint8(i % filesize) < 255) }\nrule fast { condition: filesize == 3 }");
        var clock = Stopwatch.StartNew();
        var result = rules.Scan(new byte[5000], Names, TimeSpan.FromMilliseconds(300)); // whole seconds: one
        Assert.Contains("1 s", result.Fault, StringComparison.Ordinal);
        Assert.InRange(clock.Elapsed, TimeSpan.FromSeconds(0.5), TimeSpan.FromSeconds(20));
        Assert.Equal("fast", Assert.Single(rules.Scan("abc"u8, Names).Matches).Rule.Name);
    }

    [Fact]
    public void AMillionMatches_AreOne()
    {
        var rules = YaraSets.Rules("""rule many { strings: $a = "a" $b = /a{1,3}/ condition: #a > 1000 and $b }""", TimeSpan.FromSeconds(60));
        var content = new byte[4 << 20];
        content.AsSpan().Fill((byte)'a');
        var match = Assert.Single(rules.Scan(content, Names).Matches);
        Assert.Equal([0L, 0L], match.Strings.Select(s => s.Offset));
    }

    [Fact]
    public void EqualContents_AreScannedOnce()
    {
        var rules = YaraSets.Rules("""rule a { strings: $a = "kumquat" condition: $a and file_name != "no.txt" }""");
        var content = new byte[2000];
        "kumquat"u8.CopyTo(content.AsSpan(50));
        Assert.Single(rules.Scan(content, Names).Matches);
        Assert.Equal(0, rules.Remembered);
        Assert.Equal(50, Assert.Single(Assert.Single(rules.Scan(content, Names).Matches).Strings).Offset);
        Assert.Equal(1, rules.Remembered);
        Assert.Empty(rules.Scan(content, Names with { FileName = "no.txt" }).Matches);
        content[1999] = 1;
        Assert.Single(rules.Scan(content, Names).Matches);
        Assert.Equal(1, rules.Remembered);
    }

    [Fact]
    public async Task ManyThreads_GetEachItsOwnAnswer()
    {
        var rules = YaraSets.Rules(string.Concat(Enumerable.Range(0, 50).Select(i => $"rule r{i} {{ strings: $a = \"marker-{i:00}-end\" condition: $a and file_name == \"{i:00}\" }}\n")));
        await Task.WhenAll(Enumerable.Range(0, 8).Select(thread => Task.Run(() =>
        {
            var random = new Random(thread);
            var content = new byte[700];
            for (var n = 0; n < 1500; n++)
            {
                var which = random.Next(50);
                var at = random.Next(600);
                content.AsSpan().Clear();
                Encoding.ASCII.GetBytes($"marker-{which:00}-end", content.AsSpan(at));
                var match = Assert.Single(rules.Scan(content, new YaraNames($"{which:00}", "x", $"{thread}/{n}")).Matches);
                Assert.Equal(($"r{which}", (long)at), (match.Rule.Name, Assert.Single(match.Strings).Offset));
            }
        })));
    }

    /// <summary>What the <c>yara</c> command finds in the samples with the rules that need no words of ours, we find, and no other.</summary>
    [Fact]
    public void TheCommandOfDebian_AgreesOnEverySample()
    {
        const string Command = "/usr/bin/yara";
        Assert.True(File.Exists(Command) || Environment.GetEnvironmentVariable("SEKISHO_TESTS_QUICK") == "1", "yara is missing; get it with: apt-get install yara");
        if (!File.Exists(Command))
        {
            return;
        }

        var folder = Directory.CreateTempSubdirectory("sekisho-yara-");
        try
        {
            var samples = SampleMaker.YaraSamples.All.ToList();
            for (var i = 0; i < samples.Count; i++)
            {
                File.WriteAllBytes(Path.Combine(folder.FullName, $"{i:000}"), samples[i].Value.Octets);
            }

            var rules = Directory.GetFiles(Path.Combine(AppContext.BaseDirectory, "signatures", "yara"), "*.yar");
            var start = new ProcessStartInfo(Command) { RedirectStandardOutput = true };
            foreach (var (name, _) in new YaraNames("", "", "").All())
            {
                start.ArgumentList.Add("-d");
                start.ArgumentList.Add($"{name}=");
            }

            foreach (var argument in (string[])["-w", .. rules, folder.FullName])
            {
                start.ArgumentList.Add(argument);
            }

            using var process = Process.Start(start)!;
            var said = process.StandardOutput.ReadToEnd().Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(l => l.Split(' ')).Select(w => (Rule: w[0], File: Path.GetFileName(w[1]))).Order().ToList();
            process.WaitForExit();
            Assert.Equal(0, process.ExitCode);
            Assert.NotEmpty(said);
            var ours = samples.SelectMany((s, i) => SignatureSet.Shipped.Yara.Scan(s.Value.Octets, new YaraNames("", "", "")).Matches.Select(m => (Rule: m.Rule.Name, File: $"{i:000}"))).Order().ToList();
            Assert.Equal(said, ours);
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }
}

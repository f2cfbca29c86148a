using System.Text.Json;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;
using Sekisho.Inspection.Signatures;
using Sekisho.Options;
using Sekisho.SampleMaker;
using Sekisho.Server.Tests.Smtp;
using Sekisho.Signatures;

namespace Sekisho.Server.Tests.Signatures;

/// <summary>Signatures are read anew without a letter noticing, and what is broken never takes the place of what works.</summary>
public sealed class SignatureServiceTests : IDisposable
{
    private const string Kumquat = """rule kumquat { meta: code = "KUMQUAT" weight = 120 ja = "きんかんを見つけました。" en = "A kumquat was found." strings: $a = "kumquat" condition: $a }""";

    private static readonly YaraNames Names = new("", "Text", "1");

    private readonly string _home = Directory.CreateTempSubdirectory("sekisho-signatures-").FullName;
    private readonly FakeTimeProvider _time = new(DateTimeOffset.UnixEpoch);
    private readonly SekishoOptions _options;

    public SignatureServiceTests()
    {
        _options = new SekishoOptions { Home = _home };
        Directory.CreateDirectory(Path.Combine(_home, "signatures", "yara"));
    }

    public void Dispose() => Directory.Delete(_home, recursive: true);

    [Fact]
    public void TheShippedOnesTheHomesAndTheFoldersAreAllInForce()
    {
        Write("kumquat.yar", Kumquat);
        var folder = Path.Combine(_home, "elsewhere");
        Directory.CreateDirectory(Path.Combine(folder, "yara"));
        File.WriteAllText(Path.Combine(folder, "yara", "quince.yar"), "rule quince { condition: filesize == 6 }");
        _options.Signatures.Folders.Add(folder);
        using var service = Service();
        var names = service.Current.Yara.Rules.Select(r => r.Name).ToList();
        Assert.Contains("eicar_test_file", names);
        Assert.Contains("kumquat", names);
        Assert.Contains("quince", names);
        Assert.NotEmpty(service.Current.List("passwords").Entries);
    }

    [Fact]
    public async Task AChangedFileIsReadOnceItRests()
    {
        using var service = Service();
        await service.StartAsync(CancellationToken.None);
        var before = service.Current;
        Assert.Empty(before.Yara.Scan("a kumquat"u8, Names).Matches);
        Write("kumquat.yar", Kumquat);
        await EventuallyAsync(() => service.Current.Yara.Scan("a kumquat"u8, Names).Matches.Count == 1);
        Assert.NotEqual(before.Generation, service.Current.Generation);

        // A letter that took the old ones goes on with them.
        Assert.Empty(before.Yara.Scan("a kumquat"u8, Names).Matches);

        File.Delete(Path.Combine(_home, "signatures", "yara", "kumquat.yar"));
        await EventuallyAsync(() => service.Current.Generation == before.Generation);
        await service.StopAsync(CancellationToken.None);
    }

    [Fact]
    public async Task AGenerationPutInForceIsRead_AndALinkThatLeadsNowhereIsAFault()
    {
        var link = Path.Combine(_home, "signatures", "current");
        File.CreateSymbolicLink(link, "000001");
        using var service = Service();
        Assert.Equal(link, Assert.Single(service.Current.Faults).File);
        Assert.Contains("eicar_test_file", service.Current.Yara.Rules.Select(r => r.Name));
        await service.StartAsync(CancellationToken.None);
        var yara = Directory.CreateDirectory(Path.Combine(_home, "signatures", "000002", "yara")).FullName;
        File.WriteAllText(Path.Combine(yara, "kumquat.yar"), Kumquat);
        File.Delete(link);
        File.CreateSymbolicLink(link, "000002");
        await EventuallyAsync(() => service.Current.Faults.Count == 0 && service.Current.Yara.Scan("a kumquat"u8, Names).Matches.Count == 1);
        await service.StopAsync(CancellationToken.None);
    }

    [Fact]
    public void WhatIsBrokenIsLeftOutAndTheRestStaysInForce()
    {
        Write("kumquat.yar", Kumquat);
        using var service = Service();
        Write("broken.yar", "rule broken { condition: }");
        service.Reload();
        Assert.Single(service.Current.Yara.Scan("a kumquat"u8, Names).Matches);
        Assert.Equal("broken.yar", Path.GetFileName(Assert.Single(service.Current.Faults).File));
    }

    [Fact]
    public void TheSameAgainIsTheSameSet()
    {
        using var service = Service();
        var before = service.Current;
        service.Reload();
        Assert.Same(before, service.Current);
        _options.Signatures.YaraTimeout = TimeSpan.FromSeconds(7);
        service.Reload();
        Assert.NotSame(before, service.Current);
    }

    /// <summary>Scans go on while the set is swapped again and again, each with a whole set, old or new.</summary>
    [Fact]
    public async Task ReloadingDisturbsNoScan()
    {
        Write("kumquat.yar", Kumquat);
        using var service = Service();
        using var end = new CancellationTokenSource();
        var content = new byte[3000];
        "a kumquat"u8.CopyTo(content);
        var scans = 0;
        var scanners = Enumerable.Range(0, 3).Select(n => Task.Run(() =>
        {
            var own = (byte[])content.Clone();
            while (!end.IsCancellationRequested)
            {
                own[2999]++;
                own[2998] = (byte)n;
                Assert.Contains(service.Current.Yara.Scan(own, Names).Matches, m => m.Rule.Name == "kumquat");
                Interlocked.Increment(ref scans);
            }
        })).ToList();
        for (var i = 0; i < 10; i++)
        {
            Write("other.yar", $"rule other_{i} {{ condition: filesize == {i} }}");
            service.Reload();
        }

        await end.CancelAsync();
        await Task.WhenAll(scanners);
        Assert.True(scans > 100, $"Only {scans} scans.");
        Assert.Contains(service.Current.Yara.Rules, r => r.Name == "other_9");
    }

    /// <summary>The whole line: a rule dropped into the home folder holds the next letter back, and its words are shown.</summary>
    [Fact]
    public async Task ARuleOfTheHospitalQuarantinesAndExplains()
    {
        await using var host = await SmtpHost.StartAsync(new SekishoOptions { Signatures = { PollInterval = TimeSpan.FromSeconds(1) } }, keepPolicy: true);
        var letter = LetterWriter.Plain("fruit", "a kumquat");
        await host.SendAsync(letter);
        Assert.NotNull(await host.NextLetterAsync(TimeSpan.FromSeconds(20)));

        Directory.CreateDirectory(Path.Combine(host.Home, "signatures", "yara"));
        await File.WriteAllTextAsync(Path.Combine(host.Home, "signatures", "yara", "kumquat.yar"), Kumquat);
        await File.WriteAllTextAsync(Path.Combine(host.Home, "signatures", "yara", "broken.yar"), "rule broken { condition: }");
        string[] held = [];
        for (var i = 0; i < 60 && held.Length == 0; i++)
        {
            await Task.Delay(500);
            await host.SendAsync(letter);
            held = [.. (await host.CliAsync("quarantine", "list", "--json")).Lines];
        }

        var id = JsonDocument.Parse(held[0]).RootElement.GetProperty("id").GetString()!;
        var (_, shown) = await host.CliAsync("quarantine", "show", id, "--json");
        var finding = JsonDocument.Parse(Assert.Single(shown)).RootElement.GetProperty("findings")[0];
        Assert.Equal("KUMQUAT", finding.GetProperty("code").GetString());
        Assert.Equal("きんかんを見つけました。", finding.GetProperty("ja").GetString());
        Assert.Equal("A kumquat was found.", finding.GetProperty("en").GetString());
        (_, shown) = await host.CliAsync("quarantine", "show", id);
        Assert.Contains(shown, l => l.Contains("きんかん", StringComparison.Ordinal));
        Assert.Contains("broken.yar is left out: line 1", host.LogTail, StringComparison.Ordinal);

        var (_, doctor) = await host.CliAsync("doctor", "--json");
        var check = Assert.Single(doctor.Select(l => JsonDocument.Parse(l).RootElement), c => c.GetProperty("check").GetString() == "signatures");
        Assert.Equal("warning", check.GetProperty("state").GetString());
        Assert.Contains("generation ", check.GetProperty("detail").GetString(), StringComparison.Ordinal);
        Assert.Contains("broken.yar", check.GetProperty("detail").GetString(), StringComparison.Ordinal);

        // A rule's code can be weighed and watched like any other; the folder given takes the place of all others.
        var file = Path.Combine(host.Home, "fruit.eml");
        await File.WriteAllBytesAsync(file, letter);
        var (code, lines) = await host.CliAsync("scan", "--json", file);
        Assert.Equal(1, code);
        Assert.Contains("\"code\":\"KUMQUAT\"", Assert.Single(lines), StringComparison.Ordinal);
        Directory.CreateDirectory(Path.Combine(host.Home, "empty"));
        (code, _) = await host.CliAsync("scan", "--signatures", Path.Combine(host.Home, "empty"), file);
        Assert.Equal(0, code);
    }

    [Fact]
    public void ARulesCodeMayStandInThePolicy()
    {
        Write("kumquat.yar", Kumquat);
        File.WriteAllText(Path.Combine(_home, OptionsLoader.FileName), """{ "Policy": { "Weights": { "KUMQUAT": 5 }, "ObserveOnly": [ "YARA_XLL", "KUMQUATS" ] } }""");
        Assert.StartsWith("Policy:ObserveOnly: \"KUMQUATS\" is no finding code. Example: \"KUMQUAT\".", Assert.Single(OptionsLoader.Read(_home).Faults), StringComparison.Ordinal);
    }

    private SignatureService Service() => new(_options, _time, NullLogger<SignatureService>.Instance);

    private void Write(string name, string rules) => File.WriteAllText(Path.Combine(_home, "signatures", "yara", name), rules);

    private async Task EventuallyAsync(Func<bool> condition)
    {
        for (var i = 0; i < 500 && !condition(); i++)
        {
            _time.Advance(_options.Signatures.PollInterval);
            await Task.Delay(20);
        }

        Assert.True(condition());
    }

    [Fact]
    public void FaultsAreThoseOfNow_EvenWhereNothingElseChanged()
    {
        var link = Path.Combine(_home, "signatures", "current");
        File.CreateSymbolicLink(link, "000001");
        using var service = Service();
        var generation = service.Current.Generation;
        Assert.Equal(link, Assert.Single(service.Current.Faults).File);

        File.Delete(link);
        service.Reload();

        Assert.Empty(service.Current.Faults);
        Assert.Equal(generation, service.Current.Generation);
        var after = service.Current;
        service.Reload();
        Assert.Same(after, service.Current);
    }
}

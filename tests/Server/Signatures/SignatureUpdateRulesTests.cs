using System.Net;
using System.Net.Sockets;
using Sekisho.Inspection.Signatures;
using Sekisho.Options;
using Sekisho.Signatures;
using Sekisho.Store;

namespace Sekisho.Server.Tests.Signatures;

/// <summary>What an update must leave alone, may read, and must not give away.</summary>
public sealed class SignatureUpdateRulesTests : SignatureUpdateHome
{
    private const UnixFileMode Readable = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.GroupRead | UnixFileMode.OtherRead;

    [Fact]
    public async Task WhatLiesInTheFolderItself_StaysInForce_AndGoesWhenItIsDeleted()
    {
        var bait = Path.Combine(Directory.CreateDirectory(Path.Combine(_home.Folder, "lists")).FullName, "bait.txt");
        File.WriteAllText(bait, "請求書\n");
        var feed = Path.Combine(Directory.CreateDirectory(Path.Combine(_home.Folder, "indicators")).FullName, "laid.txt");
        File.WriteAllText(feed, string.Concat(Enumerable.Range(0, 30).Select(i => $"laid{i}.example\n")));
        var change = await _update.FromFolderAsync(Source("a"), force: false, default);
        Assert.Equal((0, 30), (change.Before, change.After));
        Assert.Equal(["請求書"], _options.Signatures.Load(_options.Home).List("bait").Entries);
        Assert.Equal(60, Ours());
        File.Delete(bait);
        File.Delete(feed);
        Assert.Empty(_options.Signatures.Load(_options.Home).List("bait").Entries);
        Assert.Equal(30, Ours());

        int Ours() => Enumerable.Range(0, 30).SelectMany(i => new[] { $"laid{i}.example", $"a{i}.example" }).Count(d => _options.Signatures.Load(_options.Home).Indicators.FindDomain(d, DateTimeOffset.UnixEpoch) is not null);
    }

    [Fact]
    public async Task AnotherUserMayReadWhatAnUpdateBrought_EvenFromAReadOnlyDisk()
    {
        Directory.CreateDirectory(_home.Folder, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        var source = Source("a");
        File.SetUnixFileMode(Path.Combine(source, "indicators", "feed.txt"), UnixFileMode.UserRead);
        await _update.FromFolderAsync(source, force: false, default);
        var generation = _home.PathOf(1);
        Assert.Equal(Readable, File.GetUnixFileMode(Path.Combine(generation, "indicators", "feed.txt")));
        var enterable = Readable | UnixFileMode.UserExecute | UnixFileMode.GroupExecute | UnixFileMode.OtherExecute;
        Assert.All([_home.Folder, generation, Path.Combine(generation, "indicators")], f => Assert.Equal(enterable, File.GetUnixFileMode(f)));
    }

    [Fact]
    public async Task TheGenerationJustLeft_IsNeverRemoved()
    {
        for (var i = 0; i < 5; i++)
        {
            await _update.FromFolderAsync(Source("a"), force: false, default);
        }

        await _update.RollBackAsync(1, default);
        await _update.FromFolderAsync(Source("a"), force: false, default);
        Assert.Equal([1, 3, 4, 5, 6], _home.Generations);
    }

    [Fact]
    public async Task AnOlderBundle_IsRefused_AlsoAfterAFolder()
    {
        var key = Path.Combine(_folder, "key.pem");
        SignatureKeys.Make(key);
        SignatureKeys.Trust(_home, key + ".pub");
        var (early, late) = (Path.Combine(_folder, "early.zip"), Path.Combine(_folder, "late.zip"));
        SignatureBundle.Write(Source("a"), early, key, DateTimeOffset.UnixEpoch);
        SignatureBundle.Write(Source("a"), late, key, DateTimeOffset.UnixEpoch.AddDays(1));
        await _update.FromBundleAsync(late, late, [], force: false, default);
        await _update.FromFolderAsync(Source("a"), force: false, default);
        var e = await Assert.ThrowsAsync<SignatureException>(() => _update.FromBundleAsync(early, early, [], force: false, default));
        Assert.Contains("older than the bundle in force", e.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task AMispFeed_LosesWithdrawnEvents_AndBringsNoLinks()
    {
        const string First = "00000000-0000-4000-8000-000000000001";
        const string Second = "00000000-0000-4000-8000-000000000002";
        var feed = Directory.CreateDirectory(Path.Combine(_folder, "misp")).FullName;
        Event(First, "first.example");
        Event(Second, "second.example");
        Manifest(First, Second);
        var secret = Path.Combine(_folder, "secret.json");
        File.WriteAllText(secret, "{}");
        File.CreateSymbolicLink(Path.Combine(feed, "link.json"), secret);
        using (var pipe = System.Diagnostics.Process.Start("mkfifo", [Path.Combine(feed, "pipe.json")]))
        {
            await pipe.WaitForExitAsync();
            Assert.Equal(0, pipe.ExitCode);
        }

        Assert.Equal(2, (await _update.FromFolderAsync(feed, force: false, default)).After);
        Assert.Equal([$"{First}.json", $"{Second}.json", "manifest.json"], Installed());

        File.Delete(Path.Combine(feed, Second + ".json"));
        Manifest(First);
        Assert.Equal(1, (await _update.FromFolderAsync(feed, force: false, default)).After);
        Assert.Equal([$"{First}.json", "manifest.json"], Installed());

        File.Delete(Path.Combine(feed, "manifest.json"));
        File.CreateSymbolicLink(Path.Combine(feed, "manifest.json"), secret);
        await Assert.ThrowsAsync<SignatureException>(() => _update.FromFolderAsync(feed, force: true, default));

        void Event(string id, string domain) => File.WriteAllText(Path.Combine(feed, id + ".json"), """
            {"Event":{"uuid":"ID","info":"test","date":"2026-01-01","Attribute":[{"uuid":"ID","type":"domain","category":"Network activity","to_ids":true,"timestamp":"1767225600","value":"DOMAIN"}]}}
            """.Replace("ID", id, StringComparison.Ordinal).Replace("DOMAIN", domain, StringComparison.Ordinal));
        void Manifest(params string[] ids) => File.WriteAllText(Path.Combine(feed, "manifest.json"), "{" + string.Join(',', ids.Select(i => """
            "ID":{"info":"test","date":"2026-01-01","timestamp":"1767225600","Orgc":{"name":"test"}}
            """.Replace("ID", i, StringComparison.Ordinal))) + "}");
        IEnumerable<string?> Installed() => Directory.EnumerateFiles(Path.Combine(_home.InForce, "indicators", "misp")).Select(Path.GetFileName).Order(StringComparer.Ordinal);
    }

    [Fact]
    public async Task AKey_NeverGoesOverPlainHttp()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        var e = await Assert.ThrowsAsync<SignatureException>(() => SignatureDownload.FetchAsync(new Uri($"http://{listener.LocalEndpoint}/list"), Path.Combine(_folder, "download"), null, "secret", 1 << 20, TimeProvider.System, default));
        Assert.Contains("Use https", e.Message, StringComparison.Ordinal);
        Assert.False(listener.Pending());
    }

    [Fact]
    public void FeedsOfDifferentAddresses_HaveDifferentNames()
    {
        string[] addresses = ["https://feed.example/a/list.csv", "https://feed.example/b/list.csv", "https://feed.example/a/list.csv?days=7"];
        var names = addresses.Select(a => SignatureDownload.NameOf(new Uri(a))).ToList();
        Assert.Equal(3, names.Distinct().Count());
        Assert.All(names, n => Assert.Matches("^feed\\.example-list\\.csv-[0-9a-f]{8}$", n));
        Assert.Equal(names[0], SignatureDownload.NameOf(new Uri(addresses[0])));
    }

    private string Source(string prefix)
    {
        var folder = Path.Combine(_folder, "source-" + prefix);
        Directory.CreateDirectory(Path.Combine(folder, "indicators"));
        File.WriteAllText(Path.Combine(folder, "indicators", "feed.txt"), string.Concat(Enumerable.Range(0, 30).Select(i => $"{prefix}{i}.example\n")));
        return folder;
    }
}

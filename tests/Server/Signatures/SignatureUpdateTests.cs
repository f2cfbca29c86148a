using System.IO.Compression;
using System.Net;
using System.Text;
using Sekisho.Inspection.Signatures;
using Sekisho.Options;
using Sekisho.SampleMaker;
using Sekisho.Signatures;
using Sekisho.Store;

namespace Sekisho.Server.Tests.Signatures;

/// <summary>Generations of signatures: what is sound comes in force as a whole, what is not changes nothing.</summary>
public sealed class SignatureUpdateTests : SignatureUpdateHome
{
    [Fact]
    public async Task AFolder_BecomesAGeneration_AndCanBeRolledBack()
    {
        var first = await _update.FromFolderAsync(Source("a", 100), force: false, default);
        Assert.Equal((1, 0, 100), (first.Generation, first.Before, first.After));
        Assert.True(Knows("a7.example"));
        Assert.Equal("000001", File.ResolveLinkTarget(Path.Combine(_home.Folder, "current"), false)!.Name);

        await _update.FromFolderAsync(Source("b", 90), force: false, default);
        Assert.True(Knows("b7.example"));
        Assert.False(Knows("a7.example"));

        var back = await _update.RollBackAsync(0, default);
        Assert.Equal((1, 90, 100), (back.Generation, back.Before, back.After));
        Assert.True(Knows("a7.example"));
        await Assert.ThrowsAsync<SignatureException>(() => _update.RollBackAsync(0, default));
        await Assert.ThrowsAsync<SignatureException>(() => _update.RollBackAsync(9, default));
        Assert.Equal(2, (await _update.RollBackAsync(2, default)).Generation);

        var audit = await _store.Audit.ListAsync();
        Assert.Equal(["signatures-rollback", "signatures-rollback", "signatures-update", "signatures-update"], audit.Select(e => e.Action));
        Assert.All(audit, e => Assert.Equal("tester", e.Actor));
        Assert.True((await _store.Audit.VerifyAsync()).Intact);
    }

    [Fact]
    public async Task WhatIsBroken_IsRefused_AndTheOldStaysInForce()
    {
        await _update.FromFolderAsync(Source("a", 100), force: false, default);
        var broken = Source("b", 100);
        File.WriteAllText(Path.Combine(broken, "indicators", "feed.csv"), "kind,value,source,first_seen\ndomain,b.example\"\nx,y,z,1,2,3\n");
        var e = await Assert.ThrowsAsync<SignatureException>(() => _update.FromFolderAsync(broken, force: false, default));
        Assert.Contains("indicators/feed.csv, line 3, column 1: 6 columns where the header has 4", e.Message, StringComparison.Ordinal);
        Assert.Equal(1, _home.Current);
        Assert.True(Knows("a7.example"));
        Assert.False(Directory.Exists(Path.Combine(_home.Folder, ".new")));
        await Assert.ThrowsAsync<SignatureException>(() => _update.FromFolderAsync(Path.Combine(_folder, "home"), force: false, default));
        Assert.Equal(["signatures-update"], (await _store.Audit.ListAsync()).Select(a => a.Action));
    }

    [Theory]
    [InlineData(9, false)]
    [InlineData(11, true)]
    [InlineData(0, false)]
    public async Task AFeedThatShrinksByMoreThanNinetyPercent_IsRefused(int left, bool taken)
    {
        await _update.FromFolderAsync(Source("a", 100), force: false, default);
        var smaller = Source("b", left);
        if (taken)
        {
            Assert.Equal(left, (await _update.FromFolderAsync(smaller, force: false, default)).After);
            return;
        }

        var e = await Assert.ThrowsAsync<SignatureException>(() => _update.FromFolderAsync(smaller, force: false, default));
        Assert.Contains($"indicators/feed.csv: {left} indicators where 100 are in force", e.Message, StringComparison.Ordinal);
        Assert.True(Knows("a7.example"));
        Assert.Equal(2, (await _update.FromFolderAsync(smaller, force: true, default)).Generation);
    }

    [Fact]
    public async Task OwnImports_SurviveUpdates()
    {
        var notice = Path.Combine(_folder, "notice.txt");
        File.WriteAllText(notice, "evil[.]example\nhxxp://bad[.]example/x/y\n");
        var import = await _update.FromFeedAsync(notice, "notice.txt", notice, own: true, force: false, default);
        Assert.Equal((1, 2), (import.Generation, import.After));

        var source = Source("a", 50);
        File.WriteAllText(Path.Combine(source, "indicators", "notice.txt"), "other.example\n");
        var update = await _update.FromFolderAsync(source, force: false, default);
        Assert.Contains("indicators/notice.txt: our own file of this name stays", Assert.Single(update.Notes), StringComparison.Ordinal);
        Assert.True(Knows("evil.example") && Knows("a7.example") && !Knows("other.example"));

        File.WriteAllText(notice, "new.example\n");
        await _update.FromFeedAsync(notice, "notice.txt", notice, own: true, force: false, default);
        Assert.True(Knows("new.example") && !Knows("evil.example"));
        await Assert.ThrowsAsync<SignatureException>(() => _update.FromFeedAsync(notice, "../notice.txt", notice, own: true, force: false, default));
    }

    [Fact]
    public async Task OnlyTheLastFiveGenerations_AreKept()
    {
        for (var i = 0; i < 8; i++)
        {
            await _update.FromFolderAsync(Source($"g{i}x", 30), force: false, default);
        }

        Assert.Equal([4, 5, 6, 7, 8], _home.Generations);
        Assert.Equal(8, _home.Current);
    }

    [Fact]
    public async Task ASignedBundle_IsTaken_AnOlderOneNot()
    {
        var key = Key("signer");
        SignatureKeys.Trust(_home, key + ".pub");
        var early = Bundle("a", key, new DateTimeOffset(2026, 1, 1, 0, 0, 0, TimeSpan.Zero));
        var late = Bundle("b", key, new DateTimeOffset(2026, 2, 1, 0, 0, 0, TimeSpan.Zero));
        Assert.Equal(40, (await _update.FromBundleAsync(late, late, [], force: false, default)).After);
        Assert.True(Knows("b7.example"));
        Assert.Contains("older than the bundle in force", (await Assert.ThrowsAsync<SignatureException>(() => _update.FromBundleAsync(early, early, [], force: false, default))).Message, StringComparison.Ordinal);
        Assert.True(Knows("b7.example"));
        Assert.Contains(SignatureKeys.IdOf(key), (await _store.Audit.ListAsync(most: 1))[0].Detail, StringComparison.Ordinal);
    }

    [Fact]
    public async Task UnsignedStrangeAndAlteredBundles_AreRefused_EvenWithForce()
    {
        var key = Key("signer");
        var bundle = Bundle("a", key, DateTimeOffset.UnixEpoch);
        Assert.Contains("which is not trusted here", await Refusal(bundle), StringComparison.Ordinal);
        SignatureKeys.Trust(_home, Key("other") + ".pub");
        Assert.Contains("which is not trusted here", await Refusal(bundle), StringComparison.Ordinal);
        SignatureKeys.Trust(_home, key + ".pub");

        Assert.Contains("is not what was signed", await Refusal(Altered(bundle, zip => Replace(zip, "indicators/feed.csv", "kind,value,source,first_seen\n".PadRight(1 << 10)))), StringComparison.Ordinal);
        Assert.Contains("does not fit the manifest", await Refusal(Altered(bundle, zip => Replace(zip, "manifest.json", Text(zip, "manifest.json").Replace("indicators", "lists", StringComparison.Ordinal)))), StringComparison.Ordinal);
        Assert.Contains("holds other files", await Refusal(Altered(bundle, zip => Replace(zip, "yara/more.yar", "rule more { condition: true }"))), StringComparison.Ordinal);
        Assert.Contains("holds other files", await Refusal(Altered(bundle, zip => zip.GetEntry("indicators/feed.csv")!.Delete())), StringComparison.Ordinal);
        Assert.Contains("not signed", await Refusal(Altered(bundle, zip => zip.GetEntry("manifest.sig")!.Delete())), StringComparison.Ordinal);
        Assert.Contains("not signed", await Refusal(Altered(bundle, zip => Replace(zip, "manifest.sig", ""))), StringComparison.Ordinal);
        Assert.Contains("manifest.sig is damaged", await Refusal(Altered(bundle, zip => Replace(zip, "manifest.sig", "a b"))), StringComparison.Ordinal);
        Assert.Contains("no bundle", await Refusal(Altered(bundle, zip => zip.GetEntry("manifest.json")!.Delete())), StringComparison.Ordinal);
        var cut = Path.Combine(_folder, "cut.zip");
        File.WriteAllBytes(cut, File.ReadAllBytes(bundle)[..^30]);
        Assert.Contains("damaged", await Refusal(cut), StringComparison.Ordinal);
        Assert.Equal(0, _home.Current);
        Assert.Empty(await _store.Audit.ListAsync());
        Assert.Equal(40, (await _update.FromBundleAsync(bundle, bundle, [], force: false, default)).After);

        async Task<string> Refusal(string file) => (await Assert.ThrowsAsync<SignatureException>(() => _update.FromBundleAsync(file, file, [], force: true, default))).Message;
    }

    [Fact]
    public void Keys_AreOpensslsOwn()
    {
        var key = Key("signer");
        var octets = Path.Combine(_folder, "octets");
        File.WriteAllText(octets, "signed");
        var (id, signature) = SignatureKeys.Sign(key, Encoding.ASCII.GetBytes("signed"));
        File.WriteAllBytes(octets + ".sig", signature);
        Assert.Equal(id, SignatureKeys.IdOf(key + ".pub"));
        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(key));
        Assert.Throws<SignatureException>(() => SignatureKeys.Sign(key + ".pub", []));
        Assert.Throws<SignatureException>(() => SignatureKeys.IdOf(octets));
        using var openssl = System.Diagnostics.Process.Start("openssl", ["pkeyutl", "-verify", "-rawin", "-pubin", "-inkey", key + ".pub", "-in", octets, "-sigfile", octets + ".sig"]);
        openssl.WaitForExit();
        Assert.Equal(0, openssl.ExitCode);
    }

    [Fact]
    public async Task ADownload_IsBounded_AndCutOnesAreSeen()
    {
        var listener = new HttpListener();
        var port = Port();
        listener.Prefixes.Add($"http://127.0.0.1:{port}/");
        listener.Start();
        var serving = Task.Run(async () =>
        {
            for (var i = 0; i < 3; i++)
            {
                var context = await listener.GetContextAsync();
                var path = context.Request.Url!.AbsolutePath;
                context.Response.StatusCode = path == "/none" ? 404 : 200;
                var octets = path == "/none" ? [] : Encoding.ASCII.GetBytes(new string('x', path == "/large" ? 3 << 20 : 10));
                try
                {
                    await context.Response.OutputStream.WriteAsync(octets);
                    context.Response.Close();
                }
                catch (HttpListenerException)
                {
                    // The client has had enough.
                }
            }
        });
        var file = Path.Combine(_folder, "download");
        await Fetch("small");
        Assert.Equal("xxxxxxxxxx", File.ReadAllText(file));
        Assert.Contains("more than 1 MiB", (await Assert.ThrowsAsync<SignatureException>(() => Fetch("large"))).Message, StringComparison.Ordinal);
        Assert.Contains("answered 404", (await Assert.ThrowsAsync<SignatureException>(() => Fetch("none"))).Message, StringComparison.Ordinal);
        await serving;
        listener.Stop();
        await Assert.ThrowsAsync<SignatureException>(() => Fetch("gone"));

        Task Fetch(string path) => SignatureDownload.FetchAsync(new Uri($"http://127.0.0.1:{port}/{path}"), file, null, null, 1 << 20, TimeProvider.System, default);
    }

    [Theory]
    [InlineData(4, null)]
    [InlineData(10, "http://feed.example/list")]
    public async Task AProxy_IsAsked_AndACutAnswerIsSeen(int length, string? refused)
    {
        using var proxy = new System.Net.Sockets.TcpListener(IPAddress.Loopback, 0);
        proxy.Start();
        var asked = Task.Run(async () =>
        {
            using var client = await proxy.AcceptTcpClientAsync();
            using var reader = new StreamReader(client.GetStream());
            var first = await reader.ReadLineAsync();
            while (await reader.ReadLineAsync() is { Length: > 0 })
            {
            }

            await client.GetStream().WriteAsync(Encoding.ASCII.GetBytes($"HTTP/1.1 200 OK\r\nContent-Length: {length}\r\n\r\nabcd"));
            return first;
        });
        var file = Path.Combine(_folder, "download");
        var fetch = SignatureDownload.FetchAsync(new Uri("http://feed.example/list"), file, $"http://{proxy.LocalEndpoint}", null, 1 << 20, TimeProvider.System, default);
        Assert.Equal("GET http://feed.example/list HTTP/1.1", await asked);
        if (refused is not null)
        {
            Assert.StartsWith(refused, (await Assert.ThrowsAsync<SignatureException>(() => fetch)).Message, StringComparison.Ordinal);
            return;
        }

        await fetch;
        Assert.Equal("abcd", File.ReadAllText(file));
        await Assert.ThrowsAsync<SignatureException>(() => SignatureDownload.FetchAsync(new Uri("http://feed.example/"), file, "no address", null, 1, TimeProvider.System, default));
    }

    private static int Port()
    {
        using var socket = new System.Net.Sockets.TcpListener(IPAddress.Loopback, 0);
        socket.Start();
        return ((IPEndPoint)socket.LocalEndpoint).Port;
    }

    private bool Knows(string domain) => SignatureSet.Load([SignatureHome.Shipped, _home.InForce]).Indicators.FindDomain(domain, DateTimeOffset.UnixEpoch) is not null;

    private string Key(string name)
    {
        var file = Path.Combine(_folder, name + ".pem");
        SignatureKeys.Make(file);
        return file;
    }

    private string Bundle(string prefix, string key, DateTimeOffset made)
    {
        var file = Path.Combine(_folder, $"{prefix}.zip");
        SignatureBundle.Write(Source(prefix, 40), file, key, made);
        return file;
    }

    private string Source(string prefix, int count)
    {
        var folder = Path.Combine(_folder, "source-" + prefix);
        Directory.CreateDirectory(Path.Combine(folder, "indicators"));
        File.WriteAllText(Path.Combine(folder, "indicators", "feed.csv"), "kind,value,source,first_seen\n" + string.Concat(Enumerable.Range(0, count).Select(i => $"domain,{prefix}{i}.example,test,2026-01-01\n")));
        return folder;
    }

    private string Altered(string bundle, Action<ZipArchive> change)
    {
        var copy = Path.Combine(_folder, "altered.zip");
        File.Copy(bundle, copy, overwrite: true);
        using var zip = ZipFile.Open(copy, ZipArchiveMode.Update);
        change(zip);
        return copy;
    }

    private static string Text(ZipArchive zip, string name)
    {
        using var reader = new StreamReader(zip.GetEntry(name)!.Open());
        return reader.ReadToEnd();
    }

    private static void Replace(ZipArchive zip, string name, string text)
    {
        zip.GetEntry(name)?.Delete();
        using var writer = new StreamWriter(zip.CreateEntry(name).Open());
        writer.Write(text);
    }
}

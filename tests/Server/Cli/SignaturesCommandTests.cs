using System.Security.Cryptography;
using System.Text.Json;
using Sekisho.Options;
using Sekisho.SampleMaker;
using Sekisho.Server.Tests.Smtp;

namespace Sekisho.Server.Tests.Cli;

/// <summary><c>sekisho signatures</c> as its user runs it, beside a running gateway.</summary>
public sealed class SignaturesCommandTests : IAsyncLifetime
{
    private readonly string _folder = Directory.CreateTempSubdirectory("sekisho-signatures-").FullName;
    private SmtpHost _host = null!;

    public async Task InitializeAsync() => _host = await SmtpHost.StartAsync(new SekishoOptions());

    public async Task DisposeAsync()
    {
        await _host.DisposeAsync();
        Directory.Delete(_folder, recursive: true);
    }

    [Fact]
    public async Task ImportListTestExportUpdateRollback()
    {
        // Import: our own list, and the file whose hash it holds is known from then on.
        var document = Path.Combine(_folder, "invoice.doc");
        await File.WriteAllBytesAsync(document, Samples.OldDocument());
        Assert.Equal(0, (await _host.CliAsync("signatures", "test", document)).Code);
        var notice = Path.Combine(_folder, "notice.txt");
        await File.WriteAllTextAsync(notice, $"{Convert.ToHexString(SHA256.HashData(Samples.OldDocument()))}\nhxxp://bad[.]example/wp-admin/x1Y2/\n192.0.2.9:8080\n");
        var (code, lines) = await _host.CliAsync("signatures", "import", notice, "--json");
        Assert.Equal(0, code);
        Assert.Equal(3, Json(lines).GetProperty("after").GetInt32());

        (code, lines) = await _host.CliAsync("signatures", "test", "--json", document, "https://bad.example/wp-admin/x1Y2/a.doc", "http://bad.example/", "http://192.0.2.9:8080/");
        Assert.Equal(1, code);
        Assert.Equal([true, true, false, true], lines.Select(l => JsonDocument.Parse(l).RootElement.GetProperty("known").GetBoolean()));
        Assert.Equal("notice", Json([lines[0]]).GetProperty("indicators")[0].GetProperty("source").GetString());

        (code, lines) = await _host.CliAsync("signatures", "list", "--json");
        Assert.Equal(0, code);
        var list = Json(lines);
        Assert.Equal(1, list.GetProperty("generation").GetInt32());
        Assert.Contains(list.GetProperty("sources").EnumerateArray(), s => s.GetProperty("source").GetString() == "unit42" && s.GetProperty("kind").GetString() == "sha256" && s.GetProperty("count").GetInt32() > 18_000);
        Assert.Contains(list.GetProperty("files").EnumerateArray(), f => f.GetProperty("file").GetString()!.EndsWith("notice.txt", StringComparison.Ordinal));
        (code, lines) = await _host.CliAsync("signatures", "list");
        Assert.Contains(lines, l => l.Contains("unit42", StringComparison.Ordinal));

        // Export: a signed bundle that this gateway takes once it trusts the key, and not before.
        var (key, bundle) = (Path.Combine(_folder, "signer.pem"), Path.Combine(_folder, "bundle.zip"));
        Assert.Equal(0, (await _host.CliAsync("signatures", "key", "make", key)).Code);
        Assert.Equal(0, (await _host.CliAsync("signatures", "export", bundle, "--key", key)).Code);
        Assert.Equal(3, (await _host.CliAsync("signatures", "update", bundle)).Code);
        Assert.Equal(0, (await _host.CliAsync("signatures", "key", "trust", key + ".pub")).Code);
        (code, lines) = await _host.CliAsync("signatures", "update", bundle, "--json");
        Assert.Equal((0, 2), (code, Json(lines).GetProperty("generation").GetInt32()));

        // Update from a folder that is broken: refused, nothing changes.
        var broken = Directory.CreateDirectory(Path.Combine(_folder, "source", "indicators")).FullName;
        await File.WriteAllTextAsync(Path.Combine(broken, "urlhaus.csv"), "# id,dateadded,url,url_status,last_online,threat,tags,urlhaus_link,reporter\n1,2\n");
        Assert.Equal(3, (await _host.CliAsync("signatures", "update", Path.Combine(_folder, "source"))).Code);
        (code, lines) = await _host.CliAsync("signatures", "rollback", "--json");
        Assert.Equal((0, 1), (code, Json(lines).GetProperty("generation").GetInt32()));

        (_, lines) = await _host.CliAsync("audit", "list", "--json");
        Assert.Equal(["signatures-rollback", "signatures-update", "signatures-trust-key", "signatures-import"], lines.Select(l => JsonDocument.Parse(l).RootElement.GetProperty("action").GetString()));
    }

    [Theory]
    [InlineData(2, "signatures")]
    [InlineData(2, "signatures", "test")]
    [InlineData(2, "signatures", "export", "x.zip")]
    [InlineData(2, "signatures", "update", "/tmp", "--max-mib", "0")]
    [InlineData(3, "signatures", "update", "/nonexistent")]
    [InlineData(3, "signatures", "import", "/nonexistent")]
    [InlineData(3, "signatures", "rollback")]
    [InlineData(3, "signatures", "key", "trust", "/nonexistent")]
    [InlineData(0, "signatures", "test", "何か別のもの")]
    [InlineData(0, "signatures", "key", "list")]
    [InlineData(0, "signatures", "update", "--help")]
    public async Task ExitCodesAreAsStated(int expected, params string[] arguments) => Assert.Equal(expected, (await _host.CliAsync(arguments)).Code);

    private static JsonElement Json(IReadOnlyList<string> lines) => JsonDocument.Parse(Assert.Single(lines)).RootElement;
}

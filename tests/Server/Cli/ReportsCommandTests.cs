using System.Text.Json;
using Sekisho.Options;
using Sekisho.SampleMaker;
using Sekisho.Server.Tests.Smtp;

namespace Sekisho.Server.Tests.Cli;

/// <summary>Reports are imported by hand and shown, the unknown senders first.</summary>
public sealed class ReportsCommandTests
{
    [Fact]
    public async Task ReportsAreImportedListedAndAddedUp()
    {
        await using var host = await SmtpHost.StartAsync(new SekishoOptions(), keepPolicy: true);
        var folder = Directory.CreateTempSubdirectory("sekisho-reports-").FullName;
        try
        {
            var today = new DateTimeOffset(TimeProvider.System.GetUtcNow().Date, TimeSpan.Zero);
            string Named(string name, byte[] octets)
            {
                File.WriteAllBytes(Path.Combine(folder, name), octets);
                return Path.Combine(folder, name);
            }

            Assert.Contains("レポートはありません", string.Concat((await host.CliAsync("reports", "summary")).Lines), StringComparison.Ordinal);
            var plain = Named("a.xml", ReportSamples.Xml("1", day: today.AddDays(-1)));
            var packed = Named("b.zip", ZipWriter.Plain(("x.xml", ReportSamples.Xml("2", day: today.AddDays(-1), modern: false))));
            var letter = Named("c.eml", LetterWriter.WithAttachments("Report", "x", ("r.xml", ReportSamples.Xml("3", day: today.AddDays(-1)))));
            var old = Named("d.xml", ReportSamples.Xml("4", day: today.AddDays(-100)));
            var (code, lines) = await host.CliAsync("reports", "import", plain, packed, letter, old, "--json");
            Assert.Equal((0, 4), (code, lines.Sum(l => JsonDocument.Parse(l).RootElement.GetProperty("added").GetInt32())));
            Assert.Equal(1, JsonDocument.Parse((await host.CliAsync("reports", "import", plain, "--json")).Lines[0]).RootElement.GetProperty("known").GetInt32());
            Assert.Equal(3, (await host.CliAsync("reports", "import", Named("e.xml", "<feedback>"u8.ToArray()))).Code);
            Assert.Equal(3, (await host.CliAsync("reports", "import", Named("f.txt", "hello"u8.ToArray()))).Code);
            var (missing, said) = await host.FailingCliAsync("reports", "import", Path.Combine(folder, "missing.xml"), folder, plain);
            Assert.Equal(2, missing);
            Assert.Contains("missing.xml: ファイルが見つかりません。", said, StringComparison.Ordinal);
            Assert.Contains("フォルダーです。", said, StringComparison.Ordinal);
            Assert.Equal(2, (await host.CliAsync("reports", "summary", "--days", "0")).Code);

            (_, lines) = await host.CliAsync("reports", "summary", "--json");
            var first = JsonDocument.Parse(lines[0]).RootElement;
            Assert.Equal(("203.0.113.0/24", "unknown", 123), (first.GetProperty("network").GetString(), first.GetProperty("standing").GetString(), first.GetProperty("letters").GetInt32()));
            Assert.Equal(3, lines.Count);
            Assert.Contains("不明な送信元 1 件、計 123 通", string.Concat((await host.CliAsync("reports", "summary")).Lines), StringComparison.Ordinal);

            (_, lines) = await host.CliAsync("reports", "list", "--days", "200", "--json");
            Assert.Equal(4, lines.Count);
            var id = JsonDocument.Parse(lines[0]).RootElement.GetProperty("id").GetString()!;
            var shown = JsonDocument.Parse((await host.CliAsync("reports", "show", id, "--json")).Lines[0]).RootElement;
            Assert.Equal(3, shown.GetProperty("rows").GetArrayLength());
            Assert.Contains("evil.example", string.Concat((await host.CliAsync("reports", "show", id)).Lines), StringComparison.Ordinal);
            Assert.Equal(2, (await host.CliAsync("reports", "show", Guid.CreateVersion7().ToString("N"))).Code);
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }
}

using System.Net;
using System.Text;
using Microsoft.Extensions.Time.Testing;
using Sekisho.Inspection.Senders;
using YamlDotNet.RepresentationModel;

namespace Sekisho.Inspection.Tests.Senders;

public class SpfTests
{
    [SuiteFact]
    public async Task Rfc7208_EveryCaseOfTheSuite()
    {
        var (count, faults) = await RunAsync("rfc7208-tests.yml");
        Assert.True(faults.Count == 0, $"{count - faults.Count} of {count}\n{string.Join('\n', faults)}");
        Assert.Equal(203, count);
    }

    /// <summary>The older suite asks nothing that RFC 7208 answers differently.</summary>
    [SuiteFact]
    public async Task Rfc4408_EveryCaseOfTheSuite()
    {
        var (count, faults) = await RunAsync("rfc4408-tests.yml");
        Assert.True(faults.Count == 0, $"{count - faults.Count} of {count}\n{string.Join('\n', faults)}");
        Assert.Equal(191, count);
    }

    [Theory]
    [InlineData("192.0.2.1", "a@good.example", SpfResult.Pass)]
    [InlineData("::ffff:192.0.2.1", "a@good.example", SpfResult.Pass)]
    [InlineData("192.0.2.9", "a@good.example", SpfResult.Fail)]
    [InlineData("192.0.2.1", "a@loop.example", SpfResult.PermError)]
    [InlineData("192.0.2.1", "a@dead.example", SpfResult.TempError)]
    [InlineData("192.0.2.1", "a@none.example", SpfResult.None)]
    public async Task Check(string client, string sender, SpfResult expected)
    {
        var zone = ZoneFile.Parse("""
            good.example. 300 IN TXT "v=spf1 ip4:192.0.2.0/29" " -all" ; two strings, one record
            loop.example TXT "v=spf1 include:loop.example -all"
            dead.example SERVFAIL
            """);
        Assert.Equal(expected, (await new Spf(zone, "gate.example", TimeProvider.System).CheckAsync(IPAddress.Parse(client), sender, "mail.example", CancellationToken.None)).Result);
    }

    private static async Task<(int Count, List<string> Faults)> RunAsync(string file)
    {
        var yaml = new YamlStream();
        using (var reader = new StreamReader(Path.Combine(Repository.Suites!, "pyspf", "test", file), Encoding.UTF8))
        {
            yaml.Load(reader);
        }

        var faults = new List<string>();
        var count = 0;
        foreach (var document in yaml.Documents.Select(d => (YamlMappingNode)d.RootNode))
        {
            var zone = Zone((YamlMappingNode)document["zonedata"]);
            foreach (var (name, node) in (YamlMappingNode)document["tests"])
            {
                count++;
                var test = (YamlMappingNode)node;
                string Value(string key) => ((YamlScalarNode)test[key]).Value!;
                var clock = new FakeTimeProvider(DateTimeOffset.FromUnixTimeSeconds(1_111_111_111));
                var outcome = await new Spf(zone, "receiver.example", clock).CheckAsync(IPAddress.Parse(Value("host")), Value("mailfrom"), Value("helo"), CancellationToken.None);
                var results = test["result"] is YamlSequenceNode several ? several.Select(r => r.ToString()).ToList() : [Value("result")];
                if (!results.Contains(outcome.Result.ToString().ToLowerInvariant()))
                {
                    faults.Add($"{name}: {outcome.Result} instead of {string.Join('/', results)} ({outcome.Mechanism})");
                }
                else if (test.Children.ContainsKey("explanation") && Value("explanation") is var wanted && (outcome.Explanation ?? "DEFAULT") != wanted)
                {
                    faults.Add($"{name}: explanation \"{outcome.Explanation}\" instead of \"{wanted}\"");
                }
            }
        }

        return (count, faults);
    }

    private static ZoneFile Zone(YamlMappingNode data)
    {
        var zone = new ZoneFile();
        foreach (var (key, value) in data)
        {
            var name = key.ToString();
            var entries = ((YamlSequenceNode)value).ToList();
            var hasText = entries.OfType<YamlMappingNode>().Any(e => e.Children.Keys.Any(k => k.ToString() == "TXT"));
            foreach (var entry in entries)
            {
                if (entry is YamlScalarNode)
                {
                    zone.Fail(name, null);
                    continue;
                }

                foreach (var (type, content) in (YamlMappingNode)entry)
                {
                    // The suite leaves the doubling of SPF records as TXT records to whoever runs it.
                    var kind = type.ToString() == "SPF" ? "TXT" : type.ToString();
                    if (type.ToString() == "SPF" && hasText)
                    {
                        continue;
                    }

                    if (content.ToString() == "TIMEOUT")
                    {
                        zone.Fail(name, DnsType.Txt);
                    }
                    else if (content.ToString() != "NONE")
                    {
                        zone.Add(name, Enum.Parse<DnsType>(kind, ignoreCase: true), kind switch
                        {
                            "TXT" => content is YamlSequenceNode strings ? string.Concat(strings.Select(s => s.ToString())) : content.ToString(),
                            "MX" => $"{((YamlSequenceNode)content)[0]} {((YamlSequenceNode)content)[1]}",
                            _ => content.ToString(),
                        });
                    }
                }
            }
        }

        return zone;
    }
}

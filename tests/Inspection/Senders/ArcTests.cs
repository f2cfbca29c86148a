using System.Text;
using Sekisho.Inspection.Senders;
using YamlDotNet.RepresentationModel;

namespace Sekisho.Inspection.Tests.Senders;

public class ArcTests
{
    [SuiteFact]
    public async Task Validation_EveryCaseOfTheSuite()
    {
        var yaml = new YamlStream();
        using (var reader = new StreamReader(Path.Combine(Repository.Suites!, "arc_test_suite", "tests", "arc-draft-validation-tests.yml"), Encoding.UTF8))
        {
            yaml.Load(reader);
        }

        var faults = new List<string>();
        var count = 0;
        foreach (var document in yaml.Documents.Select(d => (YamlMappingNode)d.RootNode))
        {
            var zone = new ZoneFile();
            foreach (var (name, text) in (YamlMappingNode)document["txt-records"])
            {
                zone.Add(name.ToString(), DnsType.Txt, text.ToString());
            }

            foreach (var (name, node) in (YamlMappingNode)document["tests"])
            {
                count++;
                var test = (YamlMappingNode)node;
                var outcome = await new Arc(zone, []).CheckAsync(new MemoryStream(Encoding.UTF8.GetBytes(test["message"].ToString().ReplaceLineEndings("\r\n"))), CancellationToken.None);
                var wanted = test["cv"].ToString();
                if (!outcome.Result.ToString().Equals(wanted.Length == 0 ? "None" : wanted, StringComparison.OrdinalIgnoreCase))
                {
                    faults.Add($"{name}: {outcome.Result} instead of \"{wanted}\" ({outcome.Reason}) {test["description"]}");
                }
            }
        }

        Assert.True(faults.Count == 0, $"{count - faults.Count} of {count}\n{string.Join('\n', faults)}");
        Assert.Equal(175, count);
    }
}

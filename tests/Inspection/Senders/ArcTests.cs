using System.Text;
using System.Text.RegularExpressions;
using Sekisho.Inspection.Senders;
using YamlDotNet.RepresentationModel;

namespace Sekisho.Inspection.Tests.Senders;

public partial class ArcTests
{
    [SuiteFact]
    public async Task Validation_EveryCaseOfTheSuite()
    {
        var yaml = new YamlStream();
        var suite = File.ReadAllText(Path.Combine(Repository.Suites!, "arc_test_suite", "tests", "arc-draft-validation-tests.yml"));

        // A text that begins with a line of spaces is more than YAML allows, and this reader keeps to that.
        // Four cases have a name that another has; each is asked.
        var number = 0;
        yaml.Load(new StringReader(CaseName().Replace(LeadingSpaces().Replace(suite, "|\n\n"), m => $"{m.Value[..^1]}-{++number}:")));

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
                var wanted = test["cv"].ToString().Trim();
                if (!outcome.Result.ToString().Equals(wanted, StringComparison.OrdinalIgnoreCase))
                {
                    faults.Add($"{name}: {outcome.Result} instead of \"{wanted}\" ({outcome.Reason}) {test["description"]}");
                }
            }
        }

        Assert.True(faults.Count == 0, $"{count - faults.Count} of {count}\n{string.Join('\n', faults)}");
        Assert.Equal(175, count);
    }

    /// <summary>Who is believed: the oldest listed sealer with only listed ones behind it.</summary>
    [Theory]
    [InlineData("", 0, "")]
    [InlineData("list.example", 0, "")] // the newest is not listed, and may have written anything below
    [InlineData("forward.example", 1, "fail")]
    [InlineData("LIST.example forward.example.", 1, "pass")]
    public async Task ListedSealers_AreBelieved(string trusted, int results, string word)
    {
        var zone = ZoneFile.Parse($"s._domainkey.list.example TXT \"{Signer.P}\"\ns._domainkey.forward.example TXT \"{Signer.P}\"");
        var letter = Signer.Seal(Signer.Seal(DkimTests.Octets(Letter), 1, "list.example", "dmarc=pass header.from=mail.example"), 2, "forward.example", "dmarc=fail header.from=mail.example");
        var arc = new Arc(zone, trusted.Split(' '));
        var outcome = await arc.CheckAsync(new MemoryStream(letter), CancellationToken.None);
        Assert.Equal(ArcResult.Pass, outcome.Result);
        Assert.Equal(["forward.example", "list.example"], outcome.Sealers);
        Assert.Equal(results, outcome.Believed.Count);
        Assert.Equal(word, outcome.Believed.FirstOrDefault()?.Result ?? "");

        // What was changed since is believed by nobody.
        var changed = await arc.CheckAsync(new MemoryStream([.. letter, .. "more"u8]), CancellationToken.None);
        Assert.Equal((ArcResult.Fail, 0), (changed.Result, changed.Believed.Count));
    }

    [Fact]
    public async Task NoAnswer_IsNoVerdict()
    {
        var letter = Signer.Seal(DkimTests.Octets(Letter), 1, "list.example", "dmarc=pass");
        Assert.Equal(ArcResult.TempError, (await new Arc(ZoneFile.Parse("s._domainkey.list.example SERVFAIL"), []).CheckAsync(new MemoryStream(letter), CancellationToken.None)).Result);
        Assert.Equal(ArcResult.Fail, (await new Arc(ZoneFile.Parse(""), []).CheckAsync(new MemoryStream(letter), CancellationToken.None)).Result);
    }

    [Fact]
    public async Task FiftyOneSets_AreTooMany()
    {
        var zone = ZoneFile.Parse($"s._domainkey.list.example TXT \"{Signer.P}\"");
        var letter = DkimTests.Octets(Letter);
        for (var i = 1; i <= 50; i++)
        {
            letter = Signer.Seal(letter, i, "list.example", "dmarc=pass");
        }

        Assert.Equal(ArcResult.Pass, (await new Arc(zone, []).CheckAsync(new MemoryStream(letter), CancellationToken.None)).Result);
        Assert.Equal(ArcResult.Fail, (await new Arc(zone, []).CheckAsync(new MemoryStream(Signer.Seal(letter, 51, "list.example", "dmarc=pass")), CancellationToken.None)).Result);
    }

    [GeneratedRegex(@"^  [a-z]\w+:(?=\s*\n    spec:)", RegexOptions.Multiline)]
    private static partial Regex CaseName();

    [GeneratedRegex(@"\|\n +\n")]
    private static partial Regex LeadingSpaces();

    private const string Letter = "From: a@mail.example\nTo: b@hospital.example\nSubject: x\n\nbody\n";
}

using System.Text;
using System.Text.RegularExpressions;
using Sekisho.Inspection.Senders;
using YamlDotNet.RepresentationModel;

namespace Sekisho.Inspection.Tests.Senders;

public partial class ArcTests
{
    /// <summary>Where the suite, made for a draft of 2018, and RFC 8617 differ; the RFC decides.</summary>
    private static readonly Dictionary<string, (string Suite, ArcResult Rfc)> Decided = new()
    {
        // RFC 8617 section 5.2 step 2: "If the Chain Validation Status of the highest instance value ARC Set is "fail", then the Chain Validation Status is "fail""; the draft gave no word at all.
        ["cv_fail_i1_as_cv_fail"] = ("", ArcResult.Fail),
        ["cv_fail_i2_as2_fail"] = ("", ArcResult.Fail),

        // Section 5.2 step 3.C: the value of cv in each set below must not be "fail".
        ["cv_fail_i2_as1_fail"] = ("", ArcResult.Fail),

        // Section 4.1.2 gives the message signature DKIM's syntax; RFC 6376 section 3.5: c= "OPTIONAL, default is simple/simple". The letter was signed relaxed.
        ["ams_fields_c_na"] = ("Pass", ArcResult.Fail),

        // RFC 6376 section 5.4: "The From header field MUST be signed"; section 6.1.1: a signature whose h= does not include it is ignored.
        ["ams_fields_h_empty"] = ("Pass", ArcResult.Fail),
    };

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
        int count = 0, decided = 0;
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
                if (Decided.TryGetValue(name.ToString().Split('-')[0], out var known) && known.Suite == wanted)
                {
                    decided++;
                    wanted = known.Rfc.ToString();
                }

                if (!outcome.Result.ToString().Equals(wanted, StringComparison.OrdinalIgnoreCase))
                {
                    faults.Add($"{name}: {outcome.Result} instead of \"{wanted}\" ({outcome.Reason}) {test["description"]}");
                }
            }
        }

        Assert.True(faults.Count == 0, $"{count - faults.Count} of {count}\n{string.Join('\n', faults)}");
        Assert.Equal((175, 5), (count, decided));
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

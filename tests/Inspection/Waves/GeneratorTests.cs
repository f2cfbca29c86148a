using Sekisho.Inspection.Policy;
using Sekisho.Inspection.Detection;
using Sekisho.Inspection.Formats;
using Sekisho.Inspection.Messages;
using Sekisho.Inspection.Senders;
using Sekisho.Inspection.Signatures;
using Sekisho.SampleMaker;
using Sekisho.SampleMaker.OfficeLife;
using Sekisho.SampleMaker.Waves;

namespace Sekisho.Inspection.Tests.Waves;

/// <summary>What the generators of attacks and of office life promise: the same for the same number, different for others, and nothing that leads anywhere. The proof itself is the program <c>tests/Waves</c>.</summary>
public class GeneratorTests
{
    public static TheoryData<string> Names => [.. EmotetWaves.All.Select(w => w.Name)];

    [Theory, MemberData(nameof(Names))]
    public void Variants_AreTheirNumbers_AndNoTwoAlike(string name)
    {
        var wave = EmotetWaves.All.Single(w => w.Name == name);
        Assert.Equal(wave.Variant(3).Write(), wave.Variant(3).Write());
        Assert.Equal(12, Enumerable.Range(0, 12).Select(i => Convert.ToHexString(System.Security.Cryptography.SHA256.HashData(Small(wave.Variant(i)).Write()))).Distinct().Count());
    }

    [Theory, MemberData(nameof(Names))]
    public void Links_LeadNowhere_AndTheLetterIsStopped(string name)
    {
        for (var number = 0; number < 4; number++)
        {
            using var message = Letters.Open(EmotetWaves.All.Single(w => w.Name == name).Variant(number).Write());
            Assert.DoesNotContain(message.Problems, p => p.Reason is not ReadProblemReason.AmbiguousMime);
            Assert.All(message.Parts.SelectMany(p => p.Links), link => Assert.True(IsNowhere(link), link.Target));
            var findings = Detectors.Inspect(Detectors.All, new InspectionContext(message, SenderFacts.Unknown, SignatureSet.Shipped));
            Assert.Equal(Disposition.Quarantine, new MessagePolicy(new PolicyOptions()).Judge(findings).Disposition);
        }
    }

    [Fact]
    public void PaddedArchive_HoldsWhatItSays()
    {
        var content = Samples.OldDocument(Samples.AutoOpenSource);
        using var zip = new System.IO.Compression.ZipArchive(new MemoryStream(PaddedZip.Write("a.doc", content, 5_000_000)));
        using var member = Assert.Single(zip.Entries).Open(); // Its checksum is verified at the end.
        using var output = new MemoryStream();
        member.CopyTo(output);
        Assert.True(output.Length >= 5_000_000);
        Assert.Equal(content, output.ToArray()[..content.Length]);
        Assert.True(output.ToArray().AsSpan(content.Length).IndexOfAnyExcept((byte)0) < 0);
        Assert.Equal(ZipWriter.Crc32(output.ToArray()), zip.Entries[0].Crc32);
    }

    [Fact]
    public void EveryMutation_ChangesSomething() => Assert.All(Mutators.All, mutation =>
    {
        var changed = EmotetWaves.All.Select(w => w.Variant(1)).Select(letter => (Before: letter, After: mutation.Change(letter, new Chance(5)))).Where(p => p.After is not null).ToList();
        Assert.NotEmpty(changed);
        Assert.Contains(changed, p => !Small(p.Before).Write().AsSpan().SequenceEqual(Small(p.After!).Write()));
    });

    [Fact]
    public void RenamedMacro_KeepsItsShape()
    {
        var letter = EmotetWaves.All.Single(w => w.Name == "2020-07 reply with document").Variant(1);
        var renamed = Mutators.All.Single(m => m.Name == "renamed").Change(letter, new Chance(9))!;
        Assert.Equal(letter.Macro!.Modules.Sum(m => m.Procedures.Count), renamed.Macro!.Modules.Sum(m => m.Procedures.Count));
        Assert.All(letter.Macro.Names.Where(n => letter.Macro.Modules.Any(m => m.Source.Contains($"{n}(", StringComparison.Ordinal))),
            n => Assert.DoesNotContain(renamed.Macro.Modules, m => m.Source.Contains($" {n}(", StringComparison.Ordinal)));
        Assert.Contains(renamed.Macro.Modules, m => m.Source.Contains("Document_", StringComparison.OrdinalIgnoreCase));
    }

    [Fact]
    public void OfficeLife_IsReadable_InEveryKind()
    {
        var seen = new HashSet<string>();
        for (var number = 0; number < 400; number++)
        {
            var made = OfficeLetters.Make(number);
            seen.Add(made.Kind);
            using var message = Letters.Open(made.Letter);
            Assert.True(message.Problems.All(p => p.Reason is ReadProblemReason.EncryptedArchive) && (made.PasswordMail is not null || message.Problems.Count == 0), $"{made.Kind} {number}: {message.Problems.FirstOrDefault()}");
            Assert.True(message.Text.Main is { Text.Length: > 10 } main && !main.Text.Contains('\uFFFD', StringComparison.Ordinal), $"{made.Kind} {number}: {message.Text.Main?.Text}");
            Assert.All(message.Parts.SelectMany(p => p.Links), link => Assert.True(IsNowhere(link), link.Target));
            Assert.Equal(made.Letter, OfficeLetters.Make(number).Letter);
        }

        Assert.Equal(OfficeLetters.Kinds.Count, seen.Count);
    }

    private static AttackLetter Small(AttackLetter letter) => letter with { PaddedTo = Math.Min(letter.PaddedTo, 2_000_000) };

    /// <summary>RFC 2606 and RFC 5737 names, and addresses inside a house.</summary>
    private static bool IsNowhere(Link link)
    {
        // mailto: and ms-appinstaller: have no host of their own; what stands in them has.
        var host = link.Host.Length > 0 ? link.Host : link.Target.Contains("//", StringComparison.Ordinal) ? new Uri(link.Target[link.Target.IndexOf("http", StringComparison.Ordinal)..]).Host : link.Target[(link.Target.LastIndexOf('@') + 1)..].Split('?')[0];
        return host.EndsWith(".example", StringComparison.Ordinal) || host.EndsWith(".invalid", StringComparison.Ordinal) || host.EndsWith(".test", StringComparison.Ordinal)
            || host.StartsWith("192.0.2.", StringComparison.Ordinal) || host.StartsWith("192.168.", StringComparison.Ordinal);
    }
}

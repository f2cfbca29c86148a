using System.Text;
using Sekisho.Inspection.Detection;
using Sekisho.Inspection.Detection.Known;
using Sekisho.Inspection.Messages;
using Sekisho.Inspection.Senders;
using Sekisho.Inspection.Signatures;
using Sekisho.Inspection.Tests.Signatures;
using Sekisho.SampleMaker;

namespace Sekisho.Inspection.Tests.Detection.Known;

public class YaraRuleTests
{
    public static TheoryData<string> ShippedRules() => [.. SignatureSet.Shipped.Yara.Rules.Select(r => r.Name)];

    /// <summary>Every rule that is shipped has a file it was written for, and finds it through the whole line.</summary>
    [Theory]
    [MemberData(nameof(ShippedRules))]
    public void EachShippedRule_FindsItsSample(string rule)
    {
        var (name, octets) = YaraSamples.All[rule];
        using var message = Letters.Open(LetterWriter.WithAttachments("x", "see", (name, octets)));
        var found = Letters.Ask(new YaraRule(), message);
        var finding = Assert.Single(found, f => f.Evidence.StartsWith($"rule {rule}", StringComparison.Ordinal) && f.Evidence.AsSpan(5 + rule.Length).IndexOfAny(' ', ':') <= 0);
        Assert.Equal(SignatureSet.Shipped.Yara.Rules.Single(r => r.Name == rule).Word("code"), finding.Kind.Code);
        Assert.True(finding.Kind.IsOfRule);
        Assert.DoesNotContain(found, f => f.Kind == YaraRule.Incomplete);
    }

    [Fact]
    public void ARuleWithoutOurMetas_IsOneKind_AtItsOwnWeight()
    {
        var set = YaraSets.Of("""
            rule theirs { meta: description = "of a collection" strings: $a = "kumquat" condition: $a }
            rule light { meta: weight = 20 strings: $a = "quince" condition: $a }
            rule half { meta: code = "NOT whole" weight = 30 ja = "あ" en = "e" strings: $a = "medlar" condition: $a }
            """);
        var findings = Ask(set, LetterWriter.Plain("x", "a quince, a kumquat"));
        Assert.Equal([("YARA_RULE", 100, "rule theirs: $a at 12 (of a collection)"), ("YARA_RULE", 20, "rule light: $a at 2")], findings.Select(f => (f.Kind.Code, f.Kind.Weight, f.Evidence)));
        Assert.Equal(("YARA_RULE", 30), Assert.Single(Ask(set, LetterWriter.Plain("x", "medlar")).Select(f => (f.Kind.Code, f.Kind.Weight))));
    }

    [Fact]
    public void ARulesOwnWords_AreShown()
    {
        var set = YaraSets.Of("""rule ours { meta: code = "MY_CODE" weight = 35 ja = "見つけました。" en = "Found." attack = "T1204.002" strings: $a = "kumquat" condition: $a }""");
        Assert.Equal(new FindingKind("MY_CODE", 35, "Found.", "見つけました。", "T1204.002") { IsOfRule = true }, Assert.Single(Ask(set, LetterWriter.Plain("x", "kumquat"))).Kind);
    }

    [Fact]
    public void NamesAndTypes_AreTold()
    {
        var set = YaraSets.Of("""
            rule vba { strings: $a = "kumquat" condition: $a and file_type == "vba" and part_path matches /^2/ }
            rule name { condition: file_name == "紹介状.doc" and extension == ".doc" and file_type == "Word" and filetype == "WORD" and filepath contains "2" }
            rule japanese { strings: $a = "出金口座" condition: $a and file_type == "text" }
            """);
        var document = Samples.OldDocument("Sub AutoOpen()\r\n' kumquat\r\nEnd Sub\r\n");
        Assert.Equal(["2/紹介状.doc: rule name", "2/紹介状.doc: rule vba in its vba: $a at 54"], Ask(set, LetterWriter.WithAttachments("x", "y", ("紹介状.doc", document))).Select(f => $"{f.Place}: {f.Evidence}").Order(StringComparer.Ordinal));

        var letter = Encoding.ASCII.GetBytes("From: a@b.test\r\nMIME-Version: 1.0\r\nContent-Type: text/plain; charset=iso-2022-jp\r\n\r\n").Concat(Encoding.GetEncoding("iso-2022-jp").GetBytes("出金口座のご連絡\r\n")).ToArray();
        Assert.StartsWith("rule japanese in its text", Assert.Single(Ask(set, letter)).Evidence, StringComparison.Ordinal);
    }

    [Fact]
    public void ALargePart_IsSearchedAtItsBeginningAndEnd_AndTheRestIsSaid()
    {
        var set = YaraSets.Of("""rule ends { strings: $a = "kumquat" $b = "quince" condition: $a or $b }""");
        var large = new byte[90 << 20];
        "quince"u8.CopyTo(large.AsSpan(large.Length - 6));
        using var message = Letters.OpenDocument("film.dat", large);
        var findings = Ask(set, message);
        Assert.Equal(["YARA_RULE", "YARA_PARTIAL"], findings.Select(f => f.Kind.Code));
        Assert.Equal($"rule ends: $b at {large.Length - 6}", findings[0].Evidence);

        // Across the border of two windows.
        var cut = new byte[20 << 20];
        "kumquat"u8.CopyTo(cut.AsSpan((16 << 20) - 3));
        using var second = Letters.OpenDocument("film.dat", cut);
        Assert.Equal($"rule ends: $a at {(16 << 20) - 3}", Assert.Single(Ask(set, second)).Evidence);
    }

    [Fact]
    public void WhatTakesTooLong_IsNotClean()
    {
        var set = YaraSets.Of("rule slow { condition: for all i in (1..2000000000) : (uint8(i % filesize) < 255) }", TimeSpan.FromSeconds(1));
        var finding = Assert.Single(Ask(set, LetterWriter.Plain("x", "y")));
        Assert.Equal("YARA_INCOMPLETE", finding.Kind.Code);
        Assert.Equal("The rules did not come to an end in 1 s.", finding.Evidence);
    }

    [Fact]
    public void WithoutTheLibrary_EveryLetterSaysSo()
    {
        var faults = new List<SignatureFault>();
        var rules = YaraRules.Compile([new YaraFile("a.yar", "a", "rule a { condition: true }"u8.ToArray())], faults, YaraRules.DefaultTime, "libyara.so.none");
        var finding = Assert.Single(Ask(SignatureSet.Of(rules), LetterWriter.Plain("x", "y")));
        Assert.Equal("YARA_UNAVAILABLE", finding.Kind.Code);
        Assert.Contains("apt-get install libyara9", finding.Evidence, StringComparison.Ordinal);
        Assert.Equal("libyara.so.none", Assert.Single(faults).File);
    }

    [Fact]
    public void WithoutRules_NothingIsSaid() => Assert.Empty(Ask(SignatureSet.Empty, LetterWriter.Plain("x", "y")));

    private static IReadOnlyList<Finding> Ask(SignatureSet set, byte[] letter)
    {
        using var message = Letters.Open(letter);
        return Ask(set, message);
    }

    private static IReadOnlyList<Finding> Ask(SignatureSet set, InboundMessage message) => [.. new YaraRule().Inspect(new InspectionContext(message, SenderFacts.Unknown, set))];
}

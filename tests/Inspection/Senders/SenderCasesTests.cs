using System.Net;
using System.Text;
using Sekisho.Inspection.Detection;
using Sekisho.Inspection.Messages;
using Sekisho.Inspection.Policy;
using Sekisho.Inspection.Senders;
using Sekisho.Inspection.Signatures;
using Sekisho.SampleMaker.Senders;

namespace Sekisho.Inspection.Tests.Senders;

/// <summary>Lists, forwarders, services and those who abuse them, with real signatures, seals and records: what DNS says is found out, not given.</summary>
public class SenderCasesTests
{
    private const int Each = 120;
    private const string Sealer = "big-mail.example";

    private static readonly string[] Policies = ["none", "quarantine", "reject"];

    private static readonly ZoneFile Dns = ZoneFile.Parse(string.Join('\n', Records()));

    private static readonly SenderCheckOptions Options = new() { AuthservId = "gate.sekisho-hp.example", TrustedSealers = [Sealer] };

    public static TheoryData<string> HonestKinds => [.. Honest.Keys];

    public static TheoryData<string> SpoofKinds => [.. Spoofs.Keys];

    private static readonly Dictionary<string, Func<int, Case>> Honest = new(StringComparer.Ordinal)
    {
        ["direct"] = i => Signed(i, Author(i)),
        ["forwarder-breaks-spf"] = i => Signed(i, Author(i)) with { Client = "198.18.0.9", Helo = "mx.alumni.example" },
        ["forwarder-with-srs"] = i => Signed(i, Author(i)) with { Client = "198.18.0.1", Helo = "mx.alumni.example", MailFrom = $"SRS0=ab=cd={Author(i)}=a@alumni.example" },
        ["list-with-footer"] = i => ByList(Signed(i, Author(i)), i),
        ["own-domain-by-list"] = i => ByList(Signed(i, Hospital.Domain, Hospital.Person(i).Kanji), i),
        ["forwarder-with-arc"] = i => BySealer(Signed(i, Author(i)), Author(i)),
        ["two-forwarders-with-arc"] = i => BySealer(BySealer(Signed(i, Author(i)), Author(i)), Author(i), 2),
        ["group-with-own-from"] = i => Signed(i, "groups.example", $"{Hospital.Person(i).Kanji} via 勉強会", "groups.example"),
        ["service-signs-for-the-author"] = i => Signed(i, Author(i)) with { MailFrom = $"b-{i}@bounce.service.example", Client = "198.18.0.3", Helo = "out.service.example" },
        ["service-unsigned"] = i => Plain(i, "news-none.example") with { MailFrom = $"b-{i}@bounce.service.example", Client = "198.18.0.3", Helo = "out.service.example" },
        ["sub-domain"] = i => Signed(i, "report." + Author(i), domain: Author(i)),
        ["new-provider-not-in-spf-yet"] = i => Plain(i, i % 2 == 0 ? "partner-none.example" : "partner-quarantine.example") with { Client = "198.18.7.7", Helo = "out.provider.example" },
    };

    private static readonly Dictionary<string, Func<int, Case>> Spoofs = new(StringComparer.Ordinal)
    {
        ["own-domain"] = i => Plain(i, Hospital.Domain, Hospital.Person(i).Kanji) with { Client = Stranger(i), MailFrom = $"x{i}@stranger.example" },
        ["own-domain-by-stranger-with-spf"] = i => Plain(i, Hospital.Domain, Hospital.Person(i).Latin) with { Client = "198.18.0.66", MailFrom = $"x{i}@stranger.example" },
        ["own-domain-signed-by-stranger"] = i => Signed(i, Hospital.Domain, Hospital.Person(i).Kanji, "stranger.example") with { Client = "198.18.0.66", MailFrom = $"x{i}@stranger.example" },
        ["partner-that-asks-for-refusal"] = i => Plain(i, "partner-reject.example") with { Client = Stranger(i) },
        ["partner-with-forged-seal"] = i => BySealer(Plain(i, "partner-reject.example"), "partner-reject.example", sealer: "stranger.example") with { Client = "198.18.0.66", MailFrom = $"x{i}@stranger.example" },
        ["partner-with-seal-over-other-author"] = i => BySealer(Plain(i, "partner-reject.example"), "stranger.example") with { Client = "198.18.0.66", MailFrom = $"x{i}@stranger.example" },
        ["partner-changed-after-the-seal"] = i => BySealer(Signed(i, "partner-reject.example"), "partner-reject.example").Changed(),
        ["partner-changed-after-signing"] = i => Signed(i, "partner-reject.example").Changed() with { Client = Stranger(i) },
        ["partner-with-a-word-of-a-list"] = i => Plain(i, "partner-reject.example").With($"List-Id: <members{i}.famous-list.example>") with { Client = "198.18.0.66", MailFrom = $"x{i}@stranger.example" },
        ["partner-by-a-list-of-the-stranger"] = i => ByStrangersList(Plain(i, "partner-reject.example"), i),
        ["own-domain-by-a-list-of-the-stranger"] = i => ByStrangersList(Plain(i, Hospital.Domain, Hospital.Person(i).Kanji), i),
        ["colleague-by-a-list-of-the-stranger"] = i => ByStrangersList(Plain(i, "stranger.example", Hospital.Person(i + 1).Kanji), i),
        ["own-domain-in-an-encoded-word"] = i => Plain(i, Hospital.Domain).Replaced($"From: <sender{i}@{Hospital.Domain}>", $"From: {Word($"{Hospital.Person(i).Kanji} <{Hospital.Person(i).Address}>")}") with { Client = "198.18.0.66", MailFrom = $"x{i}@stranger.example" },
        ["own-domain-in-quotes"] = i => Plain(i, Hospital.Domain).Replaced($"From: <sender{i}@{Hospital.Domain}>", $"From: \"{Hospital.Person(i).Address}\"") with { Client = "198.18.0.66", MailFrom = $"x{i}@stranger.example" },
        ["partner-behind-thousands-of-fields"] = i => Plain(i, "partner-reject.example").With(string.Join("\r\n", Enumerable.Repeat("X:y", 5001))) with { Client = Stranger(i) },
        ["partner-as-fifth-author"] = i => Plain(i, "partner-reject.example").Replaced("From: ", $"From: <a@s1.example>, <a@s2.example>, <a@s3.example>, <a@s4.example>, ") with { Client = "198.18.0.66", MailFrom = $"x{i}@stranger.example" },
        ["behind-a-blank-line-that-is-none"] = i => Plain(i, "partner-reject.example").Made(octets => [.. "\tX-A: b\r\n"u8, .. octets]) with { Client = Stranger(i) },
        ["second-author-in-front"] = i => Plain(i, "partner-reject.example").Replaced("From: ", "From: <a@stranger.example>, ") with { Client = "198.18.0.66", MailFrom = $"x{i}@stranger.example" },
    };

    [Theory]
    [MemberData(nameof(HonestKinds))]
    public async Task HonestLetters_GetThrough(string kind)
    {
        var held = new List<string>();
        for (var i = 0; i < Each; i++)
        {
            var verdict = await JudgeAsync(Honest[kind](i));
            if (verdict.Disposition != Disposition.Deliver)
            {
                held.Add($"{i}: {string.Join(' ', verdict.Findings.Select(f => $"{f.Kind.Code} {f.Evidence}"))}");
            }
        }

        Assert.True(held.Count * 200 <= Each, $"{kind}: {held.Count} of {Each} are quarantined, such as\n{string.Join('\n', held.Take(5))}");
    }

    [Theory]
    [MemberData(nameof(SpoofKinds))]
    public async Task Spoofs_AreQuarantined(string kind)
    {
        var missed = new List<string>();
        for (var i = 0; i < Each; i++)
        {
            var verdict = await JudgeAsync(Spoofs[kind](i));
            if (verdict.Disposition == Disposition.Deliver)
            {
                missed.Add($"{i}: {verdict.Score} {string.Join(' ', verdict.Findings.Select(f => f.Kind.Code))}");
            }
        }

        Assert.True(missed.Count * 100 <= Each, $"{kind}: {missed.Count} of {Each} get through, such as\n{string.Join('\n', missed.Take(5))}");
    }

    private static IEnumerable<string> Records()
    {
        foreach (var policy in Policies)
        {
            foreach (var domain in (string[])[$"partner-{policy}.example", $"news-{policy}.example"])
            {
                yield return $"{domain} TXT \"v=spf1 ip4:192.0.2.0/24 -all\"";
                yield return $"_dmarc.{domain} TXT \"v=DMARC1; p={policy}\"";
                yield return $"s._domainkey.{domain} TXT \"v=DKIM1; {Signer.P}\"";
            }
        }

        yield return $"{Hospital.Domain} TXT \"v=spf1 ip4:192.0.2.0/24 -all\"";
        yield return $"_dmarc.{Hospital.Domain} TXT \"v=DMARC1; p=reject\"";
        yield return $"s._domainkey.{Hospital.Domain} TXT \"v=DKIM1; {Signer.P}\"";
        foreach (var (domain, address) in ((string, string)[])[("alumni.example", "198.18.0.1"), ("list.example", "198.18.0.2"), ("bounce.service.example", "198.18.0.3"), ("groups.example", "192.0.2.1"), (Sealer, "198.18.0.5"), ("stranger.example", "198.18.0.66")])
        {
            yield return $"{domain} TXT \"v=spf1 ip4:{address} -all\"";
            yield return $"s._domainkey.{domain} TXT \"v=DKIM1; {Signer.P}\"";
        }
    }

    private static string Author(int i) => $"partner-{Policies[i % 3]}.example";

    private static string Stranger(int i) => $"203.0.113.{i % 250}";

    private static Case Plain(int i, string author, string name = "") => new(
        Encoding.UTF8.GetBytes($"""
            From: {(name.Length == 0 ? "" : $"=?utf-8?B?{Convert.ToBase64String(Encoding.UTF8.GetBytes(name))}?= ")}<sender{i}@{author}>
            To: <{Hospital.Person(i).Address}>
            Subject: meeting {i}
            Date: Mon, 9 Mar 2026 16:05:00 +0900
            Message-ID: <{i}@{author}>
            MIME-Version: 1.0
            Content-Type: text/plain; charset=utf-8
            Content-Transfer-Encoding: 8bit

            {(i % 2 == 0 ? "いつもお世話になっております。明日の会議の件でご連絡いたします。" : "Dear colleague, about the meeting of tomorrow.")} {i}

            """.ReplaceLineEndings("\r\n")),
        "192.0.2.17", "mail." + author, $"sender{i}@{author}", Hospital.Person(i).Address);

    private static Case Signed(int i, string author, string name = "", string? domain = null) =>
        Plain(i, author, name).Made(octets => Signer.Sign(octets, Signer.Key, i % 2 == 0 ? "relaxed/relaxed" : "simple/simple", domain: domain ?? author));

    /// <summary>What a mailing list does: another subject, a footer, its own envelope; the author's signature breaks.</summary>
    private static Case ByList(Case letter, int i) =>
        letter.Replaced("Subject: ", "Subject: [members] ").Replaced("To: <", "To: <members@list.example>, <").Changed().With("List-Id: members <members.list.example>")
            with { Client = "198.18.0.2", Helo = "list.example", MailFrom = $"members-bounces+{i}@list.example" };

    /// <summary>A list that a liar runs himself, with his victims on it.</summary>
    private static Case ByStrangersList(Case letter, int i) =>
        letter.Replaced("To: <", "To: <members@stranger.example>, <").With("List-Id: members <members.stranger.example>") with { Client = "198.18.0.66", Helo = "stranger.example", MailFrom = $"members-bounces+{i}@stranger.example" };

    private static string Word(string text) => $"=?utf-8?B?{Convert.ToBase64String(Encoding.UTF8.GetBytes(text))}?=";

    /// <summary>What a large provider does when it forwards: a banner in the body, its seal over what it found.</summary>
    private static Case BySealer(Case letter, string author, int instance = 1, string sealer = Sealer) =>
        (instance == 1 ? letter.Changed() : letter).Made(octets => Signer.Seal(octets, instance, sealer, $"dmarc=pass header.from={author}"))
            with { Client = "198.18.0.5", Helo = Sealer, MailFrom = $"fwd@{Sealer}" };

    private static async Task<Verdict> JudgeAsync(Case letter)
    {
        var envelope = new Envelope(Guid.CreateVersion7(), DateTimeOffset.UnixEpoch, IPAddress.Parse(letter.Client), letter.Helo, letter.MailFrom, [new EnvelopeRecipient(letter.To)]);
        var facts = await new SenderCheck(Dns, TimeProvider.System, Options).CheckAsync(envelope, new MemoryStream(letter.Octets), CancellationToken.None);
        facts = facts with { KnowsList = letter.MailFrom.EndsWith("@list.example", StringComparison.Ordinal) }; // the ledger knows the honest one
        using var message = MessageReader.Read(envelope, new MemoryStream(letter.Octets), new ReadLimits(), TimeProvider.System, CancellationToken.None);
        return new MessagePolicy(new PolicyOptions()).Judge(Detectors.Inspect(Detectors.All, new InspectionContext(message, facts, SignatureSet.Shipped) { Household = ImpersonationTests.House }), envelope);
    }

    /// <summary>A letter on its way.</summary>
    private sealed record Case(byte[] Octets, string Client, string Helo, string MailFrom, string To)
    {
        public Case Made(Func<byte[], byte[]> change) => this with { Octets = change(Octets) };

        public Case Changed() => this with { Octets = [.. Octets, .. "--\r\nsent on\r\n"u8] };

        public Case With(string field) => this with { Octets = [.. Encoding.UTF8.GetBytes(field + "\r\n"), .. Octets] };

        public Case Replaced(string part, string by) => this with { Octets = Encoding.Latin1.GetBytes(Encoding.Latin1.GetString(Octets).Replace("\n" + part, "\n" + by, StringComparison.Ordinal) is var text && text.StartsWith(part, StringComparison.Ordinal) ? by + text[part.Length..] : text) };
    }
}

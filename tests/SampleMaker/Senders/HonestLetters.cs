namespace Sekisho.SampleMaker.Senders;

/// <summary>Letters of an honest hospital's day that look as if they lied about their sender.</summary>
public static class HonestLetters
{
    private static readonly string[] Lists = ["gakkai-ml.example", "lists.minato-univ.example", "chiiki-renkei.example"];

    /// <summary>Whether a letter comes by a list that the hospital has known for long: no liar's is one.</summary>
    public static bool IsByKnownList(SenderSample sample) => Lists.Any(list => sample.MailFrom.EndsWith("@" + list, StringComparison.Ordinal));

    /// <summary>All, so many of each kind; the same for the same seed.</summary>
    public static IEnumerable<SenderSample> All(int each, int seed)
    {
        Func<int, Random, SenderSample>[] kinds =
        [
            OwnByList, ListOfOthers, ForwardedPartner, ForwardedByListed, Group, Newsletter, OwnNewsletter, SubDomain, Namesake, SameNameInside, PrivateToHimself, PrivateUnlisted, PartnerMoves, SharedMailbox, Via, WebForm, Vendor, OwnServer,
        ];
        for (var i = 0; i < each; i++)
        {
            foreach (var kind in kinds)
            {
                yield return kind(i, new Random((seed * 10_007) + i));
            }
        }
    }

    private static SenderSample OwnByList(int i, Random random)
    {
        var list = Lists[i % Lists.Length];
        var person = Hospital.Person(random.Next(72));
        return new SenderLetter("own-by-list", i, person.Kanji, person.Address) { MailFrom = $"members-bounces@{list}", Helo = list, Authentication = "spf=pass dkim=fail dmarc=fail", MessageId = $"{i}@{Hospital.Domain}" }
            .Address($"members@{list}").Field("List-Id", $"members <members.{list}>").Field("List-Post", $"<mailto:members@{list}>").Make();
    }

    private static SenderSample ListOfOthers(int i, Random random)
    {
        var list = Lists[i % Lists.Length];
        return new SenderLetter("list-of-others", i, i % 2 == 0 ? "山本 次郎" : "Jiro Yamamoto", $"yamamoto{i}@clinic{i}.example") { MailFrom = $"members-bounces@{list}", Helo = list, Authentication = "spf=pass dkim=fail dmarc=fail" }
            .Address($"members@{list}").Field("List-Id", $"<members.{list}>").ReplyTo($"members@{list}").Make();
    }

    private static SenderSample ForwardedPartner(int i, Random random) =>
        new SenderLetter("forwarded-partner", i, "関所検査センター", "kekka@sekisho-kensa.example") { MailFrom = i % 2 == 0 ? "kekka@sekisho-kensa.example" : $"SRS0=x{i}=tt=sekisho-kensa.example=kekka@forward.example", Helo = "mx.forward.example", Authentication = "spf=fail dkim=pass dmarc=pass" }.Make();

    private static SenderSample ForwardedByListed(int i, Random random)
    {
        var person = Hospital.Person(random.Next(72));
        return i % 2 == 0
            ? new SenderLetter("forwarded-by-listed", i, person.Kanji, person.Address) { MailFrom = person.Address, Client = "198.51.100.25", Helo = "relay.provider.example", Authentication = "spf=fail dkim=fail dmarc=fail" }.Make()
            : new SenderLetter("forwarded-by-listed", i, person.Kanji, person.Address) { MailFrom = "srs@forward.minato-alumni.example", Helo = "forward.minato-alumni.example", Authentication = "spf=pass dkim=none dmarc=fail" }.Make();
    }

    private static SenderSample Group(int i, Random random)
    {
        var list = Lists[i % Lists.Length];
        return new SenderLetter("group", i, $"{Hospital.Person(random.Next(72)).Kanji} via 研究会", $"kenkyu@{list}") { MailFrom = $"kenkyu+bounces@{list}", Helo = "mail-relay.example" }
            .Address($"kenkyu@{list}").Field("List-Id", $"<kenkyu.{list}>").ReplyTo($"member{i}@freemail.example").Make();
    }

    private static SenderSample Newsletter(int i, Random random) =>
        new SenderLetter("newsletter", i, i % 2 == 0 ? "医療ニュース編集部" : "Medical News", $"news@iryo-news{i % 9}.example") { MailFrom = $"b-{i}@bounce.sender{i % 5}.example", Helo = $"out{i}.sender{i % 5}.example", MessageId = $"{i}@sender{i % 5}.example", Authentication = "spf=pass dkim=pass dmarc=none" }
            .Field("List-Unsubscribe", $"<https://iryo-news{i % 9}.example/u/{i}>").ReplyTo($"ask@iryo-desk{i % 9}.example").Make();

    private static SenderSample OwnNewsletter(int i, Random random) =>
        new SenderLetter("own-newsletter", i, Hospital.Names[0], $"koho@{Hospital.Domain}") { MailFrom = $"b-{i}@bounce.haishin.example", Helo = "out.haishin.example", MessageId = $"{i}@haishin.example", Authentication = i % 2 == 0 ? "spf=pass dkim=pass dmarc=pass" : "spf=pass dkim=none dmarc=fail" }.Make();

    private static SenderSample SubDomain(int i, Random random) =>
        i % 2 == 0 ? new SenderLetter("sub-domain", i, "予約システム", $"yoyaku@reserve.{Hospital.Domain}").Make()
            : new SenderLetter("sub-domain", i, "関所検査センター", $"kekka@report{i}.sekisho-kensa.example").Make();

    private static SenderSample Namesake(int i, Random random)
    {
        var person = Hospital.Person(random.Next(72));
        return new SenderLetter("namesake", i, i % 2 == 0 ? person.Kanji : person.Latin, $"{person.Latin.Split(' ')[0].ToLowerInvariant()}{i}@{(i % 3 == 0 ? "freemail.example" : $"clinic{i}.example")}") { Sign = $"{person.Kanji}\r\nみなと町クリニック\r\n" }.Make();
    }

    private static SenderSample SameNameInside(int i, Random random) =>
        new SenderLetter("same-name-inside", i, "田中 太郎", i % 2 == 0 ? Hospital.Person(0).Address : $"tanaka.taro2@{Hospital.Domain}").Make();

    private static SenderSample PrivateToHimself(int i, Random random)
    {
        var person = Hospital.Person(4 * random.Next(18));
        return new SenderLetter("private-to-himself", i, i % 2 == 0 ? person.Kanji : person.Latin, person.Private) { To = person.Address, Sign = $"{person.Kanji}\r\n{Hospital.Names[0]} {person.Department}\r\n{person.Address}\r\n" }.Make();
    }

    private static SenderSample PrivateUnlisted(int i, Random random)
    {
        var person = Hospital.Person(random.Next(72));
        return new SenderLetter("private-unlisted", i, i % 2 == 0 ? person.Kanji : person.Latin, $"doctor{i}@freemail.example") { To = person.Address }.Make();
    }

    private static SenderSample PartnerMoves(int i, Random random) =>
        new SenderLetter("partner-moves", i, i % 2 == 0 ? "みなと薬品 営業部" : "", "eigyo@minato-yakuhin.example") { MailFrom = "eigyo@minato-yakuhin.example", Helo = $"out{i}.newprovider.example", Client = $"203.0.113.{i % 250}", MessageId = $"{i}@newprovider.example", Authentication = i % 3 == 0 ? "spf=softfail dkim=none dmarc=fail" : i % 3 == 1 ? "spf=temperror dkim=none dmarc=temperror" : "spf=pass dkim=pass dmarc=pass" }.Make();

    private static SenderSample SharedMailbox(int i, Random random) =>
        i % 2 == 0 ? new SenderLetter("shared-mailbox", i, "地域連携室", $"renkei@{Hospital.Domain}").Make()
            : new SenderLetter("shared-mailbox", i, "地域連携室", $"renkei@byoin{i}.example").Make();

    private static SenderSample Via(int i, Random random)
    {
        var person = Hospital.Person(random.Next(72));
        return new SenderLetter("via", i, i % 2 == 0 ? $"{person.Latin} (via Service Docs)" : $"{person.Kanji} (サービス経由)", $"share-{i}@service.example") { MailFrom = $"b{i}@bounce.service.example" }.ReplyTo(person.Address).Make();
    }

    private static SenderSample WebForm(int i, Random random) =>
        new SenderLetter("web-form", i, "お問い合わせフォーム", $"form@{Hospital.Domain}") { MailFrom = $"form@{Hospital.Domain}", Helo = $"www.{Hospital.Domain}" }.ReplyTo($"patient{i}@freemail.example").Make();

    private static SenderSample Vendor(int i, Random random) =>
        new SenderLetter("vendor", i, $"株式会社メディカル{i} 経理課 鈴木", $"suzuki@medical{i}.example") { Sign = $"株式会社メディカル{i}\r\n経理課 鈴木\r\nsuzuki@medical{i}.example\r\n", Authentication = i % 2 == 0 ? "spf=pass dkim=none dmarc=none" : "spf=none dkim=none dmarc=none" }.Make();

    private static SenderSample OwnServer(int i, Random random) =>
        new SenderLetter("own-server", i, "複合機", $"scanner{i}@{Hospital.Domain}") { Client = "10.1.2.3", Helo = "scanner.local", Authentication = "spf=fail dkim=none dmarc=fail" }.Make();
}

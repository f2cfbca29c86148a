using System.Globalization;
using System.Text;

namespace Sekisho.SampleMaker.Senders;

/// <summary>Letters that lie about their sender, in Japanese and English.</summary>
public static class Spoofs
{
    /// <summary>Attackers' domains: hacked firms and free mail.</summary>
    private static readonly string[] Foreign = ["mailbox.example", "hacked-shop.example", "freemail.example", "gmail.com", "cliente.example", "ferreteria.invalid"];

    private static readonly string[] Failures =
        ["spf=fail dkim=none dmarc=fail", "spf=softfail dkim=none dmarc=fail", "spf=none dkim=none dmarc=none", "spf=pass dkim=pass dmarc=fail", "spf=neutral dkim=fail dmarc=fail", "spf=pass dkim=none dmarc=none"];

    private static readonly string[] Bait = ["support", "mail", "secure", "login", "info", "jp", "online", "portal", "admin", "hr"];

    /// <summary>All, so many of each kind; the same for the same seed.</summary>
    public static IEnumerable<SenderSample> All(int each, int seed)
    {
        for (var i = 0; i < each; i++)
        {
            var random = new Random((seed * 10_007) + i);
            yield return OwnDomain(i);
            yield return Colleague(i, random);
            yield return LookAlike(i, random, Hospital.Domain);
            yield return LookAlike(i, random, "sekisho-kensa.example");
            yield return ReplyTo(i);
            yield return Authority(i, random);
        }
    }

    private static SenderSample OwnDomain(int i)
    {
        var person = Hospital.Person(i);
        var isOwnEnvelope = i % 2 == 0;
        var results = Failures[i % Failures.Length];
        return new SenderLetter("own-domain", i, i % 3 == 0 ? "" : i % 3 == 1 ? person.Kanji : person.Latin, i % 5 == 0 ? "scanner@ward." + Hospital.Domain : person.Address)
        {
            // An envelope of our own passes SPF for nobody outside.
            MailFrom = isOwnEnvelope && !results.Contains("spf=pass", StringComparison.Ordinal) ? person.Address : $"x{i}@{Foreign[i % Foreign.Length]}",
            Client = $"203.0.113.{i % 250}",
            Helo = $"[203.0.113.{i % 250}]",
            Authentication = results,
        }.Make();
    }

    private static SenderSample Colleague(int i, Random random)
    {
        var person = Hospital.Person(random.Next(72));
        var from = $"user{i}@{Foreign[i % Foreign.Length]}";
        return new SenderLetter("colleague", i, Written(person, i), from) { To = Hospital.Person(i + 11).Address, Sign = i % 4 == 0 ? $"{person.Kanji}\r\n{Hospital.Names[0]} {person.Department}\r\n" : person.Kanji }.Make();
    }

    /// <summary>The ways in which a name is written.</summary>
    private static string Written(Hospital.Colleague person, int i)
    {
        var (kanji, kana, latin) = (person.Kanji.Split(' '), person.Kana.Split(' '), person.Latin.Split(' '));
        return (i % 20) switch
        {
            0 => person.Kanji,
            1 => kanji[0] + kanji[1],
            2 => $"{kanji[0]}　{kanji[1]}",
            3 => $"{kanji[1]} {kanji[0]}",
            4 => person.Kanji.Replace('高', '髙').Replace('崎', '﨑').Replace('辺', '邊').Replace('斎', '齋').Replace('沢', '澤').Replace('島', '嶋'),
            5 => person.Kana,
            6 => Hiragana(person.Kana),
            7 => HalfWidth(person.Kana),
            8 => $"{latin[1]} {latin[0]}",
            9 => $"{latin[0].ToUpperInvariant()}, {latin[1]}",
            10 => $"{latin[1].ToUpperInvariant()} {latin[0].ToUpperInvariant()}",
            11 => $"{person.Kanji} 先生",
            12 => $"{kanji[0]}{kanji[1]}様",
            13 => $"{person.Department} {person.Kanji}",
            14 => $"{kanji[0]} {kanji[1]}({Hospital.Names[0]})",
            15 => $"{Hospital.Names[0]} {person.Department} {kanji[0]}",
            16 => $"Dr. {latin[1]} {latin[0]}, MD",
            17 => $"{kanji[0]}部長 {kanji[1]}",
            18 => $"{person.Kanji} / {latin[1]} {latin[0]}",
            _ => FullWidth($"{latin[0]} {latin[1].Replace("'", "", StringComparison.Ordinal)}"),
        };
    }

    private static SenderSample LookAlike(int i, Random random, string domain)
    {
        var dot = domain.IndexOf('.', StringComparison.Ordinal);
        var (core, ending) = (domain[..dot], domain[dot..]);
        var at = random.Next(2, core.Length - 1);
        var false1 = (i % 12) switch
        {
            0 => core.Remove(at, 1) + ending,
            1 => core.Insert(at, core[at].ToString()) + ending,
            2 => core[..at] + (char)('a' + random.Next(26)) + "" + core[at..] + ending,
            3 => core[..(at - 1)] + core[at] + core[at - 1] + core[(at + 1)..] + ending,
            4 => core + ".invalid",
            5 => $"{core}-{Bait[random.Next(Bait.Length)]}{ending}",
            6 => $"{Bait[random.Next(Bait.Length)]}-{core}.invalid",
            7 => core + Bait[random.Next(Bait.Length)] + ending,
            8 => $"{domain}.mailbox{i}.invalid",
            9 => new IdnMapping().GetAscii(core.Replace('e', 'е').Replace('o', 'о') + ending),
            10 => core.Replace('o', '0').Replace('i', '1') + ending,
            _ => string.Join('-', core.Split('-').Reverse()) + ending,
        };
        false1 = false1 == domain ? core + "-mail" + ending : false1; // two equal letters changed places
        var from = $"{(i % 2 == 0 ? "info" : "keiri")}@{false1}";
        return new SenderLetter("look-alike", i, i % 3 == 0 ? "経理担当" : i % 3 == 1 ? "" : "Accounting", from).Make();
    }

    private static SenderSample ReplyTo(int i)
    {
        var company = $"sales@shop{i}.example";
        return new SenderLetter("reply-to", i, i % 2 == 0 ? "営業部" : "Sales", company).ReplyTo(i % 3 == 0 ? $"sales{i}@other{i}.invalid" : $"sales.shop{i}@freemail.example").Make();
    }

    private static SenderSample Authority(int i, Random random)
    {
        string[] names = ["社会保険診療報酬支払基金", "東京都国民健康保険団体連合会", "厚生労働省 医政局", "港区保健所", "日本医師会", "三菱UFJ銀行", "ゆうちょ銀行", "【ヤマト運輸】", "佐川急便株式会社", "Amazon.co.jp", "Microsoft 365", "e-Tax", "関所検査センター", "みなと薬品 営業部", "関所総合病院"];
        return new SenderLetter("authority", i, names[i % names.Length], $"info@{Foreign[random.Next(Foreign.Length)]}").Make();
    }

    private static string Hiragana(string kana) => string.Concat(kana.Select(c => c is >= 'ァ' and <= 'ヶ' ? (char)(c - 0x60) : c));

    private static string FullWidth(string text) => string.Concat(text.Select(c => c == ' ' ? '　' : c is > ' ' and <= '~' ? (char)(c + 0xFEE0) : c));

    /// <summary>Half-width kana, made by finding for each the one that becomes it again.</summary>
    private static string HalfWidth(string kana)
    {
        var half = new StringBuilder();
        foreach (var c in kana.Normalize(NormalizationForm.FormD))
        {
            half.Append(c switch { '\u3099' => 'ﾞ', '\u309A' => 'ﾟ', ' ' => ' ', _ => Enumerable.Range('ｦ', 'ﾝ' - 'ｦ' + 1).Select(x => (char)x).First(x => x.ToString().Normalize(NormalizationForm.FormKC)[0] == c) });
        }

        return half.ToString();
    }
}

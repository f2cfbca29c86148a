namespace Sekisho.SampleMaker.Waves;

/// <summary>Invented people and houses, Japanese and foreign, all under domains that exist nowhere (RFC 2606).</summary>
/// <param name="Name">As the name is written.</param>
/// <param name="Roman">The name in small Latin letters, for addresses.</param>
/// <param name="House">The house he works for.</param>
/// <param name="Domain">The house's mail domain.</param>
public sealed record Person(string Name, string Roman, string House, string Domain)
{
    private static readonly (string Kanji, string Roman)[] Families =
    [
        ("佐藤", "sato"), ("鈴木", "suzuki"), ("高橋", "takahashi"), ("田中", "tanaka"), ("伊藤", "ito"), ("渡辺", "watanabe"), ("山本", "yamamoto"), ("中村", "nakamura"), ("小林", "kobayashi"), ("加藤", "kato"),
        ("吉田", "yoshida"), ("山田", "yamada"), ("佐々木", "sasaki"), ("松本", "matsumoto"), ("井上", "inoue"), ("木村", "kimura"), ("清水", "shimizu"), ("斎藤", "saito"), ("森", "mori"), ("阿部", "abe"),
    ];

    private static readonly (string Kanji, string Roman)[] Given =
        [("太郎", "taro"), ("花子", "hanako"), ("健一", "kenichi"), ("美咲", "misaki"), ("翔太", "shota"), ("直美", "naomi"), ("浩", "hiroshi"), ("由美", "yumi"), ("誠", "makoto"), ("恵", "megumi")];

    private static readonly string[] Places = ["中央", "北", "南", "みなと", "桜", "青葉", "朝日", "東山", "緑", "富士見"];

    private static readonly (string Word, string Roman)[] Kinds = [("病院", "hospital"), ("クリニック", "clinic"), ("検査センター", "kensa"), ("医療機器株式会社", "medical"), ("薬品株式会社", "yakuhin"), ("システム株式会社", "system"), ("社会保険労務士事務所", "sharoshi"), ("保健所", "hokenjo")];

    private static readonly string[] Foreign = ["John Miller", "Maria Lopez", "Peter Schmidt", "Anna Rossi", "David Brown", "Laura Martin", "James Wilson", "Elena Popova", "Carlos Silva", "Susan Clark"];

    /// <summary>The person's own address.</summary>
    public string Address => $"{Roman}@{Domain}";

    /// <summary>Somebody in Japan.</summary>
    public static Person Japanese(Chance c)
    {
        var (family, given, kind) = (c.Pick(Families), c.Pick(Given), c.Pick(Kinds));
        var number = c.Number(0, Places.Length - 1);
        return new Person($"{family.Kanji}{c.Pick(" ", " ", "")}{given.Kanji}", $"{c.Pick(given.Roman + "." + family.Roman, family.Roman, given.Roman[..1] + "-" + family.Roman)}", $"{Places[number]}{kind.Word}", $"{kind.Roman}{number + 1}-jp.example");
    }

    /// <summary>Somebody elsewhere.</summary>
    public static Person Abroad(Chance c)
    {
        var name = c.Pick(Foreign);
        return new Person(name, name.ToLowerInvariant().Replace(' ', '.'), char.ToUpperInvariant(c.Word()[0]) + c.Word() + " " + c.Pick("Ltd.", "GmbH", "Inc.", "S.A."), c.Word() + "-" + c.Word() + ".example");
    }
}

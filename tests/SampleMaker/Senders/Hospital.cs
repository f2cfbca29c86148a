using System.Text;

namespace Sekisho.SampleMaker.Senders;

/// <summary>A hospital with its people and partners, for letters about senders.</summary>
public static class Hospital
{
    /// <summary>Its domain.</summary>
    public const string Domain = "sekisho-hp.example";

    /// <summary>What it is called.</summary>
    public static readonly IReadOnlyList<string> Names = ["関所総合病院", "Sekisho General Hospital"];

    /// <summary>Its partners, as the settings have them.</summary>
    public static readonly IReadOnlyList<string> Partners = ["関所検査センター = sekisho-kensa.example", "みなと薬品 = minato-yakuhin.example", "minato-univ.example"];

    /// <summary>Who may send in its name.</summary>
    public static readonly IReadOnlyList<string> Forwarders = ["bounce.haishin.example", "forward.minato-alumni.example", "198.51.100.0/24"];

    private static readonly (string Kanji, string Kana, string Latin)[] Surnames =
    [
        ("田中", "タナカ", "Tanaka"), ("高橋", "タカハシ", "Takahashi"), ("大野", "オオノ", "Ohno"), ("渡辺", "ワタナベ", "Watanabe"), ("斎藤", "サイトウ", "Saito"), ("山崎", "ヤマザキ", "Yamazaki"),
        ("伊藤", "イトウ", "Itoh"), ("辻", "ツジ", "Tsuji"), ("本間", "ホンマ", "Homma"), ("新庄", "シンジョウ", "Shinjo"), ("沢田", "サワダ", "Sawada"), ("福島", "フクシマ", "Fukushima"),
    ];

    private static readonly (string Kanji, string Kana, string Latin)[] Given =
        [("太郎", "タロウ", "Taro"), ("花子", "ハナコ", "Hanako"), ("健一", "ケンイチ", "Ken'ichi"), ("裕子", "ユウコ", "Yuko"), ("翔", "ショウ", "Sho"), ("千鶴", "チヅル", "Chizuru")];

    private static readonly string[] Departments = ["内科", "外科", "小児科", "看護部", "医療情報室", "経理課", "薬剤部", "地域連携室"];

    /// <summary>One of its 72 people; each number has one.</summary>
    /// <param name="Kanji">Surname and given name.</param>
    /// <param name="Kana">The reading.</param>
    /// <param name="Latin">Surname and given name in Latin letters, as passports and cards have them.</param>
    /// <param name="Address">The address at the hospital.</param>
    /// <param name="Private">A private one; empty where the directory knows none.</param>
    /// <param name="Department">The department.</param>
    public sealed record Colleague(string Kanji, string Kana, string Latin, string Address, string Private, string Department);

    /// <summary>A person.</summary>
    public static Colleague Person(int number)
    {
        number %= Surnames.Length * Given.Length;
        var (surname, given) = (Surnames[number % Surnames.Length], Given[number / Surnames.Length]);
        var local = $"{surname.Latin}.{given.Latin}".Replace("'", "", StringComparison.Ordinal).ToLowerInvariant();
        return new Colleague($"{surname.Kanji} {given.Kanji}", $"{surname.Kana} {given.Kana}", $"{surname.Latin} {given.Latin}", $"{local}@{Domain}", number % 4 == 0 ? $"{local}@freemail.example" : "", Departments[number % Departments.Length]);
    }

    /// <summary>The staff list, as an Excel of Japan writes it, or in UTF-8. A namesake and two shared mailboxes are in it.</summary>
    public static byte[] StaffList(bool isUtf8 = true)
    {
        var text = new StringBuilder("氏名,フリガナ,メールアドレス,所属\r\n");
        for (var i = 0; i < Surnames.Length * Given.Length; i++)
        {
            var person = Person(i);
            text.Append(person.Kanji).Append(',').Append(person.Kana).Append(',').Append(person.Address).Append(person.Private.Length > 0 ? ";" + person.Private : "").Append(',').Append(person.Department).Append("\r\n");
        }

        text.Append("\"田中 太郎\",タナカ タロウ,tanaka.taro2@").Append(Domain).Append(",薬剤部\r\n");
        text.Append(",,renkei@").Append(Domain).Append(",地域連携室\r\n,,jouhou@").Append(Domain).Append(",医療情報室\r\n");
        return (isUtf8 ? new UTF8Encoding(true) : Encoding.GetEncoding(932)).GetBytes(text.ToString());
    }
}

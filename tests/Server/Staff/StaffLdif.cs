using System.Text;

namespace Sekisho.Server.Tests.Staff;

/// <summary>Writes a hospital's directory as LDIF (RFC 2849).</summary>
internal static class StaffLdif
{
    private static readonly (string Kanji, string Kana)[] Surnames = [("田中", "タナカ"), ("佐藤", "サトウ"), ("鈴木", "スズキ"), ("髙橋", "タカハシ"), ("渡邊", "ワタナベ"), ("伊藤", "イトウ"), ("山本", "ヤマモト"), ("中村", "ナカムラ"), ("小林", "コバヤシ"), ("加藤", "カトウ")];
    private static readonly (string Kanji, string Kana)[] Givens = [("太郎", "タロウ"), ("花子", "ハナコ"), ("一郎", "イチロウ"), ("美咲", "ミサキ"), ("健太", "ケンタ"), ("陽子", "ヨウコ"), ("直樹", "ナオキ"), ("由美", "ユミ")];
    private static readonly string[] Departments = ["内科", "外科", "小児科", "看護部", "薬剤部", "医事課", "情報システム室"];

    /// <summary>Entries of people, numbered from 0.</summary>
    public static string People(int count)
    {
        var text = new StringBuilder();
        for (var i = 0; i < count; i++)
        {
            var (surname, given) = (Surnames[i % Surnames.Length], Givens[i / Surnames.Length % Givens.Length]);
            text.Append(Entry($"uid=u{i}",
                ("objectClass", "inetOrgPerson"), ("objectClass", "user"), ("uid", $"u{i}"), ("cn", $"u{i}"), ("sn", surname.Kanji), ("givenName", given.Kanji),
                ("displayName", $"{surname.Kanji}{given.Kanji}({Departments[i % Departments.Length]})"), ("msDS-PhoneticDisplayName", $"{surname.Kana} {given.Kana}"),
                ("department", Departments[i % Departments.Length]), ("mail", $"U{i}@Hospital.test"), ("proxyAddresses", $"SMTP:u{i}@hospital.test"),
                ("proxyAddresses", $"smtp:u{i}.alias@hospital.test"), ("proxyAddresses", "x500:/o=Hospital/cn=Recipients"), ("proxyAddresses", $"sip:u{i}@hospital.test"), ("userAccountControl", i % 2 == 0 ? "512" : "514")));
        }

        return text.ToString();
    }

    /// <summary>One entry below <see cref="Slapd.Base"/>.</summary>
    public static string Entry(string rdn, params (string Name, string Value)[] values)
    {
        var text = new StringBuilder($"dn:: {Base64($"{rdn},{Slapd.Base}")}\n");
        foreach (var (name, value) in values)
        {
            text.Append(name).Append(":: ").Append(Base64(value)).Append('\n');
        }

        return text.Append('\n').ToString();
    }

    private static string Base64(string text) => Convert.ToBase64String(Encoding.UTF8.GetBytes(text));
}

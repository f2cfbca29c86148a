using System.Globalization;

namespace Sekisho.SampleMaker.Waves;

/// <summary>One wave: what came when, and how to make a letter of it.</summary>
/// <param name="Name">Its name: year, month, what.</param>
/// <param name="Make">Makes one letter of chance.</param>
public sealed record Wave(string Name, Func<Chance, AttackLetter> Make)
{
    /// <summary>A variant by number: the same for the same number, whatever else is made.</summary>
    public AttackLetter Variant(int number) => Make(new Chance(HashCode(Name) + (number * 7919)));

    private static int HashCode(string text) => text.Aggregate(17, (hash, letter) => unchecked((hash * 31) + letter) & 0x3FFFFFFF);
}

/// <summary>Every wave of Emotet from 2018 to 2023, inert and seeded: random names, words and addresses in the structure that was counted in the real ones.</summary>
public static class EmotetWaves
{
    private static readonly string[] HealthLines =
        ["いつも大変お世話になっております。", "新型コロナウイルス関連肺炎の感染対策について、管内の保健所より通知がありました。", "つきましては、添付のお知らせをご確認ください。", "京都府山城南保健所 福祉室"];

    private const string TemplatesLure =
        "RELAUNCH REQUIRED\rIn accordance with the requirements of your security policy, to display the contents of the document, you need to copy the file to the following folder and run it again:\rfor Microsoft Office 2013 x32 and earlier - C:\\Program Files\\Microsoft Office (x86)\\Templates\rfor Microsoft Office 2013 x64 and earlier - C:\\Program Files\\Microsoft Office\\Templates\rfor Microsoft Office 2019 x32 - C:\\Program Files (x86)\\Microsoft Office\\root\\Templates";

    private const string ExcelLure = "THIS DOCUMENT IS PROTECTED.\rPreviewing is not available for protected documents.\rYou have to press \"ENABLE EDITING\" and \"ENABLE CONTENT\" buttons to preview this document.";

    /// <summary>All of them in order of time.</summary>
    public static IReadOnlyList<Wave> All { get; } =
    [
        new("2018-05 link to document", c => Link(c, WaveMails.Invoice(c, 2018, 5, 10))),
        new("2018-05 document", c => Document(c, WaveMails.Invoice(c, 2018, 5, 10), VbaSources.Year2018(c), MacroHost.Doc, Name(c, 2018))),
        new("2019-06 document", c => Document(c, c.Percent(50) ? WaveMails.Invoice(c, 2019, 6, 3) : WaveMails.Hijack(c, 2019, 6, 3), VbaSources.June2019(c), MacroHost.Doc, Name(c, 2019))),
        new("2019-09 document", c => Document(c, c.Percent(50) ? WaveMails.Invoice(c, 2019, 9, 16) : WaveMails.Hijack(c, 2019, 9, 16), VbaSources.September2019(c), c.Percent(20) ? MacroHost.Docm : MacroHost.Doc, Name(c, 2019))),
        new("2019-12 bonus link", c => Link(c, WaveMails.Scatter(c, 2019, 12, 11, true, c.Pick("賞与支払届", "Fwd: 賞与支払届", "冬季賞与の件", "賞与支払届 " + c.Digits(4)),
            "いつもお世話になっております。", "以下の通り、ご確認をお願いいたします。", $"出金口座 普通 {c.Digits(7)}", $"振込指定日 12月{c.Number(5, 25)}日", "メモ「2019冬・業績賞与支給」"))),
        new("2020-01 health office", c => Document(c, WaveMails.Scatter(c, 2020, 1, 29, true, c.Pick("通知 [2020-01-29]", "新型コロナウイルスに関するお知らせ", "別添 通知", $"保健所からのお知らせ {c.Digits(3)}"), HealthLines), VbaSources.Year2020(c, VbaSources.OldLure(c)), MacroHost.Doc, c.Pick("別添", "通知", Name(c, 2020)))),
        new("2020-07 reply with document", c => Document(c, WaveMails.Hijack(c, 2020, 7, 17), VbaSources.Year2020(c, VbaSources.OldLure(c)), MacroHost.Doc, Name(c, 2020))),
        new("2020-07 link to document", c => Link(c, c.Percent(60) ? WaveMails.Hijack(c, 2020, 7, 17) : WaveMails.Invoice(c, 2020, 7, 17))),
        new("2020-08 Red Dawn", c => Document(c, WaveMails.Hijack(c, 2020, 8, 25), VbaSources.Year2020(c, VbaSources.RedDawn[0]), MacroHost.Doc, Name(c, 2020))),
        new("2020-09 password ZIP", c => Sealed(c, WaveMails.Hijack(c, 2020, 9, 2, 90), a => a with { Macro = VbaSources.Year2020(c, VbaSources.RedDawn[0]), Host = MacroHost.Doc })),
        new("2020-09 thread hijack", c => Document(c, WaveMails.Hijack(c, 2020, 9, 3), VbaSources.Year2020(c, c.Pick(VbaSources.RedDawn[0], "")), MacroHost.Doc, $"Mes_{c.Letters(1).ToUpperInvariant()}{c.Digits(6)}")),
        new("2021-11 docm", c => Document(c, WaveMails.Hijack(c, 2021, 11, 15), VbaSources.November2021(c, false, VbaSources.RedDawn[0]), MacroHost.Docm, Name(c, 2021))),
        new("2021-11 xlsm", c => Document(c, WaveMails.Hijack(c, 2021, 11, 15), VbaSources.November2021(c, true, ExcelLure), MacroHost.Xlsm, Name(c, 2021))),
        new("2021-11 password ZIP", c => Sealed(c, WaveMails.Hijack(c, 2021, 11, 15), a => a with { Macro = VbaSources.November2021(c, false, VbaSources.RedDawn[0]), Host = MacroHost.Docm })),
        new("2021-11 App Installer", c => Installer(c)),
        new("2021-12 XLM mshta", c => Workbook(c, WaveMails.Hijack(c, 2021, 12, 10), new XlmSample(WaveFiles.MshtaFormulas(c)) { Seed = c.Number(1, 1 << 30), IsPackage = true, Shown = ExcelLure })),
        new("2022-03 Japanese bill, XLM", c => Workbook(c, WaveMails.Scatter(c, 2022, 3, 4, true, c.Pick("請求書の件です。", "請求書送付のお知らせ", "ご請求書", $"{c.Number(1, 12)}月分の請求書", "Re: 請求書"),
            "いつもお世話になっております。", "請求書を送付いたしますので、ご査収のほどよろしくお願い申し上げます。", "ご不明な点がございましたらお知らせください。"), new XlmSample(WaveFiles.DownloadFormulas(c, false)) { Seed = c.Number(1, 1 << 30), Shown = ExcelLure })),
        new("2022-03 XLM in password ZIP", c => Sealed(c, WaveMails.Hijack(c, 2022, 2, 10, 80), a => a with { Xlm = new XlmSample(WaveFiles.DownloadFormulas(c, false)) { Seed = c.Number(1, 1 << 30), Shown = ExcelLure } })),
        new("2022-04 XLL in ZIP", c => new AttackLetter { Mail = WaveMails.Hijack(c, 2022, 4, 6), File = WaveFiles.AddIn(c), Stem = Name(c, 2022), Extension = "xll", Packing = Packing.Zip }),
        new("2022-04-22 LNK findstr", c => Shortcut(c, 22, WaveFiles.FindstrShortcut)),
        new("2022-04-26 LNK PowerShell", c => Shortcut(c, 26, WaveFiles.PowerShellShortcut)),
        new("2022-04-26 LNK in password ZIP", c => Name(c, 2022) is var name ? Sealed(c, WaveMails.Hijack(c, 2022, 4, 26, 80), a => a with { File = WaveFiles.PowerShellShortcut(c, name), Extension = "lnk" }, name) : throw new InvalidOperationException()),
        new("2022-11 XLS, copy to Templates", c => c.Percent(65)
            ? Workbook(c, WaveMails.Hijack(c, 2022, 11, 2), new XlmSample(WaveFiles.DownloadFormulas(c, true)) { Seed = c.Number(1, 1 << 30), Shown = TemplatesLure })
            : Sealed(c, WaveMails.Hijack(c, 2022, 11, 2), a => a with { Xlm = new XlmSample(WaveFiles.DownloadFormulas(c, true)) { Seed = c.Number(1, 1 << 30), Shown = TemplatesLure } })),
        new("2023-03-07 padded document", c => Padded(c)),
        new("2023-03-16 OneNote", c => new AttackLetter { Mail = WaveMails.Hijack(c, 2023, 3, 16), File = WaveFiles.OneNote(c, "click.wsf"), Stem = Name(c, 2023), Extension = "one", Packing = c.Percent(15) ? Packing.Zip : Packing.None }),
    ];

    /// <summary>Octets to which the padded wave's documents are blown up; the originals had 500 MB and more, and the ratio is theirs at any length.</summary>
    public const long FullPadding = 525_000_000;

    /// <summary>A smaller length for many variants: above it a scanner still gives up, and it costs a tenth.</summary>
    public const long SmallPadding = 56_000_000;

    private static AttackLetter Document(Chance c, EmotetMail mail, MacroSample macro, MacroHost host, string name) => new() { Mail = mail, Macro = macro, Host = host, Stem = name };

    private static AttackLetter Workbook(Chance c, EmotetMail mail, XlmSample xlm) => new() { Mail = mail, Xlm = xlm, Stem = Name(c, 2022) };

    private static AttackLetter Link(Chance c, EmotetMail mail) => new() { Mail = mail with { Link = Addresses.Linked(c), LinkText = c.Percent(40) ? c.Pick("Invoice", "請求書", "Download", "こちら", "Document") : "" } };

    private static AttackLetter Installer(Chance c)
    {
        var manifest = $"https://{c.Host()}/{c.Letters(6)}/{c.Letters(8)}.appinstaller";
        return new AttackLetter { Mail = WaveMails.Hijack(c, 2021, 11, 30) with { Link = c.Percent(70) ? "ms-appinstaller:?source=" + manifest : manifest, LinkText = c.Pick("Preview PDF", "View document", "PDFを表示") } };
    }

    private static AttackLetter Shortcut(Chance c, int day, Func<Chance, string, byte[]> make)
    {
        var name = Name(c, 2022);
        return new AttackLetter { Mail = WaveMails.Hijack(c, 2022, 4, day), File = make(c, name), Stem = name, Extension = "lnk", Packing = day == 22 && c.Percent(70) ? Packing.Zip : Packing.None };
    }

    private static AttackLetter Sealed(Chance c, EmotetMail mail, Func<AttackLetter, AttackLetter> bait, string? name = null)
    {
        name ??= Name(c, mail.Date.Year);
        var password = c.Code(c.Number(6, 9));
        var lines = WaveMails.PasswordLines(c, name + ".zip", password);
        // ISO-2022-JP has no letters beyond Japanese and ASCII; the lines have none either.
        return bait(new AttackLetter { Mail = mail with { Lines = lines, Thread = c.Percent(75) ? mail.Thread : "" }, Stem = name, Packing = Packing.PasswordZip, Password = password });
    }

    private static AttackLetter Padded(Chance c) => new()
    {
        Mail = c.Percent(50) ? WaveMails.Hijack(c, 2023, 3, 7) : WaveMails.Invoice(c, 2023, 3, 7),
        Macro = VbaSources.March2023(c),
        Host = MacroHost.Doc,
        Stem = $"INVOICE {c.Number(100, 999)} 03_23",
        Packing = Packing.PaddedZip,
        PaddedTo = SmallPadding,
    };

    /// <summary>Attachment names of 77 campaign notes, and the Japanese ones.</summary>
    private static string Name(Chance c, int year)
    {
        var date = new DateTime(year, c.Number(1, 12), c.Number(1, 28), c.Number(0, 23), c.Number(0, 59), 0, DateTimeKind.Unspecified);
        return c.Number(0, 11) switch
        {
            0 => $"INV {date:yyyy-MM-dd_HHmm}, {c.Pick("USA", "UK", "NY", "JP")}",
            1 => $"Report - {date:yyyy-MM-dd_HHmm}",
            2 => $"DOC_{c.Digits(15)}",
            3 => $"REP_{c.Digits(18)}",
            4 => $"Mail_{c.Digits(9)}",
            5 => $"message_{c.Digits(4)}",
            6 => $"{c.Number(1, 99)}_{date:ddMMyyyy}",
            7 => string.Create(CultureInfo.InvariantCulture, $"Form - {date:MMM dd, yyyy}"),
            8 => c.Pick("ACH Form", "Payment Confirmation", "Wire transfer info, NY", "documentación_" + c.Digits(8)),
            9 => c.Pick("請求書", "請求書_" + c.Digits(6), "ご入金額の通知", "会議開催通知", "賞与支払届"),
            10 => $"{c.Digits(17)}, {c.Pick("UK", "USA")}",
            _ => $"untitled-{c.Digits(4)}",
        };
    }
}

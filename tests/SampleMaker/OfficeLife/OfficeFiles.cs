using Sekisho.SampleMaker.Waves;

namespace Sekisho.SampleMaker.OfficeLife;

/// <summary>Letters that bring something: referral letters, bills, tables, macro workbooks, and what is sealed with a password (PPAP).</summary>
internal static class OfficeFiles
{
    /// <summary>The kinds.</summary>
    public static IReadOnlyList<OfficeKind> Kinds { get; } =
    [
        new("referral letter", 130, c => (Referral(c).Write(), null)),
        new("bill", 130, c => (Bill(c), null)),
        new("tables and data", 100, c => (Data(c), null)),
        new("macro workbook", 120, c => (Macros(c).Write(), null)),
        new("macro workbook in ZIP", 30, c => (Zipped(c), null)),
        new("PPAP, password in the letter", 80, c => (SealedHere(c), null)),
        new("PPAP, password in a second letter", 110, SealedApart),
        new("macro workbook as PPAP", 20, SealedMacro),
        new("plain ZIP", 50, c => (Archive(c), null)),
        new("enclosed letter", 30, c => (Enclosed(c), null)),
        new("Outlook item", 20, c => (Item(c), null)),
        new("winmail.dat", 30, c => (WinMail(c), null)),
    ];

    private static (string Name, byte[] Content, string Type) Paper(Chance c) => c.Number(0, 8) switch
    {
        0 => ($"請求書_{c.Digits(6)}.pdf", OfficePapers.Pdf(c), "application/pdf"),
        1 => ($"紹介状({c.Pick("田中", "佐藤", "鈴木")}様).docx", OfficePapers.Docx(c, "診療情報提供書"), "application/vnd.openxmlformats-officedocument.wordprocessingml.document"),
        2 => ($"検査結果{c.Digits(8)}.xlsx", OfficePapers.Xlsx(c), "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"),
        3 => ($"見積書{c.Digits(4)}.xls", OfficePapers.Xls(c), "application/vnd.ms-excel"),
        4 => ($"名簿{c.Digits(2)}.csv", OfficePapers.Csv(c), "text/csv"),
        5 => ($"IMG_{c.Digits(4)}.jpg", OfficePapers.Jpeg(c), "image/jpeg"),
        6 => ("契約書(案).docx", OfficePapers.Docx(c, "業務委託契約書 第1条 甲は乙に対し…"), "application/octet-stream"),
        7 => ($"議事録{c.Digits(4)}.pdf", OfficePapers.Pdf(c), "application/pdf"),
        _ => ($"資料{c.Number(1, 9)}.odt", OfficePapers.OpenDocument(c), "application/vnd.oasis.opendocument.text"),
    };

    private static OfficeMail With(OfficeMail mail, (string Name, byte[] Content, string Type) paper) => mail.With(paper.Name, paper.Content, paper.Type);

    private static OfficeMail Referral(Chance c)
    {
        var mail = new OfficeMail(c) { Subject = c.Pick("紹介状の送付", "診療情報提供書をお送りします", "ご紹介患者様について", "検査結果のご報告"), Text = $"患者様ID {c.Digits(8)} の診療情報提供書をお送りします。\n画像は別途CDにて郵送いたします。" };
        mail.With("紹介状.pdf", OfficePapers.Pdf(c), "application/pdf");
        if (c.Percent(50))
        {
            mail.With($"診療情報提供書_{c.Digits(8)}.docx", OfficePapers.Docx(c, "傷病名 高血圧症 既往歴 なし"), "application/msword");
        }

        return c.Percent(40) ? mail.With($"CT_{c.Digits(4)}.jpg", OfficePapers.Jpeg(c), "image/jpeg") : mail;
    }

    private static byte[] Bill(Chance c)
    {
        var mail = new OfficeMail(c) { Subject = c.Pick($"{c.Number(1, 12)}月分請求書の送付", "ご請求書送付のお知らせ", "納品書・請求書", "お支払いのお願い(至急)", "見積書の件"), Text = $"{c.Number(1, 12)}月分の請求書を送付いたします。\nお振込先 {OfficeMail.HalfWidth(c)} 普通 {c.Digits(7)}\nお支払期限 12月{c.Number(5, 28)}日" };
        return (c.Percent(75) ? mail.With($"{c.Pick("請求書", "御請求書", "INV")}_{c.Digits(c.Pick(6, 8))}.pdf", OfficePapers.Pdf(c), "application/pdf") : mail.With($"請求書{c.Digits(6)}.xls", OfficePapers.Xls(c), "application/vnd.ms-excel")).Write();
    }

    private static byte[] Data(Chance c)
    {
        var mail = OfficeCorrespondence.Letter(c);
        return (c.Number(0, 5) switch
        {
            0 => mail.With($"IM{c.Digits(6)}.dcm", OfficePapers.Dicom(c), "application/dicom"),
            1 => mail.With($"kensa_{c.Digits(8)}.csv", OfficePapers.Csv(c), "text/csv"),
            2 => mail.With($"order{c.Digits(6)}.xml", OfficePapers.Data(c), "text/xml"),
            3 => mail.With($"統計_2026{c.Number(10, 12)}.xlsx", OfficePapers.Xlsx(c)),
            4 => mail.With("memo.txt", System.Text.Encoding.GetEncoding(932).GetBytes($"ﾒﾓ {OfficeMail.HalfWidth(c)}\r\n"), "text/plain; charset=shift_jis"),
            _ => mail.With($"名簿{c.Digits(2)}.xls", OfficePapers.Xls(c)),
        }).Write();
    }

    private static OfficeMail Macros(Chance c)
    {
        var mail = OfficeCorrespondence.Letter(c);
        mail.Subject = c.Pick("勤務表の様式", "レセプト請求の集計表", "統計表(マクロ付き)", "見積書の様式を更新しました", "月次報告の様式について");
        mail.Text = c.Pick("様式をお送りします。ボタンを押すと集計されます。", "添付のExcelに入力のうえご返送ください。マクロを有効にしてください。", "先日の集計表を修正しました。");
        var (name, content) = OfficeMacros.Workbook(c);
        if (c.Percent(40))
        {
            mail.Reply(hasReference: c.Percent(85));
        }

        return mail.With(name, content, "application/vnd.ms-excel");
    }

    private static byte[] Zipped(Chance c)
    {
        var (name, content) = OfficeMacros.Workbook(c);
        return OfficeCorrespondence.Letter(c).With($"様式{c.Digits(2)}.zip", ZipWriter.Plain((name, content)), "application/zip").Write();
    }

    private static byte[] SealedHere(Chance c)
    {
        var (name, content, _) = Paper(c);
        var password = c.Pick(c.Code(8), c.Digits(6), c.Code(10), "Hosp" + c.Digits(4));
        var mail = OfficeCorrespondence.Letter(c);
        mail.Text = $"資料をお送りします。\n添付ファイルの{c.Pick("パスワードは", "解凍パスワード:", "PW:")} {password} {c.Pick("です。", "")}";
        var archive = c.Percent(50) ? Path.GetFileNameWithoutExtension(name) : $"20261123_{c.Digits(4)}";
        if (c.Percent(20))
        {
            mail.Reply(hasReference: c.Percent(80));
        }

        return mail.With(archive + ".zip", ZipWriter.Encrypted(name, content, password), "application/zip").Write();
    }

    private static (byte[] Letter, byte[]? PasswordMail) SealedApart(Chance c)
    {
        var (name, content, _) = Paper(c);
        return Apart(c, name, content);
    }

    private static (byte[] Letter, byte[]? PasswordMail) SealedMacro(Chance c)
    {
        var (name, content) = OfficeMacros.Workbook(c);
        return Apart(c, name, content);
    }

    private static (byte[] Letter, byte[]? PasswordMail) Apart(Chance c, string name, byte[] content)
    {
        var password = c.Pick(c.Code(10), c.Code(12), c.Digits(8));
        var archive = (c.Percent(60) ? Path.GetFileNameWithoutExtension(name) : "添付資料_" + c.Digits(14)) + ".zip";
        var mail = OfficeCorrespondence.Letter(c);
        mail.Text += "\n\n添付ファイルはパスワード付きZIPです。パスワードは別メールにてお送りします。";
        mail.With(archive, ZipWriter.Encrypted(name, content, password), "application/zip");
        var second = new OfficeMail(c) { From = mail.From, To = mail.To, Charset = mail.Charset, Subject = c.Pick("パスワードのご連絡", "【パスワード通知】" + mail.Subject, "Re: " + mail.Subject), Text = $"先ほどお送りしたファイルのパスワードです。\n\nファイル名 : {archive}\nパスワード : {password}" };
        return (mail.Write(), second.Write());
    }

    private static byte[] Archive(Chance c)
    {
        var papers = Enumerable.Range(0, c.Number(1, 4)).Select(i => (Paper(c), i)).Select(p => ($"{p.i + 1}_{p.Item1.Name}", p.Item1.Content)).ToArray();
        return OfficeCorrespondence.Letter(c).With($"{c.Pick("資料一式", "図面", "申請書類")}{c.Digits(4)}.zip", ZipWriter.Plain(papers), "application/zip").Write();
    }

    private static byte[] Enclosed(Chance c)
    {
        var mail = OfficeCorrespondence.Letter(c);
        mail.Subject = "Fwd: " + mail.Subject;
        mail.Files.Add(new MailPart("message/rfc822", Bill(c)));
        return mail.Write();
    }

    private static byte[] Item(Chance c) => OfficeCorrespondence.Letter(c).With($"RE {c.Pick("打ち合わせ", "見積", "会議")}.msg", CarrierWriter.OutlookItem("会議の件", "12月の会議の件です。\r\nよろしくお願いいたします。", "<p>会議の件</p>"), "application/vnd.ms-outlook").Write();

    private static byte[] WinMail(Chance c)
    {
        var (name, content, _) = Paper(c);
        return OfficeCorrespondence.Letter(c).With("winmail.dat", OfficePapers.WinMail(name, content), "application/ms-tnef").Write();
    }
}

using System.Net;
using System.Text;
using Sekisho.Inspection.Detection;
using Sekisho.Inspection.Formats;
using Sekisho.Inspection.Messages;
using Sekisho.Inspection.Policy;
using Sekisho.Inspection.Senders;
using Sekisho.Inspection.Signatures;
using Sekisho.SampleMaker;
using Sekisho.Smtp;

namespace Sekisho.Fuzz;

/// <summary>One reader under test.</summary>
/// <param name="Name">What it is called on the command line.</param>
/// <param name="Seeds">Sound input to start from.</param>
/// <param name="Run">Reads hostile octets; may throw <see cref="InvalidDataException"/> and nothing else.</param>
/// <param name="CorpusPattern">File names in the corpus that make further seeds, such as <c>*.doc</c>; empty for none.</param>
internal sealed record Target(string Name, Func<IEnumerable<byte[]>> Seeds, Action<byte[]> Run, params string[] CorpusPattern);

/// <summary>All readers of hostile octets. A new one is one entry here.</summary>
internal static class Targets
{
    private static readonly Envelope Envelope = new(Guid.Empty, DateTimeOffset.UnixEpoch, IPAddress.Loopback, "fuzz.test", "a@fuzz.test", [new EnvelopeRecipient("b@hospital.test")]);

    /// <summary>Small limits, so that a run is short; the time limit is the fuzzer's own.</summary>
    private static readonly ReadLimits Limits = new() { MaxPartInMemory = 1 << 20, MaxUnpacked = 64 << 20, MaxParts = 2000, Time = TimeSpan.FromSeconds(4) };

    public static readonly IReadOnlyList<Target> All =
    [
        new("file-types", () => [Samples.Program(), "@echo off"u8.ToArray(), .. Letters(), .. Documents()], octets => FileTypes.Sniff(octets)),
        new("compound-file", Documents, ReadCompound, "*.doc", "*.xls", "*.ppt", "*.msg"),
        new("vba", () => [Samples.VbaProject(Samples.AutoOpenSource, 932), Samples.VbaProject(Samples.QuietSource)], octets => VbaProject.Find(CompoundFile.Open(new MemoryStream(octets))), "vbaProject*.bin", "*.xls"),
        new("vba-p-code", () => [.. Compiled(false), .. Compiled(true)], ReadCompiled),
        new("vba-directory", () => [VbaProjectWriter.Compress([3, 0, 2, 0, 0, 0, 0xA4, 3, 5, 0, 0xFF, 0xFF, 0xFF, 0x7F, 0x19, 0, 1, 0, 0, 0, 65, 0x47, 0, 2, 0, 0, 0, 65, 0])], octets => _ = (VbaDirectory.TryRead(octets), VbaDirectory.Shown(Encoding.Latin1.GetString(octets)))),
        new("vba-remains", () => [VbaProjectWriter.Compress("Attribute VB_Name = \"Lost\"\r\nSub AutoOpen()\r\nEnd Sub"u8)], octets => VbaRemains.Find(octets), "vbaProject*.bin"),
        new("office-forms", () => [FormWriter.AddForm(new CompoundFileWriter(), "Macros/UserForm1", ("Box1", "the tag", "the value", "the group"), ("Box2", "", "second", "")).ToArray()], octets => OfficeForms.Find(CompoundFile.Open(new MemoryStream(octets)), Budget()), "vbaProject*.bin"),
        new("document-properties", Documents, octets => DocumentProperties.Find(CompoundFile.Open(new MemoryStream(octets)), Budget()), "*.doc", "*.ppt"),
        new("open-xml-texts", () => ["<w:docVar w:name=\"n\" w:val=\"v\"/><property name=\"p\"><vt:lpwstr>x</vt:lpwstr></property><dc:title>t</dc:title>"u8.ToArray()], octets => { OpenXmlTexts.Find(octets); OpenXmlTexts.ShownIn(octets); }),
        new("xlm", Macros, octets => ReadDocument("a.xls", octets), "*.xls", "*.xlsb", "*.xlsm"),
        new("xlm-stream", () => [MacroStream(XlmSamples.Emotet()), MacroStream(XlmSamples.Hello()), MacroStream(XlmSamples.KeyedByFormat())], octets => BiffWorkbook.Read(new MemoryStream(octets), Budget())?.Followed(Budget())),
        new("workbook-cells", () => [CellSamples.Excel97(), CellSamples.Xml(), CellSamples.Binary()], octets => ReadDocument("a.xls", octets)),
        new("xlm-formula", () => [.. XlmSamples.EmotetFormulas.Select(f => Encoding.UTF8.GetBytes(f[1..])), "'a b'!$A$1:B2&{1,2;3}%+R[-1]C*-Auto(,,\"x\"\"\")"u8.ToArray()], octets => XlmExpression.Parse(Encoding.Latin1.GetString(octets))),
        new("biff-old", () => [OldWorkbookWriter.Macro(2), OldWorkbookWriter.Macro(3), OldWorkbookWriter.Macro(4), OldWorkbookWriter.Bound(), MacroStream(XlmSamples.Emotet())], octets => { ReadDocument("a.xls", octets); XlmProject.Find(new MemoryStream(octets), Budget()); }, "*BIFF*.xls", "*.biff8"),
        new("encrypted-samples", EncryptedSamples, octets => { ReadDocument("a.xls", octets); if (FileTypes.IsCompoundFile(octets)) { ReadEncrypted(octets); } }),
        new("slk", () => ["ID;P\r\nO;E\r\nNN;NAuto_open;ER1C1\r\nC;X1;Y1;K1;EEXEC(R[1]C)\r\n"u8.ToArray()], octets => SlkWorkbook.Read(octets, Budget()), "*.slk"),
        new("vba-compression", () => [VbaProjectWriter.Compress(Encoding.ASCII.GetBytes(Samples.AutoOpenSource)), VbaProjectWriter.Compress(new byte[9000])], octets => VbaCompression.Decompress(octets, 1 << 20, out _)),
        new("vba-behaviour", VbaSources.Seeds, VbaSources.Run, "*.vba", "*.xlsm", "vbaProject*.bin"),
        new("vba-auto-start", () => [Encoding.ASCII.GetBytes(Samples.AutoOpenSource), "Public _\r\nSub x: ' y _\r\n\"Rem\""u8.ToArray()], octets => VbaAutoStart.Find(Encoding.Latin1.GetString(octets))),
        new("zip", Archives, octets => ReadArchive(octets, FileKind.Zip), "*.zip", "*.xlsx"),
        new("archives", OtherArchives, octets => Array.ForEach([FileKind.Rar, FileKind.SevenZip, FileKind.Tar, FileKind.Gzip, FileKind.Bzip2, FileKind.Xz], k => ReadArchive(octets, k)), "*.rar", "*.7z", "*.tar", "*.gz", "*.bz2", "*.xz", "*.tgz"),
        new("cms", () => [CmsWriter.Signed(new byte[300]), CmsWriter.SignedInPieces(new byte[300]), CmsWriter.Compressed(new byte[3000]), CmsWriter.Sealed("1.2.840.113549.1.7.3")], octets => { _ = (CmsFile.IsOne(octets), OpenPgp.Find(octets, "a.gpg", octets.Length % 2 == 0)); CmsFile.Read(octets, Budget(), 1 << 20); }, "*.p7s", "*.p7m"),
        new("closed-containers", () => [new byte[1200], [.. "070701"u8, .. new byte[200]], [0x5D, 0, 0, 0x80, 0, .. new byte[30]]], octets => ClosedContainers.Name(octets)),
        new("old-archives", () => [.. new[] { 0, 1, 2 }.Select(l => OldArchiveWriter.Lzh("a.doc", Samples.OldDocument(), l, l == 0 ? "-lh0-" : "-lh5-")), OldArchiveWriter.Arj("a.doc", new byte[3000], 1), .. new[] { 0, 1, 3 }.Select(m => OldArchiveWriter.Cab(m, ("a", new byte[40_000]), ("b", Samples.OldDocument())))], octets => Array.ForEach([FileKind.Lzh, FileKind.Arj, FileKind.Cab, FileKind.Zstd], k => ReadArchive(octets, k)), "*.cab", "*.lzh", "*.arj"),
        new("disk-images", () => [DiskImageWriter.Iso("a.doc", new byte[3000]), DiskImageWriter.Udf("a.doc", new byte[3000]), DiskImageWriter.Partitioned(DiskImageWriter.Fat("a.doc", new byte[3000])), DiskImageWriter.Vhd(DiskImageWriter.Fat("a.doc", new byte[3000]), true)], octets => Array.ForEach([FileKind.Iso, FileKind.DiskImage], k => ReadArchive(octets, k))),
        new("packers", () => [.. new[] { "-lh1-", "-lzs-", "-lz5-" }.Select(m => LarcWriter.Lzh("a", Samples.OldDocument(), m)), QuantumWriter.Cab("a", Samples.OldDocument()), VmdkWriter.Sparse(DiskImageWriter.Fat("a.doc", new byte[3000]))], octets => Array.ForEach([FileKind.Lzh, FileKind.Cab, FileKind.DiskImage], k => ReadArchive(octets, k))),
        new("seven-zip-header", () => [PlainSevenZipWriter.WithoutSubStreams(false, ("a", [65])), PlainSevenZipWriter.WithoutSubStreams(true, ("a", [65]), ("b", new byte[300]))], octets => { SevenZipHeader.WithSubStreams(new MemoryStream(octets), Budget()); ReadArchive(octets, FileKind.SevenZip); }, "*.7z"),
        new("zip-aes", () => [RawZipWriter.Archive(RawZipWriter.Aes("a", new byte[300], "p")), RawZipWriter.Archive(RawZipWriter.Aes("a", [75, 4, 0], "さ", Encoding.GetEncoding(932), 8)), ZipWriter.Encrypted("a", new byte[300], "さ")], octets => { ArchivePasswords.Find(() => new MemoryStream(octets), FileKind.Zip, null, "さ", Budget()); using var clear = ZipAes.Open(new MemoryStream(octets), 0, octets.Length - 120, "p"u8); clear.CopyTo(Stream.Null); }),
        new("volumes", VolumeTarget.Letters, ReadMessage),
        new("sealed-archives", VolumeTarget.Sealed, octets => Array.ForEach([FileKind.SevenZip, FileKind.Rar], k => VolumeTarget.ReadSealed(octets, k, Budget()))),
        new("office-encryption", () => [Samples.OldDocument()], ReadEncrypted, "*password*.doc*", "*pwd*.xls*", "*encrypt*.xls*", "*agile*.xlsb"),
        new("ooxml", Packages, octets => ReadDocument("a.docm", octets), "*.docm", "*.xlsm", "*.pptm", "*.xlsb"),
        new("document", Documents, octets => ReadDocument("a.doc", octets), "*.doc", "*.xls", "*.ppt", "*.msg", "*.one", "*.mht", "*.odt"),
        new("xml-binaries", () => ["<w:binData>AQIDBAUG</w:binData><pkg:binaryData>AQID"u8.ToArray()], octets => XmlBinaries.Find(octets)),
        new("one-note", () => [[.. new Guid("BDE316E7-2665-4511-A4C4-8D4D0B7A9EAC").ToByteArray(), 3, 0, 0, 0, 0, 0, 0, 0, .. new byte[12], 7, 8, 9], CarrierWriter.OneNote("click.wsf", new byte[100])], octets => OneNoteFiles.Find(octets, Budget(), new CarrierContents()), "*.one"),
        new("rtf", () => [Encoding.ASCII.GetBytes(@"{\rtf1{\*\template http://a.test/x}{\object\objupdate{\*\objclass Package}{\*\objdata " + CarrierWriter.RtfObject("Package", CarrierWriter.Package("a.js", "c", [1, 2])[4..]) + @"}}{\field{\*\fldinst DDEAUTO cmd}}}")], octets => RtfFile.Find(octets, Budget(), new CarrierContents()), "*.rtf"),
        new("pdf", () => [CarrierWriter.Pdf("<< /OpenAction 2 0 R /AA << /O 2 0 R >> >>", "<< /S /JavaScript /JS 3 0 R /Next 2 0 R >>", CarrierWriter.PdfStream("", "app.alert(1)"u8.ToArray()), CarrierWriter.PdfStream("/Type /ObjStm /N 1 /First 4", "9 0 << /S /URI /URI (http://a.test) >>"u8.ToArray()))], octets => PdfFile.Find(octets, Budget(), new CarrierContents()), "*.pdf"),
        new("xfa-scripts", () => ["<x:event activity='initialize'><x:script><![CDATA[app.launchURL('http://a.test')]]></x:script></x:event><calculate><script/><script>a</script>"u8.ToArray(), CarrierWriter.Pdf("<< /AcroForm << /XFA [(a) 2 0 R (b) 2 0 R] >> /Names << /JavaScript 3 0 R >> >>", CarrierWriter.PdfStream("", "<event activity='ready'><script>a"u8.ToArray()), "<< /Kids [3 0 R] /Names [(a) << /S /JavaScript /JS 2 0 R >>] >>")], octets => { XfaScripts.Find(octets); PdfFile.Find(octets, Budget(), new CarrierContents()); }),
        new("pdf-encryption", () => PdfLock.All.Values.Select(l => PdfWriter.Encrypted(l, l.Revision % 2 == 0 ? "" : "x", "o", "https://a.test/", "app.alert(1)", [1, 2, 3])), octets => PdfFile.Find(octets, Budget(), new CarrierContents(), encryption => encryption.Try("x"))),
        new("pdf-filters", () => [[0, .. Samples.Program()], [1, 0x80, 0x0B, 0x60, 0x50, 0x22, 0x0C, 0x0C, 0x85, 0x01], [2, 3, 1, 2, 3, 4, 250, 7, 128], [3, .. "<~9jqo^~>"u8], [4, .. "616>"u8]], ReadFilter),
        new("command-links", () => ["powershell -enc aAB0AHQAcABzADoALwAvAGEALgB0AGUAcwB0AC8AeAA= 'https:\\/\\/b.test' http://xn--80ak6aa92e.test/"u8.ToArray()], octets => { foreach (var link in CommandLinks.Find(Encoding.UTF8.GetString(octets))) { _ = Homographs.Imitated(link.ShownHost); } _ = Homographs.Imitated(Encoding.UTF8.GetString(octets)); }),
        new("compound-links", () => [[0xB8, 1, 60, 0, .. new byte[8], .. new Guid("79EAC9E0-BAF9-11CE-8C82-00AA004BA90B").ToByteArray(), 20, 0, 0, 0, .. Encoding.Unicode.GetBytes("http://a.b"), .. new byte[12]], [15, 0, 0, 0, 30, 0, 0, 0, 0, 0, 0xBA, 15, 20, 0, 0, 0, .. Encoding.Unicode.GetBytes("http://a.b")]], octets => { CompoundLinks.Workbook(octets, new CarrierContents()); CompoundLinks.Presentation(octets, new CarrierContents()); }),
        new("html", () => ["<html><form action=x><input type=password></form><script>var a='TVqQ' + 'AAMA';eval(atob(a));new Blob([1,2,3])</script><a href='data:text/html;base64,PGI+'>x</a><!-- <svg onload=y()>"u8.ToArray()], octets => HtmlPage.Find(octets, octets.Length % 2 == 0, Budget(), new CarrierContents()), "*.html", "*.htm"),
        new("shortcut", () => [CarrierWriter.Shortcut("cmd.exe", "/c x", [1, 2])], octets => ShellLink.Read(octets), "*.lnk"),
        new("package-signs", () => ["<w:r><w:fldChar w:fldCharType='begin'/><w:instrText>QUOTE 68</w:instrText><w:fldChar w:fldCharType='end'/><Relationship TargetMode='External' Type='x/frame' Target='http://a'/>"u8.ToArray()], octets => PackageSigns.Find(octets, new CarrierContents())),
        new("open-xml-links", () => ["<w:hyperlink r:id=\"a\"><w:t>x</w:t></w:hyperlink><c r=\"A1\" t=\"s\"><v>0</v></c><hyperlink ref=\"A1\" r:id=\"a\"/><si><t>y</t></si><Relationship Id=\"a\" Target=\"http://a.test\" TargetMode=\"External\"/>"u8.ToArray()], octets => OpenXmlLinks.Find(octets, octets, octets, new CarrierContents())),
        new("shell-settings", () => ["<libraryDescription xmlns=\"x\"><url>\\\\a\\b</url><DeepLink><![CDATA[cmd /c x]]></DeepLink></libraryDescription>"u8.ToArray()], octets => ShellSettingsFile.Find(octets, new CarrierContents())),
        new("zip-salvage", () => [ZipWriter.Plain(("a.txt", new byte[3000]), ("b.txt", "hello"u8.ToArray()))[..^30]], octets => { foreach (var item in ZipSalvage.Members(new MemoryStream(octets), Budget())) { try { using var content = item.Open(); content.CopyTo(Stream.Null); } catch (InvalidDataException) { } } }),
        new("text-carriers", () => ["ID;P\r\nC;X1;Ecmd|'/c x'!A0\r\nWEB\r\n1\r\nhttp://x\r\nURL=file://a/b\r\nBEGIN:VCARD"u8.ToArray(), "BEGIN:VCALENDAR\r\nATTACH;FILENAME=a.exe;ENCODING=BASE64:TVqQAAMAAAAEAAAA\r\nLOGO:data:a/b;base64,AAAA"u8.ToArray()], octets => { var found = new CarrierContents(); TextCarriers.Plain(octets, found); TextCarriers.Sylk(octets, found); TextCarriers.Query(octets, found); TextCarriers.Shortcut(octets, found); }, "*.slk", "*.csv", "*.iqy"),
        new("outlook-item", () => [CarrierWriter.OutlookItem("s", "t", "<b>")], octets => OutlookItem.Find(CompoundFile.Open(new MemoryStream(octets)), Budget(), new CarrierContents()), "*.msg"),
        new("compressed-rtf", () => [[20, 0, 0, 0, 40, 0, 0, 0, (byte)'L', (byte)'Z', (byte)'F', (byte)'u', 0, 0, 0, 0, 4, 65, 66, 0x00, 0x0F, 67, 68, 69, 70]], octets => CompressedRtf.Unpack(octets, Budget())),
        new("compound-signs", () => [.. Documents(), new CompoundFileWriter().Add("Workbook", [0xAE, 1, 8, 0, 1, 0, 3, 0, 0, 97, 3, 98, .. new byte[5000]]).Add("x/\u0001Ole10Native", CarrierWriter.Package("a", "b", [1])).Add("x/Equation Native", new byte[60]).ToArray()], octets => { var file = CompoundFile.Open(new MemoryStream(octets)); CompoundSigns.Find(file, OfficeCompound.KindOf(file), Budget(), new CarrierContents()); }, "*.doc", "*.xls", "*.ppt"),
        new("active-mime", ActiveMimes, octets => ActiveMime.Unwrap(octets, Budget())),
        new("tnef", () => [[0x78, 0x9F, 0x3E, 0x22, 0, 0, 1, 6, 0x90, 8, 0, 4, 0, 0, 0, 0, 0, 1, 0]], octets => TnefFile.Find(octets, out _), "*.tnef", "winmail*.dat"),
        new("mime-alternatives", () => [.. OddLetters.All.Values], ReadOddLetter, "*.eml"),
        new("script-encoding", () => [Encoding.ASCII.GetBytes(OddLetters.EncodedScript)], octets => ScriptEncoding.Decode(octets)),
        new("thread-marks", ThreadTarget.Letters, ThreadTarget.Run, "*.eml"),
        new("letter-in-file", () => ["%PDF-1.7\r\nMIME-Version: 1.0\r\nContent-Type: Multipart/related;\r\n boundary=b\r\n\r\n--b\r\n\r\nQWN0aXZlTWltZQAA\r\n--b--"u8.ToArray()], octets => { for (var from = 0; LetterInFile.Find(octets, ref from) >= 0;) { } LetterInFile.Macros(octets); ReadDocument("a.pdf", octets); }),
        new("text-binaries", () => [OddLetters.All["uuencode"], OddLetters.All["yenc"]], octets => TextBinaries.Find(octets)),
        new("windows-program", () => [Samples.Program()], octets => WindowsProgramFile.IsExcelAddIn(new MemoryStream(octets))),
        new("japanese-text", () => ["\u001b$B$\"$$\u001b(B abc+ADw-"u8.ToArray(), "日本語のテキスト http://例え.jp/"u8.ToArray(), [0x93, 0xFA, 0x96, 0x7B, 0x8C, 0xEA]], ReadText, "*.eml"),
        new("sender-check", SenderTarget.Letters, SenderTarget.Run, "*.eml"),
        new("report-uris", () => ["mailto:a%21@b.example!10m, mailto:c@d.example?x#y,https://e.example"u8.ToArray(), "mailto:a@b.example!9t"u8.ToArray()], ReportUriTarget.Run),
        new("html-text", () => ["<a href='http://x.test/%41'>y</a><base href=//z.test><meta http-equiv=refresh content='0;url=a'>"u8.ToArray()], octets => _ = HtmlText.Read(Encoding.UTF8.GetString(octets)).Links.Count, "*.html", "*.htm"),
        new("feeds", FeedSamples.All, ReadFeed, "*.csv", "*.json"),
        new("links", () => ["https://www.google.com/url?q=https%3A%2F%2Furldefense.com%2Fv3%2F__https%3A%2F%2Fe.test%2F**A__%3BYWI!!x hxxp://e[.]test 0x7f.1"u8.ToArray()], ReadLinks),
        new("yara", () => [.. YaraSamples.All.Values.Select(s => s.Octets).Where(o => o.Length < 1 << 20)], octets => Array.ForEach(["Text", "Word", "vba", "xlm"], type => { if (SignatureSet.Shipped.Yara.Scan(octets, new YaraNames("a.doc", type, "1")).Fault is { } fault) { throw new InvalidOperationException(fault); } })),
        new("message", Letters, ReadMessage, "*.eml", "msg_*.txt"),
        new("staff-file", () => ["name,kana,address,department\r\n\"田中 太郎\",タナカ タロウ,tanaka@hospital.test;t@b.test,\"内科\"\"x\"\r\n"u8.ToArray(), [0x93, 0x63, 0x92, 0x86, 0x2C, 0x2C, 0x61, 0x40, 0x62, 0x2C]], octets => _ = new StaffDirectory(StaffFile.Read(new MemoryStream(octets))).Find(Encoding.UTF8.GetString(octets), ["病院"])),
        new("dmarc-report", () => [ReportSamples.Xml(), ReportSamples.Xml(modern: false), [0xEF, 0xBB, 0xBF, .. "\r\n<f:FEEDBACK xmlns:f='x'><f:date_range><begin>1.5</begin></f:date_range>"u8]], octets => { _ = DmarcReport.LooksLike(octets); DmarcReport.Read(octets); }),
        new("sender-list", () => ["list,sender,for,expires,reason,author,since\r\nblock,.a.test,*,2027-03-31,\"x\"\"y\",'=b,2026-11-23T09:00:00+09:00\r\nallow,::ffff:192.0.2.1/120\r\n"u8.ToArray()], octets => _ = new SenderList([.. SenderListFile.Read(new MemoryStream(octets), "a", DateTimeOffset.UnixEpoch, TimeZoneInfo.Utc, static _ => true, WordList.Empty, new List<string>())]).OfAddress("x@y.a.test").Count()),
        new("ldap-message", LdapTarget.Seeds, LdapTarget.Run),
        new("outbound", OutboundTarget.Letters, OutboundTarget.Run, "*.eml"),
        new("smtp-session", SmtpTarget.Sessions, SmtpTarget.RunSession),
        new("smtp-reply", SmtpTarget.Replies, SmtpTarget.ReadReplies),
        new("proxy-header", () => ["PROXY TCP4 192.0.2.7 198.51.100.1 40000 25\r\n"u8.ToArray(), [13, 10, 13, 10, 0, 13, 10, 81, 85, 73, 84, 10, 0x21, 0x11, 0, 12, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12]], octets => ProxyProtocol.TryRead(new System.Buffers.ReadOnlySequence<byte>(octets), out _, out _)),
    ];

    private static readonly VbaIdentifiers Identifiers = VbaIdentifiers.TryRead(Compiled(false)[0], Encoding.Latin1)!;

    /// <summary>The identifiers' stream and two modules'.</summary>
    private static List<byte[]> Compiled(bool is64)
    {
        var file = CompoundFile.Open(new MemoryStream(new VbaProjectWriter()
            .AddCompiled("A", null, w => w.Declare("Fetch", "urlmon", "FetchA", "url").Sub("AutoOpen", "who").Line(w.Text("x"), w.New("Collection"), w.Op(0x41, 0x10, w.Id("MsgBox"), 1)).EndSub(), is64)
            .AddCompiled("B", Samples.QuietSource, w => w.Sub("Hello").Line(w.Op(0xF2, 1, 0, 0), w.Op(0xE1, 0, w.Id("a"), 1, 0, 0), w.Op(0x10A, 0, 7), w.Op(0x5D)).EndSub(), is64).ToArray()));
        return [.. new[] { "_VBA_PROJECT", "A", "B" }.Select(n => file.Read(file.Find("VBA/" + n)!, 1 << 20))];
    }

    private static void ReadCompiled(byte[] octets)
    {
        _ = VbaIdentifiers.TryRead(octets, Encoding.Latin1);
        if (VbaCache.TryRead(octets, octets.Length, Identifiers, Encoding.Latin1, new VbaTextBudget()) is { } cache)
        {
            _ = (VbaStomping.Find(cache, ""), VbaStomping.Find(cache, Samples.QuietSource), cache.Text);
        }
    }

    private static IEnumerable<byte[]> Documents() =>
        [Samples.OldDocument(Samples.AutoOpenSource), Samples.OldDocument(), new CompoundFileWriter().Add("Workbook", new byte[6000]).Add("A/B/\u0001Ole10Native", new byte[100]).Add("PowerPoint Document", new byte[100]).ToArray()];

    private static IEnumerable<byte[]> Macros() => [XlmSamples.Emotet(), XlmSamples.Hello(), XlmSamples.BinaryPackage(), XlmSamples.KeyedByFormat(), XlmSamples.Package(["IF(GET.WORKSPACE(1),FORMULA(\"=EXEC(A1)\",A4),GOTO(A2))", "WHILE(TRUE)", "NEXT()"])];

    private static IEnumerable<byte[]> EncryptedSamples()
    {
        var (stream, package) = (MacroStream(XlmSamples.Hello()), OoxmlWriter.Document(Samples.VbaProject(Samples.AutoOpenSource)));
        return
        [
            OfficeEncryptionWriter.Agile(package, "password", 128), OfficeEncryptionWriter.Agile(package, "password", 256), OfficeEncryptionWriter.Standard(package, "password"),
            .. Enum.GetValues<OldEncryption>().Select(m => OfficeEncryptionWriter.Workbook(stream, "password", m)),
            .. Enum.GetValues<OldEncryption>().Select(m => new CompoundFileWriter().Add("Workbook", OfficeEncryptionWriter.Workbook(stream, "password", m)).ToArray()),
            .. Enum.GetValues<OldEncryption>().Select(m => OfficeEncryptionWriter.Document(Samples.AutoOpenSource, "text", "password", m)),
        ];
    }

    private static byte[] MacroStream(byte[] workbook)
    {
        var file = CompoundFile.Open(new MemoryStream(workbook));
        return file.Read(file.Find("Workbook")!, 1 << 20);
    }

    private static IEnumerable<byte[]> Packages() => [OoxmlWriter.Document(Samples.VbaProject(Samples.AutoOpenSource)), OoxmlWriter.Workbook()];

    private static IEnumerable<byte[]> Archives() => [ZipWriter.Plain(("a.txt", new byte[1000]), ("b/c.bin", [1, 2, 3])), ZipWriter.Encrypted("a.doc", new byte[100], "p"), .. Packages()];

    private static IEnumerable<byte[]> OtherArchives()
    {
        var content = Samples.OldDocument(Samples.AutoOpenSource);
        return [ArchiveWriter.SevenZip("a.doc", content), ArchiveWriter.Rar("a.doc", content), ArchiveWriter.Tar("a.doc", content), ArchiveWriter.Gzip(content), ArchiveWriter.Bzip2(content), ArchiveWriter.Xz()];
    }

    private static IEnumerable<byte[]> ActiveMimes()
    {
        using var packed = new MemoryStream();
        packed.Write("ActiveMime"u8);
        packed.Write(new byte[0x32 - 10]);
        using (var zlib = new System.IO.Compression.ZLibStream(packed, System.IO.Compression.CompressionMode.Compress, leaveOpen: true))
        {
            zlib.Write(Samples.VbaProject(Samples.AutoOpenSource));
        }

        return [packed.ToArray()];
    }

    private static IEnumerable<byte[]> Letters() =>
    [
        LetterWriter.Plain("x", "hello"),
        LetterWriter.WithAttachments("請求書", "see", ("a.zip", ZipWriter.Plain(("b.doc", Samples.OldDocument(Samples.AutoOpenSource)))), ("c.docm", OoxmlWriter.Document(Samples.VbaProject(Samples.AutoOpenSource)))),
        LetterWriter.Enclosing("out", LetterWriter.WithAttachments("in", "x", ("a.exe", Samples.Program()))),
    ];

    private static ReadBudget Budget() => new(TimeProvider.System, TimeSpan.FromSeconds(4), 64 << 20);

    private static void ReadCompound(byte[] octets)
    {
        var file = CompoundFile.Open(new MemoryStream(octets));
        var kind = OfficeCompound.KindOf(file);
        OfficeCompound.IsEncrypted(file, kind);
        var left = 16 << 20;
        foreach (var entry in file.Entries)
        {
            left -= file.Read(entry, Math.Max(0, Math.Min(left, 1 << 20))).Length;
        }

        foreach (var item in OfficeCompound.Embedded(file, Budget()))
        {
            _ = item.Content.Length;
        }
    }

    /// <summary>The first octet tells the filter and, in its upper half, the predictor.</summary>
    private static void ReadFilter(byte[] octets)
    {
        if (octets.Length > 1)
        {
            var parameters = new PdfFilters.Parameters((octets[0] >> 4) + (octets[0] > 127 ? 2 : 0), (octets[1] % 5) + 1, 8, octets[1] + 1, (octets[0] & 8) == 0);
            PdfFilters.Undo(((string[])["FlateDecode", "LZWDecode", "RunLengthDecode", "ASCII85Decode", "ASCIIHexDecode"])[(octets[0] & 7) % 5], parameters, octets[1..], 1 << 20, Budget());
        }
    }

    private static void ReadArchive(byte[] octets, FileKind kind)
    {
        try
        {
            using var reader = ArchiveReader.Open(new MemoryStream(octets), kind, Budget());
            var buffer = new byte[16 << 10];
            while (reader.Next() is { } member)
            {
                if (member.IsEncrypted)
                {
                    continue;
                }

                using var stream = reader.OpenRead();
                while (stream.Read(buffer, 0, buffer.Length) > 0)
                {
                }
            }
        }
        catch (InvalidDataException)
        {
            // Allowed; the next kind is tried on the same octets.
        }
    }

    private static void ReadEncrypted(byte[] octets)
    {
        var file = CompoundFile.Open(new MemoryStream(octets));
        if (OfficeEncryption.Find(file, OfficeCompound.KindOf(file)) is { } encryption && (encryption.Try("password") || encryption.Try(OfficeEncryption.ExcelDefault)))
        {
            _ = encryption.Decrypt((byte[])octets.Clone(), Budget()).Length;
        }
    }

    private static void ReadDocument(string name, byte[] octets)
    {
        using var message = MessageReader.ReadDocument(name, new MemoryStream(octets), Limits, TimeProvider.System, CancellationToken.None);
        Judge(message);
    }

    private static void ReadMessage(byte[] octets)
    {
        using var message = MessageReader.Read(Envelope, new MemoryStream(octets), Limits, TimeProvider.System, CancellationToken.None);
        Judge(message);
    }

    private static void ReadOddLetter(byte[] octets)
    {
        using var message = MessageReader.Read(Envelope, new MemoryStream(octets), Limits, TimeProvider.System, CancellationToken.None);
        Judge(message);
        _ = message.Text.Main?.New;
        foreach (var part in message.Parts)
        {
            foreach (var name in part.Names)
            {
                NameTricks.Find(name);
                NameTricks.Readings(name);
            }
        }
    }

    private static void ReadText(byte[] octets)
    {
        foreach (var label in new[] { null, "utf-7", "iso-2022-jp", "koi8-r", "no such" })
        {
            TextNormal.Of(JapaneseText.Decode(octets, label, out _));
        }
    }

    private static void ReadFeed(byte[] octets)
    {
        var builder = new IndicatorBuilder();
        try
        {
            FeedFile.Read("feed", new MemoryStream(octets), builder, new FeedLimits { MaxOctets = 8 << 20, MaxJson = 8 << 20, MaxValues = 100_000, Time = TimeSpan.FromSeconds(4) });
        }
        finally
        {
            foreach (var indicator in builder.Build().All())
            {
                _ = indicator.Value;
            }
        }
    }

    private static void ReadLinks(byte[] octets)
    {
        var text = Encoding.UTF8.GetString(octets);
        TextLinks.Find(text);
        LinkTargets.Parse(text);
        LinkTargets.Registered(text);
    }

    private static void Judge(InboundMessage message)
    {
        if (message.Problems.FirstOrDefault(p => p.Text.StartsWith(MessageOpening.UnexpectedMark, StringComparison.Ordinal)) is { } problem)
        {
            throw new InvalidOperationException($"{problem.Place}: {problem.Text}");
        }

        var findings = Detectors.Inspect(Detectors.All, new InspectionContext(message, SenderFacts.Unknown, SignatureSet.Shipped));
        if (findings.FirstOrDefault(f => f.Kind == Detectors.Failed) is { } failed)
        {
            throw new InvalidOperationException($"{failed.Place}: {failed.Evidence}");
        }

        VerdictText.Explain(new MessagePolicy(new PolicyOptions()).Judge(findings), "ja");
    }
}

using System.Globalization;
using System.Net;
using System.Text;
using Sekisho.Inspection.Senders;
using Sekisho.Inspection.Signatures;

namespace Sekisho.Inspection.Tests.Senders;

/// <summary>Entries are found by address, domain and network, and lists survive a spreadsheet.</summary>
public class SenderListTests
{
    private static readonly WordList FreeMailers = SignatureSet.Shipped.List("free-mailers");

    private static readonly DateTimeOffset Day = new(2026, 11, 1, 0, 0, 0, TimeSpan.Zero);

    [Theory]
    [InlineData("Kensa@LAB.example", "kensa@lab.example")]
    [InlineData("a@検査.example", "a@xn--5vvzy.example")]
    [InlineData("A/x=2@lab.example", "a/x=2@lab.example")] // no network
    [InlineData("@lab.example", "lab.example")]
    [InlineData(".Lab.example", ".lab.example")]
    [InlineData(".zip", ".zip")]
    [InlineData("192.0.2.1", "192.0.2.1/32")]
    [InlineData("192.0.2.77/24", "192.0.2.0/24")]
    [InlineData("::ffff:192.0.2.77/120", "192.0.2.0/24")]
    [InlineData("2001:DB8::1/32", "2001:db8::/32")]
    [InlineData("", null)]
    [InlineData("localhost", null)]
    [InlineData("a b@lab.example", null)]
    [InlineData("a@", null)]
    [InlineData("a@b c", null)]
    [InlineData("192.0.2.0/33", null)]
    [InlineData("192.0.2.0/x", null)]
    [InlineData("192.0.2", "192.0.2")] // a name of three labels, however odd
    [InlineData("::ffff:192.0.2.0/8", null)]
    public void Senders_HaveOneForm(string text, string? normal)
    {
        Assert.Equal(normal, SenderListEntry.Normal(text));
        Assert.Equal(normal, normal is null ? null : SenderListEntry.Normal(normal));
    }

    [Theory]
    [InlineData(SenderListKind.Allow, ".example", false)]
    [InlineData(SenderListKind.Block, ".example", true)]
    [InlineData(SenderListKind.Allow, ".lab.example", true)]
    [InlineData(SenderListKind.Block, "0.0.0.0/0", false)]
    [InlineData(SenderListKind.Block, "10.0.0.0/8", true)]
    [InlineData(SenderListKind.Allow, "2000::/3", false)]
    [InlineData(SenderListKind.Block, "a/b@lab.example", true)]
    [InlineData(SenderListKind.Allow, "198.51.100.0/24", true)]
    [InlineData(SenderListKind.Allow, "198.51.0.0/23", false)] // half a hosting provider
    [InlineData(SenderListKind.Allow, "10.0.0.0/8", false)]
    [InlineData(SenderListKind.Allow, "2001:db8:1::/48", true)]
    [InlineData(SenderListKind.Allow, "2001:db8::/47", false)]
    [InlineData(SenderListKind.Block, "2001:db8::/32", true)]
    public void TooWide_IsAFault(SenderListKind kind, string sender, bool sound) => Assert.Equal(sound, SenderListEntry.Fault(kind, sender, FreeMailers) is null);

    /// <summary>Where anybody gets a name or an address nobody in particular can be allowed; an address there can.</summary>
    [Theory]
    [InlineData("co.jp")]
    [InlineData(".or.jp")]
    [InlineData("tokyo.jp")]
    [InlineData(".kobe.jp")]
    [InlineData("hokkaido.jp")]
    [InlineData("co.uk")]
    [InlineData(".com")]
    [InlineData(".jp")]
    [InlineData("onmicrosoft.com")]
    [InlineData(".onmicrosoft.com")]
    [InlineData(".20230601.gappssmtp.com")]
    [InlineData("gmail.com")]
    [InlineData(".docomo.ne.jp")]
    public void EverybodysDomains_CanBeBlockedButNotAllowed(string sender)
    {
        Assert.Equal(sender, SenderListEntry.Normal(sender));
        Assert.Contains("it can be blocked, not allowed", SenderListEntry.Fault(SenderListKind.Allow, sender, FreeMailers), StringComparison.Ordinal);
        Assert.Null(SenderListEntry.Fault(SenderListKind.Block, sender, FreeMailers));
        Assert.Null(SenderListEntry.Fault(SenderListKind.Allow, "partner@" + sender.TrimStart('.'), FreeMailers));
        Assert.Null(SenderListEntry.Fault(SenderListKind.Allow, "partner." + sender.TrimStart('.'), FreeMailers));
    }

    [Theory]
    [InlineData("tokyo.example")]
    [InlineData("metro.tokyo.jp")]
    [InlineData("hospital.jp")]
    [InlineData("co.example")]
    [InlineData("partner.onmicrosoft.com")]
    public void SomebodysDomains_CanBeAllowed(string sender) => Assert.Null(SenderListEntry.Fault(SenderListKind.Allow, sender, FreeMailers));

    [Fact]
    public void Entries_AreFound_TheMoreExactFirst()
    {
        var list = new SenderList([.. new[] { "a/b@x.lab.example", "a@x.lab.example", "x.lab.example", ".lab.example", ".example", "lab.example", "192.0.2.0/24", "192.0.2.7/32", "2001:db8::/32" }.Select(s => Entry(s))]);

        Assert.Equal(["a@x.lab.example", "x.lab.example", ".lab.example", ".example"], list.OfAddress("a@x.lab.example").OrderByDescending(e => e.Exactness).Select(e => e.Sender));
        Assert.Equal(["lab.example", ".example"], list.OfAddress("b@lab.example").Select(e => e.Sender));
        Assert.Empty(list.OfAddress("b@notlab.test"));
        Assert.Empty(list.OfAddress(""));
        Assert.Equal(["192.0.2.7/32", "192.0.2.0/24"], list.OfClient(IPAddress.Parse("::ffff:192.0.2.7")).OrderByDescending(e => e.Exactness).Select(e => e.Sender));
        Assert.Equal(["2001:db8::/32"], list.OfClient(IPAddress.Parse("2001:db8:5::1")).Select(e => e.Sender));
        Assert.Empty(list.OfClient(IPAddress.Parse("198.51.100.1")));
        Assert.Empty(SenderList.Empty.OfClient(IPAddress.Loopback));
    }

    [Theory]
    [InlineData("*", "a@hospital.example", true)]
    [InlineData("*", "", true)]
    [InlineData("hospital.example", "", false)]
    [InlineData("hospital.example", "A@Hospital.Example", true)]
    [InlineData("hospital.example", "a@x.hospital.example", false)]
    [InlineData(".hospital.example", "a@x.hospital.example", true)]
    [InlineData("a@hospital.example", "A@hospital.example", true)]
    [InlineData("a@hospital.example", "b@hospital.example", false)]
    public void Scopes_NameRecipients(string scope, string recipient, bool holds) => Assert.Equal(holds, (Entry("x.example") with { Scope = scope }).HoldsFor(recipient));

    /// <summary>A hundred thousand entries cost a letter no more than ten: looking up is hashing.</summary>
    [Fact]
    public void AHundredThousandEntries_AreNoBurden()
    {
        var list = new SenderList([.. Enumerable.Range(0, 100_000).Select(i => Entry((i % 3) switch
        {
            0 => string.Create(CultureInfo.InvariantCulture, $"a{i}@d{i}.example"),
            1 => string.Create(CultureInfo.InvariantCulture, $".d{i}.example"),
            _ => string.Create(CultureInfo.InvariantCulture, $"10.{i >> 12 & 255}.{i >> 4 & 255}.{(i & 15) * 16}/{28}"),
        }))]);
        var before = GC.GetAllocatedBytesForCurrentThread();
        var found = 0;
        for (var i = 0; i < 1000; i++)
        {
            found += list.OfAddress("a3@mail.d4.example").Count() + list.OfClient(IPAddress.Parse("10.0.0.33")).Count();
        }

        Assert.Equal(2000, found);
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 5_000_000); // 5 kB a look-up: nothing grows with the list
    }

    [Fact]
    public void AFile_ComesBackAsItWasWritten()
    {
        SenderListEntry[] entries =
        [
            Entry("a@x.example") with { Reason = "a \"quoted\", long\r\nreason", ExpiresAt = Day.AddDays(30) },
            Entry(".y.example") with { Kind = SenderListKind.Allow, Scope = "keiri@hospital.example", Reason = "=HYPERLINK(\"http://x.invalid\")", Author = "田中" },
            Entry("-x@z.example") with { Reason = "" },
            Entry("2001:db8::/32") with { Reason = " blanks " },
        ];
        var text = new StringWriter();
        SenderListFile.Write(text, entries);
        Assert.Contains(",\"'=HYPERLINK(", text.ToString(), StringComparison.Ordinal); // a spreadsheet must not run it
        var faults = new List<string>();
        var read = SenderListFile.Read(new MemoryStream(Encoding.UTF8.GetBytes(text.ToString())), "other", Day, TimeZoneInfo.Utc, _ => true, FreeMailers, faults);
        Assert.Empty(faults);
        Assert.Equal(entries.Select(e => e with { Reason = e.Reason.Trim() }), read);
    }

    [Fact]
    public void AFileFromAJapaneseSpreadsheet_IsRead()
    {
        var text = "種別,差出人,宛先,期限,理由\r\n許可,kensa@lab.example,@hospital.example,2027/3/31,検査結果\r\n\r\n# 注記\r\n拒否,.evil.example,,,詐欺\r\n";
        var faults = new List<string>();
        var read = SenderListFile.Read(new MemoryStream(Encoding.GetEncoding(932).GetBytes(text)), "admin", Day, TimeZoneInfo.CreateCustomTimeZone("JST", TimeSpan.FromHours(9), "JST", "JST"), s => s == "*" || s.Contains('.', StringComparison.Ordinal), FreeMailers, faults);
        Assert.Empty(faults);
        Assert.Equal(
        [
            new SenderListEntry(SenderListKind.Allow, "kensa@lab.example", "hospital.example", "admin", "検査結果", Day, new DateTimeOffset(2027, 3, 31, 15, 0, 0, TimeSpan.Zero)),
            new SenderListEntry(SenderListKind.Block, ".evil.example", "*", "admin", "詐欺", Day, null),
        ], read);
    }

    [Fact]
    public void EveryWrongRow_IsNamedByItsLine()
    {
        var text = "list,sender,for,expires,reason,author,since\nallow,\"a@x.example\",,,\"two\nlines\"\nperhaps,a@x.example\nblock,nobody\nallow,.example\nblock,a@x.example,what?\nblock,a@x.example,*,31.3.2027\nblock,a@x.example,*,,,,yesterday\nblock,ok@x.example\nallow,ok@x.example,*\nblock,\"open";
        var faults = new List<string>();
        var read = SenderListFile.Read(new MemoryStream(Encoding.UTF8.GetBytes(text)), "admin", Day, TimeZoneInfo.Utc, s => !s.Contains('?', StringComparison.Ordinal), FreeMailers, faults);
        Assert.Equal(["4", "5", "6", "6", "7", "8", "9", "11"], faults.Select(f => f[(f.IndexOf("Line ", StringComparison.Ordinal) + 5)..].Split(':')[0]).Take(8));
        Assert.All(faults.SkipLast(1), f => Assert.Matches("^[0-9]+行目", f)); // Japanese first
        Assert.Equal(["a@x.example", "ok@x.example"], read.Select(e => e.Sender));
    }

    [Theory]
    [InlineData("")]
    [InlineData("a@x.example\nb@x.example\n")]
    [InlineData("list,reason\nblock,x\n")]
    [InlineData("list,sender\0")]
    public void WhatIsNoList_IsRefused(string text)
    {
        var faults = new List<string>();
        Assert.Empty(SenderListFile.Read(new MemoryStream(Encoding.UTF8.GetBytes(text)), "admin", Day, TimeZoneInfo.Utc, _ => true, FreeMailers, faults));
        Assert.Single(faults);
    }

    private static SenderListEntry Entry(string sender) => new(SenderListKind.Block, sender, "*", "admin", "why", Day, null);
}

using System.Text;
using Sekisho.Inspection.Formats;

namespace Sekisho.Inspection.Tests.Formats;

public class HtmlPageTests
{
    [Fact]
    public void Links_ComeWithTheTextThatCoversThem() => Assert.Equal(
        ["https://evil.test/?a=1&b (https://bank.test)", "https://next.test/"],
        Read("<a href='https://evil.test/?a=1&amp;b'><b>https://bank.test</b></a><meta http-equiv=refresh content=\"0; url=https://next.test/\">").Signs.Where(s => s.Kind == SignKind.Link).Select(s => s.Evidence));

    [Fact]
    public void DataUrl_IsDecoded()
    {
        Assert.Equal("@echo off", Encoding.ASCII.GetString(Assert.Single(Read("<iframe src='data:text/plain;base64,QGVjaG8gb2Zm'></iframe>").Files).Content));
        Assert.Equal("<b>", Encoding.ASCII.GetString(Assert.Single(Read("<object data='data:text/html,%3Cb%3E'></object>").Files).Content));
    }

    [Fact]
    public void NumbersInAScript_AreOctets()
    {
        var program = SampleMaker.Samples.Program();
        var found = Read($"<script>var a=new Uint8Array([{string.Join(",", program)}]);navigator.msSaveBlob(new Blob([a]),'x.exe')</script>");

        Assert.Equal(program, Assert.Single(found.Files).Content);
        Assert.Contains(found.Signs, s => s.Kind == SignKind.HtmlSmuggling);
    }

    [Fact]
    public void LongHiddenText_IsNoted() => Assert.Contains(Read("<p style=\"font-size: 0\">" + string.Concat(Enumerable.Repeat("harmless words ", 60)) + "</p>").Signs, s => s.Kind == SignKind.HtmlHiddenText);

    [Fact]
    public void HostileMarkup_EndsInTime()
    {
        foreach (var piece in (string[])["<a x='", "<!--", "<", "<script>", "<div style=display:none>", "\"\" +", "&", "<script>eval(atob('ZXZhbChhdG9iKA=='", "<a href=javascript:eval", "['aaaaaaaaaaaaaaaaa','].join(", "\\x41", "0x"])
        {
            Read(string.Concat(Enumerable.Repeat(piece, 200_000)));
        }
    }

    private static CarrierContents Read(string page)
    {
        var found = new CarrierContents();
        HtmlPage.Find(Encoding.UTF8.GetBytes(page), false, new ReadBudget(TimeProvider.System, TimeSpan.FromSeconds(5), 1 << 30), found);
        return found;
    }
}

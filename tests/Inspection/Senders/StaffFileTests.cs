using System.Text;
using Sekisho.Inspection.Senders;
using Sekisho.SampleMaker.Senders;

namespace Sekisho.Inspection.Tests.Senders;

public class StaffFileTests
{
    [Fact]
    public void BothEncodings_AreOne()
    {
        var one = StaffFile.Read(new MemoryStream(Hospital.StaffList(isUtf8: true)));
        var other = StaffFile.Read(new MemoryStream(Hospital.StaffList(isUtf8: false)));
        Assert.Equal(75, one.Count);
        Assert.Equal(one.Select(Text), other.Select(Text));
        Assert.Equal("田中 太郎|タナカ タロウ|tanaka.taro@sekisho-hp.example tanaka.taro@freemail.example|内科", Text(one[0]));
    }

    [Theory]
    [InlineData("山本 花,ヤマモト ハナ,Hana@Hospital.test;h@b.test,内科", "山本 花|ヤマモト ハナ|hana@hospital.test h@b.test|内科")]
    [InlineData("department,address,name\r\n内科,a@b.test,山本", "山本||a@b.test|内科")]
    [InlineData("# a comment\n\n\"山本 \"\"花\"\"\",,,\"内科,\n外来\"\n", "山本 \"花\"|||内科,\n外来")]
    [InlineData(",,a@b.test", "||a@b.test|")]
    public void Rows(string text, string expected) => Assert.Equal(expected, string.Join('/', Read(text).Select(Text)));

    [Theory]
    [InlineData("山本,,ok@b.test\n田中,,no address", "Line 2: \"no\" is no mail address.")]
    [InlineData("a,b,c@d.test\n\n,カナ,,内科", "Line 3: neither name nor address.")]
    [InlineData("a,,a@b.test\n\"b,,\nc@d.test", "Line 2: a quotation mark is not closed.")]
    [InlineData("a\0b", "The staff list is no text.")]
    public void Faults_NameTheLine(string text, string fault) => Assert.StartsWith(fault, Assert.Throws<InvalidDataException>(() => Read(text)).Message, StringComparison.Ordinal);

    [Fact]
    public void Bounds()
    {
        Assert.Contains("longer than", Assert.Throws<InvalidDataException>(() => Read(new string('a', 1001))).Message, StringComparison.Ordinal);
        Assert.Contains("more than 100 fields", Assert.Throws<InvalidDataException>(() => Read(new string(',', 200))).Message, StringComparison.Ordinal);
        Assert.Contains("more than 200,000 people", Assert.Throws<InvalidDataException>(() => Read(string.Concat(Enumerable.Repeat("a\n", 200_001)))).Message, StringComparison.Ordinal);
        Assert.Contains("neither UTF-8 nor", Assert.Throws<InvalidDataException>(() => StaffFile.Read(new MemoryStream([0x61, 0x81, 0x20, 0x85]))).Message, StringComparison.Ordinal);
    }

    private static IReadOnlyList<StaffMember> Read(string text) => StaffFile.Read(new MemoryStream(Encoding.UTF8.GetBytes(text)));

    private static string Text(StaffMember member) => $"{member.Name}|{member.Kana}|{string.Join(' ', member.Addresses)}|{member.Department}";
}

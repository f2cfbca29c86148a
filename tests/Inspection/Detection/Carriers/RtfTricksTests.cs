using System.Text;
using Sekisho.Inspection.Detection.Carriers;
using Sekisho.SampleMaker;

namespace Sekisho.Inspection.Tests.Detection.Carriers;

public class RtfTricksTests
{
    [Fact]
    public void BrokenUpData_IsFound() => Assert.Equal(["RTF_OBFUSCATED"], Letters.Codes(new RtfTricks(), "a.rtf",
        Encoding.ASCII.GetBytes(@"{\rtf1{\object\objemb{\*\objdata " + CarrierWriter.RtfObject("X", [1]).Insert(9, @"{\*\par 41}") + "}}}")));

    [Fact]
    public void ObjectThatLoadsItself_IsFound() => Assert.Equal(["RTF_OBJECT_UPDATE"], Letters.Codes(new RtfTricks(), "a.rtf",
        Encoding.ASCII.GetBytes(@"{\rtf1{\object\objemb\objupdate{\*\objclass X}{\*\objdata " + CarrierWriter.RtfObject("X", [1]) + "}}}")));

    [Fact]
    public void HalfAHeader_IsFound() => Assert.Equal(["RTF_OBFUSCATED"], Letters.Codes(new RtfTricks(), "a.rtf", @"{\rtA hello}"u8.ToArray()));

    [Fact]
    public void OrdinaryObject_IsNot() => Assert.Empty(Letters.Codes(new RtfTricks(), "a.rtf",
        Encoding.ASCII.GetBytes(@"{\rtf1\ansi text{\object\objemb{\*\objdata " + CarrierWriter.RtfObject("X", [1]) + "}}}")));
}

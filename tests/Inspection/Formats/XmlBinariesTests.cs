using System.Text;
using Sekisho.Inspection.Formats;

namespace Sekisho.Inspection.Tests.Formats;

public class XmlBinariesTests
{
    [Theory]
    [InlineData("<w:binData w:name=\"a\">AQIDBAUGBwgJ</w:binData>")]
    [InlineData("<pkg:binaryData>AQID\r\nBAUG BwgJ</pkg:binaryData>")]
    [InlineData("<w:binData><![CDATA[AQIDBAUGBwgJ]]></w:binData>")]
    [InlineData("<w:binData>AQID<![CDATA[BAUG]]><?x y?>BwgJ</w:binData>")]
    [InlineData("<w:binData>AQID<!-- aaaa <w:binData> -->BAUGBwgJ</w:binData>")]
    [InlineData("<w:binData>&#65;QIDBAU&#x47;BwgJ&#10;</w:binData>")]
    [InlineData("<w:binData w:name=\"a>b\" x='>'>AQIDBAUGBwgJ</w:binData>")]
    [InlineData("<w:binData><!-- x --><![CDATA[AQIDBAUGBwgJ")]
    public void Content_IsWhatAReaderGives(string xml) => Assert.Equal([1, 2, 3, 4, 5, 6, 7, 8, 9], Assert.Single(XmlBinaries.Find(Encoding.ASCII.GetBytes(xml))).Content);

    [Fact]
    public void Utf16_IsFolded() => Assert.Single(XmlBinaries.Find([0xFF, 0xFE, .. Encoding.Unicode.GetBytes("<w:binData><![CDATA[AQIDBAUGBwgJ]]></w:binData>")]));

    [Fact]
    public void SecondBinary_IsFoundBehindTheFirst() => Assert.Equal(2, XmlBinaries.Find("<w:binData>AQIDBAUG<!--x--></w:binData><w:binData>&#65;QIDBAUG</w:binData>"u8).Count);

    [Theory]
    [InlineData("<w:binData>&#")]
    [InlineData("<w:binData><![CDATA[")]
    [InlineData("<w:binData x=\"")]
    [InlineData("binData<!--")]
    public void HostileXml_EndsInTime(string piece) => _ = XmlBinaries.Find(Encoding.ASCII.GetBytes(string.Concat(Enumerable.Repeat(piece, 200_000))));
}

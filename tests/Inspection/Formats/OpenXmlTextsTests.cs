using System.Text;
using Sekisho.Inspection.Formats;

namespace Sekisho.Inspection.Tests.Formats;

public class OpenXmlTextsTests
{
    [Theory]
    [InlineData("<cp:coreProperties><dc:title>Q1 &amp; Q2</dc:title><dc:creator/></cp:coreProperties>", DocumentTextKind.Property, "title", "Q1 & Q2")]
    [InlineData("<Properties><property fmtid=\"{0}\" pid=\"2\" name=\"key\"><vt:lpwstr>value</vt:lpwstr></property></Properties>", DocumentTextKind.Property, "key", "value")]
    [InlineData("<w:settings><w:docVars><w:docVar w:name=\"n\" w:val=\"&lt;v&gt;\"/></w:docVars></w:settings>", DocumentTextKind.Variable, "n", "<v>")]
    public void Texts_AreRead(string xml, DocumentTextKind kind, string name, string text) =>
        Assert.Equal([new DocumentText(kind, name, text)], OpenXmlTexts.Find(Encoding.UTF8.GetBytes(xml)));

    [Theory]
    [InlineData("<w:p><w:r><w:t>This docu</w:t></w:r><w:r><w:t xml:space=\"preserve\">ment &amp; more</w:t></w:r></w:p><w:p><w:tab/><w:t/></w:p><w:p><w:t>end</w:t></w:p>", "This document & more\nend\n")]
    [InlineData("<sst><si><t>one</t></si><si><t>two</t></si></sst>", "one\ntwo\n")]
    [InlineData("<a:p><a:t>cut off", "cut off")]
    [InlineData("<v>12</v>", "")]
    public void ShownWords_AreThoseOfTextElements(string xml, string text) => Assert.Equal(text, OpenXmlTexts.ShownIn(Encoding.UTF8.GetBytes(xml)));

    [Fact]
    public void BrokenXml_GivesWhatItHas() => Assert.Single(OpenXmlTexts.Find("<a><dc:title>x</dc:title><b c="u8));
}

using System.Text;
using Sekisho.Inspection.Detection.Carriers;
using Sekisho.SampleMaker;

namespace Sekisho.Inspection.Tests.Detection.Carriers;

public class DataExchangeLinkTests
{
    [Theory]
    [InlineData("<w:fldSimple w:instr=' DDEAUTO c:\\\\windows\\\\system32\\\\cmd.exe \"/k calc\" '/>")]
    [InlineData("<w:r><w:fldChar w:fldCharType='begin'/></w:r><w:r><w:instrText>DD</w:instrText></w:r><w:r><w:instrText>EAUTO c:\\\\windows\\\\system32\\\\c</w:instrText></w:r><w:r><w:instrText>md.exe \"/k calc\"</w:instrText></w:r><w:r><w:fldChar w:fldCharType='end'/></w:r>")]
    [InlineData("<w:fldChar w:fldCharType='begin'/><w:fldChar w:fldCharType='begin'/><w:instrText> QUOTE 68 68 69 32 99 109 100 </w:instrText><w:fldChar w:fldCharType='end'/><w:instrText> x</w:instrText><w:fldChar w:fldCharType='end'/>")]
    public void FieldInAnyDisguise_IsFound(string body) =>
        Assert.Equal(["DDE_COMMAND"], Letters.Codes(new DataExchangeLink(), "a.docx", CarrierWriter.WordPackage("", body)));

    [Theory]
    [InlineData("a.csv", "name,value\r\nx,=cmd|'/C calc'!A0\r\n", "DDE_COMMAND")]
    [InlineData("a.csv", "x;\"+cmd|'/C calc'!A0\"\r\n", "DDE_COMMAND")]
    [InlineData("a.csv", "=Excel|Book1!A1\r\n", "DDE_LINK")]
    [InlineData("a.slk", "ID;P\r\nC;X1;Y1;K0;Ecmd|'/C calc'!A0\r\nE\r\n", "DDE_COMMAND")]
    [InlineData("a.slk", "ID;P\r\nO;E\r\nNN;NAuto_open;ER1C1\r\nC;X1;Y1;EEXEC(\"calc\")\r\nE\r\n", "SHEET_MACRO")]
    public void SheetAsText_IsRead(string name, string text, string code) =>
        Assert.Equal(code, Letters.Codes(new DataExchangeLink(), name, Encoding.ASCII.GetBytes(text)).Distinct().Single());

    [Fact]
    public void OldWorkbook_SupBookIsRead()
    {
        byte[] name = [.. "cmd\u0003/c calc"u8];
        byte[] book = [0xAE, 1, (byte)(5 + name.Length), 0, 1, 0, (byte)name.Length, 0, 0, .. name];

        var finding = Assert.Single(Letters.Ask(new DataExchangeLink(), "a.xls", new CompoundFileWriter().Add("Workbook", [.. book, .. new byte[5000]]).ToArray()));
        Assert.Equal("cmd|/c calc", finding.Evidence);
    }

    [Fact]
    public void OldDocument_FieldIsRead() =>
        Assert.Equal(["DDE_COMMAND"], Letters.Codes(new DataExchangeLink(), "a.doc", new CompoundFileWriter().Add("WordDocument", [.. new byte[5000], 0x13, .. " DDEAUTO cmd.exe \"/k calc\" "u8, 0x14, .. "x"u8, 0x15]).ToArray()));

    [Theory]
    [InlineData("a.csv", "phone,=SUM(A1:A3)\r\nuse a | b, or \"!\"\r\n- item | other!\r\n")]
    [InlineData("a.txt", "| table | cell! |\r\n")]
    public void OrdinaryText_IsNot(string name, string text) => Assert.Empty(Letters.Codes(new DataExchangeLink(), name, Encoding.ASCII.GetBytes(text)));
}

using Sekisho.Inspection.Formats;

namespace Sekisho.Inspection.Tests.Formats;

public class NameTricksTests
{
    [Theory]
    [InlineData("a\u202Ecod.exe", NameTrick.TurnedAround)]
    [InlineData("a.p\u200Bdf", NameTrick.Invisible)]
    [InlineData("a.exe\0.pdf", NameTrick.Control)]
    [InlineData("請求書．exe", NameTrick.LookAlikeDot)]
    [InlineData("請求書。ｅｘｅ", NameTrick.LookAlikeDot)]
    [InlineData("a.exe. . ", NameTrick.Trailing)]
    [InlineData("a.pdf              .exe", NameTrick.ManyBlanks)]
    [InlineData("a.exe::$DATA", NameTrick.Stream)]
    [InlineData("a.bat\uFE0F", NameTrick.Invisible)]
    [InlineData("a.bat\U000E0020", NameTrick.Invisible)]
    [InlineData("旅行❤\uFE0F.jpg", NameTrick.None)]
    [InlineData("手順1\uFE0F\u20E3.pdf", NameTrick.None)]
    [InlineData("葛\U000E0100城.docx", NameTrick.None)]
    [InlineData("invoice.pdf", NameTrick.None)]
    [InlineData("資料 第１．２版.docx", NameTrick.None)]
    [InlineData("議事録（最終版）.docx", NameTrick.None)]
    [InlineData("a.pdf ", NameTrick.None)]
    public void Tricks_AreSeen(string name, NameTrick expected) => Assert.Equal(expected, NameTricks.Find(name));

    [Theory]
    [InlineData("請求書．exe")]
    [InlineData("a.exe\0.pdf")]
    [InlineData("a.e\u200Bxe")]
    [InlineData("a.ｅｘｅ")]
    [InlineData("a.EXE")]
    [InlineData("a.bat\uFE0F")]
    [InlineData("a.b\uFE0Fat")]
    [InlineData("a.bat\U000E0020\U000E0021")]
    [InlineData("a.b\U000E0020at")]
    [InlineData("a.exe ....")]
    public void Executables_AreSeenThroughThem(string name) => Assert.True(FileNames.IsExecutable(name));
}

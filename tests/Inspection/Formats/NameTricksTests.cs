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
    [InlineData("a.exe ....")]
    public void Executables_AreSeenThroughThem(string name) => Assert.True(FileNames.IsExecutable(name));
}

using System.Text;
using Sekisho.Inspection.Formats;

namespace Sekisho.Inspection.Tests.Formats;

public class LetterInFileTests
{
    [Theory]
    [InlineData("%PDF-1.7\r\n", "MIME-Version: 1.0\r\nContent-Type: multipart/related; boundary=b\r\n\r\n--b")]
    [InlineData("%PDF-1.7\n1 0 obj\n<<>>\nendobj\n", "Content-Type: text/x;\n\tMULTIPART/related;\n BOUNDARY=b\n")]
    [InlineData("\r\n\r\n\r\n", "From: a\r\nMIME-Version: 1.0\r\nX: y\r\n z\r\nContent-Type:\r\n multipart/related; boundary=b\r\n")]
    [InlineData("a multipart/mixed letter\r\n", "Content-Type: multipart/mixed; boundary=b")]
    [InlineData("", "Content-Type: multipart/mixed; boundary=b")]
    public void Header_IsFound(string before, string letter)
    {
        var from = 0;

        Assert.Equal(before.Length, LetterInFile.Find(Encoding.ASCII.GetBytes(before + letter), ref from));
    }

    [Theory]
    [InlineData("It is sent as multipart/mixed, the boundary is another.")]
    [InlineData("a/b/c/boundary")]
    [InlineData("ultipart/")]
    [InlineData("")]
    public void OrdinaryText_HasNone(string text)
    {
        var from = 0;

        Assert.Equal(-1, LetterInFile.Find(Encoding.ASCII.GetBytes(text), ref from));
        Assert.Empty(LetterInFile.Macros(Encoding.ASCII.GetBytes(text)));
    }

    [Fact]
    public void Macros_AreFoundByTheirFirstLetters() =>
        Assert.Equal([.. "ActiveMime"u8, 0, 1, 2], LetterInFile.Macros("xx QWN0aXZl\r\nTWltZQ== QWN0aXZlTWltZQAB\r\n Ag==--b"u8));

    [Fact]
    public void ManyTypes_EndInTime()
    {
        var octets = Encoding.ASCII.GetBytes(string.Concat(Enumerable.Repeat("multipart/b;\n", 200_000)));
        for (var from = 0; LetterInFile.Find(octets, ref from) >= 0;)
        {
        }
    }
}

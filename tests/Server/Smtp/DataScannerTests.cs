using System.Text;
using Sekisho.Smtp;
using Sekisho.Store;

namespace Sekisho.Server.Tests.Smtp;

public sealed class DataScannerTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("sekisho-scanner-").FullName;
    private readonly Spool _spool;

    public DataScannerTests() => _spool = new Spool(_folder);

    public void Dispose()
    {
        _spool.Dispose();
        Directory.Delete(_folder, recursive: true);
    }

    /// <summary>What is swallowed has an end: nothing that is dropped goes uncounted.</summary>
    [Theory]
    [InlineData("\n")]
    [InlineData("\ra")]
    [InlineData("\0")]
    public void DroppedOctetsAreCounted(string octets)
    {
        using var writer = _spool.NewWriter();
        var scanner = new DataScanner(writer, dotStuffed: true, normalise: false, 1000, 1000, null);
        scanner.Feed(Encoding.ASCII.GetBytes(string.Concat(Enumerable.Repeat(octets, 5000))), out _);
        Assert.InRange(scanner.Dropped, 5000 * octets.Length - 2, 5000 * octets.Length);
    }

    [Theory]
    [InlineData(".\r\n", "")]
    [InlineData("a\r\n.\r\n", "a\r\n")]
    [InlineData("..\r\n.\r\n", ".\r\n")]
    [InlineData("...\r\n.\r\n", "..\r\n")]
    [InlineData(".a\r\n.\r\n", "a\r\n")]
    [InlineData("a\r\n..b\r\n\r\n.\r\n", "a\r\n.b\r\n\r\n")]
    [InlineData("a.\r\n.\r\n", "a.\r\n")]
    [InlineData("\r\n\r\n.\r\n", "\r\n\r\n")]
    public void DotsAreUnstuffedAndTheEndIsFound(string wire, string letter)
    {
        foreach (var cut in AllCuts(wire + "QUIT\r\n"))
        {
            var (text, fault, rest) = Scan(cut, wire.Length);
            Assert.Equal(DataFault.None, fault);
            Assert.Equal(letter, text);
            Assert.Equal("QUIT\r\n", rest);
        }
    }

    [Theory]
    [InlineData("a\nb\r\n.\r\n")]
    [InlineData("a\rb\r\n.\r\n")]
    [InlineData("a\r\rb\r\n.\r\n")]
    [InlineData("a\r\r\n.\r\n")]
    [InlineData("a\n.\nb\r\n.\r\n")]
    [InlineData("a\n.\r\nb\r\n.\r\n")]
    [InlineData("a\r\n.\nb\r\n.\r\n")]
    [InlineData("a\r\n.\rb\r\n.\r\n")]
    [InlineData("a\r.\r\nb\r\n.\r\n")]
    [InlineData("a\r\n.\r\r\nb\r\n.\r\n")]
    [InlineData("\n.\n\r\n.\r\n")]
    public void BareLineEndsAreFoundAndNeverEndTheLetter(string wire)
    {
        foreach (var cut in AllCuts(wire + "QUIT\r\n"))
        {
            var (_, fault, rest) = Scan(cut, wire.Length);
            Assert.Equal(DataFault.BareLineEnd, fault);
            Assert.Equal("QUIT\r\n", rest);
        }
    }

    [Theory]
    [InlineData("a\nb\r\n.\r\n", "a\r\nb\r\n")]
    [InlineData("a\rb\r\n.\r\n", "a\r\nb\r\n")]
    [InlineData("a\r\r\n.\r\n", "a\r\n\r\n")]
    [InlineData("a\n.\nb\r\n.\r\n", "a\r\n.\r\nb\r\n")]
    [InlineData("a\r\n.\nb\r\n.\r\n", "a\r\n\r\nb\r\n")]
    public void BareLineEndsAreNormalisedWhereAskedFor(string wire, string letter)
    {
        foreach (var cut in AllCuts(wire + "QUIT\r\n"))
        {
            var (text, fault, rest) = Scan(cut, wire.Length, normalise: true);
            Assert.Equal(DataFault.None, fault);
            Assert.Equal(letter, text);
            Assert.Equal("QUIT\r\n", rest);
        }
    }

    [Fact]
    public void NulIsRefusedEvenWhenNormalising()
    {
        Assert.Equal(DataFault.Nul, Scan([Encoding.Latin1.GetBytes("a\0b\r\n.\r\n")], 8, normalise: true).Fault);
        Assert.Equal(DataFault.Nul, Scan([Encoding.Latin1.GetBytes("a\0b\r\n.\r\n")], 8).Fault);
    }

    [Fact]
    public void LimitsCountOctetsOfTheLetterNotOfTheWire()
    {
        Assert.Equal(DataFault.None, Scan([Encoding.Latin1.GetBytes("..34567\r\n.\r\n")], 12, maxSize: 8).Fault);
        Assert.Equal(DataFault.TooLarge, Scan([Encoding.Latin1.GetBytes("..345678\r\n.\r\n")], 13, maxSize: 8).Fault);
    }

    [Theory]
    [InlineData("A: 1\r\n\r\nlong body far beyond the header's limit\r\n.\r\n", DataFault.None)]
    [InlineData("A: 1\r\nB: 2345678\r\n\r\nbody\r\n.\r\n", DataFault.HeaderTooLarge)]
    [InlineData("A: 23456789012345678901234567890\r\n.\r\n", DataFault.HeaderTooLarge)]
    public void TheHeaderBlockHasALimitOfItsOwn(string wire, DataFault expected)
    {
        foreach (var cut in AllCuts(wire))
        {
            Assert.Equal(expected, Scan(cut, wire.Length, maxHeader: 16).Fault);
        }
    }

    [Theory]
    [InlineData("12345678\r\n.\r\n", DataFault.None)]
    [InlineData("123456789\r\n.\r\n", DataFault.LineTooLong)]
    [InlineData("1\r\n123456789\r\n2\r\n.\r\n", DataFault.LineTooLong)]
    public void LinesHaveALimitWhereAskedFor(string wire, DataFault expected)
    {
        foreach (var cut in AllCuts(wire))
        {
            Assert.Equal(expected, Scan(cut, wire.Length, maxLine: 10).Fault);
        }
    }

    [Fact]
    public void ChunksKnowNoDots()
    {
        using var writer = _spool.NewWriter();
        var scanner = new DataScanner(writer, dotStuffed: false, false, 1000, 1000, null);
        Assert.Equal(9, scanner.Feed("..\r\n.\r\na\r"u8, out var ended));
        scanner.Feed("\nb"u8, out _);
        scanner.Finish();
        Assert.False(ended);
        Assert.Equal(DataFault.None, scanner.Fault);
        Assert.Equal("..\r\n.\r\na\r\nb", Text(writer));
    }

    [Fact]
    public void AChunkThatEndsInCarriageReturnIsBare()
    {
        using var writer = _spool.NewWriter();
        var scanner = new DataScanner(writer, dotStuffed: false, false, 1000, 1000, null);
        scanner.Feed("a\r"u8, out _);
        scanner.Finish();
        Assert.Equal(DataFault.BareLineEnd, scanner.Fault);
    }

    [Fact]
    public void NothingIsKeptAfterAFault()
    {
        using var writer = _spool.NewWriter();
        var scanner = new DataScanner(writer, dotStuffed: true, false, 10, 1000, null);
        for (var i = 0; i < 1000; i++)
        {
            scanner.Feed(new byte[1000].AsSpan(), out _);
        }

        Assert.True(writer.Length <= 1000);
        Assert.Equal(1_000_000 - writer.Length, scanner.Dropped);
    }

    /// <summary>The wire in one piece, in every two pieces, and octet by octet: where TCP cuts must not matter.</summary>
    private static IEnumerable<byte[][]> AllCuts(string wire)
    {
        var octets = Encoding.Latin1.GetBytes(wire);
        yield return [octets];
        for (var i = 1; i < octets.Length; i++)
        {
            yield return [octets[..i], octets[i..]];
        }

        yield return [.. octets.Select(o => new[] { o })];
    }

    private (string Text, DataFault Fault, string Left) Scan(
        byte[][] pieces, int end, bool normalise = false, long maxSize = 1000, int maxHeader = 1000, int? maxLine = null)
    {
        using var writer = _spool.NewWriter();
        var scanner = new DataScanner(writer, dotStuffed: true, normalise, maxSize, maxHeader, maxLine);
        var rest = new StringBuilder();
        var consumed = 0;
        var ended = false;
        foreach (var piece in pieces)
        {
            var taken = ended ? 0 : scanner.Feed(piece, out ended);
            consumed += taken;
            rest.Append(Encoding.Latin1.GetString(piece.AsSpan(taken)));
        }

        Assert.True(ended);
        Assert.Equal(end, consumed);
        return (Text(writer), scanner.Fault, rest.ToString());
    }

    private static string Text(OctetsWriter writer)
    {
        using var octets = writer.Complete();
        using var reader = new StreamReader(octets.OpenRead(), Encoding.Latin1);
        return reader.ReadToEnd();
    }
}

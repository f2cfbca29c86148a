using System.IO.Compression;
using System.Text;
using Sekisho.Inspection.Formats;
using Sekisho.SampleMaker;

namespace Sekisho.Inspection.Tests.Formats;

public class PdfFiltersTests
{
    /// <summary>The example of ISO 32000-1 section 7.4.4.2.</summary>
    [Fact]
    public void Lzw_FollowsTheStandardsExample() => Assert.Equal([45, 45, 45, 45, 45, 65, 45, 45, 45, 66], Undo("LZWDecode", [0x80, 0x0B, 0x60, 0x50, 0x22, 0x0C, 0x0C, 0x85, 0x01]));

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Lzw_GrowsItsCodes_EarlyOrNot(bool early)
    {
        var random = new Random(7);
        var text = Enumerable.Range(0, 20_000).Select(_ => (byte)random.Next(40)).ToArray();

        Assert.Equal(text, PdfFilters.Undo("LZW", new PdfFilters.Parameters(EarlyChange: early), PdfFilterWriter.Lzw(text, early), 1 << 20, Budget()));
    }

    [Fact]
    public void RunLengths_AreUndone() => Assert.Equal([1, 2, 3, 7, 7, 7, 7], Undo("RunLengthDecode", [2, 1, 2, 3, 253, 7, 128, 9, 9]));

    [Theory]
    [InlineData("9jqo^BlbD-~>")]
    [InlineData("<~9jqo^\nBlbD-~>rubbish")]
    public void Ascii85_IsUndone(string text) => Assert.Equal("Man is d", Encoding.ASCII.GetString(Undo("A85", Encoding.ASCII.GetBytes(text))!));

    [Fact]
    public void Hexadecimal_EndsAtItsMark() => Assert.Equal([0x61, 0x60], Undo("ASCIIHexDecode", "61 6>62"u8.ToArray()));

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(4)]
    public void PngPredictors_AreUndone(int kind)
    {
        byte[] rows = [10, 20, 30, 40, 50, 60, 15, 25, 35, 45, 55, 65];
        var predicted = PdfFilterWriter.Png(rows, 6, 3, kind);

        Assert.Equal(rows, PdfFilters.Undo("FlateDecode", new PdfFilters.Parameters(12, 3, 8, 2), Deflate(predicted), 1 << 20, Budget()));
    }

    [Fact]
    public void TiffPredictor_IsUndone() =>
        Assert.Equal([1, 3, 6, 4, 9, 15], PdfFilters.Undo("Fl", new PdfFilters.Parameters(2, 1, 8, 3), Deflate([1, 2, 3, 4, 5, 6]), 1 << 20, Budget()));

    [Fact]
    public void UnknownFilter_GivesNothing() => Assert.Null(Undo("DCTDecode", [1, 2, 3]));

    [Fact]
    public void Bomb_EndsAtTheBound()
    {
        var packed = PdfFilterWriter.Lzw(new byte[4 << 20], early: true);

        Assert.InRange(PdfFilters.Undo("LZW", new PdfFilters.Parameters(), packed, 1 << 20, Budget())!.Length, 1 << 20, (1 << 20) + 4096);
        Assert.Throws<InvalidDataException>(() => PdfFilters.Undo("LZW", new PdfFilters.Parameters(), packed, 64 << 20, new ReadBudget(TimeProvider.System, TimeSpan.FromMinutes(1), 1 << 20)));
    }

    /// <summary>Object streams with filters in a row, with a predictor, and parameters by position.</summary>
    [Fact]
    public void ChainOfFilters_HidesNoObject()
    {
        var values = "9 0 << /S /Launch /F (calc.exe) >>"u8.ToArray();
        var content = Convert.ToHexString(PdfFilterWriter.Lzw(PdfFilterWriter.Png(values, 5, 1, 2), early: false)) + ">";
        var found = new CarrierContents();
        PdfFile.Find(CarrierWriter.Pdf($"<< /Type /ObjStm /N 1 /First 4 /Filter [ /AHx /LZW ] /DecodeParms [ null << /Predictor 12 /Columns 5 /EarlyChange 0 >> ] /Length {content.Length} >>\nstream\n{content}\nendstream"), Budget(), found);

        Assert.Contains(new CarrierSign(SignKind.PdfLaunch, "calc.exe"), found.Signs);
    }

    private static byte[]? Undo(string filter, byte[] octets) => PdfFilters.Undo(filter, new PdfFilters.Parameters(), octets, 1 << 20, Budget());

    private static byte[] Deflate(byte[] octets)
    {
        using var packed = new MemoryStream();
        using (var zlib = new ZLibStream(packed, CompressionLevel.Fastest, leaveOpen: true))
        {
            zlib.Write(octets);
        }

        return packed.ToArray();
    }

    private static ReadBudget Budget() => new(TimeProvider.System, TimeSpan.FromMinutes(1), 256 << 20);
}

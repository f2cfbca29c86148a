using System.Buffers.Binary;
using System.Globalization;
using System.Text;

namespace Sekisho.Inspection.Formats;

/// <summary>Reads fonts, cell formats, row heights and column widths out of the records of Excel 5 to 2003 (MS-XLS sections 2.4.122, 2.4.126, 2.4.353, 2.4.260 and 2.4.53).</summary>
/// <param name="isBiff8">False for the narrower records of Excel 5 and 95.</param>
internal sealed class BiffLook(bool isBiff8)
{
    private const int MaxStyles = 65_536;
    private readonly List<(string Name, double Size, int Flags, int Color, int Weight, int Underline)> fonts = [];
    private readonly Dictionary<int, string> formats = [];
    private readonly List<byte[]> raw = [];
    private List<XlmStyle>? styles;

    /// <summary>Takes a record of the workbook's globals. May throw <see cref="ArgumentException"/> where it breaks off.</summary>
    public void Global(int id, ReadOnlySpan<byte> data, Encoding encoding)
    {
        switch (id)
        {
            case 0x0031 when fonts.Count < MaxStyles:
                var wide = isBiff8 && (data[15] & 1) != 0;
                var name = isBiff8 ? (wide ? Encoding.Unicode : Encoding.Latin1).GetString(data.Slice(16, data[14] * (wide ? 2 : 1))) : encoding.GetString(data.Slice(15, data[14]));
                fonts.Add((name, BinaryPrimitives.ReadUInt16LittleEndian(data) / 20d, data[2], BinaryPrimitives.ReadUInt16LittleEndian(data[4..]), BinaryPrimitives.ReadUInt16LittleEndian(data[6..]), data[10]));
                break;
            case 0x041E when formats.Count < MaxStyles:
                formats[BinaryPrimitives.ReadUInt16LittleEndian(data)] = isBiff8
                    ? ((data[4] & 1) != 0 ? Encoding.Unicode : Encoding.Latin1).GetString(data.Slice(5, BinaryPrimitives.ReadUInt16LittleEndian(data[2..]) * ((data[4] & 1) != 0 ? 2 : 1)))
                    : encoding.GetString(data.Slice(3, data[2]));
                break;
            case 0x00E0 when raw.Count < MaxStyles:
                raw.Add(data.ToArray());
                break;
        }
    }

    /// <summary>What the sheets' records are noted in.</summary>
    public XlmLook NewSheet() => new() { Styles = styles ??= [.. raw.Select(Style)], Untouched = 15 };

    /// <summary>Takes a record of a sheet. May throw <see cref="ArgumentException"/> where it breaks off.</summary>
    public static void Sheet(XlmLook look, int id, ReadOnlySpan<byte> data)
    {
        switch (id)
        {
            case 0x0006 or 0x0206 or 0x0406 or 0x00FD or 0x0204 or 0x00D6 or 0x0203 or 0x027E or 0x007E or 0x0205 or 0x0201:
                look.Cell(Number(data), Number(data[2..]), Number(data[4..]));
                break;
            case 0x00BE or 0x00BD:
                var (step, column) = (id == 0x00BE ? 2 : 6, Number(data[2..]));
                for (var at = 4; at + step <= data.Length - 2; at += step)
                {
                    look.Cell(Number(data), column++, Number(data[at..]));
                }

                break;
            case 0x0208:
                look.Row(Number(data), (Number(data[6..]) & 0x7FFF) / 20d);
                break;
            case 0x0225:
                look.RowHeight = Number(data[2..]) / 20d;
                break;
            case 0x0055:
                look.ColumnWidth = Number(data);
                break;
            case 0x007D:
                look.Columns(Number(data), Number(data[2..]), Math.Round(Number(data[4..]) / 256d, 2));
                break;
        }
    }

    private static int Number(ReadOnlySpan<byte> data) => BinaryPrimitives.ReadUInt16LittleEndian(data);

    private XlmStyle Style(byte[] xf)
    {
        if (xf.Length < (isBiff8 ? 20 : 16))
        {
            return new XlmStyle();
        }

        var font = Number(xf);
        font -= font > 4 ? 1 : 0; // There is no fifth font.
        var (letters, isKnown) = font < fonts.Count ? (fonts[font], true) : (default, false);
        var colors = Number(xf.AsSpan(isBiff8 ? 18 : 8));
        return new XlmStyle
        {
            NumberFormat = formats.GetValueOrDefault(Number(xf.AsSpan(2))) ?? BuiltIn(Number(xf.AsSpan(2))),
            FontName = isKnown ? letters.Name : "",
            FontSize = letters.Size,
            IsBold = letters.Weight >= 600,
            IsItalic = (letters.Flags & 2) != 0,
            IsStruck = (letters.Flags & 8) != 0,
            IsUnderlined = letters.Underline != 0,
            FontColor = isKnown ? XlmLook.Color(letters.Color) : -1,
            Horizontal = (xf[6] & 7) + 1,
            IsWrapped = (xf[6] & 8) != 0,
            Vertical = ((xf[6] >> 4) & 7) + 1,
            Pattern = isBiff8 ? xf[17] >> 2 : Number(xf.AsSpan(10)) & 0x3F,
            Fore = XlmLook.Color(colors & 0x7F),
            Back = XlmLook.Color((colors >> 7) & 0x7F),
            IsLocked = (xf[4] & 1) != 0,
            IsHidden = (xf[4] & 2) != 0,
        };
    }

    /// <summary>The number formats that no file writes out (ECMA-376 part 1 section 18.8.30), as far as their words are the same everywhere.</summary>
    public static string BuiltIn(int number) => number switch
    {
        0 => "General",
        1 => "0",
        2 => "0.00",
        3 => "#,##0",
        4 => "#,##0.00",
        9 => "0%",
        10 => "0.00%",
        11 => "0.00E+00",
        12 => "# ?/?",
        13 => "# ??/??",
        49 => "@",
        _ => string.Create(CultureInfo.InvariantCulture, $"{{format {number}}}"),
    };
}

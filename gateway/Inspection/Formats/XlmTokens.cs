using System.Buffers.Binary;
using System.Globalization;
using System.Text;

namespace Sekisho.Inspection.Formats;

/// <summary>The generations of Excel's binary formats whose formula tokens differ in width.</summary>
internal enum BiffVersion
{
    /// <summary>Excel 2.</summary>
    Biff2,

    /// <summary>Excel 3.</summary>
    Biff3,

    /// <summary>Excel 4.</summary>
    Biff4,

    /// <summary>Excel 5 and 95.</summary>
    Biff5,

    /// <summary>Excel 97 to 2003 (MS-XLS).</summary>
    Biff8,

    /// <summary>Excel binary workbooks (MS-XLSB).</summary>
    Biff12,
}

/// <summary>Turns formula tokens (MS-XLS section 2.5.198, MS-XLSB section 2.5.97) into the text that Excel would show.</summary>
/// <param name="version">Decides the widths.</param>
/// <param name="encoding">Of strings in formulas up to Excel 95.</param>
/// <param name="sheetOf">The sheet that a 3-D reference names, by its index; null where there is none.</param>
/// <param name="nameOf">A defined name by its index from 1.</param>
/// <param name="externalOf">A name outside, or in the workbook itself, by reference index and name index from 1.</param>
internal sealed class XlmTokens(BiffVersion version, Encoding encoding, Func<int, string?> sheetOf, Func<int, string> nameOf, Func<int, int, string> externalOf)
{
    /// <summary>Longest text of one formula; tokens can be nested so that text grows, so it is cut there.</summary>
    public const int MaxText = 32_767;

    private const int MaxOperands = 1024;
    private static readonly string[] Operators = ["+", "-", "*", "/", "^", "&", "<", "<=", "=", ">=", ">", "<>", " ", ",", ":"];

    /// <summary>Characters written in all, intermediate ones too: one shared formula may stand for every cell of a sheet.</summary>
    private long workLeft = 128 << 20;

    /// <summary>Up to Excel 95: strings of single octets, rows of 14 bits.</summary>
    private bool IsOld => version <= BiffVersion.Biff5;

    private int RefSize => version == BiffVersion.Biff8 ? 4 : IsOld ? 3 : 6;

    private int AreaSize => version == BiffVersion.Biff8 ? 8 : IsOld ? 6 : 12;

    /// <summary>Octets of a function's number: one in Excel 2 and 3.</summary>
    private int FunctionSize => version <= BiffVersion.Biff3 ? 1 : 2;

    /// <summary>The cell whose shared or array formula stands for this one, where the tokens say so (PtgExp); null otherwise.</summary>
    public static (int Row, int Column)? SharedAt(ReadOnlySpan<byte> tokens, ReadOnlySpan<byte> extra, BiffVersion version) =>
        tokens.Length < (version == BiffVersion.Biff2 ? 4 : 5) || tokens[0] != 0x01 ? null
        : version == BiffVersion.Biff2 ? (BinaryPrimitives.ReadUInt16LittleEndian(tokens[1..]), tokens[3])
        : version == BiffVersion.Biff12
            ? (BinaryPrimitives.ReadInt32LittleEndian(tokens[1..]), extra.Length >= 4 ? BinaryPrimitives.ReadInt32LittleEndian(extra) : -1)
            : (BinaryPrimitives.ReadUInt16LittleEndian(tokens[1..]), BinaryPrimitives.ReadUInt16LittleEndian(tokens[3..]));

    /// <summary>The formula's text without the equals sign; null where the tokens cannot be read.</summary>
    /// <param name="tokens">The octets of the tokens (rgce).</param>
    /// <param name="row">The cell's row, for relative references.</param>
    /// <param name="column">The cell's column.</param>
    public string? ToText(ReadOnlySpan<byte> tokens, int row, int column)
    {
        try
        {
            return Render(tokens, row, column);
        }
        catch (Exception e) when (e is ArgumentException or IndexOutOfRangeException or InvalidOperationException)
        {
            return null; // Tokens that break off, or take more operands than there are.
        }
    }

    private string Render(ReadOnlySpan<byte> tokens, int row, int column)
    {
        var stack = new Stack<string>();
        var at = 0;
        void Push(string text)
        {
            text = text.Length > MaxText ? text[..MaxText] : text;
            workLeft -= text.Length;
            if (stack.Count >= MaxOperands || workLeft < 0)
            {
                throw new InvalidOperationException("Too many operands.");
            }

            stack.Push(text);
        }

        while (at < tokens.Length)
        {
            var token = tokens[at++];
            // Operand classes (reference, value, array) make no difference to the text.
            var kind = token < 0x20 ? token : (token & 0x1F) | 0x20;
            var rest = tokens[at..];
            switch (kind)
            {
                case >= 0x03 and <= 0x11:
                    var right = stack.Pop();
                    Push(stack.Pop() + Operators[kind - 3] + right);
                    break;
                case 0x12 or 0x13:
                    Push((kind == 0x12 ? "+" : "-") + stack.Pop());
                    break;
                case 0x14:
                    Push(stack.Pop() + "%");
                    break;
                case 0x15:
                    Push("(" + stack.Pop() + ")");
                    break;
                case 0x16:
                    Push("");
                    break;
                case 0x17:
                    Push(XlmText.Quote(String(rest, out var used)));
                    at += used;
                    break;
                case 0x18:
                    at += rest[0] == 0x19 && version == BiffVersion.Biff12 ? 13 : 5; // A table's reference, or words of natural-language formulas.
                    break;
                case 0x19 when version == BiffVersion.Biff2:
                    at += (rest[0] & 0x04) != 0 ? 3 + rest[1] : 2;
                    if ((rest[0] & 0x10) != 0)
                    {
                        Push("SUM(" + stack.Pop() + ")");
                    }

                    break;
                case 0x1A or 0x1B when version < BiffVersion.Biff5:
                    at += kind == 0x1A ? version == BiffVersion.Biff2 ? 7 : 10 : version == BiffVersion.Biff2 ? 3 : 4; // A reference into another file stands between these two.
                    break;
                case 0x19:
                    at += 3;
                    if ((rest[0] & 0x04) != 0)
                    {
                        at += (BinaryPrimitives.ReadUInt16LittleEndian(rest[1..]) + 1) * 2;
                    }
                    else if ((rest[0] & 0x10) != 0)
                    {
                        Push("SUM(" + stack.Pop() + ")");
                    }

                    break;
                case 0x1C:
                    Push(XlmText.Error(rest[0]));
                    at++;
                    break;
                case 0x1D:
                    Push(rest[0] != 0 ? "TRUE" : "FALSE");
                    at++;
                    break;
                case 0x1E:
                    Push(BinaryPrimitives.ReadUInt16LittleEndian(rest).ToString(CultureInfo.InvariantCulture));
                    at += 2;
                    break;
                case 0x1F:
                    Push(XlmText.Number(BinaryPrimitives.ReadDoubleLittleEndian(rest)));
                    at += 8;
                    break;
                case 0x20:
                    Push("{}");
                    at += version == BiffVersion.Biff12 ? 14 : version == BiffVersion.Biff2 ? 6 : 7;
                    break;
                case 0x21:
                    var fixedIndex = FunctionSize == 1 ? rest[0] : BinaryPrimitives.ReadUInt16LittleEndian(rest);
                    at += FunctionSize;
                    Push(Call(stack, XlmFunctions.Name(fixedIndex), XlmFunctions.ArgumentCount(fixedIndex)));
                    break;
                case 0x22:
                    var count = rest[0] & 0x7F;
                    int index = FunctionSize == 1 ? rest[1] : BinaryPrimitives.ReadUInt16LittleEndian(rest[1..]);
                    at += 1 + FunctionSize;
                    Push((index & 0x8000) != 0 ? Call(stack, XlmFunctions.Command(index & 0x7FFF), count)
                        : index == XlmFunctions.User && count > 0 ? Call(stack, null, count) : Call(stack, XlmFunctions.Name(index), count));
                    break;
                case 0x23:
                    Push(nameOf(IsOld ? BinaryPrimitives.ReadUInt16LittleEndian(rest) : (int)Math.Min(BinaryPrimitives.ReadUInt32LittleEndian(rest), int.MaxValue)));
                    at += version switch { BiffVersion.Biff2 => 7, BiffVersion.Biff3 or BiffVersion.Biff4 => 10, BiffVersion.Biff5 => 14, _ => 4 };
                    break;
                case 0x24 or 0x2C:
                    Push(Reference(rest, row, column, kind == 0x2C));
                    at += RefSize;
                    break;
                case 0x25 or 0x2D:
                    Push(Area(rest, row, column, kind == 0x2D));
                    at += AreaSize;
                    break;
                case 0x26 or 0x27 or 0x28:
                    at += version == BiffVersion.Biff2 ? 4 : 6;
                    break;
                case 0x29 or 0x2E or 0x2F:
                    at += version == BiffVersion.Biff2 ? 1 : 2;
                    break;
                case 0x38 when version <= BiffVersion.Biff3:
                    Push(Call(stack, XlmFunctions.Command(rest[1]), rest[0] & 0x7F));
                    at += 2;
                    break;
                case 0x2A:
                    Push("#REF!");
                    at += RefSize;
                    break;
                case 0x2B:
                    Push("#REF!");
                    at += AreaSize;
                    break;
                case 0x39:
                    Push(version == BiffVersion.Biff5
                        ? externalOf(BinaryPrimitives.ReadInt16LittleEndian(rest), BinaryPrimitives.ReadUInt16LittleEndian(rest[10..]))
                        : externalOf(BinaryPrimitives.ReadUInt16LittleEndian(rest), (int)Math.Min(BinaryPrimitives.ReadUInt32LittleEndian(rest[2..]), int.MaxValue)));
                    at += version == BiffVersion.Biff5 ? 24 : 6;
                    break;
                case 0x3A or 0x3B or 0x3C or 0x3D:
                    var head = version == BiffVersion.Biff5 ? 14 : 2;
                    var sheet = sheetOf(version == BiffVersion.Biff5 ? BinaryPrimitives.ReadInt16LittleEndian(rest[10..]) : BinaryPrimitives.ReadUInt16LittleEndian(rest));
                    var before = sheet is null ? "#REF!" : XlmText.Sheet(sheet) + "!";
                    Push(kind >= 0x3C ? "#REF!" : before + (kind == 0x3A ? Reference(rest[head..], row, column, false) : Area(rest[head..], row, column, false)));
                    at += head + ((kind & 1) == 0 ? RefSize : AreaSize);
                    break;
                case 0x01 or 0x02:
                    throw new InvalidOperationException("A shared formula that is not there.");
                default:
                    throw new InvalidOperationException("Not a token.");
            }
        }

        return stack.Pop();
    }

    private static string Call(Stack<string> stack, string? name, int count)
    {
        var arguments = new string[count];
        for (var i = count - 1; i >= 0; i--)
        {
            arguments[i] = stack.Pop();
        }

        return name is null ? $"{arguments[0]}({string.Join(',', arguments[1..])})" : $"{name}({string.Join(',', arguments)})";
    }

    private string String(ReadOnlySpan<byte> rest, out int used)
    {
        if (version == BiffVersion.Biff12)
        {
            var length = BinaryPrimitives.ReadUInt16LittleEndian(rest);
            used = 2 + (length * 2);
            return Encoding.Unicode.GetString(rest.Slice(2, length * 2));
        }

        var count = (int)rest[0];
        if (IsOld)
        {
            used = 1 + count;
            return encoding.GetString(rest.Slice(1, count));
        }

        var wide = (rest[1] & 1) != 0;
        used = 2 + (wide ? count * 2 : count);
        return (wide ? Encoding.Unicode : Encoding.Latin1).GetString(rest[2..used]);
    }

    private string Reference(ReadOnlySpan<byte> at, int row, int column, bool relative)
    {
        var (cellRow, flags) = version switch
        {
            <= BiffVersion.Biff5 => (BinaryPrimitives.ReadUInt16LittleEndian(at) & 0x3FFF, (BinaryPrimitives.ReadUInt16LittleEndian(at) & 0xC000) | at[2]),
            BiffVersion.Biff8 => (BinaryPrimitives.ReadUInt16LittleEndian(at), BinaryPrimitives.ReadUInt16LittleEndian(at[2..])),
            _ => (BinaryPrimitives.ReadInt32LittleEndian(at), BinaryPrimitives.ReadUInt16LittleEndian(at[4..])),
        };
        return Cell(cellRow, flags, row, column, relative);
    }

    private string Area(ReadOnlySpan<byte> at, int row, int column, bool relative)
    {
        int first, last, firstFlags, lastFlags;
        if (IsOld)
        {
            var (a, b) = (BinaryPrimitives.ReadUInt16LittleEndian(at), BinaryPrimitives.ReadUInt16LittleEndian(at[2..]));
            (first, last, firstFlags, lastFlags) = (a & 0x3FFF, b & 0x3FFF, (a & 0xC000) | at[4], (b & 0xC000) | at[5]);
        }
        else if (version == BiffVersion.Biff8)
        {
            (first, last) = (BinaryPrimitives.ReadUInt16LittleEndian(at), BinaryPrimitives.ReadUInt16LittleEndian(at[2..]));
            (firstFlags, lastFlags) = (BinaryPrimitives.ReadUInt16LittleEndian(at[4..]), BinaryPrimitives.ReadUInt16LittleEndian(at[6..]));
        }
        else
        {
            (first, last) = (BinaryPrimitives.ReadInt32LittleEndian(at), BinaryPrimitives.ReadInt32LittleEndian(at[4..]));
            (firstFlags, lastFlags) = (BinaryPrimitives.ReadUInt16LittleEndian(at[8..]), BinaryPrimitives.ReadUInt16LittleEndian(at[10..]));
        }

        return Cell(first, firstFlags, row, column, relative) + ":" + Cell(last, lastFlags, row, column, relative);
    }

    /// <summary>Bit 15 says that the row is relative, bit 14 that the column is; in shared formulas those are distances, which wrap at the sheet's edge.</summary>
    private string Cell(int cellRow, int flags, int row, int column, bool relative)
    {
        var cellColumn = flags & 0x3FFF;
        if (relative)
        {
            var (rows, columns) = version switch
            {
                <= BiffVersion.Biff5 => (0x4000, 0x100),
                BiffVersion.Biff8 => (0x10000, 0x100),
                _ => (0x100000, 0x4000),
            };
            cellRow = (flags & 0x8000) != 0 ? (int)(((uint)row + (uint)cellRow) % (uint)rows) : cellRow;
            cellColumn = (flags & 0x4000) != 0 ? (column + cellColumn) % columns : cellColumn;
        }

        if (cellRow is < 0 or > 0xFFFFF)
        {
            throw new InvalidOperationException("No such row.");
        }

        return ((flags & 0x4000) == 0 ? "$" : "") + XlmText.Column(cellColumn) + ((flags & 0x8000) == 0 ? "$" : "") + (cellRow + 1).ToString(CultureInfo.InvariantCulture);
    }
}

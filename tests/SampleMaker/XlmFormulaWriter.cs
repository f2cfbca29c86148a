using System.Buffers.Binary;
using System.Text;

namespace Sekisho.SampleMaker;

/// <summary>Writes formula tokens (MS-XLS section 2.5.198) in the order in which Excel works them out: operands first.</summary>
/// <param name="isBinaryWorkbook">True for the wider tokens of MS-XLSB.</param>
public sealed class XlmFormulaWriter(bool isBinaryWorkbook = false)
{
    private readonly MemoryStream tokens = new();

    /// <summary>A string constant.</summary>
    public XlmFormulaWriter Text(string text)
    {
        tokens.WriteByte(0x17);
        if (isBinaryWorkbook)
        {
            Number16(text.Length);
        }
        else
        {
            tokens.WriteByte((byte)text.Length);
            tokens.WriteByte(1);
        }

        tokens.Write(Encoding.Unicode.GetBytes(text));
        return this;
    }

    /// <summary>A whole number from 0 to 65,535.</summary>
    public XlmFormulaWriter Number(int number)
    {
        tokens.WriteByte(0x1E);
        return Number16(number);
    }

    /// <summary>A cell on the formula's own sheet.</summary>
    public XlmFormulaWriter Cell(int row, int column)
    {
        tokens.WriteByte(0x44);
        return Place(row, column);
    }

    /// <summary>A cell on a sheet, by its index.</summary>
    public XlmFormulaWriter Cell(int sheet, int row, int column)
    {
        tokens.WriteByte(0x5A);
        Number16(sheet);
        return Place(row, column);
    }

    /// <summary>A defined name by its index from 1.</summary>
    public XlmFormulaWriter Name(int index)
    {
        tokens.WriteByte(0x43);
        Number16(index);
        return Number16(0);
    }

    /// <summary>A missing argument.</summary>
    public XlmFormulaWriter Missing() => Operator(0x16);

    /// <summary>An operator by its token: 0x03 plus, 0x08 joining, 0x09 less, 0x0B equal.</summary>
    public XlmFormulaWriter Operator(byte token)
    {
        tokens.WriteByte(token);
        return this;
    }

    /// <summary>A function of a fixed number of arguments (Ftab).</summary>
    public XlmFormulaWriter Fixed(int function)
    {
        tokens.WriteByte(0x41);
        return Number16(function);
    }

    /// <summary>A function of any number of arguments (Ftab); a command with 0x8000 added (Cetab).</summary>
    public XlmFormulaWriter Call(int arguments, int function)
    {
        tokens.WriteByte(0x42);
        tokens.WriteByte((byte)arguments);
        return Number16(function);
    }

    /// <summary>A reference to the shared formula whose first cell is given.</summary>
    public XlmFormulaWriter Shared(int row, int column)
    {
        tokens.WriteByte(0x01);
        Number16(row);
        return Number16(column);
    }

    /// <summary>A cell so many rows and columns away, for shared formulas.</summary>
    public XlmFormulaWriter Distance(int rows, int columns)
    {
        tokens.WriteByte(0x4C);
        return Number16(rows).Number16((columns & 0xFF) | 0xC000);
    }

    /// <summary>The tokens.</summary>
    public byte[] ToArray() => tokens.ToArray();

    private XlmFormulaWriter Place(int row, int column)
    {
        Number16(row);
        if (isBinaryWorkbook)
        {
            Number16(0);
        }

        return Number16(column);
    }

    private XlmFormulaWriter Number16(int number)
    {
        Span<byte> octets = stackalloc byte[2];
        BinaryPrimitives.WriteUInt16LittleEndian(octets, (ushort)number);
        tokens.Write(octets);
        return this;
    }
}

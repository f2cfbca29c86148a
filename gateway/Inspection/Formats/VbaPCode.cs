using System.Buffers.Binary;

namespace Sekisho.Inspection.Formats;

/// <summary>One instruction of a compiled VBA line.</summary>
/// <param name="Code">Which, in the numbering of 32-bit Office; <see cref="VbaPCode.Unknown"/> for two octets that could not be told apart.</param>
/// <param name="Flags">The upper six bits of the instruction: a type, a scope, or how it was written.</param>
/// <param name="Operands">Where its operands start in the line.</param>
/// <param name="Words">How many operands of two octets it has, a text's length aside.</param>
/// <param name="Text">Where its text starts in the line; 0 where it has none.</param>
/// <param name="TextLength">Octets of the text.</param>
internal readonly record struct VbaInstruction(ushort Code, byte Flags, int Operands, int Words, int Text, int TextLength);

/// <summary>Takes compiled VBA lines apart into instructions.</summary>
/// <remarks>
/// The form was learnt from documents alone that hold a module's source and its compiled form, by lining the two up: 10,925 different lines of 579 modules, all of which come apart whole.
/// An instruction is two octets, ten bits of code and six of flags, with a fixed number of operands behind it; some have a text with its length in front. What those documents do not use is not in the table,
/// but for three logical operators and the division of integers: the operators are numbered by precedence (MS-VBAL section 5.6.9), and these are the gaps.
/// </remarks>
internal static class VbaPCode
{
    /// <summary>Stands for two octets of an instruction that was not met.</summary>
    public const ushort Unknown = 0xFFFF;

    /// <summary>A text, then padding to an even length.</summary>
    private const byte ItsText = 0x10;

    /// <summary>One operand, a text, padding.</summary>
    private const byte OneThenText = 0x11;
    private const byte None = 0xFF;
    private const int CodeMask = 0x3FF;

    /// <summary>A declared variable; its second highest bit says that it has another operand.</summary>
    private const int Variable = 0xF2;

    private static readonly byte[] Layouts = MakeLayouts();

    /// <summary>Splits a line. Where an instruction is unknown it goes on at the place from which the fewest octets stay unknown.</summary>
    /// <param name="line">The line's octets.</param>
    /// <param name="is64">True for 64-bit Office, whose numbering has three literals more.</param>
    /// <param name="into">Emptied first.</param>
    /// <returns>True where every instruction is known.</returns>
    public static bool Split(ReadOnlySpan<byte> line, bool is64, List<VbaInstruction> into)
    {
        into.Clear();
        var at = 0;
        while (at + 2 <= line.Length)
        {
            var length = Length(line[at..], is64);
            if (length == 0)
            {
                SplitAround(line, is64, into);
                return false;
            }

            into.Add(Instruction(line, at, is64));
            at += length;
        }

        return at == line.Length;
    }

    /// <summary>The second way: from the end backwards, how many words stay unknown if an instruction starts here; then forwards along the fewest.</summary>
    private static void SplitAround(ReadOnlySpan<byte> line, bool is64, List<VbaInstruction> into)
    {
        into.Clear();
        var words = line.Length / 2;
        var lost = new int[words + 1];
        for (var i = words - 1; i >= 0; i--)
        {
            var length = Length(line[(i * 2)..], is64);
            lost[i] = length > 0 && lost[i + (length / 2)] <= lost[i + 1] + 1 ? lost[i + (length / 2)] : lost[i + 1] + 1;
        }

        for (var i = 0; i < words;)
        {
            var length = Length(line[(i * 2)..], is64);
            if (length > 0 && lost[i] == lost[i + (length / 2)])
            {
                into.Add(Instruction(line, i * 2, is64));
                i += length / 2;
            }
            else
            {
                into.Add(new VbaInstruction(Unknown, 0, i * 2, 1, 0, 0));
                i++;
            }
        }
    }

    /// <summary>Octets of the instruction at the start; 0 where it is unknown or does not fit.</summary>
    private static int Length(ReadOnlySpan<byte> line, bool is64)
    {
        var word = BinaryPrimitives.ReadUInt16LittleEndian(line);
        var code = Code(word, is64);
        var layout = LayoutOf(code);
        if (layout == None)
        {
            return 0;
        }

        int length;
        if (layout < ItsText)
        {
            length = 2 + (layout * 2) + (HasExtra(code, word) ? 2 : 0);
        }
        else
        {
            var lengthAt = layout == ItsText ? 2 : 4;
            if (lengthAt + 2 > line.Length)
            {
                return 0;
            }

            length = lengthAt + 2 + ((BinaryPrimitives.ReadUInt16LittleEndian(line[lengthAt..]) + 1) & ~1);
        }

        return length <= line.Length ? length : 0;
    }

    private static VbaInstruction Instruction(ReadOnlySpan<byte> line, int at, bool is64)
    {
        var word = BinaryPrimitives.ReadUInt16LittleEndian(line[at..]);
        var code = Code(word, is64);
        var layout = LayoutOf(code);
        var flags = (byte)(word >> 10);
        if (layout < ItsText)
        {
            return new VbaInstruction(code, flags, at + 2, layout + (HasExtra(code, word) ? 1 : 0), 0, 0);
        }

        var words = layout == ItsText ? 0 : 1;
        var lengthAt = at + 2 + (words * 2);
        return new VbaInstruction(code, flags, at + 2, words, lengthAt + 2, BinaryPrimitives.ReadUInt16LittleEndian(line[lengthAt..]));
    }

    private static bool HasExtra(ushort code, ushort word) => code == Variable && (word & 0x4000) != 0;

    /// <summary>64-bit Office counts like 32-bit Office with literals of eight octets in between; those stay unknown, as they were not met.</summary>
    private static ushort Code(ushort word, bool is64)
    {
        var code = word & CodeMask;
        return (ushort)(!is64 || code < 0xAE ? code : code switch
        {
            0xAE or 0xB1 or 0xB5 => Unknown,
            < 0xB1 => code - 1,
            < 0xB5 => code - 2,
            _ => code - 3,
        });
    }

    private static byte LayoutOf(ushort code) => code < Layouts.Length ? Layouts[code] : None;

    private static byte[] MakeLayouts()
    {
        var layouts = new byte[0x110];
        Array.Fill(layouts, None);
        void Put(byte layout, params ReadOnlySpan<ushort> codes)
        {
            foreach (var code in codes)
            {
                layouts[code] = layout;
            }
        }

        Put(0, 0x00, 0x01, 0x02, 0x03, 0x04, 0x05, 0x06, 0x07, 0x08, 0x09, 0x0A, 0x0B, 0x0C, 0x0D, 0x0E, 0x0F, 0x10, 0x11, 0x12, 0x13, 0x14, 0x15, 0x16, 0x19, 0x1B, 0x1C, 0x1D,
            0x47, 0x4B, 0x53, 0x54, 0x58, 0x5B, 0x5D, 0x5E, 0x5F, 0x61, 0x62, 0x64, 0x65, 0x67, 0x69, 0x6A, 0x6B, 0x6D, 0x6E, 0x6F, 0x70, 0x71, 0x78, 0x79, 0x7A, 0x7C,
            0x84, 0x85, 0x86, 0x8E, 0x92, 0x93, 0x95, 0x9B, 0x9C, 0xB0, 0xB7, 0xB9, 0xBB, 0xC7, 0xC8, 0xCD, 0xCE, 0xCF, 0xD0, 0xD6, 0xD9, 0xEA, 0xED, 0xEF, 0xF3, 0xF4, 0xF5, 0xF7,
            0xF9, 0xFA, 0xFC, 0xFD, 0xFE, 0xFF, 0x101, 0x103);
        Put(1, 0x20, 0x21, 0x23, 0x27, 0x28, 0x2E, 0x2F, 0x35, 0x39, 0x46, 0x72, 0x8A, 0x91, 0x9D, 0xA3, 0xAC, 0xAE, 0xC6, 0xC9, 0xD1, 0xF8);
        Put(2, 0x24, 0x25, 0x2B, 0x2C, 0x32, 0x33, 0x37, 0x41, 0x42, 0x43, 0x44, 0x96, 0xAD, 0xAF, 0xF0, 0xF2);
        Put(4, 0xB4, 0xE1, 0xE2);
        Put(ItsText, 0xA6, 0xB6, 0xE3);
        Put(OneThenText, 0xE0);
        return layouts;
    }
}

using System.Buffers.Binary;
using System.Globalization;
using System.Runtime.InteropServices;
using System.Text;

namespace Sekisho.Inspection.Formats;

/// <summary>Writes compiled VBA lines out as VBA again, with a stack of expressions as the interpreter has one of values.</summary>
/// <remarks>
/// What an instruction means was read off the source lines it stands beside (see <see cref="VbaPCode"/>). An instruction not met is written as <c>?</c> and its number, and the line goes on:
/// names and texts are never lost.
/// </remarks>
internal sealed partial class VbaDisassembler(VbaCache cache)
{
    private const int MaxParameters = 60;

    private static readonly string[] Binary =
        [" Imp ", " Eqv ", " Xor ", " Or ", " And ", " = ", " <> ", " <= ", " >= ", " < ", " > ", " + ", " - ", " Mod ", " \\ ", " * ", " / ", " & ", " Like ", " ^ ", " Is "];

    private readonly StringBuilder output = new();
    private readonly VbaExpressions stack = new(cache.Budget);

    /// <summary>True for instructions whose first operand is an identifier.</summary>
    public static bool HasName(ushort code) =>
        code is 0x20 or 0x21 or 0x24 or 0x25 or 0x27 or 0x28 or 0x2B or 0x2C or 0x2E or 0x2F or 0x32 or 0x33 or 0x35 or 0x37 or 0x39 or 0x41 or 0x42 or 0x43 or 0x44 or 0xD1 or 0xE1 or 0xE2;

    /// <summary>All lines, one below the other; cut where the file's budget is spent.</summary>
    public string Write()
    {
        var instructions = new List<VbaInstruction>();
        var left = cache.CodeLength;
        for (var i = 0; i < cache.LineCount && left > 0 && !cache.Budget.IsSpent; i++)
        {
            var line = cache.Line(i, out var indentation);
            left -= line.Length;
            var before = output.Length;
            output.Append(' ', line.IsEmpty ? 0 : Math.Min(indentation, 80));
            var start = output.Length;
            VbaPCode.Split(line, cache.Is64, instructions);
            foreach (ref readonly var instruction in CollectionsMarshal.AsSpan(instructions))
            {
                One(instruction, line, start);
            }

            // What nothing took is said all the same.
            Flush(start);
            output.Append("\r\n");
            cache.Budget.Written -= output.Length - before;
        }

        return output.ToString();
    }

    private void One(in VbaInstruction instruction, ReadOnlySpan<byte> line, int start)
    {
        var code = instruction.Code;
        if (code < Binary.Length)
        {
            stack.Join(Binary[code]);
            return;
        }

        if (instruction.Text > 0)
        {
            var said = cache.Encoding.GetString(line.Slice(instruction.Text, instruction.TextLength));
            switch (code)
            {
                case 0xB6:
                    Push($"\"{said.Replace("\"", "\"\"", StringComparison.Ordinal)}\"");
                    break;
                case 0xE0:
                    Flush(start);
                    Say("'" + said, start);
                    break;
                case 0xE3:
                    Say(said, start);
                    break;
            }

            return;
        }

        if (!Expression(instruction, line) && !Declaration(instruction, line, start) && !Statement(instruction, line, start))
        {
            // Its place among the unknown may be a name or half a number.
            var word = Word(line, code == VbaPCode.Unknown ? instruction.Operands : instruction.Operands - 2, 0);
            Push(cache.Identifiers.IsOwn(word) ? $"?{cache.Identifiers.Name(word)}" : $"?{word:X4}");
        }
    }

    /// <summary>Instructions that only work on the stack.</summary>
    private bool Expression(in VbaInstruction instruction, ReadOnlySpan<byte> line)
    {
        var at = instruction.Operands;
        var first = instruction.Words > 0 ? Word(line, at, 0) : (ushort)0;
        var second = instruction.Words > 1 ? Word(line, at, 1) : (ushort)0;
        switch (instruction.Code)
        {
            case 0x15: stack.Wrap("Not ", ""); break;
            case 0x16: stack.Wrap("-", ""); break;
            case 0x19: stack.Wrap("Int(", ")"); break;
            case 0x1B: stack.Wrap("Len(", ")"); break;
            case 0x1C: stack.Wrap("LenB(", ")"); break;
            case 0x1D: stack.Wrap("(", ")"); break;
            case 0x20: Push(Name(first) + Suffix(instruction.Flags)); break;
            case 0x21: stack.Append($".{Name(first)}{Suffix(instruction.Flags)}"); break;
            case 0x23: stack.Call(first); break;
            case 0x24 or 0x44: Call(Name(first) + Suffix(instruction.Flags), second); break;
            case 0x25:
                stack.Append($".{Name(first)}{Suffix(instruction.Flags)}");
                stack.Call(second);
                break;
            case 0x35: Push("." + Name(first)); break;
            case 0x37: Call("." + Name(first), second); break;
            case 0x58: stack.Wrap(Conversion(instruction.Flags) + "(", ")"); break;
            case 0x84: Call("InStr", 2); break;
            case 0x85: Call("InStr", 3); break;
            case 0x86: Call("InStr", 4); break;
            case 0x8A: Call("LBound", first == 0 ? 1 : 2); break;
            case 0x8E: Call("StrComp", 3); break;
            case 0x91: Call("UBound", first == 0 ? 1 : 2); break;
            case 0x9D: stack.Wrap("TypeOf ", " Is " + Class(first)); break;
            case 0xAC: Push(((short)first).ToString(CultureInfo.InvariantCulture)); break;
            case 0xAD: Push((first | (second << 16)).ToString(CultureInfo.InvariantCulture)); break;
            case 0xAE: Push($"&H{first:X}"); break;
            case 0xAF: Push($"&H{(uint)(first | (second << 16)):X}"); break;
            case 0xB0: Push("Nothing"); break;
            case 0xB4: Push(BinaryPrimitives.ReadDoubleLittleEndian(line[at..]).ToString("R", CultureInfo.InvariantCulture)); break;
            case 0xB7: Push(instruction.Flags switch { 0 => "False", 1 => "True", 2 => "Null", _ => "?" }); break;
            case 0xC6: Push("New " + Class(first)); break;
            case 0xCE or 0xD0: Push(""); break;
            case 0xCF: stack.Wrap("ByVal ", ""); break;
            case 0xD1: stack.Wrap(Name(first) + ":=", ""); break;
            // Marks that the words around them make plain, and the columns of continued lines.
            case 0x6A or 0xA6 or 0xD9 or 0xED or 0xF7 or 0xFD or 0xFE or 0xFF or 0x101: break;
            default: return false;
        }

        return true;
    }

    /// <summary>Puts a call on the stack that takes its arguments from there.</summary>
    private void Call(string name, int arguments)
    {
        stack.Push(name);
        stack.Call(arguments);
    }

    private void Push(string expression) => stack.Push(expression);

    private string Pop() => stack.Pop();

    private string Take(int count) => string.Join(", ", stack.Take(count));

    /// <summary>Writes words of the line, a blank between them.</summary>
    private void Say(string words, int start)
    {
        if (words.Length > 0 && !cache.Budget.IsSpent)
        {
            output.Append(output.Length > start && output[^1] != ' ' ? " " : "").Append(words);
        }
    }

    /// <summary>Writes what is on the stack.</summary>
    private void Flush(int start)
    {
        foreach (var expression in stack.Take(stack.Count))
        {
            Say(expression, start);
        }
    }

    private string Name(ushort id) => cache.Identifiers.Name(id) ?? $"?{id:X}";

    /// <summary>A class of the project or of a library it names; one that is written with its library's name in front stays unknown.</summary>
    private string Class(ushort place) => cache.Class(place) is var id && cache.Identifiers.IsOwn(id) ? Name(id) : "?";

    private static ushort Word(ReadOnlySpan<byte> line, int at, int index) => BinaryPrimitives.ReadUInt16LittleEndian(line[(at + (index * 2))..]);

    private static string Suffix(byte flags) => flags switch { 2 => "%", 3 => "&", 4 => "!", 5 => "#", 6 => "@", 8 => "$", _ => "" };

    private static string Conversion(byte flags) => flags switch
    {
        2 => "CInt", 3 => "CLng", 4 => "CSng", 5 => "CDbl", 6 => "CCur", 7 => "CDate", 8 => "CStr", 0x0B => "CBool", 0x0C => "CVar", 0x11 => "CByte", _ => "C?",
    };
}

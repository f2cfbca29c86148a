using System.Text;

namespace Sekisho.Inspection.Formats;

/// <content>Statements, and the records that declarations point at.</content>
internal sealed partial class VbaDisassembler
{
    private bool Statement(in VbaInstruction instruction, ReadOnlySpan<byte> line, int start)
    {
        var first = instruction.Words > 0 ? Word(line, instruction.Operands, 0) : (ushort)0;
        var second = instruction.Words > 1 ? Word(line, instruction.Operands, 1) : (ushort)0;
        switch (instruction.Code)
        {
            case 0x27: Assign("", Name(first), start); break;
            case 0x28: Assign("", $"{Pop()}.{Name(first)}", start); break;
            case 0x2B: Assign("", $"{Name(first)}({Take(second)})", start); break;
            case 0x2C: Assign("", Member(Pop(), first, second), start); break;
            case 0x2E: Assign("Set ", Name(first), start); break;
            case 0x2F: Assign("Set ", $"{Pop()}.{Name(first)}", start); break;
            case 0x32: Assign("Set ", $"{Name(first)}({Take(second)})", start); break;
            case 0x33: Assign("Set ", Member(Pop(), first, second), start); break;
            case 0x39: Assign("", "." + Name(first), start); break;
            case 0x41: Procedure(Name(first), second, instruction.Flags, start); break;
            case 0x42: Procedure($"{Pop()}.{Name(first)}", second, instruction.Flags, start); break;
            case 0x43: Procedure("." + Name(first), second, instruction.Flags, start); break;
            case 0x46: Flush(start); output.Append(':'); break;
            case 0x47 or 0x4B: break;
            case 0x53: Say("Case Else", start); break;
            case 0x54: Say($"Case {Take(stack.Count)}", start); break;
            case 0x5B: Push("Debug.Print"); break;
            case 0x5F: Say("Do", start); break;
            case 0x61: Say($"Do Until {Pop()}", start); break;
            case 0x62: Say($"Do While {Pop()}", start); break;
            case 0x64: Say("Else", start); break;
            case 0x65: Say($"ElseIf {Pop()} Then", start); break;
            case 0x67: Say("End", start); break;
            case 0x69: Say("End Function", start); break;
            case 0x6B: Say("End If", start); break;
            case 0x6D: Say("End Property", start); break;
            case 0x6E: Say("End Select", start); break;
            case 0x6F: Say("End Sub", start); break;
            case 0x70: Say("End Type", start); break;
            case 0x71: Say("End With", start); break;
            case 0x72: Say($"Erase {Take(first)}", start); break;
            case 0x78: Say("Exit Do", start); break;
            case 0x79: Say("Exit For", start); break;
            case 0x7A: Say("Exit Function", start); break;
            case 0x7C: Say("Exit Sub", start); break;
            case 0x92 or 0x95: For(instruction.Code == 0x95, start); break;
            case 0x93:
                var each = Pop();
                Say($"For Each {Pop()} In {each}", start);
                break;
            case 0x9B or 0x9C: Say($"If {Pop()} Then", start); break;
            case 0xA3: Say(Name(first) + ":", start); break;
            case 0xB9: Say("Loop", start); break;
            case 0xBB: Say($"Loop While {Pop()}", start); break;
            case 0xC7: Say("Next", start); break;
            case 0xC8: Say($"Next {Pop()}", start); break;
            case 0xC9: Say("On Error " + instruction.Flags switch { 0 => "GoTo " + Name(first), 1 => "Resume Next", _ => "GoTo 0" }, start); break;
            case 0xCD: Say(instruction.Flags switch { 2 => "Option Compare Text", 4 => "Option Explicit", _ => "Option ?" }, start); break;
            case 0xD6: Flush(start); break;
            case 0xE1 or 0xE2: Say($"ReDim {((instruction.Flags & 0x10) != 0 ? "Preserve " : "")}{Name(first)}({Bounds(second)})", start); break;
            case 0xEA: Say($"Select Case {Pop()}", start); break;
            case 0xEF: Say("Stop", start); break;
            case 0xF3: Say("Wend", start); break;
            case 0xF4: Say($"While {Pop()}", start); break;
            case 0xF5: Say($"With {Pop()}", start); break;
            case 0xF8: Say($"#Const {Name(first)} = {Pop()}", start); break;
            case 0xF9: Say($"#If {Pop()} Then", start); break;
            case 0xFA: Say("#Else", start); break;
            case 0xFC: Say("#End If", start); break;
            case 0x103: Say("End Enum", start); break;
            default: return false;
        }

        return true;
    }

    private bool Declaration(in VbaInstruction instruction, ReadOnlySpan<byte> line, int start)
    {
        switch (instruction.Code)
        {
            case 0x5D:
                Say(Scope(instruction.Flags), start);
                return true;
            case 0x5E:
                return true; // A member of a type or enumeration: its name is all there is.
            case 0x96:
                stack.Clear(); // The default values of its parameters.
                Say(ProcedureHead(Offset(instruction, line), instruction.Flags), start);
                return true;
            case 0xF0:
                Say($"{((instruction.Flags & 1) != 0 ? (instruction.Flags & 2) != 0 ? "Public " : "Private " : "")}{((instruction.Flags & 2) != 0 ? "Enum" : "Type")} {DeclaredName(Offset(instruction, line))}", start);
                return true;
            case 0xF2:
                Say(Variable(Offset(instruction, line), (instruction.Flags & 2) != 0), start);
                return true;
            default:
                return false;
        }
    }

    private void Assign(string verb, string to, int start) => Say($"{verb}{to} = {Pop()}", start);

    private string Member(string of, ushort name, int arguments) => $"{of}.{Name(name)}({Take(arguments)})";

    private void Procedure(string name, int arguments, byte flags, int start)
    {
        var taken = Take(arguments);
        // The flag stands where it was written without "Call" and brackets.
        Say((flags & 0x10) == 0 ? $"Call {name}({taken})" : taken.Length == 0 ? name : $"{name} {taken}", start);
    }

    private void For(bool hasStep, int start)
    {
        var step = hasStep ? " Step " + Pop() : "";
        var to = Pop();
        var from = Pop();
        Say($"For {Pop()} = {from} To {to}{step}", start);
    }

    /// <summary>Pairs of lower and upper bounds; the lower one is empty where it was not written.</summary>
    private string Bounds(int dimensions)
    {
        var pairs = stack.Take(Math.Min(dimensions * 2, stack.Count) & ~1);
        var bounds = new StringBuilder();
        for (var i = 0; i < pairs.Length; i += 2)
        {
            bounds.Append(i > 0 ? ", " : "").Append(pairs[i]).Append(pairs[i].Length > 0 ? " To " : "").Append(pairs[i + 1]);
        }

        return bounds.ToString();
    }

    private static string Scope(byte flags) => (flags & 0x1C) switch { 4 => "Global ", 8 => "Public ", 0x10 => "Private ", _ => "" } + ((flags & 1) != 0 ? "Const" : (flags & 0x1C) != 0 ? "" : "Dim");

    private static long Offset(in VbaInstruction instruction, ReadOnlySpan<byte> line) => Word(line, instruction.Operands, 0) | ((long)Word(line, instruction.Operands, 1) << 16);

    private string DeclaredName(long record) => cache.DeclaredName(record) ?? "?";

    /// <summary>A variable's type is its automation type (MS-OAUT section 2.2.7) where it is a plain one, else a place that is not followed.</summary>
    private string Variable(long record, bool isConstant)
    {
        var type = record + (cache.Is64 ? 16 : 12);
        var plain = cache.Declared(type + 2) == 0xFFFF ? (cache.Declared(type) & 0xFFF) switch
        {
            2 => " As Integer", 3 => " As Long", 4 => " As Single", 5 => " As Double", 6 => " As Currency", 7 => " As Date", 8 => " As String", 9 => " As Object", 0x0B => " As Boolean", 0x11 => " As Byte", _ => "",
        }
        : "";
        var name = DeclaredName(record);
        if (isConstant)
        {
            return $"{name}{plain} = {Pop()}";
        }

        return stack.Count == 0 ? name + plain : $"{name}({Bounds(stack.Count / 2)}){plain}";
    }

    /// <summary>A procedure's record: flags with the kind of a property in the highest bits, its name, the place among the libraries and whether it is there; its first parameter near the end.</summary>
    private string ProcedureHead(long record, byte flags)
    {
        var kind = (cache.Declared(record) >> 12) switch { 2 => "Property Get", 4 => "Property Let", 8 => "Property Set", _ => (flags & 1) != 0 ? "Sub" : "Function" };
        var head = $"{((flags & 4) != 0 ? "Public " : "")}";
        var declared = cache.Declared(record + 10);
        var library = "";
        if (declared != 0xFFFF && (declared & 0x1000) != 0)
        {
            var (id, alias) = cache.Library(cache.Declared(record + 8));
            head += "Declare ";
            library = $" Lib \"{Name(id)}\"{(alias is null ? "" : $" Alias \"{alias}\"")}";
        }

        return $"{head}{kind} {DeclaredName(record)}{library}({Parameters(record)})";
    }

    private string Parameters(long record)
    {
        var names = new List<string>();
        var at = Pointer(record + (cache.Is64 ? 56 : 40));
        while (at < uint.MaxValue && names.Count < MaxParameters && cache.Identifiers.Name(cache.Declared(at + 2)) is { } name)
        {
            names.Add(name);
            at = Pointer(at + (cache.Is64 ? 24 : 20));
        }

        return string.Join(", ", names);
    }

    private long Pointer(long at) => cache.Declared(at) | ((long)cache.Declared(at + 2) << 16);
}

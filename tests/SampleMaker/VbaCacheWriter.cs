using System.Buffers.Binary;
using System.Text;

namespace Sekisho.SampleMaker;

/// <summary>Writes the compiled form of VBA modules for tests, by the layout observed in documents: a few kinds of lines, enough to say something harmless.</summary>
/// <param name="text">The project's code page.</param>
/// <param name="is64">True for the form of 64-bit Office.</param>
public sealed class VbaCacheWriter(Encoding text, bool is64)
{
    private const int Head = 0x43;

    private readonly List<string> names = [];
    private readonly List<(byte[] Code, int Indentation)> lines = [];
    private readonly List<byte> declarations = [];
    private readonly List<byte> libraries = [];
    private readonly List<byte> classes = [];

    private int Reserved => is64 ? 0x106 : 0x103;

    /// <summary>A line of instructions.</summary>
    public VbaCacheWriter Line(params byte[][] instructions)
    {
        lines.Add(([.. instructions.SelectMany(i => i)], 4));
        return this;
    }

    /// <summary>A line without code, which records point nowhere for.</summary>
    public VbaCacheWriter Blank() => Line();

    /// <summary>The line that begins a procedure.</summary>
    public VbaCacheWriter Sub(string name, params string[] parameters) => Line(Op(0x96, flags: 1, Low(Procedure(name, 0x6000, 0, parameters)), 0));

    /// <summary>The line that declares a function of a library.</summary>
    public VbaCacheWriter Declare(string name, string library, string alias, params string[] parameters)
    {
        var at = libraries.Count;
        libraries.AddRange([0, 0, .. Two(Id(library)), .. Two(at + 8), 0, 0, .. text.GetBytes(alias), 0]);
        libraries.AddRange(new byte[libraries.Count % 4]);
        return Line(Op(0x5D, flags: 0x10), Op(0x96, flags: 2, Low(Procedure(name, 0x7000, at, parameters)), 0));
    }

    /// <summary><c>End Sub</c>.</summary>
    public VbaCacheWriter EndSub() => Line(Op(0x6F));

    /// <summary>A text on the stack.</summary>
    public byte[] Text(string said)
    {
        var octets = text.GetBytes(said);
        return [.. Op(0xB6), .. Two(octets.Length), .. octets, .. new byte[octets.Length % 2]];
    }

    /// <summary>A whole number on the stack.</summary>
    public static byte[] Number(short number) => [0xAC, 0, .. BitConverter.GetBytes(number)];

    /// <summary>An instruction with a name and, for some, a number of arguments.</summary>
    public byte[] Named(int code, string name, params int[] operands) => Op(code, 0, [Id(name), .. operands]);

    /// <summary><c>New</c> and a class.</summary>
    public byte[] New(string name)
    {
        var index = classes.Count / 10;
        classes.AddRange([.. Two(Id(name)), 0, 0, 0, 0, 0, 0, 0, 0]);
        return Op(0xC6, 0, index * (is64 ? 8 : 4));
    }

    /// <summary>Any instruction, in the numbering of 32-bit Office.</summary>
    public byte[] Op(int code, int flags = 0, params int[] operands)
    {
        // 64-bit Office has three literals more.
        var number = !is64 || code < 0xAE ? code : code switch { < 0xB0 => code + 1, < 0xB3 => code + 2, _ => code + 3 };
        return [.. Two(number | (flags << 10)), .. operands.SelectMany(Two)];
    }

    /// <summary>The number of a name; <c>Me</c> is no name of the table.</summary>
    public int Id(string name)
    {
        if (name == "Me")
        {
            return 0xFFFF;
        }

        var index = names.IndexOf(name);
        if (index < 0)
        {
            index = names.Count;
            names.Add(name);
        }

        return (Reserved + index + 1) * 2;
    }

    /// <summary>The compiled form of the lines since the last one was taken.</summary>
    internal byte[] TakeCache()
    {
        using var output = new MemoryStream();
        void Four(long at, long value)
        {
            output.Position = at;
            output.Write(BitConverter.GetBytes((uint)value));
            output.Position = output.Length;
        }

        void Table(List<byte> content, params byte[] before) => output.Write([.. before, 1, 1, .. BitConverter.GetBytes(content.Count), .. content]);

        output.Write([1, 0x16, (byte)(is64 ? 3 : 1), 0, .. new byte[Head - 10 - 4], 0xB6, 0, 0xFF, 0xFF]);
        Table(libraries);
        // The classes stand 176 octets behind the place in the head.
        output.Write(new byte[200]);
        Four(13, output.Length - 176);
        output.Write([.. classes]);
        Four(17, output.Length);
        Table(declarations, [1, 0, 0, 0, .. is64 ? new byte[2] : [], 0xFF, 0xFF, 0xFF, 0xFF]);
        Four(25, output.Length - 0x3C);
        output.Write([0xFE, 0xCA, 1, 0, .. Two(lines.Count)]);
        var code = new List<byte>();
        foreach (var (line, indentation) in lines)
        {
            output.Write([0, 0x81, 8, (byte)indentation, .. Two(line.Length), 0, 0, .. BitConverter.GetBytes(line.Length == 0 ? -1 : code.Count)]);
            code.AddRange([.. line, .. new byte[(8 - (line.Length % 8)) % 8]]);
        }

        Table(code, 0xFF, 0xFF, 0xFF, 0xFF);
        Four(29, output.Length);
        output.Write([0xFF, 0xFF, 0xFF, 0xFF, 0, 0]);
        lines.Clear();
        declarations.Clear();
        libraries.Clear();
        classes.Clear();
        return output.ToArray();
    }

    /// <summary>A <c>_VBA_PROJECT</c> stream with the names of all modules.</summary>
    internal byte[] Identifiers()
    {
        var stream = new List<byte>([0xCC, 0x61, 0xA3, 0, 0, 1, 0, .. new byte[57]]);
        // One reserved word in another spelling, as editors keep it, and one name with the six octets more.
        stream.AddRange([0x80, 0, 0, 0, 0, 0, .. Two(Reserved + names.Count), .. Two(names.Count + 1), .. Two(Reserved), 0, 0, 0, 0, 0, 0, 0x82, 0, 4, 4, .. "NAME"u8]);
        foreach (var (name, index) in names.Select((n, i) => (text.GetBytes(n), i)))
        {
            stream.AddRange([(byte)name.Length, (byte)(index == 1 ? 0x80 : 4), .. index == 1 ? new byte[6] : [], .. name, 1, 2, 0x10, 0]);
        }

        stream.AddRange([2, 0xFF, 0xFF, 1, 1, 0, 0, 0, 0]);
        return [.. stream];
    }

    private static byte[] Two(int value) => BitConverter.GetBytes((ushort)value);

    private static int Low(int value) => value & 0xFFFF;

    private int Procedure(string name, int kind, int library, string[] parameters)
    {
        var next = -1;
        foreach (var parameter in parameters.Reverse())
        {
            next = Record(0x8329, parameter, is64 ? 24 : 20, next);
        }

        var at = Record(0x120B, name, is64 ? 56 : 40, next);
        var record = System.Runtime.InteropServices.CollectionsMarshal.AsSpan(declarations)[at..];
        BinaryPrimitives.WriteUInt16LittleEndian(record[8..], (ushort)library);
        BinaryPrimitives.WriteUInt16LittleEndian(record[10..], (ushort)kind);
        return at;
    }

    private int Record(int flags, string name, int pointerAt, int pointer)
    {
        var at = declarations.Count;
        var record = new byte[72];
        BinaryPrimitives.WriteUInt16LittleEndian(record, (ushort)flags);
        BinaryPrimitives.WriteUInt16LittleEndian(record.AsSpan(2), (ushort)Id(name));
        BinaryPrimitives.WriteInt32LittleEndian(record.AsSpan(pointerAt), pointer);
        declarations.AddRange(record);
        return at;
    }
}

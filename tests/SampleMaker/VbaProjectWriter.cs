using System.Buffers.Binary;
using System.Text;

namespace Sekisho.SampleMaker;

/// <summary>Writes VBA projects (MS-OVBA) for tests: the directory and the modules' source.</summary>
/// <param name="codePage">The Windows code page of all texts; 932 for Japanese.</param>
public sealed class VbaProjectWriter(int codePage = 1252)
{
    private readonly List<(string Name, string Source)> modules = [];
    private readonly HashSet<string> unshown = new(StringComparer.Ordinal);
    private readonly Dictionary<string, byte[]> caches = new(StringComparer.Ordinal);
    private readonly HashSet<string> sourceless = new(StringComparer.Ordinal);
    private VbaCacheWriter? compiler;

    /// <summary>Adds a module; its "Attribute VB_Name" line is put in front.</summary>
    public VbaProjectWriter Add(string name, string source)
    {
        modules.Add((name, source));
        return this;
    }

    /// <summary>Adds a module that the editor does not show: the <c>PROJECT</c> stream leaves it out.</summary>
    public VbaProjectWriter AddUnshown(string name, string source)
    {
        unshown.Add(name);
        return Add(name, source);
    }

    /// <summary>Adds a module with a compiled form in front of its source.</summary>
    /// <param name="name">The module's.</param>
    /// <param name="source">What the source says; null for none at all.</param>
    /// <param name="compile">Writes what the compiled form says.</param>
    /// <param name="is64">True for the form of 64-bit Office; the same for all modules.</param>
    public VbaProjectWriter AddCompiled(string name, string? source, Action<VbaCacheWriter> compile, bool is64 = false)
    {
        compiler ??= new VbaCacheWriter(Encoding.GetEncoding(codePage), is64);
        compile(compiler);
        caches.Add(name, compiler.TakeCache());
        if (source is null)
        {
            sourceless.Add(name);
        }

        return Add(name, source ?? "");
    }

    /// <summary>A stand-alone <c>vbaProject.bin</c>, as OOXML packages carry it.</summary>
    public byte[] ToArray()
    {
        var file = new CompoundFileWriter();
        AddTo(file, "");
        return file.ToArray();
    }

    /// <summary>Puts the project into a document's compound file.</summary>
    /// <param name="file">The document.</param>
    /// <param name="storage">Where: <c>Macros</c> in Word, <c>_VBA_PROJECT_CUR</c> in Excel, empty for the root.</param>
    public void AddTo(CompoundFileWriter file, string storage)
    {
        var text = Encoding.GetEncoding(codePage);
        var root = storage.Length == 0 ? "" : storage + "/";
        file.Add(root + "PROJECT", text.GetBytes("ID=\"{00000000-0000-0000-0000-000000000000}\"\r\n" + string.Concat(modules.Where(m => !unshown.Contains(m.Name)).Select(m => $"Module={m.Name}\r\n"))));
        file.Add(root + "VBA/_VBA_PROJECT", compiler?.Identifiers() ?? [0xCC, 0x61, 0xFF, 0xFF, 0, 0, 0]);
        file.Add(root + "VBA/dir", DirectoryStream());
        foreach (var (name, source) in modules)
        {
            var packed = sourceless.Contains(name) ? [] : Compress(text.GetBytes($"Attribute VB_Name = \"{name}\"\r\n{source}"));
            file.Add($"{root}VBA/{name}", [.. caches.GetValueOrDefault(name) ?? [], .. packed]);
        }
    }

    /// <summary>The <c>dir</c> stream (MS-OVBA section 2.3.4.2), compressed.</summary>
    public byte[] DirectoryStream() => Compress(Directory(Encoding.GetEncoding(codePage)));

    /// <summary>A compressed container (MS-OVBA section 2.4.1): greedy copies of what stands earlier in the chunk.</summary>
    public static byte[] Compress(ReadOnlySpan<byte> plain)
    {
        var output = new List<byte> { 1 };
        for (var at = 0; at < plain.Length; at += 4096)
        {
            var chunk = plain.Slice(at, Math.Min(4096, plain.Length - at));
            var packed = Pack(chunk);
            if (packed.Count <= 4096)
            {
                output.AddRange([(byte)(packed.Count - 1), (byte)(0xB0 | ((packed.Count - 1) >> 8))]);
                output.AddRange(packed);
            }
            else
            {
                output.AddRange([0xFF, 0x3F]);
                output.AddRange(chunk);
                output.AddRange(new byte[4096 - chunk.Length]);
            }
        }

        return [.. output];
    }

    private static List<byte> Pack(ReadOnlySpan<byte> chunk)
    {
        var packed = new List<byte>();
        // Where the same three octets (nearly always) stood last, and before that; 0 for nowhere.
        var latest = new int[1 << 14];
        var earlier = new int[chunk.Length];
        var (at, known) = (0, 0);
        while (at < chunk.Length)
        {
            var flagAt = packed.Count;
            packed.Add(0);
            for (var bit = 0; bit < 8 && at < chunk.Length; bit++)
            {
                var bits = 4;
                while (1 << bits < at && bits < 12)
                {
                    bits++;
                }

                for (; known < at; known++)
                {
                    if (known + 2 < chunk.Length)
                    {
                        (earlier[known], latest[Key(chunk, known)]) = (latest[Key(chunk, known)], known + 1);
                    }
                }

                var longest = Math.Min((0xFFFF >> bits) + 3, chunk.Length - at);
                int best = 0, bestOffset = 0;
                for (var from = at + 2 < chunk.Length ? latest[Key(chunk, at)] - 1 : -1; from >= 0 && at - from <= 1 << bits; from = earlier[from] - 1)
                {
                    var length = 0;
                    while (length < longest && chunk[from + length] == chunk[at + length])
                    {
                        length++;
                    }

                    if (length > best)
                    {
                        (best, bestOffset) = (length, at - from);
                    }
                }

                if (best < 3)
                {
                    packed.Add(chunk[at++]);
                    continue;
                }

                var token = ((bestOffset - 1) << (16 - bits)) | (best - 3);
                packed.Add((byte)token);
                packed.Add((byte)(token >> 8));
                packed[flagAt] |= (byte)(1 << bit);
                at += best;
            }
        }

        return packed;
    }

    private static int Key(ReadOnlySpan<byte> chunk, int at) => (int)(unchecked((uint)((chunk[at] << 16) | (chunk[at + 1] << 8) | chunk[at + 2]) * 0x9E3779B1u) >> 18);

    private byte[] Directory(Encoding text)
    {
        using var output = new MemoryStream();
        void Record(ushort id, byte[] data)
        {
            Span<byte> head = stackalloc byte[6];
            BinaryPrimitives.WriteUInt16LittleEndian(head, id);
            BinaryPrimitives.WriteUInt32LittleEndian(head[2..], (uint)data.Length);
            output.Write(head);
            output.Write(data);
        }

        static byte[] Four(uint value) => BitConverter.GetBytes(value);
        static byte[] Two(int value) => BitConverter.GetBytes((ushort)value);

        Record(0x0001, Four(1)); // 32-bit Windows
        Record(0x0002, Four(0x0411));
        Record(0x0014, Four(0x0411));
        Record(0x0003, Two(codePage));
        Record(0x0004, text.GetBytes("VBAProject"));
        Record(0x0005, []);
        Record(0x0040, []);
        Record(0x0006, []);
        Record(0x003D, []);
        Record(0x0007, Four(0));
        Record(0x0008, Four(0));
        // PROJECTVERSION: the size says 4, six octets follow.
        output.Write([0x09, 0, 4, 0, 0, 0, 1, 0, 0, 0, 1, 0]);
        Record(0x000C, []);
        Record(0x003C, []);
        Record(0x000F, Two(modules.Count));
        Record(0x0013, Two(0xFFFF));
        foreach (var (name, _) in modules)
        {
            Record(0x0019, text.GetBytes(name));
            Record(0x0047, Encoding.Unicode.GetBytes(name));
            Record(0x001A, text.GetBytes(name));
            Record(0x0032, Encoding.Unicode.GetBytes(name));
            Record(0x001C, []);
            Record(0x0048, []);
            Record(0x0031, Four((uint)(caches.GetValueOrDefault(name)?.Length ?? 0)));
            Record(0x001E, Four(0));
            Record(0x002C, Two(0xFFFF));
            Record(0x0021, []);
            Record(0x002B, []);
        }

        Record(0x0010, []);
        return output.ToArray();
    }
}

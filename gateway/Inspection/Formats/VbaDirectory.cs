using System.Buffers.Binary;
using System.Text;

namespace Sekisho.Inspection.Formats;

/// <summary>The list of a VBA project's modules: the <c>dir</c> stream (MS-OVBA section 2.3.4.2), and the <c>PROJECT</c> stream that the editor shows by (section 2.3.1).</summary>
internal sealed class VbaDirectory
{
    public const int MaxModules = 2000;
    private const int MaxOctets = 16 << 20;

    /// <summary>The Windows code page; 0 where it does not say.</summary>
    public int CodePage { get; private set; }

    /// <summary>True for a project last compiled by 64-bit Office (section 2.3.4.2.1.1).</summary>
    public bool Is64 { get; private set; }

    /// <summary>Modules in their order, at most 2,000.</summary>
    public List<Listed> Modules { get; } = [];

    /// <summary>True where it breaks off.</summary>
    public bool IsDamaged { get; private set; }

    /// <summary>Reads a <c>dir</c> stream: records of id, size and data, taken one after the other, whatever their order. Null for anything else of that name.</summary>
    public static VbaDirectory? TryRead(ReadOnlySpan<byte> stream)
    {
        byte[] octets;
        bool damaged;
        try
        {
            octets = VbaCompression.Decompress(stream, MaxOctets, out damaged);
        }
        catch (InvalidDataException)
        {
            return null;
        }

        var result = new VbaDirectory { IsDamaged = damaged };
        result.Records(octets);
        return result.Modules.Count > 0 || result.CodePage != 0 ? result : null;
    }

    /// <summary>Names of the modules in a <c>PROJECT</c> stream: its lines <c>Module=</c>, <c>Class=</c>, <c>BaseClass=</c> and <c>Document=</c>.</summary>
    public static HashSet<string> Shown(string project)
    {
        var names = new HashSet<string>(StringComparer.OrdinalIgnoreCase);
        foreach (var line in project.AsSpan().EnumerateLines())
        {
            var equals = line.IndexOf('=');
            if (equals < 0 || names.Count > MaxModules)
            {
                continue;
            }

            var key = line[..equals].Trim();
            if (key.Equals("Module", StringComparison.OrdinalIgnoreCase) || key.Equals("Class", StringComparison.OrdinalIgnoreCase)
                || key.Equals("BaseClass", StringComparison.OrdinalIgnoreCase) || key.Equals("Document", StringComparison.OrdinalIgnoreCase))
            {
                var value = line[(equals + 1)..];
                var slash = value.IndexOf('/');
                names.Add((slash < 0 ? value : value[..slash]).Trim().ToString());
            }
        }

        return names;
    }

    private void Records(byte[] octets)
    {
        var at = 0;
        Listed? module = null;
        while (at + 6 <= octets.Length)
        {
            var id = BinaryPrimitives.ReadUInt16LittleEndian(octets.AsSpan(at));
            var size = BinaryPrimitives.ReadUInt32LittleEndian(octets.AsSpan(at + 2));
            // PROJECTVERSION says 4 and has 6 octets (section 2.3.4.2.1.11).
            if (id == 0x0009)
            {
                size = 6;
            }

            at += 6;
            if (size > octets.Length - at)
            {
                IsDamaged = true;
                // A lie about one size must not hide the modules behind it: on to the next record that looks like a module's name.
                if (NextModule(octets, at) is var next and >= 0)
                {
                    at = next;
                    continue;
                }

                break;
            }

            var data = octets.AsSpan(at, (int)size);
            at += (int)size;
            switch (id)
            {
                case 0x0001 when size >= 4:
                    Is64 = BinaryPrimitives.ReadUInt32LittleEndian(data) == 3;
                    break;
                case 0x0003 when size >= 2:
                    CodePage = BinaryPrimitives.ReadUInt16LittleEndian(data);
                    break;
                case 0x0019:
                    module = new Listed { Name = data.ToArray() };
                    Modules.Add(module);
                    break;
                case 0x0047 when module is not null:
                    module.UnicodeName = Encoding.Unicode.GetString(data);
                    break;
                case 0x001A when module is not null:
                    module.Stream = data.ToArray();
                    break;
                case 0x0032 when module is not null:
                    module.UnicodeStream = Encoding.Unicode.GetString(data);
                    break;
                case 0x0031 when module is not null && size >= 4:
                    module.Offset = BinaryPrimitives.ReadUInt32LittleEndian(data);
                    break;
            }

            if (Modules.Count >= MaxModules)
            {
                IsDamaged = true;
                break;
            }
        }
    }

    /// <summary>Where a MODULENAME stands whose Unicode twin follows right behind it (sections 2.3.4.2.3.2.1 and .2); -1 where none does.</summary>
    private static int NextModule(byte[] octets, int at)
    {
        for (; at + 12 < octets.Length; at++)
        {
            if (octets[at] == 0x19 && octets[at + 1] == 0 && octets[at + 3] == 0 && octets[at + 4] == 0 && octets[at + 5] == 0 && octets[at + 2] is var length and > 0
                && at + 8 + length <= octets.Length && octets[at + 6 + length] == 0x47 && octets[at + 7 + length] == 0)
            {
                return at;
            }
        }

        return -1;
    }

    /// <summary>One module as the directory lists it.</summary>
    internal sealed class Listed
    {
        public byte[] Name { get; init; } = [];

        public string? UnicodeName { get; set; }

        public byte[]? Stream { get; set; }

        public string? UnicodeStream { get; set; }

        public uint? Offset { get; set; }
    }
}

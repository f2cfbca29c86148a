using System.Buffers.Binary;
using System.Collections.Frozen;
using System.Text;

namespace Sekisho.Inspection.Formats;

/// <summary>The identifier table of a project's <c>_VBA_PROJECT</c> stream: the names that compiled lines refer to by number.</summary>
/// <remarks>
/// MS-OVBA section 2.3.4.1 leaves this stream unspecified; the layout was observed in documents that hold source and compiled form side by side, of VBA 6 and 7, 32 and 64 bit:
/// the number of hash buckets (128), two octets of zero, the number of identifiers in all, the entries that follow, the reserved words before them, four octets of a size, then the entries.
/// </remarks>
internal sealed class VbaIdentifiers
{
    /// <summary>The object's own name, <c>Me</c>.</summary>
    public const ushort Me = 0xFFFF;

    /// <summary>0xFF reserved words in VBA 6, 0x103 in 32-bit and 0x106 in 64-bit VBA 7; some room is left for versions not met.</summary>
    private const int FewestReserved = 0xF0;
    private const int MostReserved = 0x120;

    /// <summary>Entries looked at in all: what looks like a table's beginning may stand anywhere, again and again.</summary>
    private const int MaxEntries = 1_000_000;

    /// <summary>Numbers of reserved words that were met in use as names; they are the same in all versions.</summary>
    private static readonly FrozenDictionary<int, string> ReservedNames = new Dictionary<int, string>
    {
        [0x07] = "Append", [0x08] = "Array", [0x09] = "As", [0x0B] = "B", [0x10] = "ByRef", [0x12] = "ByVal", [0x13] = "Call", [0x14] = "Case", [0x20] = "Close", [0x24] = "CStr",
        [0x2C] = "Date", [0x2E] = "Debug", [0x3D] = "Dim", [0x44] = "Else", [0x47] = "End", [0x4C] = "Error", [0x51] = "F", [0x52] = "False", [0x54] = "For", [0x55] = "Format",
        [0x5E] = "GoTo", [0x5F] = "If", [0x6B] = "Is", [0x6D] = "Left", [0x6E] = "Len", [0x73] = "Line", [0x75] = "Load", [0x78] = "Long", [0x7C] = "Mid", [0x81] = "Module",
        [0x82] = "Name", [0x84] = "Next", [0x8A] = "Open", [0x91] = "Print", [0x95] = "Public", [0xA3] = "Select", [0xA4] = "Set", [0xAD] = "String", [0xAF] = "Sub", [0xB1] = "Text",
        [0xB2] = "Then", [0xB3] = "To", [0xB4] = "True", [0xB5] = "Type", [0xB8] = "Unload", [0xBF] = "Width", [0xC0] = "With",
    }.ToFrozenDictionary();

    private readonly int reserved;
    private readonly List<string> names = [];
    private readonly Dictionary<int, string> respelled = [];

    private VbaIdentifiers(int reserved)
    {
        this.reserved = reserved;
    }

    /// <summary>How many names the table holds, reserved words aside; at most 65,535.</summary>
    public int Count => names.Count;

    /// <summary>Reads the table out of a <c>_VBA_PROJECT</c> stream. Null where there is none: tools write a stream of seven octets, and its version 0xFFFF tells Office to compile the source anew.</summary>
    /// <param name="stream">The whole stream.</param>
    /// <param name="text">The project's code page.</param>
    public static VbaIdentifiers? TryRead(ReadOnlySpan<byte> stream, Encoding text)
    {
        if (stream.Length < 32 || BinaryPrimitives.ReadUInt16LittleEndian(stream) != 0x61CC || BinaryPrimitives.ReadUInt16LittleEndian(stream[2..]) == 0xFFFF)
        {
            return null;
        }

        var left = MaxEntries;
        for (var at = 0; left > 0 && stream[at..].IndexOf((ReadOnlySpan<byte>)[0x80, 0, 0, 0, 0, 0]) is var found and >= 0;)
        {
            at += found + 6;
            if (at + 12 > stream.Length)
            {
                break;
            }

            var all = BinaryPrimitives.ReadUInt16LittleEndian(stream[at..]);
            var entries = BinaryPrimitives.ReadUInt16LittleEndian(stream[(at + 2)..]);
            var reserved = BinaryPrimitives.ReadUInt16LittleEndian(stream[(at + 4)..]);
            // The two numbers check each other: entries are new names and reserved words in another spelling.
            if (reserved is >= FewestReserved and <= MostReserved && all >= reserved && all - reserved <= entries)
            {
                var table = new VbaIdentifiers(reserved);
                if (table.Entries(stream[(at + 10)..], entries, null, ref left) && table.Entries(stream[(at + 10)..], entries, text, ref left))
                {
                    return table;
                }
            }
        }

        return null;
    }

    /// <summary>The name that a number in a compiled line stands for; null where none does. The lowest bit is not part of it.</summary>
    public string? Name(ushort id)
    {
        if (id == Me)
        {
            return "Me";
        }

        var index = (id >> 1) - 1;
        if (index < 0)
        {
            return null;
        }

        if (index < reserved)
        {
            return respelled.GetValueOrDefault(index) ?? ReservedNames.GetValueOrDefault(index);
        }

        return index - reserved < names.Count ? names[index - reserved] : null;
    }

    /// <summary>True for a number of the table itself, false for reserved words.</summary>
    public bool IsOwn(ushort id) => id != Me && (id >> 1) - 1 - reserved is var index && index >= 0 && index < names.Count;

    /// <summary>Length, flags, six octets more where the highest flag is set, the name, its hash and two octets. A reserved word has zeros and its number in front, and no hash; a name may be empty.</summary>
    /// <param name="octets">Begins with the first entry.</param>
    /// <param name="count">How many there are.</param>
    /// <param name="text">Null for a look at whether it is a table at all.</param>
    /// <param name="left">Counts down.</param>
    private bool Entries(ReadOnlySpan<byte> octets, int count, Encoding? text, ref int left)
    {
        var at = 0;
        for (var i = 0; i < count; i++)
        {
            left--;
            if (at + 2 > octets.Length)
            {
                return false;
            }

            int length = octets[at], flags = octets[at + 1], word = -1;
            at += 2;
            if (length == 0 && flags == 0)
            {
                if (at + 4 > octets.Length)
                {
                    return false;
                }

                word = BinaryPrimitives.ReadUInt16LittleEndian(octets[at..]);
                (length, flags) = (octets[at + 2], octets[at + 3]);
                at += 4;
            }

            at += (flags & 0x80) != 0 ? 6 : 0;
            if (at + length > octets.Length)
            {
                return false;
            }

            var name = text?.GetString(octets.Slice(at, length));
            at += length + (word < 0 ? 4 : 0);
            if (name is null)
            {
                continue;
            }

            if (word < 0)
            {
                names.Add(name);
            }
            else
            {
                respelled[word] = name;
            }
        }

        // What follows a table that was read right.
        return octets.Length >= at + 5 && octets.Slice(at, 5).SequenceEqual<byte>([2, 0xFF, 0xFF, 1, 1]);
    }
}

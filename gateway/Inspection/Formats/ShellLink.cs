using System.Buffers.Binary;
using System.Text;

namespace Sekisho.Inspection.Formats;

/// <summary>Reads a Windows shortcut (MS-SHLLINK): what it starts, with which arguments, and what hangs on behind it.</summary>
internal sealed class ShellLink
{
    private static readonly Guid ClassId = new("00021401-0000-0000-C000-000000000046");

    private ShellLink()
    {
    }

    /// <summary>The path that the item list leads to (section 2.2); empty where there is none.</summary>
    public string ItemPath { get; private set; } = "";

    /// <summary>The path in LinkInfo, local or on a share (section 2.3); empty where there is none.</summary>
    public string InfoPath { get; private set; } = "";

    /// <summary>NAME_STRING: the description (section 2.4).</summary>
    public string Description { get; private set; } = "";

    /// <summary>RELATIVE_PATH.</summary>
    public string RelativePath { get; private set; } = "";

    /// <summary>WORKING_DIR.</summary>
    public string WorkingDirectory { get; private set; } = "";

    /// <summary>COMMAND_LINE_ARGUMENTS, unshortened.</summary>
    public string Arguments { get; private set; } = "";

    /// <summary>ICON_LOCATION, else the icon's environment block.</summary>
    public string Icon { get; private set; } = "";

    /// <summary>The target with environment variables (section 2.5.4); Windows prefers it.</summary>
    public string EnvironmentTarget { get; private set; } = "";

    /// <summary>The computer the shortcut was made on (section 2.5.10); empty where it is not told.</summary>
    public string Machine { get; private set; } = "";

    /// <summary>Size of the target as noted, octets; 0 for many made by hand.</summary>
    public uint TargetSize { get; private set; }

    /// <summary>Where the shortcut's own structures end.</summary>
    public int End { get; private set; }

    /// <summary>What is started.</summary>
    public string Target => EnvironmentTarget.Length > 0 ? EnvironmentTarget : InfoPath.Length > 0 ? InfoPath : ItemPath.Length > 0 ? ItemPath : RelativePath;

    /// <summary>Target and arguments on one line; long runs of blanks, which hide the rest from a person, are counted instead.</summary>
    public string CommandLine => Squeeze($"{Target} {Arguments}".Trim());

    /// <summary>Reads a shortcut; what is cut off is left out.</summary>
    /// <param name="octets">The whole file.</param>
    /// <exception cref="InvalidDataException">It does not begin as a shortcut.</exception>
    public static ShellLink Read(ReadOnlySpan<byte> octets)
    {
        if (octets.Length < 76 || BinaryPrimitives.ReadUInt32LittleEndian(octets) != 76 || new Guid(octets.Slice(4, 16)) != ClassId)
        {
            throw new InvalidDataException("No shortcut header.");
        }

        var link = new ShellLink { TargetSize = BinaryPrimitives.ReadUInt32LittleEndian(octets[52..]), End = 76 };
        var flags = BinaryPrimitives.ReadUInt32LittleEndian(octets[20..]);
        var isWide = (flags & 0x80) != 0;
        if ((flags & 1) != 0)
        {
            link.ItemPath = Items(link.Take16(octets));
        }

        if ((flags & 2) != 0 && link.End + 4 <= octets.Length)
        {
            var size = BinaryPrimitives.ReadUInt32LittleEndian(octets[link.End..]);
            var info = octets.Slice(link.End, (int)Math.Min(size, (uint)(octets.Length - link.End)));
            link.End += info.Length;
            link.InfoPath = Info(info);
        }

        for (var bit = 2; bit <= 6; bit++)
        {
            if ((flags & (1u << bit)) != 0)
            {
                var text = link.String(octets, isWide);
                switch (bit)
                {
                    case 2:
                        link.Description = text;
                        break;
                    case 3:
                        link.RelativePath = text;
                        break;
                    case 4:
                        link.WorkingDirectory = text;
                        break;
                    case 5:
                        link.Arguments = text;
                        break;
                    default:
                        link.Icon = text;
                        break;
                }
            }
        }

        link.ExtraData(octets);
        return link;
    }

    /// <summary>Blanks and line ends in a row, more than three, as their number.</summary>
    internal static string Squeeze(string text)
    {
        var result = new StringBuilder(Math.Min(text.Length, 4096));
        for (var i = 0; i < text.Length;)
        {
            var run = i;
            while (run < text.Length && (char.IsWhiteSpace(text[run]) || char.IsControl(text[run])))
            {
                run++;
            }

            if (run - i > 3)
            {
                result.Append(System.Globalization.CultureInfo.InvariantCulture, $" [{run - i} blanks] ");
                i = run;
            }
            else
            {
                result.Append(text[i] is '\0' ? ' ' : text[i]);
                i++;
            }
        }

        return result.ToString();
    }

    private ReadOnlySpan<byte> Take16(ReadOnlySpan<byte> octets)
    {
        if (End + 2 > octets.Length)
        {
            return [];
        }

        var size = Math.Min(BinaryPrimitives.ReadUInt16LittleEndian(octets[End..]), octets.Length - End - 2);
        var taken = octets.Slice(End + 2, size);
        End += 2 + size;
        return taken;
    }

    private string String(ReadOnlySpan<byte> octets, bool isWide)
    {
        if (End + 2 > octets.Length)
        {
            return "";
        }

        var count = BinaryPrimitives.ReadUInt16LittleEndian(octets[End..]) * (isWide ? 2 : 1);
        count = Math.Min(count, octets.Length - End - 2);
        var text = octets.Slice(End + 2, count);
        End += 2 + count;
        return (isWide ? Encoding.Unicode.GetString(text) : TextOf.Narrow(text)).TrimEnd('\0');
    }

    /// <summary>Blocks of size and signature until one of less than four octets (section 2.5).</summary>
    private void ExtraData(ReadOnlySpan<byte> octets)
    {
        while (End + 4 <= octets.Length)
        {
            var size = BinaryPrimitives.ReadUInt32LittleEndian(octets[End..]);
            if (size < 4)
            {
                End += 4;
                return;
            }

            // A signature of another family is no block: what is here was put behind a shortcut that lacks its end.
            if (size < 8 || size > octets.Length - End || BinaryPrimitives.ReadUInt32LittleEndian(octets[(End + 4)..]) is < 0xA0000000 or > 0xA00000FF)
            {
                return;
            }

            var block = octets.Slice(End, (int)size);
            End += block.Length;
            switch (BinaryPrimitives.ReadUInt32LittleEndian(block[4..]))
            {
                case 0xA0000001 when block.Length >= 788:
                    EnvironmentTarget = Either(block);
                    break;
                case 0xA0000007 when block.Length >= 788 && Icon.Length == 0:
                    Icon = Either(block);
                    break;
                case 0xA0000003 when block.Length >= 32:
                    Machine = Zero(block.Slice(16, 16));
                    break;
            }
        }
    }

    private static string Either(ReadOnlySpan<byte> block)
    {
        var wide = Wide(block.Slice(268, 520));
        return wide.Length > 0 ? wide : Zero(block.Slice(8, 260));
    }

    private static string Info(ReadOnlySpan<byte> info)
    {
        if (info.Length < 28)
        {
            return "";
        }

        var header = BinaryPrimitives.ReadUInt32LittleEndian(info[4..]);
        var flags = BinaryPrimitives.ReadUInt32LittleEndian(info[8..]);
        var suffix = At(info, 24);
        if ((flags & 1) != 0)
        {
            var isWide = header >= 0x24 && info.Length >= 36;
            var wide = isWide ? Wide(From(info, 28)) + Wide(From(info, 32)) : "";
            return wide.Length > 0 ? wide : At(info, 16) + suffix;
        }

        if ((flags & 2) != 0 && From(info, 20) is { Length: >= 20 } network)
        {
            var share = At(network, 8);
            return suffix.Length > 0 ? $@"{share}\{suffix}" : share;
        }

        return suffix;

        static ReadOnlySpan<byte> From(ReadOnlySpan<byte> area, int field)
        {
            var offset = BinaryPrimitives.ReadUInt32LittleEndian(area[field..]);
            return offset == 0 || offset >= area.Length ? [] : area[(int)offset..];
        }

        static string At(ReadOnlySpan<byte> area, int field) => Zero(From(area, field));
    }

    /// <summary>The names along an item list: drives and file entries (as Windows' shell writes them; the specification leaves them open).</summary>
    private static string Items(ReadOnlySpan<byte> list)
    {
        var path = new StringBuilder();
        for (var count = 0; count < 100 && list.Length >= 3; count++)
        {
            var size = BinaryPrimitives.ReadUInt16LittleEndian(list);
            if (size < 3)
            {
                break;
            }

            var item = list[..Math.Min(size, list.Length)];
            list = list[item.Length..];
            var name = (item[2] & 0x70) switch
            {
                0x20 when item.Length > 3 && (item[2] & 1) != 0 => Zero(item[3..]),
                0x30 => FileName(item),
                0x40 when item.Length > 5 => Zero(item[5..]), // A network location.
                _ => "",
            };
            if (name.Length > 0)
            {
                path.Append(path.Length > 0 && path[^1] != '\\' ? "\\" : "").Append(name);
            }
        }

        return path.ToString();
    }

    private static string FileName(ReadOnlySpan<byte> item)
    {
        // The long name is in the extension block 0xBEEF0004, at a place that grew with Windows' versions.
        var sign = item.IndexOf((ReadOnlySpan<byte>)[0x04, 0x00, 0xEF, 0xBE]);
        if (sign >= 4)
        {
            var version = BinaryPrimitives.ReadUInt16LittleEndian(item[(sign - 2)..]);
            var at = sign - 4 + 18 + (version >= 7 ? 18 : 0) + (version >= 3 ? 2 : 0) + (version >= 9 ? 4 : 0) + (version >= 8 ? 4 : 0);
            if (at < item.Length && Wide(item[at..]) is { Length: > 0 } name)
            {
                return name;
            }
        }

        return item.Length <= 14 ? "" : (item[2] & 4) != 0 ? Wide(item[14..]) : Zero(item[14..]);
    }

    private static string Zero(ReadOnlySpan<byte> octets)
    {
        var end = octets.IndexOf((byte)0);
        return TextOf.Narrow(end < 0 ? octets : octets[..end]);
    }

    private static string Wide(ReadOnlySpan<byte> octets)
    {
        var text = Encoding.Unicode.GetString(octets[..(Math.Min(octets.Length, 4096) & ~1)]);
        var end = text.IndexOf('\0', StringComparison.Ordinal);
        return end < 0 ? text : text[..end];
    }
}

using System.Buffers.Binary;
using System.Text;

namespace Sekisho.Inspection.Formats;

/// <summary>Reads a block of properties as MS-OFORMS section 2.1.1.2 packs them: a mask of those present, short values aligned to their size, then long ones.</summary>
internal static class FormProperties
{
    /// <summary>One property: its bit in the mask, its octets in the data block (0 for none), and what stands in the extra block.</summary>
    /// <param name="Bit">Position in the mask.</param>
    /// <param name="Size">1, 2 or 4; 0 where it has no place in the data block.</param>
    /// <param name="Name">Its name where it is a text, or a number that is wanted; empty for what is skipped.</param>
    /// <param name="Extra">What it has in the extra block.</param>
    internal sealed record Field(int Bit, int Size, string Name = "", Extra Extra = Extra.None);

    /// <summary>What a property has in the extra block.</summary>
    internal enum Extra
    {
        /// <summary>Nothing.</summary>
        None,

        /// <summary>A size or position of 8 octets.</summary>
        Pair,

        /// <summary>A text whose length stands in the data block.</summary>
        Text,
    }

    /// <summary>OleSiteConcreteControl, section 2.2.10.12: what a form keeps of each control.</summary>
    public static readonly Field[] Site =
    [
        new(0, 4, "Name", Extra.Text), new(1, 4, "Tag", Extra.Text), new(2, 4), new(3, 4), new(4, 4), new(5, 4, "#Size"), new(6, 2), new(7, 2, "#Class"), new(9, 2),
        new(11, 4, "ControlTipText", Extra.Text), new(12, 4), new(13, 4, "ControlSource", Extra.Text), new(14, 4, "RowSource", Extra.Text),
    ];

    /// <summary>The order of the site's extra block (section 2.2.10.12.4), which is not that of its data block: the position stands behind the tag.</summary>
    public static readonly Field[] SiteExtra =
    [
        new(0, 4, "Name", Extra.Text), new(1, 4, "Tag", Extra.Text), new(8, 0, "", Extra.Pair), new(11, 4, "ControlTipText", Extra.Text), new(12, 4, "RuntimeLicKey", Extra.Text),
        new(13, 4, "ControlSource", Extra.Text), new(14, 4, "RowSource", Extra.Text),
    ];

    /// <summary>FormControl, section 2.2.10.2.</summary>
    public static readonly Field[] Form =
    [
        new(1, 4), new(2, 4), new(3, 4), new(6, 4, "#Flags"), new(7, 1), new(8, 1), new(9, 1), new(13, 4), new(15, 2), new(16, 1), new(17, 1), new(18, 4), new(19, 4, "Caption", Extra.Text),
        new(20, 2), new(21, 2), new(22, 4), new(23, 1), new(25, 1), new(26, 4), new(27, 4),
    ];

    /// <summary>Section 2.2.10.4.</summary>
    public static readonly Field[] FormExtra = [new(10, 0, "", Extra.Pair), new(11, 0, "", Extra.Pair), new(12, 0, "", Extra.Pair), new(19, 4, "Caption", Extra.Text)];

    /// <summary>MorphDataControl, section 2.2.5: text, list and combo boxes, check boxes, option and toggle buttons. Its mask has 64 bits.</summary>
    public static readonly Field[] Morph =
    [
        new(0, 4), new(1, 4), new(2, 4), new(3, 4), new(4, 1), new(5, 1), new(6, 1), new(7, 1), new(9, 2), new(10, 4), new(11, 2), new(12, 2), new(13, 2), new(14, 2), new(15, 2), new(16, 1),
        new(17, 1), new(18, 1), new(20, 1), new(21, 1), new(22, 4, "Value", Extra.Text), new(23, 4, "Caption", Extra.Text), new(24, 4), new(25, 4), new(26, 4), new(27, 2), new(28, 2), new(29, 2),
        new(32, 4, "GroupName", Extra.Text),
    ];

    /// <summary>Section 2.2.5.4.</summary>
    public static readonly Field[] MorphExtra = [new(8, 0, "", Extra.Pair), new(22, 4, "Value", Extra.Text), new(23, 4, "Caption", Extra.Text), new(32, 4, "GroupName", Extra.Text)];

    /// <summary>CommandButtonControl, section 2.2.1.</summary>
    public static readonly Field[] Button =
        [new(0, 4), new(1, 4), new(2, 4), new(3, 4, "Caption", Extra.Text), new(4, 4), new(6, 1), new(7, 2), new(8, 2), new(10, 2)];

    /// <summary>Sections 2.2.1.4 and 2.2.4.4.</summary>
    public static readonly Field[] CaptionExtra = [new(3, 4, "Caption", Extra.Text), new(5, 0, "", Extra.Pair)];

    /// <summary>LabelControl, section 2.2.4.</summary>
    public static readonly Field[] Label =
        [new(0, 4), new(1, 4), new(2, 4), new(3, 4, "Caption", Extra.Text), new(4, 4), new(6, 1), new(7, 4), new(8, 2), new(9, 2), new(10, 2), new(11, 2), new(12, 2)];

    /// <summary>Reads a block that begins with its mask.</summary>
    /// <param name="block">From the mask on, as long as its header says.</param>
    /// <param name="maskSize">4 or 8 octets.</param>
    /// <param name="data">The properties in the data block's order.</param>
    /// <param name="extra">Those with something in the extra block, in that block's order.</param>
    /// <param name="numbers">Gets the numbers that are wanted, by name.</param>
    /// <returns>Texts by name; fewer where the block breaks off.</returns>
    public static List<(string Name, string Text)> Read(ReadOnlySpan<byte> block, int maskSize, Field[] data, Field[] extra, Dictionary<string, long> numbers)
    {
        var texts = new List<(string, string)>();
        if (block.Length < maskSize)
        {
            return texts;
        }

        var mask = maskSize == 8 ? BinaryPrimitives.ReadUInt64LittleEndian(block) : BinaryPrimitives.ReadUInt32LittleEndian(block);
        var at = maskSize;
        var lengths = new Dictionary<int, uint>();
        foreach (var field in data)
        {
            if ((mask >> field.Bit & 1) == 0 || field.Size == 0)
            {
                continue;
            }

            // Sizes are powers of two; masks of 4 and 8 octets keep the alignment.
            at = (at + field.Size - 1) & ~(field.Size - 1);
            if (at + field.Size > block.Length)
            {
                return texts;
            }

            uint value = field.Size switch
            {
                1 => block[at],
                2 => BinaryPrimitives.ReadUInt16LittleEndian(block[at..]),
                _ => BinaryPrimitives.ReadUInt32LittleEndian(block[at..]),
            };
            at += field.Size;
            lengths[field.Bit] = value;
            if (field.Name.StartsWith('#'))
            {
                numbers[field.Name] = value;
            }
        }

        at = (at + 3) & ~3;
        foreach (var field in extra)
        {
            if ((mask >> field.Bit & 1) == 0)
            {
                continue;
            }

            if (field.Extra == Extra.Pair)
            {
                at += 8;
                continue;
            }

            // The highest bit says "compressed": one octet a character (section 2.4.14.2).
            var count = lengths.GetValueOrDefault(field.Bit);
            var length = count & 0x7FFFFFFF;
            if (at > block.Length)
            {
                return texts;
            }

            var text = block.Slice(at, (int)Math.Min(length, block.Length - at));
            if (text.Length > 0)
            {
                texts.Add((field.Name, (count & 0x80000000) != 0 ? Encoding.Latin1.GetString(text) : Encoding.Unicode.GetString(text)));
            }

            if (length > block.Length - at)
            {
                return texts;
            }

            at = (at + (int)length + 3) & ~3;
        }

        return texts;
    }
}

using System.Buffers.Binary;
using System.Text;

namespace Sekisho.Inspection.Signatures;

/// <summary>Many texts in one block of UTF-8: each two octets of length, then its own. Place 0 is the empty text.</summary>
internal sealed class IndicatorTexts
{
    /// <summary>Octets of one text; longer ones are cut at a character.</summary>
    public const int Longest = 16_000;

    private const int MostInterned = 100_000;

    private readonly Dictionary<string, int> interned = new(StringComparer.Ordinal);
    private byte[] block = new byte[1024];
    private int length = 2;
    private int last;

    /// <summary>Adds a text. One that was just added, or that many share, takes no room again.</summary>
    /// <param name="text">Any text.</param>
    /// <param name="isShared">True for texts that many indicators have (tags), false for those of one (values, references).</param>
    /// <returns>Its place.</returns>
    /// <exception cref="InvalidDataException">All texts together reach 2 GiB.</exception>
    public int Add(ReadOnlySpan<char> text, bool isShared = false)
    {
        if (text.IsEmpty)
        {
            return 0;
        }

        var known = interned.GetAlternateLookup<ReadOnlySpan<char>>();
        if (isShared && known.TryGetValue(text, out var place))
        {
            return place;
        }

        text = text.Length > Longest / 3 ? text[..(Longest / 3)] : text;
        var most = Encoding.UTF8.GetMaxByteCount(text.Length) + 2;
        if (length + (long)most > Array.MaxLength)
        {
            throw new InvalidDataException("The indicators' texts take more than 2 GiB.");
        }

        if (length + most > block.Length)
        {
            Array.Resize(ref block, (int)Math.Min(Array.MaxLength, Math.Max((long)block.Length * 2, length + (long)most)));
        }

        place = length;
        var octets = Encoding.UTF8.GetBytes(text, block.AsSpan(place + 2));
        if (!isShared && last > 0 && At(last).SequenceEqual(block.AsSpan(place + 2, octets)))
        {
            return last;
        }

        BinaryPrimitives.WriteUInt16LittleEndian(block.AsSpan(place), (ushort)octets);
        length += octets + 2;
        if (isShared && interned.Count < MostInterned)
        {
            known[text] = place;
        }

        last = isShared ? last : place;
        return place;
    }

    /// <summary>The octets at a place.</summary>
    public ReadOnlySpan<byte> At(int place) => block.AsSpan(place + 2, BinaryPrimitives.ReadUInt16LittleEndian(block.AsSpan(place)));

    /// <summary>The text at a place.</summary>
    public string Text(int place) => Encoding.UTF8.GetString(At(place));

    /// <summary>Gives back what was only needed for adding.</summary>
    public void Trim()
    {
        interned.Clear();
        interned.TrimExcess();
        Array.Resize(ref block, length);
    }
}

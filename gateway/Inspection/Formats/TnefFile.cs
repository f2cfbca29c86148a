using System.Buffers.Binary;
using System.Text;

namespace Sekisho.Inspection.Formats;

/// <summary>Takes the attachments out of TNEF (MS-OXTNEF), Outlook's <c>winmail.dat</c>.</summary>
/// <remarks>Our own, since MimeKit 4.18.2 never returns from some broken ones (found by the fuzzer).</remarks>
internal static class TnefFile
{
    private const uint AttachRenderData = 0x00069002;
    private const uint AttachTitle = 0x00018010;
    private const uint AttachData = 0x0006800F;
    private const uint Attachment = 0x00069005;
    private const uint OemCodePage = 0x00069007;
    private const int MaxAttachments = 1000;

    /// <summary>The attachments, at most 1,000; what comes before a fault is given.</summary>
    /// <param name="octets">The whole file.</param>
    /// <param name="isBroken">True where a fault ended it early.</param>
    /// <exception cref="InvalidDataException">It does not begin as TNEF.</exception>
    public static List<EmbeddedFile> Find(ReadOnlySpan<byte> octets, out bool isBroken)
    {
        if (octets.Length < 6 || BinaryPrimitives.ReadUInt32LittleEndian(octets) != 0x223E9F78)
        {
            throw new InvalidDataException("No TNEF signature.");
        }

        isBroken = false;
        var text = Encoding.Latin1;
        var found = new List<EmbeddedFile>();
        var name = "";
        byte[] data = [];
        var rest = octets[6..];
        while (rest.Length > 0 && found.Count < MaxAttachments)
        {
            // Level, id, length, data, and a checksum that nobody heeds (section 2.1.3.1).
            if (rest.Length < 11)
            {
                isBroken = true;
                break;
            }

            var id = BinaryPrimitives.ReadUInt32LittleEndian(rest[1..]);
            var length = BinaryPrimitives.ReadUInt32LittleEndian(rest[5..]);
            rest = rest[9..];
            if (length > rest.Length)
            {
                isBroken = true;
                length = (uint)rest.Length;
            }

            var value = rest[..(int)length];
            rest = rest[Math.Min(rest.Length, (int)length + 2)..];
            switch (id)
            {
                case OemCodePage when value.Length >= 4:
                    text = TextOf(BinaryPrimitives.ReadInt32LittleEndian(value));
                    break;
                case AttachRenderData:
                    Complete();
                    break;
                case AttachTitle:
                    name = text.GetString(value).TrimEnd('\0');
                    break;
                case AttachData:
                    data = value.ToArray();
                    break;
                case Attachment:
                    isBroken |= !Properties(value, text, ref name, ref data);
                    break;
            }
        }

        Complete();
        return found;

        void Complete()
        {
            if (data.Length > 0 || name.Length > 0)
            {
                found.Add(new EmbeddedFile(name.Length == 0 ? "attachment" : name, data));
            }

            name = "";
            data = [];
        }
    }

    /// <summary>MAPI properties of an attachment (section 2.1.3.4): its long name and its data. False where they break off.</summary>
    private static bool Properties(ReadOnlySpan<byte> rest, Encoding text, ref string name, ref byte[] data)
    {
        if (!Number(ref rest, out var count))
        {
            return false;
        }

        for (var i = 0u; i < count; i++)
        {
            if (!Number(ref rest, out var tag))
            {
                return false;
            }

            var type = tag & 0xFFFF;
            var id = tag >> 16;
            if (id >= 0x8000 && !SkipName(ref rest))
            {
                return false;
            }

            var isVariable = (type & 0xFFF) is 0x0D or 0x1E or 0x1F or 0x102;
            var values = 1u;
            if ((isVariable || (type & 0x1000) != 0) && !Number(ref rest, out values))
            {
                return false;
            }

            for (var j = 0u; j < values; j++)
            {
                uint length = (type & 0xFFF) switch { 0x02 or 0x0B => 4, 0x03 or 0x04 or 0x0A => 4, 0x48 => 16, 0x00 or 0x01 => 0, _ => 8 };
                if (isVariable && !Number(ref rest, out length))
                {
                    return false;
                }

                if (length == 0 && !isVariable)
                {
                    break; // A value without octets may be declared four thousand million times.
                }

                if (length > rest.Length)
                {
                    return false;
                }

                var value = rest[..(int)length];
                rest = rest[(int)Math.Min(rest.Length, (length + 3L) & ~3L)..];
                if (id == 0x3707 && value.Length > 0)
                {
                    name = (type == 0x1F ? Encoding.Unicode : text).GetString(value).TrimEnd('\0');
                }
                else if (id == 0x3701 && value.Length > 16)
                {
                    // An object begins with the interface it is to be opened with (section 2.1.3.4.3).
                    data = (type == 0x0D ? value[16..] : value).ToArray();
                }
            }
        }

        return true;
    }

    private static bool SkipName(ref ReadOnlySpan<byte> rest)
    {
        if (rest.Length < 24)
        {
            return false;
        }

        var kind = BinaryPrimitives.ReadUInt32LittleEndian(rest[16..]);
        rest = rest[20..];
        if (!Number(ref rest, out var length))
        {
            return false;
        }

        if (kind == 0)
        {
            return true; // The number was the name.
        }

        if (length > rest.Length)
        {
            return false;
        }

        rest = rest[(int)Math.Min(rest.Length, (length + 3L) & ~3L)..];
        return true;
    }

    private static bool Number(ref ReadOnlySpan<byte> rest, out uint number)
    {
        number = 0;
        if (rest.Length < 4)
        {
            return false;
        }

        number = BinaryPrimitives.ReadUInt32LittleEndian(rest);
        rest = rest[4..];
        return true;
    }

    private static Encoding TextOf(int codePage)
    {
        try
        {
            return Encoding.GetEncoding(codePage);
        }
        catch (Exception e) when (e is ArgumentException or NotSupportedException)
        {
            return Encoding.Latin1;
        }
    }
}

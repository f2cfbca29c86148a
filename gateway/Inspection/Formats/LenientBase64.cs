using System.Buffers;

namespace Sekisho.Inspection.Formats;

/// <summary>Base64 that breaks the rules, read the ways programs read it: over rubbish, and to the first padding or past it.</summary>
public static class LenientBase64
{
    private static readonly SearchValues<byte> Allowed = SearchValues.Create("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/=\r\n \t"u8);
    private static readonly SearchValues<byte> Blank = SearchValues.Create("\r\n \t"u8);

    /// <summary>What in the text breaks the rules so that programs differ: octets outside the alphabet, or padding that is not the end (RFC 2045 section 6.8). Null for sound base64.</summary>
    /// <param name="encoded">The text as it stands in the letter, read to its end and not closed.</param>
    public static string? Fault(Stream encoded)
    {
        var buffer = ArrayPool<byte>.Shared.Rent(64 << 10);
        try
        {
            var isPadded = false;
            int got;
            while ((got = encoded.Read(buffer, 0, buffer.Length)) > 0)
            {
                var chunk = buffer.AsSpan(0, got);
                if (chunk.IndexOfAnyExcept(Allowed) >= 0)
                {
                    return "base64 with octets that are none";
                }

                var padding = isPadded ? 0 : chunk.IndexOf((byte)'=');
                if (padding >= 0 && chunk[padding..].IndexOfAnyExcept("=\r\n \t"u8) >= 0)
                {
                    return "base64 goes on behind its padding";
                }

                isPadded |= padding >= 0;
            }

            return null;
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }

    /// <summary>True for octets that are base64 and hardly anything else: at least 80 characters of the alphabet in one length of lines, mixed case.</summary>
    /// <param name="octets">A content that is not declared as base64.</param>
    public static bool LooksLike(ReadOnlySpan<byte> octets)
    {
        octets = octets.Trim("\r\n \t"u8);
        if (octets.Length < 80 || octets.IndexOfAnyExcept(Allowed) >= 0 || octets.IndexOfAny((byte)' ', (byte)'\t') >= 0)
        {
            return false;
        }

        var line = octets.IndexOfAny(Blank);
        return (line < 0 || line >= 40) && octets.ContainsAnyInRange((byte)'a', (byte)'z') && octets.ContainsAnyInRange((byte)'A', (byte)'Z');
    }

    /// <summary>Decodes whatever can be decoded; octets outside the alphabet are passed over.</summary>
    /// <param name="encoded">The text.</param>
    /// <param name="stopAtPadding">True to end at the first padding, false to begin anew behind it.</param>
    public static byte[] Decode(ReadOnlySpan<byte> encoded, bool stopAtPadding)
    {
        var content = new byte[(encoded.Length / 4 * 3) + 3];
        var length = 0;
        uint bits = 0;
        var count = 0;
        foreach (var c in encoded)
        {
            if (c == '=')
            {
                // What is left of a group before its padding counts; then a new group begins.
                length += Flush(content.AsSpan(length), bits, count);
                (bits, count) = (0, 0);
                if (stopAtPadding)
                {
                    return content[..length];
                }

                continue;
            }

            var value = Value(c);
            if (value < 0)
            {
                continue;
            }

            bits = (bits << 6) | (uint)value;
            if (++count == 4)
            {
                length += Flush(content.AsSpan(length), bits, count);
                (bits, count) = (0, 0);
            }
        }

        length += Flush(content.AsSpan(length), bits, count);
        return content[..length];
    }

    private static int Flush(Span<byte> into, uint bits, int count)
    {
        var octets = count * 6 / 8;
        bits <<= (4 - count) * 6;
        for (var i = 0; i < octets; i++)
        {
            into[i] = (byte)(bits >> (16 - (8 * i)));
        }

        return octets;
    }

    private static int Value(byte c) => c switch
    {
        >= (byte)'A' and <= (byte)'Z' => c - 'A',
        >= (byte)'a' and <= (byte)'z' => c - 'a' + 26,
        >= (byte)'0' and <= (byte)'9' => c - '0' + 52,
        (byte)'+' => 62,
        (byte)'/' => 63,
        _ => -1,
    };
}

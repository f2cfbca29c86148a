using System.Text;

namespace Sekisho.Inspection.Formats;

/// <summary>Makes text of octets for readers that look for ASCII marks and show what they find.</summary>
internal static class TextOf
{
    /// <summary>UTF-16 where a mark or zeros tell it, UTF-8 where it is valid, else octet for octet.</summary>
    public static string Markup(ReadOnlySpan<byte> octets)
    {
        if (octets.Length >= 2)
        {
            if (octets[0] == 0xFF && octets[1] == 0xFE)
            {
                return Encoding.Unicode.GetString(octets[2..]);
            }

            if (octets[0] == 0xFE && octets[1] == 0xFF)
            {
                return Encoding.BigEndianUnicode.GetString(octets[2..]);
            }

            if (octets[1] == 0 && octets[0] != 0)
            {
                return Encoding.Unicode.GetString(octets);
            }

            if (octets[0] == 0 && octets[1] != 0)
            {
                return Encoding.BigEndianUnicode.GetString(octets);
            }
        }

        return System.Text.Unicode.Utf8.IsValid(octets) ? Encoding.UTF8.GetString(octets) : Encoding.Latin1.GetString(octets);
    }

    /// <summary>Text in the writer's own code page, which nothing names: UTF-8 if it can be, else the one of Japan.</summary>
    public static string Narrow(ReadOnlySpan<byte> octets)
    {
        if (System.Text.Unicode.Utf8.IsValid(octets))
        {
            return Encoding.UTF8.GetString(octets);
        }

        return Encoding.GetEncoding(932).GetString(octets);
    }
}

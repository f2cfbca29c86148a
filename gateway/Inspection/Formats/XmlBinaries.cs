using System.Buffers.Text;

namespace Sekisho.Inspection.Formats;

/// <summary>Takes out the base64 octets that Word 2003 XML (<c>w:binData</c>) and flat OPC (<c>pkg:binaryData</c>) carry.</summary>
/// <remarks>By hand, not with an XML reader: Word forgives XML that a reader would refuse.</remarks>
internal static class XmlBinaries
{
    private const int MaxBinaries = 200;

    /// <summary>Every binary in the file, at most 200.</summary>
    /// <param name="xml">The whole file in an encoding that keeps ASCII; UTF-16 is folded to it first.</param>
    public static List<EmbeddedFile> Find(ReadOnlySpan<byte> xml)
    {
        if (xml.Length > 1 && (xml[0] == 0 || xml[1] == 0 || (xml[0] is 0xFE or 0xFF && xml[1] is 0xFE or 0xFF)))
        {
            var folded = new byte[xml.Length];
            var length = 0;
            foreach (var b in xml)
            {
                if (b != 0)
                {
                    folded[length++] = b;
                }
            }

            xml = folded.AsSpan(0, length);
        }

        var found = new List<EmbeddedFile>();
        while (found.Count < MaxBinaries)
        {
            var mark = xml.IndexOf("inData"u8);
            var other = xml.IndexOf("inaryData"u8);
            var at = mark < 0 ? other : other < 0 ? mark : Math.Min(mark, other);
            if (at < 0)
            {
                break;
            }

            xml = xml[at..];
            var open = xml.IndexOf((byte)'>');
            if (open < 0)
            {
                break;
            }

            xml = xml[(open + 1)..];
            var close = xml.IndexOf((byte)'<');
            var text = close < 0 ? xml : xml[..close];
            if (text.Length >= 8 && Decode(text) is { Length: > 0 } content)
            {
                found.Add(new EmbeddedFile("binary", content));
            }

            xml = close < 0 ? [] : xml[close..];
        }

        return found;
    }

    private static byte[] Decode(ReadOnlySpan<byte> text)
    {
        // Blanks and broken ends are forgiven, as Word does.
        var clean = new byte[text.Length];
        var length = 0;
        foreach (var b in text)
        {
            if (char.IsAsciiLetterOrDigit((char)b) || b is (byte)'+' or (byte)'/')
            {
                clean[length++] = b;
            }
        }

        length -= length % 4 == 1 ? 1 : 0;
        var padded = (length + 3) / 4 * 4;
        if (padded > clean.Length)
        {
            Array.Resize(ref clean, padded);
        }

        clean.AsSpan(length, padded - length).Fill((byte)'=');
        var output = new byte[Base64.GetMaxDecodedFromUtf8Length(padded)];
        Base64.DecodeFromUtf8(clean.AsSpan(0, padded), output, out _, out var written);
        return output[..written];
    }
}

using System.Buffers.Text;
using System.Globalization;

namespace Sekisho.Inspection.Formats;

/// <summary>Takes out the base64 octets that Word 2003 XML (<c>w:binData</c>) and flat OPC (<c>pkg:binaryData</c>) carry.</summary>
/// <remarks>By hand, not with an XML reader: Word forgives XML that a reader would refuse.</remarks>
internal static class XmlBinaries
{
    private const int MaxBinaries = 200;
    private const int LongestValue = 4096;

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
            xml = xml[TagEnd(xml)..];
            var text = Content(ref xml);
            if (text.Length >= 8 && Decode(text) is { Length: > 0 } content)
            {
                found.Add(new EmbeddedFile("binary", content));
            }
        }

        return found;
    }

    /// <summary>Where a start tag ends; a <c>&gt;</c> in the value of an attribute does not end it.</summary>
    private static int TagEnd(ReadOnlySpan<byte> xml)
    {
        for (var at = 0; at < xml.Length;)
        {
            var found = xml[at..].IndexOfAny((byte)'>', (byte)'"', (byte)'\'');
            if (found < 0)
            {
                break;
            }

            at += found;
            if (xml[at] == '>')
            {
                return at + 1;
            }

            // A quote that is not closed soon is none.
            var close = xml[(at + 1)..Math.Min(xml.Length, at + LongestValue)].IndexOf(xml[at]);
            at += close < 0 ? 1 : close + 2;
        }

        return xml.Length;
    }

    /// <summary>An element's text up to its end tag, as an XML reader gives it: comments and instructions left out, CDATA sections and character references undone (XML 1.0 sections 2.5 to 2.7 and 4.1).</summary>
    private static ReadOnlySpan<byte> Content(ref ReadOnlySpan<byte> xml)
    {
        var end = xml.IndexOf((byte)'<');
        var text = end < 0 ? xml : xml[..end];
        var rest = end < 0 ? [] : xml[end..];
        if (text.IndexOf((byte)'&') < 0 && rest is not [_, (byte)'!' or (byte)'?', ..])
        {
            xml = rest;
            return text;
        }

        var whole = new List<byte>(text.Length);
        while (true)
        {
            AddReferences(whole, text);
            var isData = rest.StartsWith("<![CDATA["u8);
            if (isData || rest.StartsWith("<!--"u8) || rest.StartsWith("<?"u8))
            {
                var mark = isData ? "]]>"u8 : rest[1] == '!' ? "-->"u8 : "?>"u8;
                rest = rest[(isData ? 9 : rest[1] == '!' ? 4 : 2)..];
                end = rest.IndexOf(mark);
                if (isData)
                {
                    whole.AddRange(end < 0 ? rest : rest[..end]);
                }

                rest = end < 0 ? [] : rest[(end + mark.Length)..];
                end = rest.IndexOf((byte)'<');
                text = end < 0 ? rest : rest[..end];
                rest = end < 0 ? [] : rest[end..];
                continue;
            }

            xml = rest;
            return whole.ToArray();
        }
    }

    private static void AddReferences(List<byte> whole, ReadOnlySpan<byte> text)
    {
        while (text.IndexOf("&#"u8) is >= 0 and var at)
        {
            whole.AddRange(text[..at]);
            text = text[(at + 2)..];
            var end = text[..Math.Min(text.Length, 12)].IndexOf((byte)';');
            if (end > 0)
            {
                var isHex = text[0] is (byte)'x' or (byte)'X';
                if (int.TryParse(text[(isHex ? 1 : 0)..end], isHex ? NumberStyles.AllowHexSpecifier : NumberStyles.None, CultureInfo.InvariantCulture, out var code) && code is > 0 and < 128)
                {
                    whole.Add((byte)code);
                }

                text = text[(end + 1)..];
            }
        }

        whole.AddRange(text);
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

namespace Sekisho.Inspection.Formats;

/// <summary>Finds files that stand in plain text in the ways of before MIME: uuencode (POSIX, with and without base64) and yEnc.</summary>
internal static class TextBinaries
{
    private const int MaxFiles = 100;

    /// <summary>Octets of the longest mark: so much is looked at again where a text is searched in pieces.</summary>
    public const int LongestMark = 13;

    /// <summary>True where a file may begin.</summary>
    /// <param name="octets">A text or a piece of one.</param>
    public static bool HasMark(ReadOnlySpan<byte> octets) => octets.IndexOf("begin "u8) >= 0 || octets.IndexOf("begin-base64 "u8) >= 0;

    /// <summary>The files, in order, as far as they can be decoded. Costs two vectorised searches where there is none.</summary>
    /// <param name="octets">A text, decoded from its transfer encoding.</param>
    public static IReadOnlyList<EmbeddedFile> Find(ReadOnlySpan<byte> octets)
    {
        if (!HasMark(octets))
        {
            return [];
        }

        var files = new List<EmbeddedFile>();
        while (!octets.IsEmpty && files.Count < MaxFiles)
        {
            var line = NextLine(ref octets);
            var isBase64 = line.StartsWith("begin-base64 "u8);
            if (line.StartsWith("=ybegin "u8))
            {
                var content = YEnc(ref octets);
                if (content.Length > 0)
                {
                    files.Add(new EmbeddedFile(YName(line), content));
                }
            }
            else if (isBase64 || line.StartsWith("begin "u8))
            {
                var rest = line[(isBase64 ? 13 : 6)..].TrimStart((byte)' ');
                var digits = 0;
                while (digits < rest.Length && rest[digits] is >= (byte)'0' and <= (byte)'7')
                {
                    digits++;
                }

                if (digits is < 3 or > 6 || digits == rest.Length || rest[digits] != ' ')
                {
                    continue; // "begin with the second paragraph" is a sentence.
                }

                var before = octets;
                var content = isBase64 ? Base64(ref octets) : Uu(ref octets);
                if (content.Length > 0)
                {
                    var name = Name(rest[(digits + 1)..]);
                    files.Add(new EmbeddedFile(name.Length == 0 ? "uuencoded" : name, content));
                }
                else
                {
                    octets = before;
                }
            }
        }

        return files;
    }

    private static byte[] Uu(ref ReadOnlySpan<byte> octets)
    {
        MemoryStream? content = null; // Made when a line is one: a hostile text begins a million files and has none.
        var bad = 0;
        while (!octets.IsEmpty && bad < 3)
        {
            var line = NextLine(ref octets).TrimEnd((byte)'\r');
            if (line.SequenceEqual("end"u8))
            {
                break;
            }

            var length = line.IsEmpty ? 0 : (line[0] - 32) & 63;
            if (length == 0)
            {
                bad += line.IsEmpty ? 1 : 0;
                continue;
            }

            // Trailing blanks (which stand for 0) may have been cut on the way.
            if (line[0] is < 32 or > 96 || line.Length - 1 < (length * 4 / 3) - 3)
            {
                bad++;
                continue;
            }

            bad = 0;
            content ??= new MemoryStream();
            for (int i = 1, left = length; left > 0; i += 4, left -= 3)
            {
                uint group = 0;
                for (var j = 0; j < 4; j++)
                {
                    group = (group << 6) | (i + j < line.Length ? (uint)(line[i + j] - 32) & 63 : 0);
                }

                content.WriteByte((byte)(group >> 16));
                if (left > 1)
                {
                    content.WriteByte((byte)(group >> 8));
                }

                if (left > 2)
                {
                    content.WriteByte((byte)group);
                }
            }
        }

        return content?.ToArray() ?? [];
    }

    private static byte[] Base64(ref ReadOnlySpan<byte> octets)
    {
        var text = new List<byte>();
        while (!octets.IsEmpty)
        {
            var line = NextLine(ref octets);
            if (line.StartsWith("===="u8))
            {
                break;
            }

            text.AddRange(line);
        }

        return LenientBase64.Decode([.. text], stopAtPadding: true);
    }

    private static byte[] YEnc(ref ReadOnlySpan<byte> octets)
    {
        using var content = new MemoryStream();
        while (!octets.IsEmpty)
        {
            var line = NextLine(ref octets);
            if (line.StartsWith("=yend"u8))
            {
                break;
            }

            if (line.StartsWith("=ypart"u8))
            {
                continue;
            }

            for (var i = 0; i < line.Length; i++)
            {
                if (line[i] == '=' && i + 1 < line.Length)
                {
                    content.WriteByte((byte)(line[++i] - 64 - 42));
                }
                else if (line[i] is not ((byte)'\r' or (byte)'\n'))
                {
                    content.WriteByte((byte)(line[i] - 42));
                }
            }
        }

        return content.ToArray();
    }

    private static string YName(ReadOnlySpan<byte> line) =>
        line.IndexOf(" name="u8) is >= 0 and var at ? Name(line[(at + 6)..]) : "yenc";

    private static string Name(ReadOnlySpan<byte> octets) => JapaneseText.Decode(octets.Trim(" \t\r\""u8), null, out _);

    private static ReadOnlySpan<byte> NextLine(ref ReadOnlySpan<byte> octets)
    {
        var end = octets.IndexOf((byte)'\n');
        var line = end < 0 ? octets : octets[..end];
        octets = end < 0 ? [] : octets[(end + 1)..];
        return line.TrimEnd((byte)'\r');
    }
}

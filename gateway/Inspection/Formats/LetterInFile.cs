using System.Text;

namespace Sekisho.Inspection.Formats;

/// <summary>Finds a web archive (MHTML, RFC 2557) that begins somewhere within another file, where Word still finds it.</summary>
/// <remarks>Word opens it behind a PDF's header, behind blank lines or rubbish, and without <c>MIME-Version</c>.</remarks>
internal static class LetterInFile
{
    private const int LongestLine = 1000;
    private const int MaxHeaderLines = 50;
    private const int LongestType = 2000;

    /// <summary>Where the header begins that holds the first <c>multipart/</c> with a boundary; -1 where none does.</summary>
    /// <param name="octets">The file, or its beginning.</param>
    /// <param name="from">Where to begin; set behind the type that was found.</param>
    public static int Find(ReadOnlySpan<byte> octets, ref int from)
    {
        while (from < octets.Length)
        {
            var slash = octets[from..].IndexOf((byte)'/');
            if (slash < 0)
            {
                break;
            }

            var at = from + slash;
            from = at + 1;
            if (at >= 9 && Ascii.EqualsIgnoreCase(octets.Slice(at - 9, 9), "multipart"u8) && HasBoundary(octets[at..Math.Min(octets.Length, at + LongestType)]))
            {
                return Header(octets, at);
            }
        }

        from = octets.Length;
        return -1;
    }

    /// <summary>The base64 of an ActiveMime wrapping that stands in the text, decoded; empty where there is none.</summary>
    /// <param name="octets">The file, or its beginning.</param>
    public static byte[] Macros(ReadOnlySpan<byte> octets)
    {
        var at = octets.IndexOf("QWN0aXZlTWltZ"u8); // "ActiveMime"
        if (at < 0)
        {
            return [];
        }

        var rest = octets[at..];
        var end = 0;
        while (end < rest.Length && (char.IsAsciiLetterOrDigit((char)rest[end]) || rest[end] is (byte)'+' or (byte)'/' or (byte)'\r' or (byte)'\n' or (byte)' ' or (byte)'\t'))
        {
            end++;
        }

        return LenientBase64.Decode(rest[..end].ToArray(), stopAtPadding: true);
    }

    private static bool HasBoundary(ReadOnlySpan<byte> type)
    {
        // Parameters or a comment follow the subtype; in prose something else does.
        var subtype = type[1..].IndexOfAny(" \t\r\n;("u8);
        if (subtype < 0 || type[(subtype + 1)..].TrimStart(" \t\r\n"u8) is not [(byte)';' or (byte)'(', ..])
        {
            return false;
        }

        while (type.IndexOfAny((byte)'b', (byte)'B') is >= 0 and var at && at + 8 <= type.Length)
        {
            if (Ascii.EqualsIgnoreCase(type.Slice(at, 8), "boundary"u8))
            {
                return true;
            }

            type = type[(at + 1)..];
        }

        return false;
    }

    /// <summary>The first line of the header around a place: lines that go on, or have a name before a colon.</summary>
    private static int Header(ReadOnlySpan<byte> octets, int at)
    {
        var start = LineStart(octets, at);
        for (var lines = 0; lines < MaxHeaderLines && start > 0; lines++)
        {
            var isGoingOn = octets[start] is (byte)' ' or (byte)'\t';
            var before = LineStart(octets, start - 1);
            var line = octets[before..(start - 1)].TrimEnd((byte)'\r');
            var colon = line.IndexOf((byte)':');
            var isField = colon > 0 && line[..colon].IndexOfAny((byte)' ', (byte)'\t') < 0;
            if (!isField && (line.IsEmpty || (!isGoingOn && line[0] is not ((byte)' ' or (byte)'\t'))))
            {
                break;
            }

            start = before;
        }

        return start;
    }

    private static int LineStart(ReadOnlySpan<byte> octets, int at)
    {
        var from = Math.Max(0, at - LongestLine);
        return from + octets[from..at].LastIndexOf((byte)'\n') + 1;
    }
}

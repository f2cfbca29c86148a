using System.Globalization;
using System.Text;
using MimeKit;
using Sekisho.Inspection.Formats;

namespace Sekisho.Inspection.Messages;

/// <summary>What in a MIME header can be read in more than one way, and the other ways.</summary>
/// <remarks>Programs differ in which of two fields or parameters they take, in quoting, comments and unknown names; what one of them shows, somebody may open.</remarks>
internal static class MimeAlternatives
{
    private const int MaxValues = 8;
    private const int MaxBoundary = 200;
    private const int MaxValue = 16 << 10;

    /// <summary>The values of every field of this name, spellings with blanks before the colon included, unfolded.</summary>
    public static List<string> Values(MimeEntity entity, string field)
    {
        var values = new List<string>(1);
        foreach (var header in entity.Headers)
        {
            if (values.Count < MaxValues && header.RawValue is { Length: <= MaxValue } raw && header.Field.AsSpan().Trim().Equals(field, StringComparison.OrdinalIgnoreCase))
            {
                values.Add(Unfold(Encoding.Latin1.GetString(raw)));
            }
        }

        return values;
    }

    /// <summary>A field's value on one line.</summary>
    public static string Unfold(string raw) => raw.Replace("\r", "", StringComparison.Ordinal).Replace("\n", "", StringComparison.Ordinal).Replace('\0', ' ').Trim();

    /// <summary>Every boundary that a program may read from a Content-Type (RFC 2046 section 5.1.1): each of several parameters, continued ones, with quotes, blanks and comments or without.</summary>
    public static List<string> Boundaries(string value)
    {
        var found = new List<string>(1);
        void Add(string boundary)
        {
            if (boundary.Length is > 0 and <= MaxBoundary && !found.Contains(boundary) && found.Count < MaxValues)
            {
                found.Add(boundary);
            }
        }

        var from = 0;
        var joined = new StringBuilder();
        while (value.IndexOf("boundary", from, StringComparison.OrdinalIgnoreCase) is >= 0 and var at)
        {
            from = at + 8;
            var rest = value.AsSpan(from).TrimStart();
            var isPiece = rest.StartsWith("*");
            if (isPiece)
            {
                rest = rest.TrimStart("*0123456789").TrimStart();
            }

            if (!rest.StartsWith("="))
            {
                continue;
            }

            rest = rest[1..].TrimStart();
            var quoted = rest.StartsWith("\"") || rest.StartsWith("'");
            var close = quoted ? rest[1..].IndexOf(rest[0]) : -1;
            var read = quoted ? (close < 0 ? rest[1..] : rest[1..(close + 1)]) : UpTo(rest, ";");
            if (isPiece)
            {
                // RFC 2231: the pieces are one value; some programs see only the first.
                joined.Append(read.Trim());
                if (joined.Length > MaxBoundary)
                {
                    break;
                }

                Add(joined.ToString());
                continue;
            }

            if (quoted)
            {
                Add(read.ToString().Replace("\\", "", StringComparison.Ordinal));
                Add(read.TrimEnd().ToString());
                if (rest[0] == '\'')
                {
                    Add(UpTo(rest, ";").TrimEnd().ToString());
                }

                continue;
            }

            Add(read.TrimEnd().ToString());
            Add(UpTo(rest, "; \t(,\"").ToString());
        }

        return found;
    }

    private static ReadOnlySpan<char> UpTo(ReadOnlySpan<char> text, string ends) => text.IndexOfAny(ends) is >= 0 and var end ? text[..end] : text;

    /// <summary>A transfer encoding read as leniently as any program does (RFC 2045 section 6.1); null for a name that nobody knows.</summary>
    public static ContentEncoding? EncodingOf(string value)
    {
        var name = new string([.. StripComments(value).Where(char.IsAsciiLetterOrDigit)]).ToLowerInvariant();
        return name switch
        {
            "" or "7bit" or "8bit" or "binary" or "7bits" or "8bits" or "none" or "identity" => ContentEncoding.Binary,
            "uuencode" or "xuuencode" or "xuue" or "uue" => ContentEncoding.UUEncode,
            _ when name.StartsWith("base64", StringComparison.Ordinal) || name is "b64" or "b" or "xbase64" => ContentEncoding.Base64,
            _ when name.StartsWith("quoted", StringComparison.Ordinal) || name is "qp" or "q" => ContentEncoding.QuotedPrintable,
            _ => null,
        };
    }

    /// <summary>True where the name is one that RFC 2045 or old habit knows exactly, so that all programs agree.</summary>
    public static bool IsPlainEncoding(string value) =>
        value.Trim().ToLowerInvariant() is "7bit" or "8bit" or "binary" or "base64" or "quoted-printable" or "x-uuencode" or "uuencode" or "x-uue";

    /// <summary>True where a bracket stands outside quotation marks.</summary>
    public static bool HasComment(string value)
    {
        var isQuoted = false;
        for (var i = 0; i < value.Length; i++)
        {
            switch (value[i])
            {
                case '\\':
                    i++;
                    break;
                case '"':
                    isQuoted = !isQuoted;
                    break;
                case '(' when !isQuoted:
                    return true;
            }
        }

        return false;
    }

    /// <summary>Where the body of a message/external-body lies (RFC 2046 section 5.2.3, RFC 2017): its URL, or one made of site, folder and name; null where neither is told.</summary>
    public static string? ExternalAddress(ParameterList parameters)
    {
        if (parameters["url"] is { Length: > 0 } url)
        {
            // Long ones are broken with blanks, which are none of theirs (RFC 2017 section 3.1).
            return string.Concat(url.Where(c => !char.IsWhiteSpace(c)));
        }

        return parameters["site"] is { Length: > 0 } site
            ? $"ftp://{site}/{parameters["directory"]?.Trim('/')}/{parameters["name"]}".Replace("///", "/", StringComparison.Ordinal)
            : null;
    }

    private static string StripComments(string value)
    {
        var plain = new StringBuilder(value.Length);
        var depth = 0;
        foreach (var c in value)
        {
            depth = c == '(' ? depth + 1 : depth;
            if (depth == 0)
            {
                plain.Append(c);
            }

            depth = c == ')' && depth > 0 ? depth - 1 : depth;
        }

        return plain.ToString();
    }

    /// <summary>The first line that looks like a boundary with a header behind it, without its dashes; null where there is none.</summary>
    public static string? GuessBoundary(ReadOnlySpan<byte> body)
    {
        for (var lines = 0; !body.IsEmpty && lines < 2000; lines++)
        {
            var end = body.IndexOf((byte)'\n');
            var line = (end < 0 ? body : body[..end]).TrimEnd("\r \t"u8);
            body = end < 0 ? [] : body[(end + 1)..];
            if (line.Length is > 3 and <= MaxBoundary && line[0] == '-' && line[1] == '-' && line[2..].IndexOfAnyExcept((byte)'-') >= 0 && IsHeader(body))
            {
                return Encoding.Latin1.GetString(line[2..]);
            }
        }

        return null;
    }

    /// <summary>True where the next line is a MIME field.</summary>
    private static bool IsHeader(ReadOnlySpan<byte> body)
    {
        var line = Encoding.Latin1.GetString(body[..Math.Min(body.Length, 40)]);
        return line.StartsWith("Content-", StringComparison.OrdinalIgnoreCase) && line.Contains(':', StringComparison.Ordinal);
    }

    /// <summary>The part that hides in text around a multipart (RFC 2046 section 5.1.1 has it ignored): from its first MIME field or boundary on; empty where none does.</summary>
    public static ReadOnlySpan<byte> HiddenPart(ReadOnlySpan<byte> around, out string? boundary)
    {
        boundary = null;
        if (around.Length < 20 || Find(around, "Content-"u8) < 0)
        {
            return [];
        }

        boundary = GuessBoundary(around);
        if (boundary is not null)
        {
            return around;
        }

        var at = Find(around, "Content-"u8);
        var hidden = around[at..];
        return hidden.IndexOf("\n\r\n"u8) >= 0 || hidden.IndexOf("\n\n"u8) >= 0 ? hidden : [];
    }

    /// <summary>Where a line begins so, in any case.</summary>
    private static int Find(ReadOnlySpan<byte> text, ReadOnlySpan<byte> start)
    {
        var at = 0;
        while (at < text.Length)
        {
            if (text.Length - at >= start.Length && Ascii.EqualsIgnoreCase(text.Slice(at, start.Length), start))
            {
                return at;
            }

            var end = text[at..].IndexOf((byte)'\n');
            if (end < 0)
            {
                break;
            }

            at += end + 1;
        }

        return -1;
    }

    /// <summary>True where an equals sign is followed by what RFC 2045 section 6.7 does not know.</summary>
    public static bool IsBrokenQuotedPrintable(ReadOnlySpan<byte> encoded)
    {
        while (encoded.IndexOf((byte)'=') is >= 0 and var at)
        {
            encoded = encoded[(at + 1)..];
            if (encoded.IsEmpty)
            {
                return false;
            }

            var isSoft = encoded[0] is (byte)'\r' or (byte)'\n' or (byte)' ' or (byte)'\t';
            if (!isSoft && (encoded.Length < 2 || !char.IsAsciiHexDigit((char)encoded[0]) || !char.IsAsciiHexDigit((char)encoded[1])))
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>Octets decoded from a transfer encoding.</summary>
    public static byte[] Decode(byte[] raw, ContentEncoding encoding)
    {
        if (encoding == ContentEncoding.Base64)
        {
            return LenientBase64.Decode(raw, stopAtPadding: false);
        }

        if (DecodedView.NewDecoder(encoding) is not { } decoder)
        {
            return raw;
        }

        var output = new byte[decoder.EstimateOutputLength(raw.Length) + 16];
        return output[..decoder.Decode(raw, 0, raw.Length, output)];
    }

    /// <summary>Which piece of how many a message/partial is, in words.</summary>
    public static string Piece(ContentType type) =>
        string.Create(CultureInfo.InvariantCulture, $"piece {type.Parameters["number"] ?? "?"} of {type.Parameters["total"] ?? "?"}");
}

using Sekisho.Inspection.Formats;

namespace Sekisho.Inspection.Signatures;

/// <summary>A list with one value a line, of any kind, defanged or not; words behind the value are not read. Hosts files count as lists of domains.</summary>
internal static class PlainList
{
    /// <summary>Characters a line.</summary>
    private const int MaxLine = 64 << 10;

    /// <summary>What a value is by its looks; null for what looks like nothing known.</summary>
    /// <param name="value">Refanged.</param>
    public static IndicatorKind? Guess(ReadOnlySpan<char> value)
    {
        if (value.Length is 32 or 40 or 64 && value.IndexOfAnyExcept("0123456789abcdefABCDEF") < 0)
        {
            return value.Length switch { 32 => IndicatorKind.Md5, 40 => IndicatorKind.Sha1, _ => IndicatorKind.Sha256 };
        }

        if (value.IndexOf("://") >= 0)
        {
            return IndicatorKind.Url;
        }

        if (IndicatorKey.Ip(value) is not null)
        {
            return IndicatorKind.Ip;
        }

        if (IndicatorKey.IpPort(value) is not null)
        {
            return IndicatorKind.IpPort;
        }

        if (value.Contains('@') && value.IndexOf('/') < 0)
        {
            return IndicatorKey.Address(value) is not null ? IndicatorKind.Address : null;
        }

        var slash = value.IndexOf('/');
        var host = slash < 0 ? value : value[..slash];
        return IndicatorKey.Domain(host) is null ? null : slash > 0 ? IndicatorKind.Url : IndicatorKind.Domain;
    }

    /// <summary>The first word of a line as a value, ready for <see cref="Guess"/>: refanged, brackets and commas behind it gone.</summary>
    public static string Clean(ReadOnlySpan<char> line, out int column)
    {
        var text = line.TrimStart(" \t\uFEFF\"'<");
        column = line.Length - text.Length + 1;
        var end = text.IndexOfAny(" \t\r\"'<>");
        text = end < 0 ? text : text[..end];
        var value = LinkTargets.Refang(text.ToString(), out _).TrimEnd(',', ';', '.', '\\', ')');
        return value.Contains("://", StringComparison.Ordinal) || !value.Contains('/', StringComparison.Ordinal) ? value : "http://" + value;
    }

    public static void Read(TextReader reader, FeedReading feed)
    {
        feed.Format = "list";
        var line = 0L;
        var source = feed.Stem;
        var first = true;
        var buffer = new char[MaxLine];
        while (Line(reader, buffer, feed, line + 1) is >= 0 and var length)
        {
            line++;
            var text = buffer.AsSpan(0, length).Trim();
            if (text.IsEmpty || text[0] is '#' or ';' || text.StartsWith("//", StringComparison.Ordinal))
            {
                source = first && text.Contains("urlhaus", StringComparison.OrdinalIgnoreCase) ? "urlhaus" : first && text.Contains("feodo", StringComparison.OrdinalIgnoreCase) ? "feodo" : source;
                continue;
            }

            first = false;
            if (text.StartsWith("127.0.0.1", StringComparison.Ordinal) || text.StartsWith("0.0.0.0", StringComparison.Ordinal))
            {
                text = text[(text[0] == '1' ? 9 : 7)..].Trim();
                if (text.IsEmpty || text.SequenceEqual("localhost"))
                {
                    continue;
                }
            }

            var value = Clean(text, out var column);
            var facts = new IndicatorFacts { Source = source };
            if (Guess(value) is { } kind)
            {
                feed.Add(kind, value, facts, line, column);
            }
            else
            {
                feed.Bad(line, column, $"\"{FeedReading.Shown(text)}\" is no hash, address, domain or URL");
            }
        }
    }

    /// <summary>A line's characters; -1 at the end. The line's end is not among them.</summary>
    private static int Line(TextReader reader, char[] buffer, FeedReading feed, long line)
    {
        var length = 0;
        int c;
        while ((c = reader.Read()) >= 0)
        {
            if (c == '\n')
            {
                return length;
            }

            if (length == buffer.Length)
            {
                throw feed.Fault(line, 1, $"the line is longer than {MaxLine:N0} characters");
            }

            buffer[length++] = (char)c;
        }

        return length > 0 ? length : -1;
    }
}

using System.Text;

namespace Sekisho.Inspection.Formats;

/// <summary>Finds files that calendars and cards carry as base64: <c>ATTACH;ENCODING=BASE64</c> (RFC 5545 section 3.8.1.1), <c>PHOTO</c>, <c>LOGO</c>, <c>SOUND</c> and <c>KEY</c> (RFC 2426, RFC 6350).</summary>
internal static class CardFiles
{
    private const int MaxFiles = 100;
    private const int LongestHead = 2_000;

    private static readonly string[] Properties = ["ATTACH", "PHOTO", "LOGO", "KEY", "SOUND"];

    /// <summary>Takes out the files, in order; at most 100.</summary>
    /// <param name="text">The calendar or card, its folded lines joined.</param>
    /// <param name="found">Where they go.</param>
    public static void Find(string text, CarrierContents found)
    {
        var count = 0;
        foreach (var line in text.AsSpan().EnumerateLines())
        {
            if (line.Length < 16 || line[0] is ' ' or '\t')
            {
                continue;
            }

            var colon = Colon(line);
            if (colon < 0 || !IsFile(line[..colon], out var property))
            {
                continue;
            }

            var head = line[..colon].ToString();
            var value = line[(colon + 1)..];
            var isData = value.StartsWith("data:", StringComparison.OrdinalIgnoreCase);
            var comma = isData ? value.IndexOf(',') : -1;
            if (isData ? comma < 0 || !value[..comma].EndsWith(";base64", StringComparison.OrdinalIgnoreCase) : !IsBase64(head))
            {
                continue;
            }

            var octets = new byte[value.Length - comma - 1];
            Encoding.Latin1.GetBytes(value[(comma + 1)..], octets);
            var content = LenientBase64.Decode(octets, stopAtPadding: true);
            found.Take(Name(head) ?? property.ToLowerInvariant(), content);
            if (++count >= MaxFiles)
            {
                return;
            }
        }
    }

    /// <summary>Where the value begins: the first colon outside quotation marks.</summary>
    private static int Colon(ReadOnlySpan<char> line)
    {
        var isQuoted = false;
        for (var i = 0; i < Math.Min(line.Length, LongestHead); i++)
        {
            if (line[i] == '"')
            {
                isQuoted = !isQuoted;
            }
            else if (line[i] == ':' && !isQuoted)
            {
                return i;
            }
        }

        return -1;
    }

    /// <summary>True for a property that may be a file; a group ("item1.PHOTO") may stand before it.</summary>
    private static bool IsFile(ReadOnlySpan<char> head, out string property)
    {
        var end = head.IndexOf(';');
        var name = end < 0 ? head : head[..end];
        name = name[(name.LastIndexOf('.') + 1)..].Trim();
        foreach (var known in Properties)
        {
            if (name.Equals(known, StringComparison.OrdinalIgnoreCase))
            {
                property = known;
                return true;
            }
        }

        property = "";
        return false;
    }

    /// <summary>True where a parameter says base64: <c>ENCODING=BASE64</c>, <c>ENCODING=b</c>, or, in old cards, <c>BASE64</c> alone.</summary>
    private static bool IsBase64(string head)
    {
        foreach (var parameter in head.Split(';').Skip(1))
        {
            var equals = parameter.IndexOf('=', StringComparison.Ordinal);
            var value = parameter[(equals + 1)..].Trim().Trim('"');
            if ((equals < 0 || parameter.AsSpan(0, equals).Trim().Equals("ENCODING", StringComparison.OrdinalIgnoreCase))
                && (value.Equals("BASE64", StringComparison.OrdinalIgnoreCase) || (equals >= 0 && value.Equals("B", StringComparison.OrdinalIgnoreCase))))
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>The file's name as calendars of several makers give it.</summary>
    private static string? Name(string head)
    {
        foreach (var parameter in head.Split(';').Skip(1))
        {
            var equals = parameter.IndexOf('=', StringComparison.Ordinal);
            if (equals > 0 && parameter.AsSpan(0, equals).Trim().EndsWith("FILENAME", StringComparison.OrdinalIgnoreCase))
            {
                var name = parameter[(equals + 1)..].Trim().Trim('"').Replace('\\', '/');
                name = name[(name.LastIndexOf('/') + 1)..];
                return name.Length == 0 ? null : name;
            }
        }

        return null;
    }
}

using System.Buffers.Text;
using System.Globalization;
using System.Text;

namespace Sekisho.Inspection.Formats;

/// <summary>Judges the scripts of one page: do they save a file that the page itself carries, and are they written not to be read?</summary>
internal sealed class HtmlScripts(bool isPicture, ReadBudget budget, CarrierContents found)
{
    private const int ShortestData = 128;
    private const int LongestScript = 16 << 20;
    private const int LargeData = 8 << 10;

    private static readonly string[] Saving = ["createObjectURL", "msSaveOrOpenBlob", "msSaveBlob", "showSaveFilePicker", ".download=", ".download =", "setAttribute(\"download\"", "setAttribute('download'", "webkitRequestFileSystem"];
    private static readonly string[] Hiding = ["eval(", "unescape(", "fromCharCode", "atob(", "document.write(", "decodeURIComponent(", "new Function(", "charCodeAt(", "document['write']", "window['"];

    private static readonly string[] Senders = ["XMLHttpRequest", "fetch(", "$.post(", "$.ajax(", "jQuery.ajax", "sendBeacon(", "axios.", "api.telegram.org", "emailjs."];

    private readonly HashSet<string> saving = new(StringComparer.Ordinal);
    private readonly HashSet<string> hiding = new(StringComparer.Ordinal);
    private readonly HashSet<FileKind> kinds = [];
    private long length;
    private long dataLength;
    private int odd;

    /// <summary>What a script that names an address sends with; null where none does.</summary>
    public string? Sending { get; private set; }

    /// <summary>A script that is fetched from elsewhere.</summary>
    public void Outside(string address) => found.Note(isPicture ? SignKind.SvgScript : SignKind.HtmlScript, "from " + address);

    /// <summary>A script, whole, or the value of an attribute that is one.</summary>
    public void Add(ReadOnlySpan<char> script)
    {
        script = script.Trim();
        if (script.IsEmpty || length > LongestScript)
        {
            return;
        }

        length += script.Length;
        script = script[..Math.Min(script.Length, LongestScript)];
        budget.Unpack(script.Length);
        if (isPicture || script.Length > 40)
        {
            found.Note(isPicture ? SignKind.SvgScript : SignKind.HtmlScript, ShellLink.Squeeze(script[..Math.Min(script.Length, 120)].ToString()));
        }

        var joined = Joined(script);
        foreach (var word in Saving)
        {
            if (script.Contains(word, StringComparison.OrdinalIgnoreCase))
            {
                saving.Add(word);
            }
        }

        Sending ??= Array.Find(Senders, sender => joined.Contains(sender, StringComparison.OrdinalIgnoreCase)) is { } way && joined.Contains("//", StringComparison.Ordinal) ? way : null;
        foreach (var word in Hiding)
        {
            if (script.Contains(word, StringComparison.OrdinalIgnoreCase))
            {
                hiding.Add(word);
            }
        }

        odd += Escapes(joined);
        CommandLinks.Note(found, joined);
        Runs(joined);
        Numbers(joined);
    }

    /// <summary>A data URL: pictures, sound and fonts are let be, anything else is taken out.</summary>
    /// <param name="address">The whole URL.</param>
    /// <param name="isSaved">True where the page offers it as a download.</param>
    public void DataUrl(string address, bool isSaved)
    {
        var comma = address.IndexOf(',', StringComparison.Ordinal);
        if (comma < 0)
        {
            return;
        }

        var head = address.AsSpan(5, comma - 5);
        byte[] content;
        if (head.Contains("base64", StringComparison.OrdinalIgnoreCase))
        {
            content = FromBase64(Uri.UnescapeDataString(address[(comma + 1)..]));
        }
        else
        {
            content = Encoding.UTF8.GetBytes(Uri.UnescapeDataString(address[(comma + 1)..]));
        }

        var kind = FileTypes.Sniff(content);
        if (kind is FileKind.Image or FileKind.Media or FileKind.Empty || head.StartsWith("image/svg", StringComparison.OrdinalIgnoreCase) && !content.AsSpan().ContainsAny("<"u8) || head.StartsWith("font/", StringComparison.OrdinalIgnoreCase))
        {
            return;
        }

        budget.Unpack(content.Length);
        found.Take("data-url", content);
        if (isSaved)
        {
            found.Note(SignKind.HtmlSmuggling, $"a link saves {content.Length} octets of {kind} that the page carries");
        }
    }

    /// <summary>Says what all scripts of the page together do.</summary>
    public void Judge()
    {
        if (saving.Count > 0 && (kinds.Count > 0 || dataLength >= LargeData))
        {
            found.Note(SignKind.HtmlSmuggling, $"{string.Join(", ", saving)} with {dataLength} characters of data{(kinds.Count > 0 ? ": " + string.Join(", ", kinds) : "")}");
        }

        if (hiding.Count >= 2 && (odd > 200 || dataLength > 1000 || kinds.Contains(FileKind.Html)) || odd > 2000)
        {
            found.Note(SignKind.HtmlObfuscated, $"{string.Join(", ", hiding)}; {odd} escapes, {dataLength} characters of data");
        }
    }

    /// <summary>Strings put together from pieces ("ab" + "cd") as one.</summary>
    private static string Joined(ReadOnlySpan<char> script)
    {
        var result = new StringBuilder(script.Length);
        for (var i = 0; i < script.Length; i++)
        {
            if (script[i] is '"' or '\'')
            {
                var next = i + 1;
                var isPlus = false;
                // Bounded, so that a script of nothing but blanks stays linear.
                while (next < script.Length && next - i < 64 && (char.IsWhiteSpace(script[next]) || (script[next] == '+' && !isPlus)))
                {
                    isPlus |= script[next] == '+';
                    next++;
                }

                if (isPlus && next < script.Length && script[next] is '"' or '\'')
                {
                    i = next;
                    continue;
                }
            }

            result.Append(script[i]);
        }

        return result.ToString();
    }

    private static int Escapes(string script)
    {
        var count = 0;
        for (var i = 0; i + 3 < script.Length; i++)
        {
            count += (script[i] == '\\' && script[i + 1] == 'x') || (script[i] == '%' && char.IsAsciiHexDigit(script[i + 1]) && char.IsAsciiHexDigit(script[i + 2])) || (script[i] == '_' && script[i + 1] == '0' && script[i + 2] == 'x') ? 1 : 0;
        }

        return count;
    }

    /// <summary>Long runs of base64, and of percent signs with two digits.</summary>
    private void Runs(string script)
    {
        for (var i = 0; i < script.Length;)
        {
            var start = i;
            var percents = 0;
            while (i < script.Length && (char.IsAsciiLetterOrDigit(script[i]) || script[i] is '+' or '/' or '=' or '%' or '-' or '_'))
            {
                percents += script[i] == '%' ? 1 : 0;
                i++;
            }

            if (i - start >= ShortestData)
            {
                var run = script[start..i];
                if (percents * 6 > run.Length)
                {
                    Decoded(Encoding.Latin1.GetBytes(Uri.UnescapeDataString(run)), run.Length);
                }
                else if (percents == 0)
                {
                    Decoded(FromBase64(run), run.Length);
                }
            }

            i++;
        }
    }

    /// <summary>Long lists of numbers from 0 to 255.</summary>
    private void Numbers(string script)
    {
        var octets = new List<byte>();
        var value = -1;
        foreach (var c in script)
        {
            if (char.IsAsciiDigit(c))
            {
                value = Math.Min(1000, (Math.Max(value, 0) * 10) + (c - '0'));
                continue;
            }

            if (value is >= 0 and < 256)
            {
                octets.Add((byte)value);
            }

            if (c is not (',' or ' ' or '\r' or '\n' or '\t') || value > 255)
            {
                if (octets.Count >= ShortestData)
                {
                    Decoded([.. octets], octets.Count);
                }

                octets.Clear();
            }

            value = -1;
        }
    }

    private void Decoded(byte[] content, int characters)
    {
        var kind = FileTypes.Sniff(content);
        if (kind is FileKind.Image or FileKind.Media)
        {
            return; // Pages carry their pictures so.
        }

        budget.Unpack(content.Length);
        dataLength += characters;
        if (kind is not (FileKind.Unknown or FileKind.Empty or FileKind.Text))
        {
            kinds.Add(kind);
            found.Take("script-data", content);
        }
    }

    private static byte[] FromBase64(string text)
    {
        var clean = new byte[text.Length + 3];
        var length = 0;
        foreach (var c in text)
        {
            if (char.IsAsciiLetterOrDigit(c) || c is '+' or '/')
            {
                clean[length++] = (byte)c;
            }
            else if (c is '-' or '_')
            {
                clean[length++] = (byte)(c == '-' ? '+' : '/');
            }
        }

        length -= length % 4 == 1 ? 1 : 0;
        while (length % 4 != 0)
        {
            clean[length++] = (byte)'=';
        }

        var output = new byte[Base64.GetMaxDecodedFromUtf8Length(length)];
        Base64.DecodeFromUtf8(clean.AsSpan(0, length), output, out _, out var written);
        return output[..written];
    }
}

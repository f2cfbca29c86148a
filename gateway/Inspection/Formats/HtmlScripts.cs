using System.Buffers;
using System.Globalization;
using System.Text;

namespace Sekisho.Inspection.Formats;

/// <summary>Judges the scripts of one page: do they save a file that the page itself carries, and are they written not to be read?</summary>
internal sealed class HtmlScripts(bool isPicture, ReadBudget budget, CarrierContents found)
{
    private const int ShortestData = 128;
    private const int LongestScript = 16 << 20;
    private const int LargeData = 8 << 10;
    private const int MaxHeld = 100;

    /// <summary>Characters beside its data of a script that is written for one purpose; libraries are longer.</summary>
    private const int ShortScript = 20_000;

    /// <summary>How often what a script decodes is looked at as script again.</summary>
    private const int MaxAgain = 2;

    private static readonly SearchValues<char> Base64Text = SearchValues.Create("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/=-_ \t\r\n");

    private static readonly string[] Saving = ["createObjectURL", "msSaveOrOpenBlob", "msSaveBlob", "showSaveFilePicker", ".download=", ".download =", "setAttribute(\"download\"", "setAttribute('download'", "webkitRequestFileSystem"];
    private static readonly string[] Hiding = ["eval(", "unescape(", "fromCharCode", "atob(", "document.write(", "decodeURIComponent(", "new Function(", "charCodeAt(", "document['write']", "window['"];

    /// <summary>What a script decodes by that somebody saves a file with.</summary>
    private static readonly string[] Decoders = ["atob(", "parseInt(", "fromCharCode"];

    /// <summary>Script that is decoded only to be run, blanks left out.</summary>
    private static readonly string[] RunsDecoded = ["eval(atob(", "eval(window.atob(", "eval(self.atob(", "Function(atob(", "Function(window.atob(", "eval(String.fromCharCode(", "eval(decodeURIComponent(escape(atob(", "eval(decodeURIComponent(atob("];

    private static readonly string[] Senders = ["XMLHttpRequest", "fetch(", "$.post(", "$.ajax(", "jQuery.ajax", "sendBeacon(", "axios.", "api.telegram.org", "emailjs."];

    private readonly HashSet<string> saving = new(StringComparer.Ordinal);
    private readonly HashSet<string> hiding = new(StringComparer.Ordinal);
    private readonly HashSet<FileKind> kinds = [];
    private readonly List<byte[]> held = [];
    private string? decodes;
    private bool hasScript;
    private int again;
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
        hasScript = true;
        script = script[..Math.Min(script.Length, LongestScript)];
        budget.Unpack(script.Length);
        if (again == 0 && (isPicture || script.Length > 40))
        {
            found.Note(isPicture ? SignKind.SvgScript : SignKind.HtmlScript, ShellLink.Squeeze(script[..Math.Min(script.Length, 120)].ToString()));
        }

        var joined = ScriptTexts.Plain(script);
        string? saves = null;
        foreach (var word in Saving)
        {
            if (joined.Contains(word, StringComparison.OrdinalIgnoreCase))
            {
                saving.Add(word);
                saves ??= word;
            }
        }

        Sending ??= Array.Find(Senders, sender => joined.Contains(sender, StringComparison.OrdinalIgnoreCase)) is { } way && joined.Contains("//", StringComparison.Ordinal) ? way : null;
        foreach (var word in Hiding)
        {
            if (joined.Contains(word, StringComparison.OrdinalIgnoreCase))
            {
                hiding.Add(word);
            }
        }

        odd += Escapes(script);
        CommandLinks.Note(found, joined);
        var before = dataLength;
        Runs(joined);
        Numbers(joined);
        if (joined.Length - (dataLength - before) <= ShortScript)
        {
            decodes ??= RunsDecodedText(joined) ?? (saves is not null && Array.Find(Decoders, d => joined.Contains(d, StringComparison.Ordinal)) is { } decoder ? $"{saves} with {decoder.TrimEnd('(')}" : null);
        }
    }

    /// <summary>A text of the page, or the value of an attribute, that script may decode: kept where it is data and nothing else.</summary>
    public void Hold(ReadOnlySpan<char> text)
    {
        text = text.Trim();
        if (text.Length < ShortestData || held.Count >= MaxHeld || length > LongestScript || text.IndexOfAnyExcept(Base64Text) >= 0)
        {
            return;
        }

        length += text.Length;
        budget.Unpack(text.Length);
        var content = ScriptTexts.FromBase64(text.ToString());
        if (FileTypes.Sniff(content) is not (FileKind.Unknown or FileKind.Empty or FileKind.Text or FileKind.Image or FileKind.Media))
        {
            held.Add(content);
        }
    }

    private static string? RunsDecodedText(string script)
    {
        if (!script.Contains("eval", StringComparison.Ordinal) && !script.Contains("Function", StringComparison.Ordinal))
        {
            return null;
        }

        var plain = new StringBuilder(script.Length);
        foreach (var c in script)
        {
            if (!char.IsWhiteSpace(c))
            {
                plain.Append(c);
            }
        }

        var text = plain.ToString();
        return Array.Find(RunsDecoded, way => text.Contains(way, StringComparison.Ordinal))?.TrimEnd('(');
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
            content = ScriptTexts.FromBase64(Uri.UnescapeDataString(address[(comma + 1)..]));
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
        if (hasScript)
        {
            foreach (var content in held)
            {
                Decoded(content, content.Length * 4 / 3);
            }
        }

        if (decodes is not null && !isPicture)
        {
            found.Note(SignKind.HtmlDecodes, decodes);
        }

        if (saving.Count > 0 && (kinds.Count > 0 || dataLength >= LargeData))
        {
            found.Note(SignKind.HtmlSmuggling, $"{string.Join(", ", saving)} with {dataLength} characters of data{(kinds.Count > 0 ? ": " + string.Join(", ", kinds) : "")}");
        }

        if (hiding.Count >= 2 && (odd > 200 || dataLength > 1000 || kinds.Contains(FileKind.Html)) || odd > 2000)
        {
            found.Note(SignKind.HtmlObfuscated, $"{string.Join(", ", hiding)}; {odd} escapes, {dataLength} characters of data");
        }
    }

    private static int Escapes(ReadOnlySpan<char> script)
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
                    Decoded(ScriptTexts.FromBase64(run), run.Length);
                }
            }

            i++;
        }
    }

    /// <summary>Long lists of numbers from 0 to 255, of ten digits or sixteen (0x4D).</summary>
    private void Numbers(string script)
    {
        var octets = new List<byte>();
        var value = -1;
        var isHex = false;
        for (var i = 0; i < script.Length; i++)
        {
            var c = script[i];
            if (value == 0 && c is 'x' or 'X' && script[i - 1] == '0')
            {
                isHex = true;
                continue;
            }

            if (isHex ? char.IsAsciiHexDigit(c) : char.IsAsciiDigit(c))
            {
                value = Math.Min(1000, (Math.Max(value, 0) * (isHex ? 16 : 10)) + (char.IsAsciiDigit(c) ? c - '0' : (c | 0x20) - 'a' + 10));
                continue;
            }

            isHex = false;

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

        // Script that script decodes; objects of data (JSON, source maps) are none.
        if (again < MaxAgain && content.Length > 0 && content[0] is not ((byte)'{' or (byte)'[' or (byte)'<') && !content.AsSpan().ContainsAnyExceptInRange((byte)'\t', (byte)'~'))
        {
            again++;
            Add(Encoding.ASCII.GetString(content));
            again--;
        }
    }
}

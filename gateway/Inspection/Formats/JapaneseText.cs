using System.Text;

namespace Sekisho.Inspection.Formats;

/// <summary>Decodes text that is probably Japanese, also where its label is missing or lies.</summary>
/// <remarks>ISO-2022-JP is read as CP50220 (JIS X 0208 with NEC and IBM characters, half-width kana), Shift_JIS as CP932, EUC-JP as CP51932: what is written in Japan, not what is registered.</remarks>
public static class JapaneseText
{
    private const int Look = 64 << 10;

    private static readonly Encoding Utf8 = new UTF8Encoding(false, throwOnInvalidBytes: false);
    private static readonly Encoding ShiftJis;
    private static readonly Encoding EucJp;
    private static readonly Encoding Jis;

    static JapaneseText()
    {
        // Left to themselves these put a middle dot for what they cannot read, which is a character like any other.
        var broken = new DecoderReplacementFallback("\uFFFD");
        ShiftJis = Encoding.GetEncoding(932, EncoderFallback.ReplacementFallback, broken);
        EucJp = Encoding.GetEncoding(51932, EncoderFallback.ReplacementFallback, broken);
        Jis = Encoding.GetEncoding(50220, EncoderFallback.ReplacementFallback, broken);
    }

    /// <summary>The text, and the name of the character set it was really read in.</summary>
    /// <param name="octets">The octets of one text.</param>
    /// <param name="label">The declared character set; null or empty where there is none.</param>
    /// <param name="charset">The one used, such as <c>iso-2022-jp</c>.</param>
    public static string Decode(ReadOnlySpan<byte> octets, string? label, out string charset)
    {
        if (Marked(octets) is { } marked)
        {
            charset = marked.WebName;
            return marked.GetString(octets[marked.Preamble.Length..]);
        }

        if (Ascii.IsValid(octets))
        {
            // Seven bits: ASCII unless there is an escape to kanji, or a label that means something else by seven bits.
            if (octets.Contains((byte)0x1B) && HasJisEscape(octets))
            {
                charset = "iso-2022-jp";
                return DecodeJis(octets);
            }

            if (octets.Contains((byte)0) && WideWithoutMark(octets) is { } wide)
            {
                charset = wide.WebName;
                return wide.GetString(octets);
            }

            if (label is { Length: > 0 } && octets.Contains((byte)'+') && label.Contains("utf-7", StringComparison.OrdinalIgnoreCase))
            {
                charset = "utf-7";
                return DecodeUtf7(octets);
            }

            charset = "us-ascii";
            return Encoding.ASCII.GetString(octets);
        }

        var encoding = Choose(octets, label);
        charset = encoding.CodePage == 50220 ? "iso-2022-jp" : encoding.WebName;
        return encoding == Jis ? DecodeJis(octets) : encoding.GetString(octets);
    }

    private static Encoding Choose(ReadOnlySpan<byte> octets, string? label)
    {
        var look = octets[..Math.Min(octets.Length, Look)];
        if (octets.Contains((byte)0) && WideWithoutMark(octets) is { } wide)
        {
            return wide;
        }

        // Octets that are sound UTF-8 are nothing else, save by a chance that falls with every character.
        if (IsUtf8(octets))
        {
            return Utf8;
        }

        if (HasJisEscape(look))
        {
            return Jis; // With eight-bit kana or rubbish in it.
        }

        var labelled = ByLabel(label);
        var sjis = Score(look, ShiftJis);
        var euc = Score(look, EucJp);
        if (labelled is not null && !IsJapaneseOrVague(labelled))
        {
            // A Russian or Chinese letter is left alone unless the octets are all but certainly Japanese.
            return Math.Max(sjis, euc) > 0.8 && Score(look, labelled) < 0.3 && HasKana(look, sjis >= euc ? ShiftJis : EucJp) ? (sjis >= euc ? ShiftJis : EucJp) : labelled;
        }

        var mostlyUtf8 = Utf8Share(look);
        if (mostlyUtf8 > 0.9 && mostlyUtf8 >= Math.Max(sjis, euc))
        {
            return Utf8;
        }

        // Half-width kana in EUC-JP reads as good kanji in Shift_JIS; Shift_JIS is hardly ever sound EUC-JP, so that label is believed.
        if (labelled?.CodePage is 51932 or 20932 && euc > 0 && !EucJp.GetString(look).Contains('\uFFFD', StringComparison.Ordinal))
        {
            return EucJp;
        }

        // Both may be sound: the label then decides, else the better one.
        if (sjis < 0.2 && euc < 0.2)
        {
            return labelled is null || labelled.CodePage is 932 or 51932 or 20932 or 50220 or 20127 or 65001 ? Encoding.Latin1 : labelled;
        }

        return Math.Abs(sjis - euc) < 0.02 && labelled?.CodePage is 51932 or 20932 ? EucJp : sjis >= euc ? ShiftJis : EucJp;
    }

    private static Encoding? ByLabel(string? label)
    {
        if (string.IsNullOrWhiteSpace(label))
        {
            return null;
        }

        var name = label.Trim().Trim('"', '\'').ToLowerInvariant();
        switch (name)
        {
            case "shift_jis" or "shift-jis" or "sjis" or "x-sjis" or "cp932" or "windows-31j" or "ms_kanji" or "ms932":
                return ShiftJis;
            case "euc-jp" or "x-euc-jp" or "eucjp" or "euc_jp" or "cp51932" or "eucjp-win" or "eucjp-ms":
                return EucJp;
            case "iso-2022-jp" or "iso-2022-jp-ms" or "csiso2022jp" or "cp50220" or "cp50221" or "cp50222" or "iso2022jp" or "jis":
                return Jis;
            case "utf8":
                return Utf8;
        }

        try
        {
            return Encoding.GetEncoding(name);
        }
        catch (Exception e) when (e is ArgumentException or NotSupportedException)
        {
            return null;
        }
    }

    /// <summary>True for labels under which any octets are sent: none at all, ASCII, Latin-1, UTF-8 and the Japanese ones.</summary>
    private static bool IsJapaneseOrVague(Encoding encoding) => encoding.CodePage is 932 or 51932 or 20932 or (>= 50220 and <= 50222) or 20127 or 28591 or 1252 or 65001;

    /// <summary>How Japanese the octets read in an encoding, below 0 to 1: common kana and kanji for it, broken and rare characters against it.</summary>
    private static double Score(ReadOnlySpan<byte> octets, Encoding encoding)
    {
        var text = encoding.GetString(octets);
        double good = 0, all = 0;
        foreach (var c in text)
        {
            if (c < 0x80)
            {
                continue;
            }

            all++;
            good += c switch
            {
                '\uFFFD' => -4,
                >= '\uE000' and <= '\uF8FF' => -3, // Octets without a character: private use.
                >= '\u0080' and <= '\u009F' => -4,
                >= '\u3041' and <= '\u30FF' => 1,
                >= '\u3000' and <= '\u3020' => 1,
                >= '\uFF01' and <= '\uFF5E' => 0.9,
                >= '\u4E00' and <= '\u9FFF' => 0.85,
                >= '\uFF61' and <= '\uFF9F' => 0.25, // Half-width kana is what EUC-JP looks like in Shift_JIS.
                >= '\u2000' and <= '\u33FF' => 0.6,
                _ => 0.2,
            };
        }

        return all == 0 ? 0 : good / all;
    }

    private static bool HasKana(ReadOnlySpan<byte> octets, Encoding encoding) => encoding.GetString(octets).AsSpan().ContainsAnyInRange('\u3041', '\u30FA');

    private static bool IsUtf8(ReadOnlySpan<byte> octets)
    {
        if (System.Text.Unicode.Utf8.IsValid(octets))
        {
            return true;
        }

        // A text cut in the middle of a character is UTF-8 all the same.
        for (var cut = 1; cut <= 3 && cut < octets.Length; cut++)
        {
            if (octets[^cut] >= 0xC0)
            {
                return System.Text.Unicode.Utf8.IsValid(octets[..^cut]) && !Ascii.IsValid(octets[..^cut]);
            }
        }

        return false;
    }

    /// <summary>Which part of the non-ASCII characters is sound UTF-8, 0 to 1.</summary>
    private static double Utf8Share(ReadOnlySpan<byte> octets)
    {
        int sound = 0, broken = 0;
        foreach (var rune in Utf8.GetString(octets).EnumerateRunes())
        {
            sound += rune.Value > 0x7F && rune.Value != 0xFFFD ? 1 : 0;
            broken += rune.Value == 0xFFFD ? 1 : 0;
        }

        return sound + broken == 0 ? 0 : (double)sound / (sound + broken);
    }

    private static Encoding? Marked(ReadOnlySpan<byte> octets) =>
        octets.StartsWith((ReadOnlySpan<byte>)[0xEF, 0xBB, 0xBF]) ? Encoding.UTF8
        : octets.StartsWith((ReadOnlySpan<byte>)[0xFF, 0xFE, 0, 0]) ? Encoding.UTF32
        : octets.StartsWith((ReadOnlySpan<byte>)[0xFF, 0xFE]) ? Encoding.Unicode
        : octets.StartsWith((ReadOnlySpan<byte>)[0xFE, 0xFF]) ? Encoding.BigEndianUnicode : null;

    /// <summary>UTF-16 told by its zeros: half of the first octets, and always the same half.</summary>
    private static Encoding? WideWithoutMark(ReadOnlySpan<byte> octets)
    {
        var look = octets[..Math.Min(octets.Length & ~1, 256)];
        int even = 0, odd = 0;
        for (var i = 0; i < look.Length; i += 2)
        {
            even += look[i] == 0 ? 1 : 0;
            odd += look[i + 1] == 0 ? 1 : 0;
        }

        return look.Length < 4 ? null : odd * 4 > look.Length && even == 0 ? Encoding.Unicode : even * 4 > look.Length && odd == 0 ? Encoding.BigEndianUnicode : null;
    }

    /// <summary>Escapes to JIS X 0208, 0212, 0213 or half-width kana (ISO/IEC 2022; RFC 1468, RFC 2237).</summary>
    private static bool HasJisEscape(ReadOnlySpan<byte> octets)
    {
        while (octets.IndexOf((byte)0x1B) is >= 0 and var at && at + 2 < octets.Length)
        {
            if ((octets[at + 1] == '$' && octets[at + 2] is (byte)'@' or (byte)'B' or (byte)'(') || (octets[at + 1] == '(' && octets[at + 2] is (byte)'I' or (byte)'J'))
            {
                return true;
            }

            octets = octets[(at + 1)..];
        }

        return false;
    }

    /// <summary>CP50220 with two mends: planes of JIS X 0213 are read as JIS X 0208, and a line always ends in ASCII, as RFC 1468 wants it, though some writers forget it.</summary>
    private static string DecodeJis(ReadOnlySpan<byte> octets)
    {
        var mended = new List<byte>(octets.Length + 16);
        var isWide = false;
        for (var i = 0; i < octets.Length; i++)
        {
            var c = octets[i];
            if (c == 0x1B && i + 2 < octets.Length)
            {
                if (octets[i + 1] == '$' && octets[i + 2] == '(' && i + 3 < octets.Length && octets[i + 3] is (byte)'O' or (byte)'Q' or (byte)'P' or (byte)'B')
                {
                    mended.AddRange([0x1B, (byte)'$', (byte)'B']);
                    isWide = true;
                    i += 3;
                    continue;
                }

                isWide = octets[i + 1] == '$';
            }
            else if (c is (byte)'\r' or (byte)'\n' && isWide)
            {
                mended.AddRange([0x1B, (byte)'(', (byte)'B']);
                isWide = false;
            }

            mended.Add(c);
        }

        return Jis.GetString([.. mended]);
    }

    /// <summary>UTF-7 (RFC 2152), which browsers have given up and some mail programs have not.</summary>
    private static string DecodeUtf7(ReadOnlySpan<byte> octets)
    {
        var text = new StringBuilder(octets.Length);
        for (var i = 0; i < octets.Length; i++)
        {
            if (octets[i] != '+')
            {
                text.Append((char)octets[i]);
                continue;
            }

            uint bits = 0;
            var count = 0;
            var start = ++i;
            for (; i < octets.Length && Sextet(octets[i]) is >= 0 and var value; i++)
            {
                bits = (bits << 6) | (uint)value;
                count += 6;
                if (count >= 16)
                {
                    count -= 16;
                    text.Append((char)(ushort)(bits >> count));
                }
            }

            if (i == start)
            {
                text.Append('+');
            }

            if (i < octets.Length && octets[i] != '-')
            {
                i--;
            }
        }

        return text.ToString();
    }

    private static int Sextet(byte c) => c switch
    {
        >= (byte)'A' and <= (byte)'Z' => c - 'A',
        >= (byte)'a' and <= (byte)'z' => c - 'a' + 26,
        >= (byte)'0' and <= (byte)'9' => c - '0' + 52,
        (byte)'+' => 62,
        (byte)'/' => 63,
        _ => -1,
    };
}

using System.Buffers;
using System.Text;

namespace Sekisho.Inspection.Messages;

/// <summary>Parts a letter's text into new words, quoted ones and the signature, by the habits of mail programs in Japan and elsewhere.</summary>
internal static class BodySplit
{
    private const int MaxSignature = 25;
    private const int HeaderLook = 8;

    private static readonly SearchValues<char> RuleCharacters = SearchValues.Create("-_=*~#+/\\|:.・…‐―─━│┃─┏┓┗┛╋ー〜◆◇■□●○★☆※▼▲▽△♪∞＊＝－＿");

    private static readonly string[] Separators =
    [
        "-----Original Message-----", "----- Original Message -----", "-----元のメッセージ-----", "----- 元のメッセージ -----", "-----オリジナルメッセージ-----", "-----Forwarded Message-----",
        "---------- Forwarded message", "---------- 転送メッセージ", "----- Forwarded by", "-------- Forwarded Message", "-------- 転送メッセージ", "-------- Original Message", "-------- 元のメッセージ",
        "Begin forwarded message:", "転送されたメッセージ:", "----- 転送メッセージ", "<Original Message>", "-----Ursprüngliche Nachricht-----",
    ];

    private static readonly string[] FirstFields = ["From:", "差出人:", "送信者:", "発信者:", "Von:"];

    private static readonly string[] NextFields =
        ["Sent:", "To:", "Date:", "Subject:", "Cc:", "送信日時:", "送信日:", "日時:", "日付:", "宛先:", "件名:", "CC:", "受信日時:", "Gesendet:", "An:", "Betreff:"];

    private static readonly SearchValues<string> Contacts = SearchValues.Create(
        ["TEL", "FAX", "〒", "E-mail", "Email", "mail:", "Mail:", "http", "www.", "電話", "内線", "携帯", "株式会社", "有限会社", "(株)", "(有)", "医療法人", "病院", "クリニック", "医院", "薬局", "大学", "事務局", "住所", "Phone", "@"], StringComparison.OrdinalIgnoreCase);

    /// <summary>Splits normalised text.</summary>
    public static BodyText Of(string path, bool isHtml, string text)
    {
        var count = text.AsSpan().Count('\n') + 1;
        var starts = ArrayPool<int>.Shared.Rent(count + 1);
        var marks = ArrayPool<bool>.Shared.Rent(count);
        try
        {
            var lines = new Lines(text, starts.AsSpan(0, count + 1));
            var isQuoted = marks.AsSpan(0, count);
            isQuoted.Clear();
            MarkQuotes(lines, isQuoted);
            var signature = SignatureStart(lines, isQuoted);
            if (!isQuoted.Contains(true))
            {
                // Nothing quoted, as in most letters: the text itself in two pieces.
                var end = signature < 0 ? text.Length : starts[signature];
                return new BodyText(path, isHtml, text, Trimmed(text, 0, end), "", Trimmed(text, end, text.Length));
            }

            var fresh = new StringBuilder();
            var quoted = new StringBuilder();
            var signed = new StringBuilder();
            for (var i = 0; i < count; i++)
            {
                (isQuoted[i] ? quoted : signature >= 0 && i >= signature ? signed : fresh).Append(lines[i]).Append('\n');
            }

            return new BodyText(path, isHtml, text, Trimmed(fresh), Trimmed(quoted), Trimmed(signed));
        }
        finally
        {
            ArrayPool<int>.Shared.Return(starts);
            ArrayPool<bool>.Shared.Return(marks);
        }
    }

    private static string Trimmed(StringBuilder text) => text.ToString().Trim('\n', ' ');

    /// <summary>A piece without what <see cref="Trimmed(StringBuilder)"/> takes off; the whole text is not copied.</summary>
    private static string Trimmed(string text, int from, int to)
    {
        var piece = text.AsSpan(from, to - from).Trim("\n ");
        return piece.Length == text.Length ? text : piece.ToString();
    }

    /// <summary>The lines of a text, none of them copied.</summary>
    private readonly ref struct Lines
    {
        private readonly ReadOnlySpan<char> text;
        private readonly Span<int> starts;

        /// <summary>Finds the lines.</summary>
        /// <param name="text">With LF between lines.</param>
        /// <param name="starts">One entry more than there are lines; it is filled here.</param>
        public Lines(ReadOnlySpan<char> text, Span<int> starts)
        {
            this.text = text;
            this.starts = starts;
            var at = 0;
            for (var i = 0; i < starts.Length - 1; i++)
            {
                starts[i] = at;
                at += text[at..].IndexOf('\n') is >= 0 and var length ? length + 1 : text.Length - at + 1;
            }

            starts[^1] = text.Length + 1;
        }

        public int Length => starts.Length - 1;

        public ReadOnlySpan<char> this[int line] => text[starts[line]..(starts[line + 1] - 1)];
    }

    private static void MarkQuotes(Lines lines, Span<bool> isQuoted)
    {
        for (var i = 0; i < lines.Length; i++)
        {
            var line = lines[i].Trim();
            if (line.IsEmpty)
            {
                continue;
            }

            if (IsSeparator(line) || IsHeaderBlock(lines, i))
            {
                // All that follows is somebody else's; the rule before it belongs to it.
                var start = i > 0 && lines[i - 1].Length > 9 && lines[i - 1].Trim().IndexOfAnyExcept('_', '-') < 0 ? i - 1 : i;
                isQuoted[start..].Fill(true);
                return;
            }

            if (line[0] == '>' || IsNamedQuote(line))
            {
                isQuoted[i] = true;
            }
            else if (Introduces(lines, i) is > 0 and var count)
            {
                isQuoted.Slice(i, count).Fill(true);
                i += count - 1;
            }
        }

        // Empty lines between quoted ones are quoted too.
        for (var i = 1; i < lines.Length - 1; i++)
        {
            isQuoted[i] |= lines[i].Length == 0 && isQuoted[i - 1] && isQuoted[i + 1];
        }
    }

    private static bool IsSeparator(ReadOnlySpan<char> line)
    {
        if (line[0] is not ('-' or 'B' or '転' or '<'))
        {
            return false;
        }

        foreach (var separator in Separators)
        {
            if (line.StartsWith(separator, StringComparison.OrdinalIgnoreCase))
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>A block of header fields, as Outlook writes it above what it answers.</summary>
    private static bool IsHeaderBlock(Lines lines, int at)
    {
        if (!lines[at].Contains(':') || !Begins(lines[at], FirstFields))
        {
            return false;
        }

        var fields = 0;
        for (var i = at + 1; i < lines.Length && i <= at + HeaderLook; i++)
        {
            fields += Begins(lines[i], NextFields) ? 1 : 0;
        }

        return fields >= 2;
    }

    private static bool Begins(ReadOnlySpan<char> line, string[] fields)
    {
        var plain = line.TrimStart(" *\t■●");
        if (plain.IsEmpty)
        {
            return false;
        }

        foreach (var field in fields)
        {
            if ((plain[0] | 0x20) != (field[0] | 0x20))
            {
                continue; // No other case of a first letter differs in more; one of kanji is told apart below.
            }

            if (plain.StartsWith(field, StringComparison.OrdinalIgnoreCase)
                || (plain.StartsWith(field.AsSpan(0, field.Length - 1), StringComparison.OrdinalIgnoreCase) && plain[(field.Length - 1)..].TrimStart(" *\t").StartsWith(":")))
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>"Sato> yes": a short name before the sign, as old programs in Japan write it.</summary>
    private static bool IsNamedQuote(ReadOnlySpan<char> line)
    {
        var sign = line[..Math.Min(line.Length, 9)].IndexOf('>');
        return sign is > 0 and <= 8 && line[..sign].IndexOfAny(" <=-/\"'") < 0 && sign + 1 < line.Length && line[sign + 1] == ' ';
    }

    /// <summary>How many lines introduce a quotation here ("On … wrote:", "…さんは書きました:", "2026年11月22日(日) 10:00 … :"); 0 for none.</summary>
    private static int Introduces(Lines lines, int at)
    {
        var line = lines[at].Trim();
        if (line[^1] != ':')
        {
            return line.StartsWith("On ") && at + 1 < lines.Length && lines[at + 1].TrimEnd().EndsWith("wrote:", StringComparison.OrdinalIgnoreCase) ? 2 : 0;
        }

        var isJapanese = line.EndsWith("書きました:") || line.EndsWith("のメッセージ:") || line.EndsWith("さんの発言:") || line.EndsWith("wrote:", StringComparison.OrdinalIgnoreCase) || line.EndsWith("schrieb:");
        if (isJapanese)
        {
            return 1;
        }

        if (line.Contains('@') && char.IsAsciiDigit(line[0]) && (line.Contains('年') || line.Contains('/')))
        {
            return 1;
        }

        return line.StartsWith("On ") && at + 1 < lines.Length && lines[at + 1].TrimEnd().EndsWith("wrote:", StringComparison.OrdinalIgnoreCase) ? 2 : 0;
    }

    /// <summary>The line where the sender's signature begins; -1 for none.</summary>
    private static int SignatureStart(Lines lines, ReadOnlySpan<bool> isQuoted)
    {
        var end = lines.Length;
        while (end > 0 && (isQuoted[end - 1] || lines[end - 1].IsWhiteSpace()))
        {
            end--;
        }

        for (var i = end - 1; i >= 0 && !isQuoted[i]; i--)
        {
            if (lines[i] is "-- " or "--")
            {
                return i;
            }
        }

        var first = Math.Max(0, end - MaxSignature);
        var found = -1;
        var hasContact = false;
        for (var i = end - 1; i >= first && !isQuoted[i]; i--)
        {
            if (IsRule(lines[i]))
            {
                // The topmost rule with a way to reach somebody below it; a rule that closes the signature comes first on the way up.
                found = hasContact ? i : found;
            }
            else
            {
                hasContact |= lines[i].ContainsAny(Contacts);
            }

            // A blank line above a rule that has been found ends the search: what is above is the letter.
            if (found == i && (i == 0 || lines[i - 1].IsWhiteSpace()))
            {
                break;
            }
        }

        return found;
    }

    private static bool IsRule(ReadOnlySpan<char> line)
    {
        var plain = line.Trim();
        return plain.Length >= 5 && plain.IndexOfAnyExcept(RuleCharacters) < 0;
    }
}

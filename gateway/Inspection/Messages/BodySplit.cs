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

    private static readonly string[] ContactMarks =
        ["TEL", "FAX", "〒", "E-mail", "Email", "mail:", "Mail:", "http", "www.", "電話", "内線", "携帯", "株式会社", "有限会社", "(株)", "(有)", "医療法人", "病院", "クリニック", "医院", "薬局", "大学", "事務局", "住所", "Phone", "@"];

    /// <summary>Splits normalised text.</summary>
    public static BodyText Of(string path, bool isHtml, string text)
    {
        var lines = text.Split('\n');
        var isQuoted = new bool[lines.Length];
        MarkQuotes(lines, isQuoted);
        var signature = SignatureStart(lines, isQuoted);

        var fresh = new StringBuilder();
        var quoted = new StringBuilder();
        var signed = new StringBuilder();
        for (var i = 0; i < lines.Length; i++)
        {
            (isQuoted[i] ? quoted : signature >= 0 && i >= signature ? signed : fresh).Append(lines[i]).Append('\n');
        }

        return new BodyText(path, isHtml, text, Trimmed(fresh), Trimmed(quoted), Trimmed(signed));
    }

    private static string Trimmed(StringBuilder text) => text.ToString().Trim('\n', ' ');

    private static void MarkQuotes(string[] lines, bool[] isQuoted)
    {
        for (var i = 0; i < lines.Length; i++)
        {
            var line = lines[i].AsSpan().Trim();
            if (line.IsEmpty)
            {
                continue;
            }

            if (IsSeparator(line) || IsHeaderBlock(lines, i))
            {
                // All that follows is somebody else's; the rule before it belongs to it.
                var start = i > 0 && lines[i - 1].Length > 9 && lines[i - 1].AsSpan().Trim().IndexOfAnyExcept('_', '-') < 0 ? i - 1 : i;
                Array.Fill(isQuoted, true, start, lines.Length - start);
                return;
            }

            if (line[0] == '>' || IsNamedQuote(line))
            {
                isQuoted[i] = true;
            }
            else if (Introduces(lines, i) is > 0 and var count)
            {
                Array.Fill(isQuoted, true, i, count);
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
    private static bool IsHeaderBlock(string[] lines, int at)
    {
        if (!Begins(lines[at], FirstFields))
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

    private static bool Begins(string line, string[] fields)
    {
        var plain = line.AsSpan().TrimStart(" *\t■●");
        foreach (var field in fields)
        {
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
        var sign = line.IndexOf('>');
        return sign is > 0 and <= 8 && line[..sign].IndexOfAny(" <=-/\"'") < 0 && sign + 1 < line.Length && line[sign + 1] == ' ';
    }

    /// <summary>How many lines introduce a quotation here ("On … wrote:", "…さんは書きました:", "2026年11月22日(日) 10:00 … :"); 0 for none.</summary>
    private static int Introduces(string[] lines, int at)
    {
        var line = lines[at].AsSpan().Trim();
        var isJapanese = line.EndsWith("書きました:") || line.EndsWith("のメッセージ:") || line.EndsWith("さんの発言:") || line.EndsWith("wrote:", StringComparison.OrdinalIgnoreCase) || line.EndsWith("schrieb:");
        if (isJapanese)
        {
            return 1;
        }

        if (line.EndsWith(":") && line.Contains('@') && char.IsAsciiDigit(line[0]) && (line.Contains('年') || line.Contains('/')))
        {
            return 1;
        }

        return line.StartsWith("On ") && at + 1 < lines.Length && lines[at + 1].AsSpan().TrimEnd().EndsWith("wrote:", StringComparison.OrdinalIgnoreCase) ? 2 : 0;
    }

    /// <summary>The line where the sender's signature begins; -1 for none.</summary>
    private static int SignatureStart(string[] lines, bool[] isQuoted)
    {
        var end = lines.Length;
        while (end > 0 && (isQuoted[end - 1] || lines[end - 1].AsSpan().IsWhiteSpace()))
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
                hasContact |= Array.Exists(ContactMarks, m => lines[i].Contains(m, StringComparison.OrdinalIgnoreCase));
            }

            // A blank line above a rule that has been found ends the search: what is above is the letter.
            if (found == i && (i == 0 || lines[i - 1].AsSpan().IsWhiteSpace()))
            {
                break;
            }
        }

        return found;
    }

    private static bool IsRule(string line)
    {
        var plain = line.AsSpan().Trim();
        return plain.Length >= 5 && plain.IndexOfAnyExcept(RuleCharacters) < 0;
    }
}

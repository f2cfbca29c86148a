using System.Globalization;
using System.Text;
using MimeKit;
using Sekisho.Inspection.Formats;

namespace Sekisho.Inspection.Messages;

/// <summary>Gathers what may be the password of an attachment from the letter it came with (PPAP): what stands after a word for "password", between brackets, in names, and dates.</summary>
internal static partial class PasswordCandidates
{
    private const int MaxText = 256 << 10;
    private const int MaxLength = 64;

    /// <summary>Octets, as encoded, of a text file that may be there for the password's sake.</summary>
    private const int MaxNote = 16 << 10;

    /// <summary>Words that a password follows, as NFKC leaves them and in lower case; longer ones first.</summary>
    private static readonly string[] Words =
    [
        "パスワード", "パスコード", "パスフレーズ", "解凍キー", "解凍", "開封", "展開", "復号", "暗証番号", "暗証", "認証コード", "合言葉", "開錠", "鍵", "パス",
        "passphrase", "passcode", "password", "passwd", "pass", "pwd", "pw", "unzip", "zip code", "pin", "key", "code", "mot de passe", "kennwort", "passwort", "contraseña", "senha",
    ];

    private const string Opening = "「『【〔[(<{\"“‘'`«《〈";
    private const string Closing = "」』】〕])>}\"”’'`»》〉";

    /// <summary>Candidates of some letters, likeliest first, each once.</summary>
    /// <param name="letters">The letter and those around it.</param>
    /// <param name="most">How many at most.</param>
    public static IReadOnlyList<string> Of(IEnumerable<MimeMessage> letters, int most)
    {
        List<string> sure = [], likely = [], possible = [];
        foreach (var letter in letters)
        {
            Text(letter.Subject ?? "", sure, likely, possible);
            foreach (var part in letter.BodyParts)
            {
                if (part is TextPart { IsAttachment: false } text)
                {
                    Text(Body(text), sure, likely, possible);
                }
                else
                {
                    if (part is MimePart { Content: { } content } file && IsNote(file) && content.Stream is { Length: <= MaxNote })
                    {
                        Text(Note(file), sure, likely, possible);
                    }

                    Name(part.ContentDisposition?.FileName ?? part.ContentType.Name ?? "", likely, possible);
                }
            }

            if (letter.Headers.Contains(HeaderId.Date))
            {
                Dates(letter.Date.Year, letter.Date.Month, letter.Date.Day, possible);
            }
        }

        return [.. sure.Concat(likely).Concat(possible).Where(c => c.Length is > 0 and <= MaxLength).Distinct(StringComparer.Ordinal).Take(most)];
    }

    /// <summary>Candidates of a text; for a letter without MIME and for tests.</summary>
    public static IReadOnlyList<string> Of(string text)
    {
        List<string> sure = [], likely = [], possible = [];
        Text(text, sure, likely, possible);
        return [.. sure.Concat(likely).Concat(possible).Distinct(StringComparer.Ordinal)];
    }

    /// <summary>A small text file beside the archive, such as <c>password.txt</c>.</summary>
    private static bool IsNote(MimePart part) =>
        part is TextPart || FileNames.Extension(part.ContentDisposition?.FileName ?? part.ContentType.Name ?? "").Equals("txt", StringComparison.OrdinalIgnoreCase);

    private static string Note(MimePart part)
    {
        try
        {
            using var octets = new MemoryStream();
            part.Content!.DecodeTo(octets);
            var text = JapaneseText.Decode(octets.GetBuffer().AsSpan(0, (int)octets.Length), part.ContentType.Charset, out _);
            return part is TextPart { IsHtml: true } ? Plain(text) : text;
        }
        catch (Exception e) when (e is IOException or FormatException or ArgumentException or NotSupportedException or InvalidOperationException)
        {
            return ""; // As with a body.
        }
    }

    private static string Body(TextPart part)
    {
        string text;
        try
        {
            text = part.Content is { Stream.Length: > 4 * MaxText } ? "" : part.Text ?? "";
        }
        catch (Exception e) when (e is IOException or FormatException or ArgumentException or NotSupportedException or InvalidOperationException)
        {
            return ""; // What cannot be decoded gives no password; that it is broken is found elsewhere.
        }

        text = text.Length > MaxText ? text[..MaxText] : text;
        return part.IsHtml ? Plain(text) : text;
    }

    private static void Text(string text, List<string> sure, List<string> likely, List<string> possible)
    {
        // Full-width letters and colons become ordinary ones; a password is typed in ordinary ones, as good as always.
        var lines = Normal(text).Split('\n', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries);
        var raw = 0;
        for (var i = 0; i < lines.Length; i++)
        {
            var line = lines[i];
            var word = After(line);
            if (word >= 0)
            {
                var rest = line[word..];
                var before = sure.Count;
                Value(rest, sure);
                Bracketed(line, sure);
                Spaced(rest, sure);
                if (sure.Count == before || rest.Length < 3)
                {
                    // On the next line, or the one after.
                    for (var next = i + 1; next <= i + 2 && next < lines.Length; next++)
                    {
                        Value(lines[next], sure);
                        Bracketed(lines[next], sure);
                        Spaced(lines[next], sure);
                    }
                }
                else if (i + 1 < lines.Length)
                {
                    Value(lines[i + 1], likely);
                }
            }
            else
            {
                Bracketed(line, likely);
            }

            TextDates(line, possible);
            foreach (var token in Tokens(line))
            {
                if (raw++ < 2000 && token.Length is >= 4 and <= 32 && (token.Any(char.IsAsciiDigit) || lines.Length <= 6) && !token.Contains("://", StringComparison.Ordinal) && !token.Contains('@', StringComparison.Ordinal))
                {
                    possible.Add(token);
                }
            }
        }
    }

    private static string Normal(string text)
    {
        try
        {
            text = text.Normalize(NormalizationForm.FormKC);
        }
        catch (ArgumentException)
        {
            // A lone surrogate: taken as it stands.
        }

        return NameTricks.Seen(text.Replace('\r', '\n'));
    }

    /// <summary>Where the last of the words ends that announce a password; -1 without one.</summary>
    private static int After(string line)
    {
        var best = -1;
        foreach (var word in Words)
        {
            var at = line.LastIndexOf(word, StringComparison.OrdinalIgnoreCase);

            // "pw" and the like only as words of their own.
            if (at >= 0 && (word[0] > 0x7F || ((at == 0 || !char.IsAsciiLetter(line[at - 1])) && (at + word.Length == line.Length || !char.IsAsciiLetter(line[at + word.Length])))))
            {
                best = Math.Max(best, at + word.Length);
            }
        }

        return best;
    }

    /// <summary>What stands after the word: all after a colon or "is", and each of its ASCII words.</summary>
    private static void Value(string rest, List<string> into)
    {
        var colon = rest.IndexOfAny([':', '=', '→', '⇒', '>', '|']);
        if (colon is >= 0 and < 12)
        {
            var value = rest[(colon + 1)..].Trim();
            Both(value, into);
        }
        else if (rest.Length <= MaxLength)
        {
            Both(rest.Trim(), into);
        }

        foreach (var token in Tokens(rest))
        {
            if (!token.Equals("is", StringComparison.OrdinalIgnoreCase) && !token.Equals("the", StringComparison.OrdinalIgnoreCase))
            {
                Both(token, into);
            }
        }
    }

    /// <summary>A text, and the same without what punctuation ends it and brackets hold it.</summary>
    private static void Both(string value, List<string> into)
    {
        if (value.Length is 0 or > MaxLength || value.Contains(' ', StringComparison.Ordinal) && value.Length > 40)
        {
            return;
        }

        var bare = value.Trim([.. Opening, .. Closing, ' ', '.', ',', ';', ':', '、', '。', '*', '-', '=', '_']);
        if (bare.Length > 0 && bare != value)
        {
            into.Add(bare);
        }

        into.Add(value);
    }

    /// <summary>Letters with blanks between them, as some write what is not to be copied: "X k 7 # p".</summary>
    private static void Spaced(string line, List<string> into)
    {
        for (var at = 0; at < line.Length; at++)
        {
            var end = at;
            while (end + 2 < line.Length && IsAlone(line, end) && line[end + 1] == ' ' && IsAlone(line, end + 2))
            {
                end += 2;
            }

            if (end - at >= 6 && end - at < 2 * MaxLength)
            {
                Both(line[at..(end + 1)].Replace(" ", "", StringComparison.Ordinal), into);
            }

            at = Math.Max(at, end);
        }

        static bool IsAlone(string line, int at) =>
            line[at] is > ' ' and < '\u007F' && (at == 0 || line[at - 1] is <= ' ' or >= '\u007F') && (at + 1 == line.Length || line[at + 1] is <= ' ' or >= '\u007F');
    }

    private static void Bracketed(string line, List<string> into)
    {
        for (var at = 0; at < line.Length; at++)
        {
            var kind = Opening.IndexOf(line[at], StringComparison.Ordinal);
            var end = kind < 0 || at + 1 >= line.Length ? -1 : line.IndexOf(Closing[kind], at + 1, Math.Min(MaxLength, line.Length - at - 1));
            if (end > at + 1 && end - at <= MaxLength)
            {
                var value = line[(at + 1)..end].Trim();
                if (value.Length > 0 && !Words.Contains(value, StringComparer.OrdinalIgnoreCase))
                {
                    into.Add(value);
                }
            }
        }
    }

    /// <summary>Runs of visible ASCII, brackets and Japanese between them.</summary>
    private static IEnumerable<string> Tokens(string line)
    {
        for (var at = 0; at < line.Length;)
        {
            if (line[at] is <= ' ' or >= '\u007F')
            {
                at++;
                continue;
            }

            var start = at;
            while (at < line.Length && line[at] is > ' ' and < '\u007F')
            {
                at++;
            }

            var token = line[start..at];
            if (token.Length is >= 2 and <= MaxLength)
            {
                yield return token;
                var bare = token.Trim([.. Opening, .. Closing, '.', ',', ';', ':', '*', '=', '-']);
                if (bare.Length >= 2 && bare.Length < token.Length)
                {
                    yield return bare;
                }
            }
        }
    }

    private static void Name(string name, List<string> likely, List<string> possible)
    {
        var bare = Path.GetFileNameWithoutExtension(Normal(name));
        if (bare.Length == 0)
        {
            return;
        }

        likely.AddRange(After(bare) is var at and >= 0 ? [bare[at..].Trim(' ', '_', '-', '=', ':', '(', ')')] : []);
        possible.Add(bare);
        foreach (var piece in bare.Split(['_', '-', ' ', '.', '(', ')', '[', ']'], StringSplitOptions.RemoveEmptyEntries))
        {
            if (piece.Length >= 3)
            {
                possible.Add(piece);
            }
        }
    }

    /// <summary>2023年3月7日, 2023/3/7, 2023-03-07.</summary>
    private static void TextDates(string line, List<string> possible)
    {
        for (var at = 0; at + 8 <= line.Length; at++)
        {
            if (!line.AsSpan(at).StartsWith("20", StringComparison.Ordinal) || (at > 0 && char.IsAsciiDigit(line[at - 1])))
            {
                continue;
            }

            var end = at;
            while (end < line.Length && end - at < 11 && (char.IsAsciiDigit(line[end]) || "年月/-.".Contains(line[end], StringComparison.Ordinal)))
            {
                end++;
            }

            var numbers = line[at..end].Split(['年', '月', '/', '-', '.'], StringSplitOptions.RemoveEmptyEntries);
            if (numbers.Length == 3 && int.TryParse(numbers[0], NumberStyles.None, CultureInfo.InvariantCulture, out var year) && int.TryParse(numbers[1], NumberStyles.None, CultureInfo.InvariantCulture, out var month)
                && int.TryParse(numbers[2], NumberStyles.None, CultureInfo.InvariantCulture, out var day))
            {
                Dates(year, month, day, possible);
            }
        }
    }

    private static void Dates(int year, int month, int day, List<string> possible) => possible.AddRange(
    [
        string.Create(CultureInfo.InvariantCulture, $"{year:D4}{month:D2}{day:D2}"), string.Create(CultureInfo.InvariantCulture, $"{month:D2}{day:D2}"),
        string.Create(CultureInfo.InvariantCulture, $"{year % 100:D2}{month:D2}{day:D2}"), string.Create(CultureInfo.InvariantCulture, $"{year:D4}-{month:D2}-{day:D2}"),
        string.Create(CultureInfo.InvariantCulture, $"{year:D4}"),
    ]);
}

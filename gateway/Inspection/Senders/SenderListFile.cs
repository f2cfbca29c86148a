using System.Globalization;
using System.Text;
using Sekisho.Inspection.Signatures;

namespace Sekisho.Inspection.Senders;

/// <summary>Reads and writes sender lists as CSV (RFC 4180), in UTF-8 or, when read, as Japanese Excel writes it (CP932).</summary>
/// <remarks>The first row names the columns; <c>list</c> and <c>sender</c> must be among them: <c>list,sender,for,expires,reason,author,since</c>.</remarks>
public static class SenderListFile
{
    /// <summary>Rows in one file; more is a fault.</summary>
    public const int MaxRows = 200_000;

    private const int MaxFaults = 50;
    private const string Example = "例 Example: block,.evil.example,*,2027-03-31,詐欺";

    private static readonly string[][] Titles =
    [
        ["list", "一覧", "種別"],
        ["sender", "差出人"],
        ["for", "宛先"],
        ["expires", "期限"],
        ["reason", "理由"],
        ["author", "登録者"],
        ["since", "登録日"],
    ];

    /// <summary>Reads a file. Rows that are wrong are left out and told in <paramref name="faults"/>, each with its line, at most 50.</summary>
    /// <param name="octets">The file; not closed.</param>
    /// <param name="author">Who reads it: the author of rows that name none.</param>
    /// <param name="now">The date of rows that name none.</param>
    /// <param name="zone">Whose days <c>expires</c> means where it names no time: the last day an entry holds.</param>
    /// <param name="isScope">Tells whether a text names recipients.</param>
    /// <param name="freeMailers">Domains where anybody has an address: they cannot be allowed as a whole.</param>
    /// <param name="faults">What is wrong.</param>
    public static IReadOnlyList<SenderListEntry> Read(Stream octets, string author, DateTimeOffset now, TimeZoneInfo zone, Func<string, bool> isScope, WordList freeMailers, ICollection<string> faults)
    {
        var entries = new List<SenderListEntry>();
        try
        {
            var text = StaffFile.Text(octets, "差出人リスト The sender list");
            int[]? columns = null;
            var (at, line) = (0, 1);
            while (at < text.Length && faults.Count < MaxFaults)
            {
                var start = line;
                var fields = StaffFile.Row(text, ref at, ref line);
                if (fields.TrueForAll(string.IsNullOrWhiteSpace) || fields[0].StartsWith('#'))
                {
                    continue;
                }

                if (columns is null)
                {
                    columns = [.. Titles.Select(names => fields.FindIndex(f => Array.Exists(names, n => n.Equals(f.Trim(), StringComparison.OrdinalIgnoreCase))))];
                    if (columns[0] < 0 || columns[1] < 0)
                    {
                        faults.Add($"{start}行目: 1行目には列名が必要です(list と sender は必須)。 Line {start}: the first row must name the columns, list and sender among them. 例 Example: list,sender,for,expires,reason");
                        return [];
                    }

                    continue;
                }

                if (entries.Count == MaxRows)
                {
                    faults.Add($"{start}行目: 差出人が {MaxRows:N0} 件を超えています。 Line {start}: more than {MaxRows:N0} senders.");
                    return entries;
                }

                var before = faults.Count;
                var entry = Entry(column => columns[column] is >= 0 and var i && i < fields.Count ? Plain(fields[i].Trim()) : "", start);
                if (entry is not null && faults.Count == before)
                {
                    entries.Add(entry);
                }
            }

            if (columns is null)
            {
                faults.Add("1行目: ファイルが空です。1行目は列名です。 Line 1: the file is empty. Its first row names the columns: list,sender,for,expires,reason");
            }
        }
        catch (InvalidDataException e)
        {
            faults.Add(e.Message);
        }

        return entries;

        SenderListEntry? Entry(Func<int, string> field, int line)
        {
            SenderListKind? kind = field(0).ToLowerInvariant() switch { "allow" or "許可" => SenderListKind.Allow, "block" or "拒否" or "禁止" => SenderListKind.Block, _ => null };
            if (kind is not { } list)
            {
                faults.Add($"{line}行目: \"{field(0)}\" は allow でも block でもありません。 Line {line}: \"{field(0)}\" is neither allow nor block. {Example}");
                return null;
            }

            if (SenderListEntry.Normal(field(1)) is not { } sender)
            {
                faults.Add($"{line}行目: \"{field(1)}\" はアドレス、ドメイン、ネットワークのいずれでもありません。 Line {line}: \"{field(1)}\" is no address, domain or network. {Example}");
                return null;
            }

            if (SenderListEntry.Fault(list, sender, freeMailers) is { } wide)
            {
                faults.Add($"{line}行目 Line {line}: {wide}");
            }

            // Lists of what is to be blocked come from elsewhere without reasons; who lets somebody through says why.
            if (list == SenderListKind.Allow && field(4).Length == 0)
            {
                faults.Add($"{line}行目: 許可には理由(reason)が必要です。 Line {line}: reason: an allowance must say why. 例 Example: allow,kensa@lab.example,*,2027-03-31,電話で確認済み");
            }

            var scope = field(2).Length == 0 ? "*" : field(2).TrimStart('@').ToLowerInvariant();
            if (!isScope(scope))
            {
                faults.Add($"{line}行目: 宛先 \"{field(2)}\" はアドレス、ドメイン、* のいずれでもありません。 Line {line}: for: \"{field(2)}\" is neither an address nor a domain of recipients, nor *. {Example}");
            }

            DateTimeOffset? expires = null;
            if (field(3) is { Length: > 0 } until && !TryEnd(until, zone, out expires))
            {
                faults.Add($"{line}行目: 期限 \"{until}\" は日付ではありません。 Line {line}: expires: \"{until}\" is no date. 例 Example: 2027-03-31");
            }

            var since = now;
            if (field(6) is { Length: > 0 } given && !DateTimeOffset.TryParse(given, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out since))
            {
                faults.Add($"{line}行目: 登録日 \"{given}\" は日付ではありません。 Line {line}: since: \"{given}\" is no date. 例 Example: 2026-11-23T09:00:00+09:00");
            }

            return new SenderListEntry(list, sender, scope, field(5) is { Length: > 0 } own ? own : author, field(4), since.ToUniversalTime(), expires);
        }
    }

    /// <summary>Writes a file that <see cref="Read"/> reads, in UTF-8 with a byte order mark, which Excel needs.</summary>
    public static void Write(TextWriter writer, IEnumerable<SenderListEntry> entries)
    {
        writer.Write("\uFEFFlist,sender,for,expires,reason,author,since\r\n");
        foreach (var e in entries)
        {
            string[] fields =
            [
                e.Kind == SenderListKind.Allow ? "allow" : "block", e.Sender, e.Scope, e.ExpiresAt?.ToString("O", CultureInfo.InvariantCulture) ?? "", e.Reason, e.Author,
                e.CreatedAt.ToString("O", CultureInfo.InvariantCulture),
            ];
            writer.Write(string.Join(',', fields.Select(Quoted)));
            writer.Write("\r\n");
        }
    }

    /// <summary>The moment an entry ends: a date holds to the end of its day, anything else is the moment itself.</summary>
    public static bool TryEnd(string text, TimeZoneInfo zone, out DateTimeOffset? end)
    {
        end = null;
        if (DateOnly.TryParseExact(text, ["yyyy-MM-dd", "yyyy/M/d"], CultureInfo.InvariantCulture, DateTimeStyles.None, out var day) && day < DateOnly.MaxValue)
        {
            var midnight = day.AddDays(1).ToDateTime(TimeOnly.MinValue);
            end = new DateTimeOffset(midnight, zone.GetUtcOffset(midnight)).ToUniversalTime();
        }
        else if (text.Contains('T', StringComparison.Ordinal) && DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var moment))
        {
            end = moment.ToUniversalTime();
        }

        return end is not null;
    }

    /// <summary>Spreadsheets take what begins so for a formula: an apostrophe in front makes it text, and is taken away again when it is read.</summary>
    private static bool IsFormula(char first) => first is '=' or '+' or '-' or '@';

    private static string Plain(string field) => field.Length > 1 && field[0] == '\'' && IsFormula(field[1]) ? field[1..] : field;

    private static string Quoted(string field)
    {
        field = field.Length > 0 && IsFormula(field[0]) ? "'" + field : field;
        return field.AsSpan().ContainsAny("\",\r\n") || field.StartsWith('#') || field != field.Trim()
            ? new StringBuilder(field).Replace("\"", "\"\"").Insert(0, '"').Append('"').ToString() : field;
    }
}

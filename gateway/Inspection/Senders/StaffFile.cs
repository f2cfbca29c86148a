using System.Text;

namespace Sekisho.Inspection.Senders;

/// <summary>Reads the staff list: CSV (RFC 4180) of name, kana, address and department, in UTF-8 or as Japanese Excel writes it (CP932).</summary>
/// <remarks>A first row of column names may put the columns into another order. Several addresses of a person stand in one field, parted by semicolons.</remarks>
public static class StaffFile
{
    /// <summary>Rows in one file; more is refused.</summary>
    public const int MaxRows = 200_000;

    /// <summary>Octets in one file; more is refused.</summary>
    public const int MaxOctets = 64 << 20;

    private const int MaxField = 1000;
    private const int MaxFields = 100;

    private static readonly string[][] Titles =
    [
        ["name", "氏名", "名前", "職員名", "表示名"],
        ["kana", "カナ", "かな", "フリガナ", "ふりがな", "氏名カナ", "カナ氏名", "氏名かな"],
        ["address", "mail", "email", "e-mail", "メール", "メールアドレス", "アドレス"],
        ["department", "部署", "所属", "部署名", "所属名", "部門", "診療科"],
    ];

    /// <summary>Reads a list.</summary>
    /// <param name="octets">The file; not closed.</param>
    /// <exception cref="InvalidDataException">It is too large, in another encoding, or a row is wrong; the message names the line.</exception>
    public static IReadOnlyList<StaffMember> Read(Stream octets)
    {
        var text = Text(octets);
        var rows = new List<StaffMember>();
        int[]? columns = null;
        var (at, line) = (0, 1);
        while (at < text.Length)
        {
            var start = line;
            var fields = Row(text, ref at, ref line);
            if (fields.TrueForAll(string.IsNullOrWhiteSpace) || fields[0].StartsWith('#'))
            {
                continue;
            }

            if (columns is null)
            {
                columns = Columns(fields);
                if (columns is not null)
                {
                    continue;
                }

                columns = [0, 1, 2, 3];
            }

            if (rows.Count == MaxRows)
            {
                throw new InvalidDataException($"Line {start}: more than {MaxRows:N0} people.");
            }

            rows.Add(Member(fields, columns, start));
        }

        return rows;
    }

    private static StaffMember Member(List<string> fields, int[] columns, int line)
    {
        var name = Field(0);
        var addresses = Field(2).Split([';', ' ', '\t', '\n', '、'], StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries).Select(a => a.ToLowerInvariant()).Distinct(StringComparer.Ordinal).ToList();
        foreach (var address in addresses)
        {
            var sign = address.LastIndexOf('@');
            if (sign <= 0 || sign == address.Length - 1 || address.AsSpan().ContainsAny('<', '>', '"'))
            {
                throw new InvalidDataException($"Line {line}: \"{address}\" is no mail address. Example: 田中 太郎,タナカ タロウ,tanaka@hospital.example,内科");
            }
        }

        var department = Field(3);
        return name.Length == 0 && addresses.Count == 0
            ? throw new InvalidDataException($"Line {line}: neither name nor address. Example: 田中 太郎,タナカ タロウ,tanaka@hospital.example,内科")
            : new StaffMember(name, Field(1), addresses, department);

        string Field(int column) => columns[column] is >= 0 and var i && i < fields.Count ? fields[i].Trim() : "";
    }

    /// <summary>Where the columns stand, of a row of their names; null where the row is none.</summary>
    private static int[]? Columns(List<string> fields)
    {
        var columns = Titles.Select(names => fields.FindIndex(f => Array.Exists(names, n => n.Equals(f.Trim(), StringComparison.OrdinalIgnoreCase)))).ToArray();
        return (columns[0] >= 0 || columns[2] >= 0) && !fields.Exists(f => f.Contains('@', StringComparison.Ordinal)) ? columns : null;
    }

    /// <summary>The fields of the row of CSV that begins at a place, and where the next one does.</summary>
    /// <exception cref="InvalidDataException">A field is too long, or a quotation mark not closed.</exception>
    internal static List<string> Row(string text, ref int at, ref int line)
    {
        var fields = new List<string>(4);
        var field = new StringBuilder();
        var (start, quoted) = (line, false);
        for (; at < text.Length; at++)
        {
            var c = text[at];
            if (quoted)
            {
                if (c != '"')
                {
                    line += c == '\n' ? 1 : 0;
                    Add(c);
                }
                else if (at + 1 < text.Length && text[at + 1] == '"')
                {
                    Add(c);
                    at++;
                }
                else
                {
                    quoted = false;
                }
            }
            else if (c == '"' && field.Length == 0)
            {
                quoted = true;
            }
            else if (c == ',')
            {
                End();
            }
            else if (c == '\n')
            {
                break;
            }
            else if (c != '\r')
            {
                Add(c);
            }
        }

        if (quoted)
        {
            throw new InvalidDataException($"Line {start}: a quotation mark is not closed.");
        }

        at++;
        line++;
        End();
        return fields;

        void Add(char c)
        {
            if (field.Append(c).Length > MaxField)
            {
                throw new InvalidDataException($"Line {start}: a field is longer than {MaxField:N0} characters.");
            }
        }

        void End()
        {
            fields.Add(field.ToString());
            field.Clear();
            if (fields.Count > MaxFields)
            {
                throw new InvalidDataException($"Line {start}: more than {MaxFields} fields.");
            }
        }
    }

    /// <summary>A file's text, in UTF-8 or CP932.</summary>
    /// <exception cref="InvalidDataException">It is too large, or no text.</exception>
    internal static string Text(Stream octets, string what = "The staff list")
    {
        using var all = new MemoryStream();
        var block = new byte[64 << 10];
        for (int read; (read = octets.Read(block)) > 0;)
        {
            if (all.Length + read > MaxOctets)
            {
                throw new InvalidDataException($"{what} is larger than {MaxOctets >> 20} MiB.");
            }

            all.Write(block, 0, read);
        }

        ReadOnlySpan<byte> raw = all.GetBuffer().AsSpan(0, (int)all.Length);
        raw = raw.StartsWith((ReadOnlySpan<byte>)[0xEF, 0xBB, 0xBF]) ? raw[3..] : raw;
        if (raw.Contains((byte)0))
        {
            throw new InvalidDataException($"{what} is no text. Save it as CSV in UTF-8.");
        }

        try
        {
            return System.Text.Unicode.Utf8.IsValid(raw) ? Encoding.UTF8.GetString(raw)
                : Encoding.GetEncoding(932, EncoderFallback.ExceptionFallback, DecoderFallback.ExceptionFallback).GetString(raw);
        }
        catch (DecoderFallbackException e)
        {
            throw new InvalidDataException($"{what} is neither UTF-8 nor Shift_JIS (CP932). Save it as CSV in UTF-8.", e);
        }
    }
}

using System.Text;

namespace Sekisho.Inspection.Senders;

/// <summary>Answers DNS questions from a file, for trying out and for tests: <c>NAME [TTL] [IN] TYPE DATA</c> a line (RFC 1035 section 5.1, without directives and parentheses); <c>;</c> starts a comment, TYPE <c>SERVFAIL</c> makes a name fail.</summary>
public sealed class ZoneFile : DnsSource
{
    private const int MaxAliases = 10;

    private readonly Dictionary<(string Name, DnsType Type), List<string>> records = [];
    private readonly HashSet<string> names = new(StringComparer.OrdinalIgnoreCase);
    private readonly HashSet<(string Name, DnsType? Type)> failing = [];

    /// <summary>Reads a zone.</summary>
    /// <exception cref="InvalidDataException">A line cannot be understood; the message names it.</exception>
    public static ZoneFile Parse(string text)
    {
        var zone = new ZoneFile();
        var number = 0;
        foreach (var raw in text.Split('\n'))
        {
            number++;
            var words = Words(raw);
            if (words.Count == 0)
            {
                continue;
            }

            var at = 1;
            while (at < words.Count && (words[at].Equals("IN", StringComparison.OrdinalIgnoreCase) || words[at].All(char.IsAsciiDigit)))
            {
                at++;
            }

            if (at >= words.Count)
            {
                throw new InvalidDataException($"line {number}: a type is expected, such as: example.org. TXT \"v=spf1 -all\"");
            }

            if (words[at].Equals("SERVFAIL", StringComparison.OrdinalIgnoreCase))
            {
                zone.Fail(words[0], null);
            }
            else if (!Enum.TryParse<DnsType>(words[at], ignoreCase: true, out var type) || words[at].All(char.IsAsciiDigit) || at + 1 >= words.Count)
            {
                throw new InvalidDataException($"line {number}: \"{words[at]}\" is no type known here, or has no data. Known: A, AAAA, CNAME, MX, PTR, TXT, SERVFAIL");
            }
            else
            {
                var data = words.Skip(at + 1).ToList();
                zone.Add(words[0], type, type == DnsType.Txt ? string.Concat(data) : type == DnsType.Mx && data.Count > 1 ? $"{data[0]} {data[1].TrimEnd('.')}" : data[0].TrimEnd('.'));
            }
        }

        return zone;
    }

    /// <summary>Adds a record, its data as <see cref="DnsAnswer.Records"/> gives it.</summary>
    public void Add(string name, DnsType type, string data)
    {
        name = Key(name);
        AddName(name);
        (records.TryGetValue((name, type), out var list) ? list : records[(name, type)] = []).Add(data);
    }

    /// <summary>Makes questions for a name fail: of one type, or of all.</summary>
    public void Fail(string name, DnsType? type)
    {
        AddName(Key(name));
        failing.Add((Key(name), type));
    }

    /// <inheritdoc />
    public override ValueTask<DnsAnswer> QueryAsync(string name, DnsType type, CancellationToken cancel)
    {
        cancel.ThrowIfCancellationRequested();
        if (!IsName(name))
        {
            return new(DnsAnswer.NoSuchName);
        }

        var key = Key(name);
        for (var alias = 0; alias <= MaxAliases; alias++)
        {
            if (records.TryGetValue((key, type), out var found))
            {
                return new(new DnsAnswer(DnsStatus.Found, found));
            }

            if (failing.Contains((key, null)) || failing.Contains((key, type)))
            {
                return new(DnsAnswer.Silence);
            }

            if (!records.TryGetValue((key, DnsType.Cname), out var target))
            {
                return new(names.Contains(key) ? DnsAnswer.Nothing : DnsAnswer.NoSuchName);
            }

            key = Key(target[0]);
        }

        return new(DnsAnswer.Silence); // a loop of aliases
    }

    private static string Key(string name) => name.TrimEnd('.').ToLowerInvariant();

    private static List<string> Words(string line)
    {
        var words = new List<string>();
        var word = new StringBuilder();
        for (var i = 0; i < line.Length; i++)
        {
            var c = line[i];
            if (c == ';')
            {
                break;
            }

            if (c == '"')
            {
                for (i++; i < line.Length && line[i] != '"'; i++)
                {
                    if (line[i] == '\\' && i + 1 < line.Length)
                    {
                        i++;
                    }

                    word.Append(line[i]);
                }

                words.Add(word.ToString());
                word.Clear();
            }
            else if (char.IsWhiteSpace(c))
            {
                if (word.Length > 0)
                {
                    words.Add(word.ToString());
                    word.Clear();
                }
            }
            else
            {
                word.Append(c);
            }
        }

        if (word.Length > 0)
        {
            words.Add(word.ToString());
        }

        return words;
    }

    /// <summary>A name is there when something below it is (RFC 8020).</summary>
    private void AddName(string name)
    {
        for (var rest = name; rest.Length > 0 && names.Add(rest);)
        {
            var dot = rest.IndexOf('.', StringComparison.Ordinal);
            rest = dot < 0 ? "" : rest[(dot + 1)..];
        }
    }
}

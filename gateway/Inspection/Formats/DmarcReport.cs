using System.Globalization;
using System.Net;
using System.Security.Cryptography;
using System.Text;
using System.Xml;

namespace Sekisho.Inspection.Formats;

/// <summary>One line of a DMARC aggregate report: what one address sent in a domain's name.</summary>
/// <param name="Source">The sending address.</param>
/// <param name="Count">Letters, 1 to 1,000,000,000.</param>
/// <param name="Disposition">What the reporter did with them: none, quarantine, reject, pass, or whatever he wrote.</param>
/// <param name="DkimAligned">True where a signature of the author's domain passed.</param>
/// <param name="SpfAligned">True where SPF passed for the author's domain.</param>
/// <param name="Reason">Why the reporter did something else than the domain asks, such as <c>forwarded</c>; empty where he says nothing.</param>
/// <param name="HeaderFrom">The author's domain, in lower case.</param>
/// <param name="EnvelopeFrom">The envelope's domain, in lower case; empty where it is not told.</param>
/// <param name="Dkim">Results of signatures, such as <c>mail.example=pass, x.example=fail</c>; at most ten.</param>
/// <param name="Spf">The result of SPF, such as <c>mail.example=softfail</c>.</param>
public sealed record DmarcReportRow(
    IPAddress Source, long Count, string Disposition, bool DkimAligned, bool SpfAligned, string Reason, string HeaderFrom, string EnvelopeFrom, string Dkim, string Spf);

/// <summary>A DMARC aggregate report (RFC 9990 appendix A; RFC 7489 appendix C, which most still send): who sent in a domain's name, as another organisation saw it.</summary>
/// <remarks>
/// Elements are known by their local names wherever they stand below <c>feedback</c>: reporters use several namespaces or none, another order, and leave parts out.
/// What a reporter writes is his word only; nothing in it is proven.
/// </remarks>
/// <param name="Organisation">Who reports.</param>
/// <param name="Email">How to reach him.</param>
/// <param name="Id">His name for the report; the digest of its octets where he gives none.</param>
/// <param name="Begin">The first moment it is about.</param>
/// <param name="End">The last.</param>
/// <param name="Domain">The domain whose policy was asked, in lower case.</param>
/// <param name="Policy">What that domain asked for: none, quarantine, reject, or empty.</param>
/// <param name="Rows">Its lines, at most 20,000.</param>
public sealed record DmarcReport(string Organisation, string Email, string Id, DateTimeOffset Begin, DateTimeOffset End, string Domain, string Policy, IReadOnlyList<DmarcReportRow> Rows)
{
    /// <summary>Octets of one report; more is refused.</summary>
    public const int MaxOctets = 16 << 20;

    private const int MaxRows = 20_000;
    private const int MaxDepth = 32;
    private const int MaxText = 300;
    private const int MaxSignatures = 10;

    private static readonly XmlReaderSettings Settings = new()
    {
        DtdProcessing = DtdProcessing.Prohibit, // no entities, no other files
        XmlResolver = null,
        MaxCharactersInDocument = MaxOctets,
        IgnoreComments = true,
        IgnoreProcessingInstructions = true,
        IgnoreWhitespace = true,
        CheckCharacters = false,
    };

    /// <summary>True for what may be a report: XML with its root element near the beginning.</summary>
    public static bool LooksLike(ReadOnlySpan<byte> head)
    {
        head = Trimmed(head);
        head = head[..Math.Min(head.Length, 64 << 10)];
        return head.Length > 0 && (head[0] is (byte)'<' or 0 or 0xFE or 0xFF)
            && (head.IndexOf("feedback"u8) >= 0 || head.IndexOf("f\0e\0e\0d\0b\0a\0c\0k"u8) >= 0);
    }

    /// <summary>Reads a report.</summary>
    /// <param name="octets">The XML, unpacked.</param>
    /// <exception cref="InvalidDataException">It is none, or broken, too large, too deep, or without dates or domain.</exception>
    public static DmarcReport Read(ReadOnlySpan<byte> octets)
    {
        if (octets.Length > MaxOctets)
        {
            throw new InvalidDataException($"The report is larger than {MaxOctets >> 20} MiB.");
        }

        // Blanks in front of the XML declaration are a fault that some reporters make.
        var xml = Trimmed(octets).ToArray();
        var building = new Building();
        try
        {
            using var reader = XmlReader.Create(new MemoryStream(xml, writable: false), Settings);
            building.Read(reader);
        }
        catch (Exception e) when (e is XmlException or ArgumentException or DecoderFallbackException or NotSupportedException)
        {
            // What stands behind the end of the report is no harm.
            if (!building.IsWhole)
            {
                throw new InvalidDataException($"The report is no well-formed XML: {e.Message}", e);
            }
        }

        return building.Result(xml);
    }

    private static ReadOnlySpan<byte> Trimmed(ReadOnlySpan<byte> octets)
    {
        octets = octets.StartsWith((ReadOnlySpan<byte>)[0xEF, 0xBB, 0xBF]) ? octets[3..] : octets;
        return octets.TrimStart(" \t\r\n"u8);
    }

    /// <summary>The report while it is read: one pass, and of each element the first few hundred characters of its text.</summary>
    private sealed class Building
    {
        private readonly List<string> path = new(MaxDepth);
        private readonly StringBuilder text = new(64);
        private readonly List<DmarcReportRow> rows = [];
        private readonly Dictionary<string, string> about = new(StringComparer.Ordinal);
        private readonly Dictionary<string, string> row = new(StringComparer.Ordinal);
        private readonly List<string> signatures = [];
        private bool isOpen;

        public bool IsWhole { get; private set; }

        public void Read(XmlReader reader)
        {
            while (!IsWhole && reader.Read())
            {
                switch (reader.NodeType)
                {
                    case XmlNodeType.Element:
                        Open(reader);
                        break;
                    case XmlNodeType.Text or XmlNodeType.CDATA when isOpen:
                        var value = reader.Value;
                        text.Append(value, 0, Math.Min(value.Length, MaxText - text.Length));
                        break;
                    case XmlNodeType.EndElement when isOpen:
                        Close();
                        break;
                }
            }
        }

        public DmarcReport Result(byte[] xml)
        {
            if (!IsWhole)
            {
                throw new InvalidDataException(isOpen ? "The report ends in the middle." : "This is no DMARC report: there is no feedback element.");
            }

            var (begin, end) = (Date("begin"), Date("end"));
            var domain = DomainOf(about, "domain");
            if (begin is null || end is null || end < begin)
            {
                throw new InvalidDataException("The report does not tell its period.");
            }

            if (domain.Length == 0)
            {
                throw new InvalidDataException("The report names no domain.");
            }

            var id = Text(about, "report_id").Trim('<', '>', ' ');
            var email = Text(about, "email");
            var organisation = Text(about, "org_name") is { Length: > 0 } name ? name : email[(email.LastIndexOf('@') + 1)..];
            return new DmarcReport(
                organisation.Length > 0 ? organisation : "?", email, id.Length > 0 ? id : Convert.ToHexStringLower(SHA256.HashData(xml)), begin.Value, end.Value, domain, Text(about, "p").ToLowerInvariant(), rows);
        }

        private void Open(XmlReader reader)
        {
            var name = reader.LocalName.Length > 40 ? "?" : reader.LocalName.ToLowerInvariant();
            if (!isOpen)
            {
                isOpen = name == "feedback";
                if (!isOpen && reader.Depth > MaxDepth)
                {
                    throw new InvalidDataException("The report is nested too deep.");
                }
            }

            if (!isOpen)
            {
                return;
            }

            if (path.Count == MaxDepth)
            {
                throw new InvalidDataException("The report is nested too deep.");
            }

            path.Add(name);
            text.Clear();
            if (reader.IsEmptyElement)
            {
                Close();
            }
        }

        private void Close()
        {
            var name = path[^1];
            var parent = path.Count > 1 ? path[^2] : "";
            var value = Plain(text);
            text.Clear();
            path.RemoveAt(path.Count - 1);
            switch (parent, name)
            {
                case ("", _):
                    IsWhole = true;
                    break;
                case ("report_metadata", "org_name" or "email" or "report_id") or ("date_range", "begin" or "end") or ("policy_published", "domain" or "p"):
                    about.TryAdd(name, value);
                    break;
                case ("row", "source_ip" or "count") or ("policy_evaluated", "disposition") or ("identifiers" or "identities", "header_from" or "envelope_from"):
                    row.TryAdd(name, value);
                    break;
                case ("policy_evaluated", "dkim" or "spf"):
                    row.TryAdd("aligned " + name, value);
                    break;
                case ("reason", "type"):
                    row["reason"] = row.TryGetValue("reason", out var other) && other.Length + value.Length < MaxText ? $"{other}, {value}" : value;
                    break;
                case ("dkim" or "spf", "domain" or "result"):
                    row[name] = value;
                    break;
                case ("auth_results", "dkim" or "spf"):
                    Authenticated(name);
                    break;
                case (_, "record"):
                    End();
                    break;
            }
        }

        /// <summary>The end of one result among those of authentication.</summary>
        private void Authenticated(string method)
        {
            var domain = DomainOf(row, "domain");
            var result = Text(row, "result").ToLowerInvariant() is "hardfail" ? "fail" : Text(row, "result").ToLowerInvariant();
            row.Remove("domain");
            row.Remove("result");
            if (domain.Length == 0 && result.Length == 0)
            {
                return;
            }

            if (method == "spf")
            {
                row.TryAdd("spf", $"{domain}={result}");
            }
            else if (signatures.Count < MaxSignatures)
            {
                signatures.Add($"{domain}={result}");
            }
        }

        private void End()
        {
            // A line without an address, or about nothing, says nothing; the others do.
            if (IPAddress.TryParse(Text(row, "source_ip").Trim('[', ']'), out var source) && Number(Text(row, "count")) is var count and > 0)
            {
                if (rows.Count == MaxRows)
                {
                    throw new InvalidDataException($"The report has more than {MaxRows:N0} lines.");
                }

                source = source.IsIPv4MappedToIPv6 ? source.MapToIPv4() : source;
                source = new IPAddress(source.GetAddressBytes()); // without a zone, which means nothing elsewhere

                var from = DomainOf(row, "header_from");
                rows.Add(new DmarcReportRow(
                    source, count, Text(row, "disposition").ToLowerInvariant(), IsPass("aligned dkim"), IsPass("aligned spf"), Text(row, "reason"),
                    from.Length > 0 ? from : DomainOf(about, "domain"), DomainOf(row, "envelope_from"), string.Join(", ", signatures), Text(row, "spf")));
            }

            row.Clear();
            signatures.Clear();
        }

        private bool IsPass(string name) => Text(row, name).Equals("pass", StringComparison.OrdinalIgnoreCase);

        /// <summary>Seconds since 1970, with or without a fraction; some write a date.</summary>
        private DateTimeOffset? Date(string name)
        {
            var value = Text(about, name);
            var dot = value.IndexOf('.', StringComparison.Ordinal);
            return long.TryParse(dot < 0 ? value : value.AsSpan(0, dot), NumberStyles.None, CultureInfo.InvariantCulture, out var seconds)
                ? seconds <= 32_503_680_000 ? DateTimeOffset.FromUnixTimeSeconds(seconds) : null // the year 3000
                : DateTimeOffset.TryParse(value, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal, out var date) && date.Year is >= 1970 and < 3000 ? date : null;
        }

        private static long Number(string text) => long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? Math.Min(number, 1_000_000_000) : 0;

        private static string Text(Dictionary<string, string> of, string name) => of.GetValueOrDefault(name, "");

        private static string DomainOf(Dictionary<string, string> of, string name)
        {
            var value = Text(of, name);
            return value[(value.LastIndexOf('@') + 1)..].TrimEnd('.', '>').ToLowerInvariant();
        }

        /// <summary>Without control characters and blanks around, safe to keep and to show.</summary>
        private static string Plain(StringBuilder text)
        {
            for (var i = 0; i < text.Length; i++)
            {
                text[i] = char.IsControl(text[i]) ? ' ' : char.IsSurrogate(text[i]) || text[i] is (>= '\u200B' and <= '\u200F') or (>= '\u202A' and <= '\u202E') or (>= '\u2066' and <= '\u2069') ? '\uFFFD' : text[i];
            }

            return text.ToString().Trim();
        }
    }
}

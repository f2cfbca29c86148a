namespace Sekisho.Inspection.Signatures;

/// <summary>The CSV tables of abuse.ch: URLhaus, ThreatFox, Feodo Tracker and MalwareBazaar. Their headers are comments, or a first row.</summary>
internal static class AbuseTables
{
    /// <summary>Reads a table whose header says whose it is.</summary>
    /// <param name="header">The names of its columns.</param>
    /// <param name="rows">Standing on the first row of values.</param>
    /// <param name="feed">Where they go.</param>
    /// <returns>False where the header is nobody's that is known.</returns>
    public static bool TryRead(IReadOnlyList<string> header, CsvRows rows, FeedReading feed)
    {
        Action<CsvRows, FeedReading>? read =
            Has(header, "ioc_value", "ioc_type") ? (r, f) => ThreatFox(r, f, header.Contains("is_compromised") ? 10 : -1, header.Count)
            : Has(header, "urlhaus_link", "dateadded") ? (r, f) => Urlhaus(r, f, header.Count)
            : Has(header, "sha256_hash", "md5_hash", "sha1_hash") ? Bazaar
            : Has(header, "dst_ip", "dst_port") || Has(header, "dstip", "dstport") ? (r, f) => Feodo(r, f, header.Count)
            : null;
        if (read is null)
        {
            return false;
        }

        do
        {
            read(rows, feed);
        }
        while (rows.Read());
        return true;
    }

    /// <summary>True where the first row of a table without header could be one of ThreatFox (14 or 15 columns) or URLhaus (9).</summary>
    public static IReadOnlyList<string> GuessHeader(CsvRows rows)
    {
        if (rows.Count is 14 or 15 && rows[3] is "ip:port" or "domain" or "url" or "md5_hash" or "sha1_hash" or "sha256_hash")
        {
            return [.. Enumerable.Repeat("", rows.Count - 3), "ioc_value", "ioc_type", rows.Count == 15 ? "is_compromised" : ""];
        }

        return rows.Count == 9 && rows[2].StartsWith("http", StringComparison.OrdinalIgnoreCase) && rows[7].Contains("urlhaus", StringComparison.OrdinalIgnoreCase)
            ? ["", "dateadded", "", "", "", "", "", "urlhaus_link", ""] : [];
    }

    private static bool Has(IReadOnlyList<string> header, params string[] names) => names.All(header.Contains);

    /// <summary>id, dateadded, url, url_status, last_online, threat, tags, urlhaus_link, reporter. Older dumps lack last_online.</summary>
    private static void Urlhaus(CsvRows rows, FeedReading feed, int columns)
    {
        feed.Format = "URLhaus CSV";
        Expect(rows, feed, columns is 8 ? 8 : 9, columns is 8 ? 8 : 9);
        var tags = columns == 8 ? 5 : 6;
        var facts = new IndicatorFacts { Source = "urlhaus", FirstSeen = FeedTime.Of(rows[1]), Tags = Text(rows[tags]), Reference = rows[tags + 1] };
        feed.Add(IndicatorKind.Url, rows[2], facts, rows.Line, rows.Column(2));
    }

    /// <summary>first_seen, id, value, type, threat_type, malware, alias, printable, last_seen, confidence, [is_compromised,] reference, tags, anonymous, reporter.</summary>
    private static void ThreatFox(CsvRows rows, FeedReading feed, int compromised, int columns)
    {
        feed.Format = "ThreatFox CSV";
        Expect(rows, feed, columns, columns);
        var after = compromised > 0 ? 11 : 10;
        ThreatFoxValue(feed, rows[3], rows[2], compromised > 0 && IsTrue(rows[compromised]),
            new IndicatorFacts { Source = "threatfox", FirstSeen = FeedTime.Of(rows[0]), Reference = Text(rows[after]), Tags = Joined(Text(rows[7]), Text(rows[after + 1])) }, rows.Line, rows.Column(2), rows.Column(3), null);
    }

    /// <summary>One value of ThreatFox, in CSV or JSON. A hacked site's host is no indicator; its address is.</summary>
    internal static void ThreatFoxValue(
        FeedReading feed, ReadOnlySpan<char> type, ReadOnlySpan<char> value, bool isCompromised, in IndicatorFacts facts, long line, int column, int typeColumn, string? where)
    {
        IndicatorKind? kind = type switch
        {
            "ip:port" => IndicatorKind.IpPort,
            "domain" => IndicatorKind.Domain,
            "url" => IndicatorKind.Url,
            "md5_hash" => IndicatorKind.Md5,
            "sha1_hash" => IndicatorKind.Sha1,
            "sha256_hash" => IndicatorKind.Sha256,
            "envelope_from" or "body_from" or "email" => IndicatorKind.Address,
            _ => null,
        };
        if (kind is null)
        {
            if (type is "sha3_384_hash" or "imphash" or "domain:port")
            {
                feed.LeaveOut();
            }
            else
            {
                feed.Bad(line, typeColumn, $"\"{FeedReading.Shown(type)}\" is no ioc_type that is known", where);
            }
        }
        else if (isCompromised && kind is IndicatorKind.Domain or IndicatorKind.IpPort)
        {
            feed.LeaveOut();
        }
        else
        {
            feed.Add(kind.Value, value, facts, line, column, where);
        }
    }

    /// <summary>first_seen, dst_ip, dst_port, c2_status, last_online, malware; older ones without c2_status.</summary>
    private static void Feodo(CsvRows rows, FeedReading feed, int columns)
    {
        feed.Format = "Feodo Tracker CSV";
        Expect(rows, feed, columns, columns);
        var facts = new IndicatorFacts { Source = "feodo", FirstSeen = FeedTime.Of(rows[0]), Tags = rows[columns - 1] };
        feed.Add(IndicatorKind.IpPort, $"{rows[1].Trim()}:{rows[2].Trim()}", facts, rows.Line, rows.Column(1));
    }

    /// <summary>By position, since the header may have two names fewer than the rows: first_seen, sha256, md5, sha1, reporter, file_name, type, mime, signature, …</summary>
    private static void Bazaar(CsvRows rows, FeedReading feed)
    {
        feed.Format = "MalwareBazaar CSV";
        Expect(rows, feed, 12, 14);
        var facts = new IndicatorFacts { Source = "malwarebazaar", FirstSeen = FeedTime.Of(rows[0]), Tags = Text(rows[8]) };
        var some = false;
        for (var i = 1; i <= 3; i++)
        {
            if (!Text(rows[i]).IsEmpty)
            {
                feed.Add(IndicatorKind.Sha256, rows[i], facts, rows.Line, rows.Column(i));
                some = true;
            }
        }

        if (!some)
        {
            feed.Bad(rows.Line, rows.Column(1), "no hash in the columns 2 to 4");
        }
    }

    private static void Expect(CsvRows rows, FeedReading feed, int least, int most)
    {
        if (rows.Count < least || rows.Count > most)
        {
            throw feed.Fault(rows.Line, 1, $"{rows.Count} columns where {feed.Format} has {(least == most ? $"{least}" : $"{least} to {most}")}");
        }
    }

    /// <summary>Their words for "nothing" are nothing.</summary>
    internal static ReadOnlySpan<char> Text(ReadOnlySpan<char> field)
    {
        field = field.Trim();
        return field is "None" or "n/a" or "null" or "-" ? [] : field;
    }

    internal static string Joined(ReadOnlySpan<char> one, ReadOnlySpan<char> other) =>
        one.IsEmpty ? other.ToString() : other.IsEmpty || other.Equals(one, StringComparison.OrdinalIgnoreCase) ? one.ToString() : $"{one},{other}";

    private static bool IsTrue(ReadOnlySpan<char> field) => field.Trim() is "1" || field.Trim().Equals("true", StringComparison.OrdinalIgnoreCase);
}

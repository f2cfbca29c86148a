namespace Sekisho.Inspection.Signatures;

/// <summary>Our own table: <c>kind,value,source,first_seen[,expires[,reference[,tags]]]</c> under a header of these names.</summary>
internal static class OwnCsv
{
    public const string Header = "kind,value,source,first_seen,expires,reference,tags";

    private static readonly string[] Names = Header.Split(',');

    public static bool IsHeader(CsvRows rows) => rows.Count >= 4 && rows[0].SequenceEqual("kind") && rows[1].SequenceEqual("value");

    public static void Read(CsvRows rows, FeedReading feed)
    {
        feed.Format = "Sekisho CSV";
        for (var i = 0; i < rows.Count; i++)
        {
            if (i >= Names.Length || !rows[i].SequenceEqual(Names[i]))
            {
                throw feed.Fault(rows.Line, rows.Column(i), $"the column \"{FeedReading.Shown(rows[i])}\" is not expected here; the header is {Header}, the last three may be missing");
            }
        }

        var columns = rows.Count;
        while (rows.Read())
        {
            if (rows.Count < 2 || rows.Count > columns)
            {
                throw feed.Fault(rows.Line, 1, $"{rows.Count} columns where the header has {columns}");
            }

            if (IndicatorKinds.Find(rows[0].Trim()) is not { } kind)
            {
                feed.Bad(rows.Line, 1, $"\"{FeedReading.Shown(rows[0])}\" is no kind; known are {string.Join(", ", IndicatorKinds.All.Select(k => k.Name()))}");
                continue;
            }

            if (Time(rows, 3, feed, out var first) && Time(rows, 4, feed, out var expires))
            {
                var facts = new IndicatorFacts { Source = rows[2].IsEmpty ? feed.Stem : rows[2].Trim(), FirstSeen = first, Expires = expires, Reference = rows[5], Tags = rows[6] };
                feed.Add(kind, rows[1], facts, rows.Line, rows.Column(1));
            }
        }
    }

    private static bool Time(CsvRows rows, int column, FeedReading feed, out DateTimeOffset? time)
    {
        time = FeedTime.Of(rows[column]);
        if (time is null && !rows[column].Trim().IsEmpty)
        {
            feed.Bad(rows.Line, rows.Column(column), $"\"{FeedReading.Shown(rows[column])}\" is no time such as 2022-03-14 or 2022-03-14 08:00:00 (UTC)");
            return false;
        }

        return true;
    }
}

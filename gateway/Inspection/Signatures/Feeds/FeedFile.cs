using System.IO.Compression;
using System.Text;
using System.Text.Json;

namespace Sekisho.Inspection.Signatures;

/// <summary>Reads a feed of any format that is known, found by its content: CSV, JSON, lists, and zip or gzip around them.</summary>
public static class FeedFile
{
    private const int MaxMembers = 1_000;

    private static readonly JsonDocumentOptions Json = new() { MaxDepth = 64, AllowTrailingCommas = true };

    /// <summary>Reads a feed into a builder. Where it fails the builder is as it was.</summary>
    /// <param name="name">Its path or name, for faults and for feeds that do not name themselves.</param>
    /// <param name="octets">Its content.</param>
    /// <param name="into">Takes the indicators.</param>
    /// <param name="limits">How much is read.</param>
    /// <param name="time">The clock for <see cref="FeedLimits.Time"/>.</param>
    /// <exception cref="InvalidDataException">It is no feed, is broken, or passes a limit; the message names file, line and column.</exception>
    public static FeedReport Read(string name, Stream octets, IndicatorBuilder into, FeedLimits? limits = null, TimeProvider? time = null)
    {
        limits ??= new FeedLimits();
        var feed = new FeedReading(name, into, limits, time ?? TimeProvider.System);
        var mark = into.Mark();
        try
        {
            Unpacked(new BoundedFeed(octets, limits.MaxOctets, feed), feed, depth: 0);
            return feed.End();
        }
        catch (Exception e)
        {
            into.GoBack(mark);
            if (e is JsonException json)
            {
                throw new InvalidDataException($"{name}, line {(json.LineNumber ?? 0) + 1}, column {(json.BytePositionInLine ?? 0) + 1}: no sound JSON.", e);
            }

            throw;
        }
    }

    /// <summary>Reads a MISP feed's folder: every event that its <c>manifest.json</c> names.</summary>
    /// <exception cref="InvalidDataException">The list or an event is broken, or an event is missing.</exception>
    internal static FeedReport ReadMisp(string folder, IndicatorBuilder into, FeedLimits limits, TimeProvider time)
    {
        var mark = into.Mark();
        var current = Path.Combine(folder, "manifest.json");
        try
        {
            var feed = new FeedReading(current, into, limits, time);
            List<string> events;
            using (var manifest = Parse(current, feed))
            {
                if (!MispEvents.IsManifest(manifest.RootElement))
                {
                    throw new InvalidDataException($"{current}: no list of MISP events.");
                }

                // Names of files: anything but an identifier could lead out of the folder.
                events = [.. manifest.RootElement.EnumerateObject().Select(FeedJson.Name).Select(n => Guid.TryParse(n, out _) ? n : throw new InvalidDataException($"{current}: \"{FeedReading.Shown(n)}\" is no event's uuid."))];
            }

            foreach (var name in events)
            {
                current = Path.Combine(folder, name + ".json");
                using var document = Parse(current, feed);
                MispEvents.Read(document.RootElement, feed);
                feed.CheckTime();
            }

            feed.Format = $"MISP feed, {events.Count} events";
            return feed.End();
        }
        catch (Exception e)
        {
            into.GoBack(mark);
            throw e is JsonException json ? new InvalidDataException($"{current}, line {(json.LineNumber ?? 0) + 1}, column {(json.BytePositionInLine ?? 0) + 1}: no sound JSON.", e)
                : e is FileNotFoundException ? new InvalidDataException($"{current}: the event stands in manifest.json, but there is no such file.", e) : e;
        }
    }

    private static JsonDocument Parse(string file, FeedReading feed)
    {
        using var stream = new FileStream(file, FileMode.Open, FileAccess.Read, FileShare.Read);
        return JsonDocument.Parse(new BoundedFeed(stream, feed.Limits.MaxJson, feed), Json);
    }

    private static void Unpacked(BoundedFeed stream, FeedReading feed, int depth)
    {
        var buffered = new HeadStream(stream);
        var head = buffered.Head;
        var isZip = head.StartsWith("PK\u0003\u0004"u8);
        if ((isZip || head.StartsWith((ReadOnlySpan<byte>)[0x1F, 0x8B])) && depth > 1)
        {
            throw new InvalidDataException($"{feed.File}: archives stand within archives.");
        }

        try
        {
            if (isZip)
            {
                Zip(buffered, feed, depth);
            }
            else if (head.StartsWith((ReadOnlySpan<byte>)[0x1F, 0x8B]))
            {
                using var gzip = new GZipStream(buffered, CompressionMode.Decompress);
                Unpacked(new BoundedFeed(gzip, feed.Limits.MaxOctets, feed), feed, depth + 1);
            }
            else
            {
                Text(buffered, feed);
            }
        }
        catch (Exception e) when (e is NotSupportedException or ArgumentException or OverflowException or IndexOutOfRangeException or EndOfStreamException)
        {
            throw new InvalidDataException($"{feed.File}: the archive is broken or encrypted.", e);
        }
    }

    private static void Zip(Stream stream, FeedReading feed, int depth)
    {
        // The list of members stands at the end: the file must be there as a whole.
        using var whole = new MemoryStream();
        stream.CopyTo(whole);
        using var zip = new ZipArchive(whole, ZipArchiveMode.Read);
        if (zip.Entries.Count > MaxMembers)
        {
            throw new InvalidDataException($"{feed.File}: more than {MaxMembers:N0} files in the archive.");
        }

        foreach (var entry in zip.Entries)
        {
            if (entry.Name.Length > 0)
            {
                using var member = entry.Open();
                Unpacked(new BoundedFeed(member, feed.Limits.MaxOctets, feed), feed, depth + 1);
            }
        }
    }

    private static void Text(HeadStream stream, FeedReading feed)
    {
        var head = stream.Head;
        head = head.StartsWith("\uFEFF"u8) ? head[3..] : head;
        head = head.TrimStart(" \t\r\n"u8);
        if (head.IsEmpty)
        {
            throw new InvalidDataException($"{feed.File}: the file is empty.");
        }

        if (head[0] is (byte)'{' or (byte)'[' && !head.StartsWith("[::"u8))
        {
            using var document = JsonDocument.Parse(new BoundedFeed(stream, feed.Limits.MaxJson, feed), Json);
            Document(document.RootElement, feed);
            return;
        }

        if (head.Contains((byte)0))
        {
            throw new InvalidDataException($"{feed.File}: no text, and no archive that is known.");
        }

        using var reader = new StreamReader(stream, Encoding.UTF8, detectEncodingFromByteOrderMarks: true, bufferSize: 64 << 10);
        if (!IsTable(head))
        {
            PlainList.Read(reader, feed);
            return;
        }

        var rows = new CsvRows(reader, feed.File);
        if (!rows.Read())
        {
            throw new InvalidDataException($"{feed.File}: there are no rows.");
        }

        if (OwnCsv.IsHeader(rows))
        {
            OwnCsv.Read(rows, feed);
            return;
        }

        // The header is the first row, or the last comment before it that has commas.
        var names = Header(rows);
        var isRow = names.Contains("dst_ip") || names.Contains("ioc_value") || names.Contains("urlhaus_link") || names.Contains("sha256_hash") || names.Contains("dstip");
        if (!isRow)
        {
            names = rows.Comments.LastOrDefault(c => c.Contains(',', StringComparison.Ordinal)) is { } comment ? Split(comment) : [];
        }
        else if (!rows.Read())
        {
            feed.Format = "table without rows";
            return;
        }

        if (!AbuseTables.TryRead(names, rows, feed) && !AbuseTables.TryRead(AbuseTables.GuessHeader(rows), rows, feed))
        {
            throw rows.Count == 2 && rows[0].Length == 32 && Guid.TryParse(rows[1], out _)
                ? feed.Fault(rows.Line, 1, "hashes.csv of a MISP feed holds sums of values, not of files: it is no list of indicators. Take the whole folder")
                : feed.Fault(rows.Line, 1, $"the columns of this table are not known. Our own header is {OwnCsv.Header}");
        }
    }

    private static void Document(JsonElement root, FeedReading feed)
    {
        if (StixBundle.IsBundle(root))
        {
            StixBundle.Read(root, feed);
        }
        else if (MispEvents.IsEvents(root))
        {
            MispEvents.Read(root, feed);
        }
        else if (AbuseJson.IsAbuse(root))
        {
            AbuseJson.Read(root, feed);
        }
        else
        {
            throw new InvalidDataException(MispEvents.IsManifest(root)
                ? $"{feed.File}: the list of a MISP feed's events without the events. Take the whole folder."
                : $"{feed.File}: JSON of no feed that is known (STIX bundle, MISP event, ThreatFox, URLhaus, Feodo Tracker, MalwareBazaar).");
        }
    }

    /// <summary>A table has commas in its first line that is no comment; a list of addresses may have some within.</summary>
    private static bool IsTable(ReadOnlySpan<byte> head)
    {
        while (!head.IsEmpty && head[0] is (byte)'#' or (byte)';' or (byte)'\r' or (byte)'\n')
        {
            var end = head.IndexOf((byte)'\n');
            head = end < 0 ? [] : head[(end + 1)..];
        }

        var stop = head.IndexOf((byte)'\n');
        var line = stop < 0 ? head : head[..stop];
        return line.Contains((byte)',') && (line[0] == '"' || line.IndexOf("://"u8) < 0 || line.IndexOf((byte)',') < line.IndexOf("://"u8));
    }

    private static List<string> Header(CsvRows rows)
    {
        var names = new List<string>(rows.Count);
        for (var i = 0; i < rows.Count; i++)
        {
            names.Add(rows[i].Trim().ToString().ToLowerInvariant());
        }

        return names;
    }

    private static List<string> Split(string comment)
    {
        var rows = new CsvRows(new StringReader(comment), "header");
        try
        {
            return rows.Read() ? Header(rows) : [];
        }
        catch (InvalidDataException)
        {
            return []; // A comment with commas and a quote in it.
        }
    }
}

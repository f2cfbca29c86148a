using System.Text.Json;

namespace Sekisho.Inspection.Signatures;

/// <summary>The JSON of abuse.ch: exports (an object whose members are lists, or a list) and API answers (<c>data</c>), of ThreatFox, URLhaus, Feodo Tracker and MalwareBazaar.</summary>
internal static class AbuseJson
{
    /// <summary>True where a list's or an export's first object has members that one of the four uses.</summary>
    public static bool IsAbuse(JsonElement root) => Objects(root).FirstOrDefault() is { ValueKind: JsonValueKind.Object } first && Kind(first) is not null;

    public static void Read(JsonElement root, FeedReading feed)
    {
        var number = 0;
        foreach (var item in Objects(root))
        {
            var where = $"object {++number}";
            switch (item.ValueKind == JsonValueKind.Object ? Kind(item) : null)
            {
                case "ThreatFox":
                    AbuseTables.ThreatFoxValue(feed, FeedJson.Text(item, "ioc_type"), Value(item), FeedJson.IsTrue(item, "is_compromised"),
                        new IndicatorFacts
                        {
                            Source = "threatfox",
                            FirstSeen = FeedTime.Of(FeedJson.Text(item, "first_seen_utc") is { Length: > 0 } utc ? utc : FeedJson.Text(item, "first_seen")),
                            Reference = FeedJson.Text(item, "reference"),
                            Tags = AbuseTables.Joined(FeedJson.Text(item, "malware_printable"), FeedJson.Text(item, "tags")),
                        }, 0, 0, 0, where);
                    break;
                case "URLhaus":
                    feed.Add(IndicatorKind.Url, FeedJson.Text(item, "url"), new IndicatorFacts
                    {
                        Source = "urlhaus",
                        FirstSeen = FeedTime.Of(FeedJson.Text(item, "dateadded") is { Length: > 0 } added ? added : FeedJson.Text(item, "date_added")),
                        Reference = FeedJson.Text(item, "urlhaus_link") is { Length: > 0 } link ? link : FeedJson.Text(item, "urlhaus_reference"),
                        Tags = FeedJson.Text(item, "tags"),
                    }, 0, where: where);
                    break;
                case "Feodo Tracker":
                    feed.Add(IndicatorKind.IpPort, $"{FeedJson.Text(item, "ip_address")}:{FeedJson.Text(item, "port")}",
                        new IndicatorFacts { Source = "feodo", FirstSeen = FeedTime.Of(FeedJson.Text(item, "first_seen")), Tags = FeedJson.Text(item, "malware") }, 0, where: where);
                    break;
                case "MalwareBazaar":
                    var facts = new IndicatorFacts { Source = "malwarebazaar", FirstSeen = FeedTime.Of(FeedJson.Text(item, "first_seen")), Tags = AbuseTables.Joined(FeedJson.Text(item, "signature"), FeedJson.Text(item, "tags")) };
                    foreach (var name in new[] { "sha256_hash", "md5_hash", "sha1_hash" })
                    {
                        if (FeedJson.Text(item, name) is { Length: > 0 } hash)
                        {
                            feed.Add(IndicatorKind.Sha256, hash, facts, 0, where: where);
                        }
                    }

                    break;
                default:
                    feed.Bad(0, 0, "is not of the kind that the first one is", where);
                    break;
            }

            feed.Format = number == 1 ? $"{Kind(item)} JSON" : feed.Format;
        }
    }

    private static string? Kind(JsonElement item) =>
        item.TryGetProperty("ioc_type", out _) ? "ThreatFox"
        : item.TryGetProperty("ip_address", out _) && item.TryGetProperty("port", out _) ? "Feodo Tracker"
        : item.TryGetProperty("sha256_hash", out _) && item.TryGetProperty("md5_hash", out _) ? "MalwareBazaar"
        : item.TryGetProperty("url", out _) && item.TryGetProperty("threat", out _) ? "URLhaus"
        : null;

    private static string Value(JsonElement item) => FeedJson.Text(item, "ioc_value") is { Length: > 0 } value ? value : FeedJson.Text(item, "ioc");

    private static IEnumerable<JsonElement> Objects(JsonElement root)
    {
        if (root.ValueKind == JsonValueKind.Object)
        {
            foreach (var name in new[] { "data", "urls", "payloads" })
            {
                if (root.TryGetProperty(name, out var answer) && answer.ValueKind == JsonValueKind.Array)
                {
                    root = answer;
                    break;
                }
            }
        }

        if (root.ValueKind == JsonValueKind.Array)
        {
            foreach (var item in root.EnumerateArray())
            {
                yield return item;
            }
        }
        else if (root.ValueKind == JsonValueKind.Object)
        {
            foreach (var member in root.EnumerateObject())
            {
                if (member.Value.ValueKind == JsonValueKind.Array)
                {
                    foreach (var item in member.Value.EnumerateArray())
                    {
                        yield return item;
                    }
                }
            }
        }
    }
}

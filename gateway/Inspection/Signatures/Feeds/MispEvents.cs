using System.Text.Json;

namespace Sekisho.Inspection.Signatures;

/// <summary>MISP events: as an export (one, or many in <c>response</c>), or as the files of a feed folder beside <c>manifest.json</c>.</summary>
/// <remarks><c>hashes.csv</c> of a feed folder holds MD5 sums of the values for looking up events, not of files: it is no source of indicators.</remarks>
internal static class MispEvents
{
    /// <summary>True for an event, a list of events, or <c>response</c>.</summary>
    public static bool IsEvents(JsonElement root) => Events(root).Any();

    /// <summary>True for a feed's list of events: identifiers with info and time.</summary>
    public static bool IsManifest(JsonElement root)
    {
        if (root.ValueKind != JsonValueKind.Object)
        {
            return false;
        }

        var first = root.EnumerateObject().FirstOrDefault();
        return first.Value.ValueKind == JsonValueKind.Object && Guid.TryParse(FeedJson.Name(first), out _) && first.Value.TryGetProperty("timestamp", out _);
    }

    public static void Read(JsonElement root, FeedReading feed)
    {
        feed.Format = "MISP event";
        foreach (var one in Events(root))
        {
            var source = one.TryGetProperty("Orgc", out var org) && FeedJson.Text(org, "name") is { Length: > 0 } name ? $"misp:{name}" : "misp";
            var facts = new Words(source, FeedTime.Of(FeedJson.Text(one, "date")), FeedJson.Text(one, "uuid"), FeedJson.Text(one, "info"));
            var number = 0;
            foreach (var attribute in FeedJson.List(one, "Attribute"))
            {
                Attribute(attribute, facts, feed, $"event {facts.Reference}, attribute {++number}");
            }

            var objects = 0;
            foreach (var item in FeedJson.List(one, "Object"))
            {
                objects++;
                number = 0;
                foreach (var attribute in FeedJson.List(item, "Attribute"))
                {
                    Attribute(attribute, facts, feed, $"event {facts.Reference}, object {objects}, attribute {++number}");
                }
            }
        }
    }

    private static IEnumerable<JsonElement> Events(JsonElement root)
    {
        var list = root.ValueKind == JsonValueKind.Array ? root.EnumerateArray()
            : root.ValueKind == JsonValueKind.Object && root.TryGetProperty("response", out var response) && response.ValueKind == JsonValueKind.Array ? response.EnumerateArray()
            : (IEnumerable<JsonElement>)[root];
        foreach (var item in list)
        {
            if (item.ValueKind == JsonValueKind.Object && item.TryGetProperty("Event", out var one) && one.ValueKind == JsonValueKind.Object)
            {
                yield return one;
            }
        }
    }

    private static void Attribute(JsonElement attribute, Words words, FeedReading feed, string where)
    {
        if (attribute.ValueKind != JsonValueKind.Object)
        {
            feed.Bad(0, 0, "is no object", where);
            return;
        }

        var type = FeedJson.Text(attribute, "type");
        var value = FeedJson.Text(attribute, "value");
        var (kind, part) = KindOf(type);
        if (kind is null || FeedJson.IsFalse(attribute, "to_ids") || FeedJson.IsTrue(attribute, "deleted"))
        {
            feed.LeaveOut(); // File names, comments, pictures; and what was not meant for detection.
            return;
        }

        var facts = new IndicatorFacts
        {
            Source = words.Source,
            FirstSeen = FeedTime.Of(FeedJson.Text(attribute, "first_seen")) ?? FeedTime.OfSeconds(FeedJson.Text(attribute, "timestamp")) ?? words.Date,
            Reference = words.Reference,
            Tags = words.Info,
        };
        if (type is "domain|ip")
        {
            // The domain is what was found; the address is one of a host's many.
            value = value.Split('|')[0];
        }
        else if (type is "ip-dst")
        {
            value = IndicatorKey.Ip(value) is { } ip ? IndicatorKey.IpPort(ip, 0) : value;
        }
        else if (part > 0 && value.Split('|') is { Length: > 1 } parts)
        {
            value = parts[part];
        }

        feed.Add(kind.Value, value, facts, 0, where: where);
    }

    /// <summary>What a type of attribute is, and which part of a value in two parts it is in.</summary>
    private static (IndicatorKind? Kind, int Part) KindOf(string type) => type switch
    {
        "md5" => (IndicatorKind.Md5, 0),
        "sha1" => (IndicatorKind.Sha1, 0),
        "sha256" => (IndicatorKind.Sha256, 0),
        "filename|md5" => (IndicatorKind.Md5, 1),
        "filename|sha1" => (IndicatorKind.Sha1, 1),
        "filename|sha256" => (IndicatorKind.Sha256, 1),
        "url" or "uri" => (IndicatorKind.Url, 0),
        "domain" or "hostname" or "domain|ip" => (IndicatorKind.Domain, 0),
        "hostname|port" => (null, 0),
        "ip-src" => (IndicatorKind.Ip, 0),
        "ip-dst" or "ip-dst|port" or "ip-src|port" => (IndicatorKind.IpPort, 0),
        "email" or "email-src" or "email-reply-to" => (IndicatorKind.Address, 0),
        "email-subject" => (IndicatorKind.Subject, 0),
        _ => (null, 0),
    };

    private sealed record Words(string Source, DateTimeOffset? Date, string Reference, string Info);
}

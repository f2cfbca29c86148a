using System.Text.Json;

namespace Sekisho.Inspection.Signatures;

/// <summary>A STIX 2.0 or 2.1 bundle: its indicators' patterns, as far as they ask for single values.</summary>
internal static class StixBundle
{
    public static bool IsBundle(JsonElement root) => root.ValueKind == JsonValueKind.Object && FeedJson.Text(root, "type") == "bundle" && root.TryGetProperty("objects", out _);

    public static void Read(JsonElement root, FeedReading feed)
    {
        feed.Format = "STIX bundle";
        var authors = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var item in FeedJson.List(root, "objects"))
        {
            if (FeedJson.Text(item, "type") == "identity")
            {
                authors[FeedJson.Text(item, "id")] = FeedJson.Text(item, "name");
            }
        }

        foreach (var item in FeedJson.List(root, "objects"))
        {
            if (FeedJson.Text(item, "type") == "indicator")
            {
                Indicator(item, authors, feed);
            }
        }
    }

    private static void Indicator(JsonElement item, Dictionary<string, string> authors, FeedReading feed)
    {
        var where = FeedJson.Text(item, "id") is { Length: > 0 } id ? id : "an indicator without id";
        var language = FeedJson.Text(item, "pattern_type"); // STIX 2.0 has none
        var says = FeedJson.Text(item, "labels") + "," + FeedJson.Text(item, "indicator_types");
        if (FeedJson.IsTrue(item, "revoked") || language is not ("" or "stix") || says.Contains("benign", StringComparison.OrdinalIgnoreCase))
        {
            feed.LeaveOut();
            return;
        }

        if (StixPattern.Read(FeedJson.Text(item, "pattern"), out var why) is not { } alternatives)
        {
            if (why.Contains("understood", StringComparison.Ordinal))
            {
                feed.LeaveOut(); // Sound, but more than single values can answer.
            }
            else
            {
                feed.Bad(0, 0, why, where);
            }

            return;
        }

        var facts = new IndicatorFacts
        {
            Source = authors.GetValueOrDefault(FeedJson.Text(item, "created_by_ref")) is { Length: > 0 } author ? $"stix:{author}" : $"stix:{feed.Stem}",
            FirstSeen = FeedTime.Of(FeedJson.Text(item, "valid_from")) ?? FeedTime.Of(FeedJson.Text(item, "created")),
            Expires = FeedTime.Of(FeedJson.Text(item, "valid_until")),
            Reference = FeedJson.List(item, "external_references").Select(r => FeedJson.Text(r, "url")).FirstOrDefault(u => u.Length > 0) ?? FeedJson.Text(item, "id"),
            Tags = FeedJson.Text(item, "name"),
        };
        foreach (var alternative in alternatives)
        {
            Take(alternative, facts, feed, where);
        }
    }

    /// <summary>A single comparison, or several that must all hold: then only what is as narrow alone as all together (hashes, an address, IP and port).</summary>
    private static void Take(List<StixComparison> all, in IndicatorFacts facts, FeedReading feed, string where)
    {
        var hashes = all.Where(c => KindOf(c.Path) is { } k && k.HashLength() > 0).ToList();
        if (hashes.Count > 0)
        {
            foreach (var hash in hashes)
            {
                feed.Add(KindOf(hash.Path)!.Value, hash.Value, facts, 0, where: where);
            }

            return;
        }

        if (all.Count == 1)
        {
            if (KindOf(all[0].Path) is { } kind)
            {
                feed.Add(kind, all[0].Value, facts, 0, where: where);
            }
            else
            {
                feed.LeaveOut();
            }

            return;
        }

        var port = all.FirstOrDefault(c => c.Path == "network-traffic:dst_port").Value;
        var to = all.FirstOrDefault(c => c.Path == "network-traffic:dst_ref.value").Value;
        if (port is not null && to is not null)
        {
            feed.Add(IndicatorKind.IpPort, IndicatorKey.Ip(to) is { } ip ? $"{(ip.Contains(':', StringComparison.Ordinal) ? $"[{ip}]" : ip)}:{port}" : to, facts, 0, where: where);
        }
        else if (all.FirstOrDefault(c => c.Path == "url:value").Value is { } url)
        {
            feed.Add(IndicatorKind.Url, url, facts, 0, where: where);
        }
        else
        {
            feed.LeaveOut();
        }
    }

    private static IndicatorKind? KindOf(string path) => path switch
    {
        "file:hashes.md5" => IndicatorKind.Md5,
        "file:hashes.sha-1" or "file:hashes.sha1" => IndicatorKind.Sha1,
        "file:hashes.sha-256" or "file:hashes.sha256" => IndicatorKind.Sha256,
        "url:value" => IndicatorKind.Url,
        "domain-name:value" => IndicatorKind.Domain,
        "ipv4-addr:value" or "ipv6-addr:value" => IndicatorKind.Ip,
        "email-addr:value" or "email-message:from_ref.value" or "email-message:sender_ref.value" => IndicatorKind.Address,
        "email-message:subject" => IndicatorKind.Subject,
        _ => null,
    };
}

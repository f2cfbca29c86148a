using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Unicode;
using Sekisho.Inspection.Policy;

namespace Sekisho.Store;

/// <summary>A verdict's findings as the JSON text that is kept with the letter.</summary>
internal static class VerdictJson
{
    /// <summary>Japanese stays Japanese: who reads the database or the audit log with a plain tool reads words.</summary>
    private static readonly JsonWriterOptions Readable = new() { Encoder = JavaScriptEncoder.Create(UnicodeRanges.All) };

    private const string Nothing = "[]";

    /// <summary>The findings as text. Their words are left out, they are found by the code; but for those that came from a rule.</summary>
    public static string Write(Verdict verdict)
    {
        if (verdict.Findings.Count == 0)
        {
            return Nothing;
        }

        using var octets = new MemoryStream();
        using (var json = new Utf8JsonWriter(octets, Readable))
        {
            json.WriteStartArray();
            foreach (var finding in verdict.Findings)
            {
                json.WriteStartObject();
                json.WriteString("code", finding.Kind.Code);
                json.WriteNumber("weight", finding.Kind.Weight);
                json.WriteString("place", Words.Clean(finding.Place));
                json.WriteString("evidence", Words.Clean(finding.Evidence));
                if (finding.Kind.IsOfRule)
                {
                    json.WriteString("ja", Words.Clean(finding.Kind.Ja));
                    json.WriteString("en", Words.Clean(finding.Kind.En));
                }

                if (verdict.Observed.Contains(finding.Kind.Code))
                {
                    json.WriteBoolean("observed", true);
                }

                json.WriteEndObject();
            }

            json.WriteEndArray();
        }

        return Encoding.UTF8.GetString(octets.GetBuffer().AsSpan(0, (int)octets.Length));
    }

    /// <summary>The findings back.</summary>
    public static IReadOnlyList<KeptFinding> Read(string text)
    {
        if (text == Nothing)
        {
            return [];
        }

        using var json = JsonDocument.Parse(text);
        return [.. json.RootElement.EnumerateArray().Select(static finding => new KeptFinding(
            finding.GetProperty("code").GetString()!,
            finding.GetProperty("weight").GetInt32(),
            finding.GetProperty("place").GetString()!,
            finding.GetProperty("evidence").GetString()!,
            finding.TryGetProperty("observed", out var observed) && observed.GetBoolean(),
            finding.TryGetProperty("ja", out var ja) ? ja.GetString() : null,
            finding.TryGetProperty("en", out var en) ? en.GetString() : null))];
    }

    /// <summary>An audit entry's detail: names and texts, those without text left out.</summary>
    public static string Detail(params ReadOnlySpan<(string Name, string? Text)> fields)
    {
        using var octets = new MemoryStream();
        using (var json = new Utf8JsonWriter(octets, Readable))
        {
            json.WriteStartObject();
            foreach (var (name, text) in fields)
            {
                if (text is not null)
                {
                    json.WriteString(name, Words.Clean(text));
                }
            }

            json.WriteEndObject();
        }

        return Encoding.UTF8.GetString(octets.GetBuffer().AsSpan(0, (int)octets.Length));
    }
}

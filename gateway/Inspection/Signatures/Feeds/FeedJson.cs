using System.Text.Json;

namespace Sekisho.Inspection.Signatures;

/// <summary>Takes values out of JSON as feeds write it: a number may stand where a text is meant, and <c>null</c> for nothing.</summary>
internal static class FeedJson
{
    /// <summary>A member as text: lists joined by commas, empty for nothing.</summary>
    public static string Text(JsonElement item, string name) => item.ValueKind == JsonValueKind.Object && item.TryGetProperty(name, out var value) ? Text(value) : "";

    /// <summary>A value as text.</summary>
    public static string Text(JsonElement value)
    {
        switch (value.ValueKind)
        {
            case JsonValueKind.String:
                try
                {
                    return AbuseTables.Text(value.GetString()).ToString();
                }
                catch (InvalidOperationException)
                {
                    return ""; // Half of a surrogate pair: no text.
                }

            case JsonValueKind.Number:
                return value.GetRawText();
            case JsonValueKind.Array:
                return string.Join(',', value.EnumerateArray().Take(50).Where(v => v.ValueKind is JsonValueKind.String or JsonValueKind.Number).Select(Text).Where(t => t.Length > 0));
            default:
                return "";
        }
    }

    /// <summary>A member's name; empty for one that is no text (half of a surrogate pair, octets that are no UTF-8).</summary>
    public static string Name(JsonProperty member)
    {
        try
        {
            return member.Name;
        }
        catch (InvalidOperationException)
        {
            return "";
        }
    }

    /// <summary>True for <c>true</c>, 1 and <c>"1"</c>.</summary>
    public static bool IsTrue(JsonElement item, string name) =>
        item.TryGetProperty(name, out var value) && (value.ValueKind == JsonValueKind.True || Text(value) is "1" or "true" or "True");

    /// <summary>True only where the member is there and says no.</summary>
    public static bool IsFalse(JsonElement item, string name) =>
        item.TryGetProperty(name, out var value) && (value.ValueKind == JsonValueKind.False || Text(value) is "0" or "false" or "False");

    /// <summary>The members of a list; nothing where there is no list of that name.</summary>
    public static IEnumerable<JsonElement> List(JsonElement item, string name) =>
        item.ValueKind == JsonValueKind.Object && item.TryGetProperty(name, out var list) && list.ValueKind == JsonValueKind.Array ? list.EnumerateArray() : [];
}

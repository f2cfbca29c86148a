using System.Globalization;
using Sekisho.Inspection.Signatures;

namespace Sekisho.Inspection.Detection;

/// <summary>Says of an indicator who knows it, since when, and what it belongs to.</summary>
internal static class IndicatorWords
{
    /// <summary>Such as <c>url http://a.example/x/ (source urlhaus, first seen 2022-03-14, 4 years ago; emotet,epoch4; https://…)</c>.</summary>
    /// <param name="indicator">What matched.</param>
    /// <param name="now">When the letter came.</param>
    public static string Of(Indicator indicator, DateTimeOffset now)
    {
        var words = $"{indicator.Kind.Name()} {Cut(indicator.Value, 200)} (source {Cut(indicator.Source, 60)}, {Age(indicator.FirstSeen, now)}";
        if (indicator.Expires is { } expires)
        {
            words += string.Create(CultureInfo.InvariantCulture, $", expires {expires:yyyy-MM-dd}");
        }

        if (indicator.Tags.Length > 0)
        {
            words += "; " + Cut(indicator.Tags, 80);
        }

        return indicator.Reference.Length > 0 ? $"{words}; {Cut(indicator.Reference, 100)})" : words + ")";
    }

    private static string Age(DateTimeOffset? seen, DateTimeOffset now)
    {
        if (seen is not { } first)
        {
            return "first seen: not stated";
        }

        var days = (int)Math.Max(0, (now - first).TotalDays);
        var age = days >= 730 ? $"{days / 365} years ago" : days >= 60 ? $"{days / 30} months ago" : days == 1 ? "1 day ago" : $"{days} days ago";
        return string.Create(CultureInfo.InvariantCulture, $"first seen {first:yyyy-MM-dd}, {age}");
    }

    private static string Cut(string text, int longest) => text.Length > longest ? string.Concat(text.AsSpan(0, longest - 1), "…") : text;
}

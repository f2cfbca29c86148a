using System.Globalization;

namespace Sekisho.Inspection.Signatures;

/// <summary>Reads the times of feeds; those without a zone are UTC.</summary>
internal static class FeedTime
{
    /// <summary>The time; null for none, and for words such as <c>None</c> and <c>n/a</c>.</summary>
    public static DateTimeOffset? Of(ReadOnlySpan<char> text)
    {
        text = text.Trim();
        text = text.EndsWith(" UTC", StringComparison.Ordinal) ? text[..^4] : text;
        if (text.Length < 8 || !char.IsAsciiDigit(text[0]))
        {
            return null;
        }

        // Nearly every line of every feed has this form.
        if (text.Length is 10 or 19 && text[4] == '-' && text[7] == '-'
            && Number(text[..4]) is var year and > 0 && Number(text[5..7]) is var month and > 0 and < 13 && Number(text[8..10]) is var day and > 0 && day <= DateTime.DaysInMonth(Math.Min(year, 9999), month))
        {
            if (text.Length == 10)
            {
                return new DateTimeOffset(year, month, day, 0, 0, 0, TimeSpan.Zero);
            }

            if (text[10] is ' ' or 'T' && text[13] == ':' && text[16] == ':' && Number(text[11..13]) is var hour and >= 0 and < 24
                && Number(text[14..16]) is var minute and >= 0 and < 60 && Number(text[17..19]) is var second and >= 0 and < 60)
            {
                return new DateTimeOffset(year, month, day, hour, minute, second, TimeSpan.Zero);
            }
        }

        return text.Length <= 40 && DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal, out var time) ? time : null;
    }

    /// <summary>Seconds since 1970 as text.</summary>
    public static DateTimeOffset? OfSeconds(ReadOnlySpan<char> text) =>
        long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var seconds) && seconds is > 0 and < uint.MaxValue ? DateTimeOffset.FromUnixTimeSeconds(seconds) : null;

    private static int Number(ReadOnlySpan<char> digits)
    {
        var number = 0;
        foreach (var c in digits)
        {
            if (!char.IsAsciiDigit(c))
            {
                return -1;
            }

            number = (number * 10) + (c - '0');
        }

        return number;
    }
}

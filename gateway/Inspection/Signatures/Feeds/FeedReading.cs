using System.Globalization;

namespace Sekisho.Inspection.Signatures;

/// <summary>One feed on its way into the builder: counts, keeps the limits, and says where something is wrong.</summary>
internal sealed class FeedReading(string file, IndicatorBuilder into, FeedLimits limits, TimeProvider time)
{
    private const int MostProblems = 20;

    private readonly long start = time.GetTimestamp();
    private readonly List<string> problems = [];
    private int taken;
    private int leftOut;
    private int unusable;

    public string File => file;

    /// <summary>The file's name without folder and endings, for feeds that do not name themselves.</summary>
    public string Stem => Path.GetFileName(file).Split('.')[0] is { Length: > 0 } stem ? stem : "list";

    public FeedLimits Limits => limits;

    public string Format { get; set; } = "";

    /// <summary>Takes a value, or notes why not.</summary>
    /// <param name="kind">What it is said to be.</param>
    /// <param name="value">As the feed writes it.</param>
    /// <param name="facts">How it is known.</param>
    /// <param name="line">From 1; 0 for a place that <paramref name="where"/> tells.</param>
    /// <param name="column">From 1.</param>
    /// <param name="where">The place in a feed without lines, such as <c>object 12</c>.</param>
    public void Add(IndicatorKind kind, ReadOnlySpan<char> value, in IndicatorFacts facts, long line, int column = 1, string? where = null)
    {
        Count();
        if (into.Add(kind, value, facts) is { } why)
        {
            NoteUnusable(line, column, where, $"\"{Shown(value)}\" {why}");
            return;
        }

        taken++;
    }

    /// <summary>Notes a value that cannot be used.</summary>
    public void Bad(long line, int column, string what, string? where = null)
    {
        Count();
        NoteUnusable(line, column, where, what);
    }

    /// <summary>Counts a value that is not wanted.</summary>
    public void LeaveOut()
    {
        Count();
        leftOut++;
    }

    /// <summary>What makes the whole feed useless.</summary>
    public InvalidDataException Fault(long line, int column, string what) => new($"{Place(line, column, null)}: {what}");

    /// <summary>The count, or the refusal of a feed most of which is no feed.</summary>
    /// <exception cref="InvalidDataException">Nothing, or too little, of it could be used.</exception>
    public FeedReport End()
    {
        if (unusable > 0 && (taken == 0 || unusable > Math.Max(10, (taken + leftOut + unusable) / 10)))
        {
            throw new InvalidDataException($"{unusable:N0} of {taken + leftOut + unusable:N0} values cannot be used. The first: {problems[0]}");
        }

        return new FeedReport(file, Format, taken, leftOut, unusable, problems);
    }

    /// <summary>A feed's words, short and safe to show.</summary>
    public static string Shown(ReadOnlySpan<char> text)
    {
        var shown = text.Length > 60 ? string.Concat(text[..59], "…") : text.ToString();
        return string.Create(shown.Length, shown, static (span, source) =>
        {
            for (var i = 0; i < span.Length; i++)
            {
                span[i] = char.IsControl(source[i]) || char.IsSurrogate(source[i]) || source[i] is (>= '\u200B' and <= '\u200F') or (>= '\u202A' and <= '\u202E') or (>= '\u2066' and <= '\u2069') ? '\uFFFD' : source[i];
            }
        });
    }

    private void Count()
    {
        var values = taken + leftOut + unusable + 1;
        if (values > limits.MaxValues)
        {
            throw new InvalidDataException($"{file}: more than {limits.MaxValues:N0} values.");
        }

        if ((values & 0xFFF) == 0)
        {
            CheckTime();
        }
    }

    public void CheckTime()
    {
        if (time.GetElapsedTime(start) > limits.Time)
        {
            throw new InvalidDataException($"{file}: reading took longer than {limits.Time.TotalSeconds:N0} seconds.");
        }
    }

    private void NoteUnusable(long line, int column, string? where, string what)
    {
        unusable++;
        if (problems.Count < MostProblems)
        {
            problems.Add($"{Place(line, column, where)}: {what}");
        }
    }

    private string Place(long line, int column, string? where) =>
        where is not null ? $"{file}, {where}" : string.Create(CultureInfo.InvariantCulture, $"{file}, line {line}, column {column}");
}

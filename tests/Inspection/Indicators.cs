using System.Text;
using Sekisho.Inspection.Detection;
using Sekisho.Inspection.Messages;
using Sekisho.Inspection.Senders;
using Sekisho.Inspection.Signatures;

namespace Sekisho.Inspection.Tests;

/// <summary>Short ways to read feeds and to ask detectors with indicators of a test's own.</summary>
internal static class Indicators
{
    /// <summary>Long after everything in the samples was seen.</summary>
    public static readonly DateTimeOffset Now = new(2024, 6, 1, 0, 0, 0, TimeSpan.Zero);

    public static IndicatorSet Read(byte[] feed, out FeedReport report, string name = "feed.txt")
    {
        var builder = new IndicatorBuilder(new WordList(["drive.google.com", "google.com"]));
        report = FeedFile.Read(name, new MemoryStream(feed), builder);
        return builder.Build([report]);
    }

    public static IndicatorSet Read(string feed) => Read(Encoding.UTF8.GetBytes(feed), out _);

    public static IndicatorSet Read(string feed, out FeedReport report) => Read(Encoding.UTF8.GetBytes(feed), out report);

    /// <summary>All values as <c>kind value</c>, sorted.</summary>
    public static string[] Values(IndicatorSet set) => [.. set.All().Select(i => $"{i.Kind.Name()} {i.Value}").Order(StringComparer.Ordinal)];

    /// <summary>Asks a detector with the indicators of rows <c>kind,value</c> of our own table.</summary>
    public static string[] Codes(IDetector detector, InboundMessage message, params string[] rows) => [.. Ask(detector, message, rows).Select(f => f.Kind.Code)];

    public static IReadOnlyList<Finding> Ask(IDetector detector, InboundMessage message, params string[] rows)
    {
        var folder = Directory.CreateTempSubdirectory("sekisho-indicators-");
        try
        {
            File.WriteAllLines(Path.Combine(folder.CreateSubdirectory("indicators").FullName, "own.csv"), ["kind,value,source,first_seen", .. rows.Select(r => r + ",test,1969-12-01")]);
            var set = SignatureSet.Load([folder.FullName]);
            Assert.Empty(set.Faults);
            return [.. detector.Inspect(new InspectionContext(message, SenderFacts.Unknown, set))];
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }
}

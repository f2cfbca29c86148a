using Prometheus;
using Sekisho.Inspection.Policy;

namespace Sekisho;

/// <summary>What the line counts for <c>/metrics</c>.</summary>
public static class PipelineMetrics
{
    private static readonly Counter Messages = Metrics.CreateCounter("sekisho_messages_total", "Messages kept or rejected, by disposition.", "disposition");
    private static readonly Counter Findings = Metrics.CreateCounter("sekisho_findings_total", "Findings in messages, by code.", "code");
    private static readonly Counter Failures = Metrics.CreateCounter("sekisho_messages_not_kept_total", "Messages answered 451 because something went wrong.");
    private static readonly Histogram Inspection = Metrics.CreateHistogram(
        "sekisho_inspection_seconds", "Time to open, inspect and judge a message.",
        new HistogramConfiguration { Buckets = [.0005, .001, .0025, .005, .01, .025, .05, .1, .25, .5, 1, 2.5, 5, 10, 30] });

    private static readonly Counter.Child[] ByDisposition = [.. Enum.GetNames<Disposition>().Select(d => Messages.WithLabels(d.ToLowerInvariant()))];

    /// <summary>A letter went down the line.</summary>
    internal static void Kept(Verdict verdict, TimeSpan inspected)
    {
        ByDisposition[(int)verdict.Disposition].Inc();
        Inspection.Observe(inspected.TotalSeconds);
        foreach (var finding in verdict.Findings)
        {
            Findings.WithLabels(finding.Kind.Code).Inc();
        }
    }

    /// <summary>A letter was answered 451.</summary>
    internal static void Failed() => Failures.Inc();
}

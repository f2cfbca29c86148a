using Prometheus;

namespace Sekisho.Delivery;

/// <summary>The way out in figures, for <c>/metrics</c>.</summary>
public sealed class DeliveryMetrics
{
    private readonly Counter.Child delivered;
    private readonly Counter.Child deferred;
    private readonly Counter.Child failed;
    private readonly Counter unknown;
    private readonly Counter notifications;
    private readonly Histogram seconds;
    private readonly Gauge connections;
    private readonly Gauge inHand;

    /// <summary>Registers the figures.</summary>
    /// <param name="registry">Where; null takes the process's own registry.</param>
    public DeliveryMetrics(CollectorRegistry? registry = null)
    {
        var factory = Metrics.WithCustomRegistry(registry ?? Metrics.DefaultRegistry);
        var results = factory.CreateCounter(
            "sekisho_deliveries_total", "Delivery results, one for each recipient of each attempt: delivered, deferred, failed.", "result");
        delivered = results.WithLabels("delivered");
        deferred = results.WithLabels("deferred");
        failed = results.WithLabels("failed");
        unknown = factory.CreateCounter(
            "sekisho_delivery_unknown_outcome_total", "Connections lost between the final dot and its reply: the letter is sent again and may arrive twice.");
        notifications = factory.CreateCounter("sekisho_delivery_notifications_total", "Delivery status notifications (RFC 3464) written.");
        seconds = factory.CreateHistogram(
            "sekisho_delivery_seconds",
            "Seconds from receipt to delivery, one for each delivered recipient.",
            new HistogramConfiguration { Buckets = [0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 60, 300, 3600, 86400] });
        connections = factory.CreateGauge("sekisho_delivery_connections", "Open connections to next hops, idle ones included.");
        inHand = factory.CreateGauge("sekisho_delivery_in_hand", "Letters in memory that wait for their delivery attempt or are in it.");
    }

    internal void Delivered(TimeSpan since)
    {
        delivered.Inc();
        seconds.Observe(Math.Max(0, since.TotalSeconds));
    }

    internal void Deferred() => deferred.Inc();

    internal void Failed() => failed.Inc();

    internal void OutcomeUnknown() => unknown.Inc();

    internal void Notified() => notifications.Inc();

    internal void ConnectionOpened() => connections.Inc();

    internal void ConnectionClosed() => connections.Dec();

    internal void InHand(int messages) => inHand.Set(messages);
}

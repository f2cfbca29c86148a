using Prometheus;

namespace Sekisho.Smtp;

/// <summary>What the door counts for <c>/metrics</c>.</summary>
public sealed class SmtpMetrics
{
    private static readonly Gauge Open = Metrics.CreateGauge("sekisho_smtp_connections", "Open SMTP connections.");
    private static readonly Counter Connections = Metrics.CreateCounter("sekisho_smtp_connections_total", "SMTP connections taken.");
    private static readonly Counter Turned = Metrics.CreateCounter("sekisho_smtp_connections_refused_total", "SMTP connections refused over a limit.");
    private static readonly Counter Faults = Metrics.CreateCounter("sekisho_smtp_messages_refused_total", "Messages refused for their form.", "fault");

    /// <summary>A connection was taken.</summary>
    public void ConnectionOpened()
    {
        Open.Inc();
        Connections.Inc();
    }

    /// <summary>A connection ended.</summary>
    public void ConnectionClosed() => Open.Dec();

    /// <summary>A connection was refused over a limit.</summary>
    public void ConnectionRefused() => Turned.Inc();

    /// <summary>A letter was refused for its form.</summary>
    public void Refused(DataFault fault) => Faults.WithLabels(fault.ToString()).Inc();
}

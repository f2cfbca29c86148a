using System.Net;
using System.Text;
using Microsoft.Extensions.Logging.Abstractions;
using Prometheus;
using Sekisho.Delivery;
using Sekisho.Inspection.Messages;
using Sekisho.Options;
using Sekisho.Store;

namespace Sekisho.Server.Tests.Delivery;

/// <summary>Makes letters and the way out around them, without a store.</summary>
internal static class Letters
{
    public static readonly byte[] Plain = Encoding.ASCII.GetBytes("From: a@sender.test\r\nTo: b@hospital.test\r\nSubject: test\r\n\r\nHello\r\n");

    public static Envelope Envelope(params string[] recipients) => new(
        Guid.CreateVersion7(), new DateTimeOffset(2026, 1, 2, 3, 4, 5, TimeSpan.Zero), IPAddress.Loopback, "client.test", "a@sender.test",
        [.. (recipients.Length > 0 ? recipients : ["b@hospital.test"]).Select(r => new EnvelopeRecipient(r))]);

    public static DeliveryJob Job(Envelope envelope, byte[] octets, string trace = "", int attempts = 0) =>
        new(envelope, trace, octets.Length, attempts, [.. Enumerable.Range(0, envelope.Recipients.Count)]);

    public static DeliveryOptions To(params string[] hosts) => new()
    {
        Routes = [new RouteOptions { Domain = "*", Hosts = [.. hosts], Tls = TlsPolicy.Opportunistic }],
        ConnectTimeout = TimeSpan.FromSeconds(2),
        CommandTimeout = TimeSpan.FromSeconds(3),
        DataDoneTimeout = TimeSpan.FromSeconds(3),
    };

    /// <summary>One attempt at one letter: answers by position.</summary>
    public static async Task<IReadOnlyDictionary<int, RecipientReply>> SendAsync(DeliveryOptions options, Envelope envelope, byte[] octets, string trace = "")
    {
        await using var way = new WayOut(options);
        return await way.SendAsync(envelope, octets, trace);
    }
}

/// <summary>Routes, pool and workers as the service wires them, without store and poller.</summary>
internal sealed class WayOut : IAsyncDisposable
{
    private readonly RouteTable routes;
    private readonly ConnectionPool pool;
    private readonly Dispatcher dispatcher;

    public WayOut(DeliveryOptions options, TimeProvider? time = null, DnsClient.ILookupClient? dns = null, string? maildir = null)
    {
        time ??= TimeProvider.System;
        Registry = Metrics.NewCustomRegistry();
        var metrics = new DeliveryMetrics(Registry);
        routes = new RouteTable(options, "gateway.test");
        pool = new ConnectionPool(options, "gateway.test", time, metrics);
        var sender = new SmtpSender(pool, new HopFinder(dns ?? new DnsClient.LookupClient(IPAddress.Loopback), "gateway.test"), metrics);
        dispatcher = new Dispatcher(options, sender, new Maildir(maildir ?? Path.GetTempPath(), "gateway.test"), time, NullLogger.Instance);
    }

    public CollectorRegistry Registry { get; }

    public Task<IReadOnlyDictionary<int, RecipientReply>> SendAsync(Envelope envelope, byte[] octets, string trace = "")
    {
        var done = new TaskCompletionSource<IReadOnlyDictionary<int, RecipientReply>>(TaskCreationOptions.RunContinuationsAsynchronously);
        var message = new MessageInHand(
            Letters.Job(envelope, octets, trace), -1, _ => ValueTask.FromResult<Stream>(new MemoryStream(octets, writable: false)), "gateway.test", m => done.SetResult(m.Replies));
        var parts = DeliveryPart.Split(message, routes);
        message.Expect(parts.Count);
        parts.ForEach(dispatcher.Add);
        return done.Task;
    }

    public void Sweep() => dispatcher.Sweep();

    public async Task<string> MetricsAsync()
    {
        using var text = new MemoryStream();
        await Registry.CollectAndExportAsTextAsync(text);
        return Encoding.UTF8.GetString(text.ToArray());
    }

    public async ValueTask DisposeAsync()
    {
        await dispatcher.StopAsync(TimeSpan.Zero);
        await pool.SweepAsync(all: true);
    }
}

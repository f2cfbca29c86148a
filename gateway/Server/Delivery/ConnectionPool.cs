using Sekisho.Options;

namespace Sekisho.Delivery;

/// <summary>Opens connections, keeps idle ones for the next letter, and holds their number within the limit.</summary>
/// <param name="options">Limits and times.</param>
/// <param name="ownName">This gateway's name for EHLO.</param>
/// <param name="time">The clock.</param>
/// <param name="metrics">Where open connections are counted.</param>
internal sealed class ConnectionPool(DeliveryOptions options, string ownName, TimeProvider time, DeliveryMetrics metrics)
{
    private readonly Lock gate = new();
    private readonly Dictionary<string, List<SmtpClientConnection>> idle = new(StringComparer.Ordinal);
    private int open;

    /// <summary>The connection last used for a route, or null.</summary>
    public SmtpClientConnection? TakeIdle(Route route)
    {
        lock (gate)
        {
            if (!idle.TryGetValue(route.Key, out var list) || list.Count == 0)
            {
                return null;
            }

            var connection = list[^1];
            list.RemoveAt(list.Count - 1);
            return connection;
        }
    }

    /// <summary>Opens a connection, closing the longest idle one when the limit is reached. Throws <see cref="SmtpSessionException"/>.</summary>
    public async Task<SmtpClientConnection> OpenAsync(Route route, NextHop hop, CancellationToken cancel)
    {
        SmtpClientConnection? surplus = null;
        lock (gate)
        {
            if (++open > options.MaxConnections)
            {
                surplus = OldestIdle();
            }
        }

        metrics.ConnectionOpened();
        try
        {
            if (surplus is not null)
            {
                await CloseAsync(surplus).ConfigureAwait(false);
            }

            return await SmtpClientConnection.OpenAsync(hop, route.Tls, ownName, options, time, cancel).ConfigureAwait(false);
        }
        catch
        {
            Closed();
            throw;
        }
    }

    /// <summary>Takes a connection back after a letter: kept when it can serve again, else closed in the background.</summary>
    public void GiveBack(Route route, SmtpClientConnection connection)
    {
        if (connection.Broken || connection.Messages >= options.MaxMessagesPerConnection || options.IdleTimeout <= TimeSpan.Zero)
        {
            _ = CloseAsync(connection);
            return;
        }

        connection.IdleSince = time.GetTimestamp();
        lock (gate)
        {
            if (!idle.TryGetValue(route.Key, out var list))
            {
                idle[route.Key] = list = [];
            }

            list.Add(connection);
        }
    }

    /// <summary>Closes what has been idle for too long; everything when <paramref name="all"/>.</summary>
    public Task SweepAsync(bool all)
    {
        List<SmtpClientConnection> surplus = [];
        lock (gate)
        {
            foreach (var (key, list) in idle.ToArray())
            {
                surplus.AddRange(list.Where(c => all || time.GetElapsedTime(c.IdleSince) >= options.IdleTimeout));
                list.RemoveAll(surplus.Contains);
                if (list.Count == 0)
                {
                    idle.Remove(key);
                }
            }
        }

        return Task.WhenAll(surplus.Select(CloseAsync));
    }

    /// <summary>Closes a connection with QUIT where that still works.</summary>
    public async Task CloseAsync(SmtpClientConnection connection)
    {
        await connection.CloseAsync().ConfigureAwait(false);
        Closed();
    }

    private void Closed()
    {
        lock (gate)
        {
            open--;
        }

        metrics.ConnectionClosed();
    }

    private SmtpClientConnection? OldestIdle()
    {
        var list = idle.Values.Where(static l => l.Count > 0).MinBy(static l => l[0].IdleSince);
        if (list is null)
        {
            return null;
        }

        var oldest = list[0];
        list.RemoveAt(0);
        return oldest;
    }
}

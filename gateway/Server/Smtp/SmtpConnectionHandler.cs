using System.IO.Pipelines;
using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Connections.Features;

namespace Sekisho.Smtp;

/// <summary>Takes a TCP connection from Kestrel: limits, PROXY protocol, then an <see cref="SmtpSession"/> over its pipes.</summary>
public sealed partial class SmtpConnectionHandler(SmtpDoor door, ILogger<SmtpConnectionHandler> logger) : ConnectionHandler
{
    /// <summary>How long a listed proxy may take for its header.</summary>
    private static readonly TimeSpan ProxyTimeout = TimeSpan.FromSeconds(10);

    /// <summary>How long a client may take to read what was said to it last.</summary>
    private static readonly TimeSpan LastReplyTimeout = TimeSpan.FromSeconds(10);

    /// <inheritdoc />
    public override Task OnConnectedAsync(ConnectionContext connection) => TakeAsync(connection, outbound: false);

    /// <summary>Takes a connection at the door for outbound mail.</summary>
    public Task OnOutboundAsync(ConnectionContext connection) => TakeAsync(connection, outbound: true);

    private async Task TakeAsync(ConnectionContext connection, bool outbound)
    {
        var transport = connection.Transport;
        var client = Address(connection.RemoteEndPoint);
        var limiter = outbound ? door.OutboundLimiter : door.Limiter;
        var entered = false;
        try
        {
            if (outbound ? door.Outbound.IsProxy(client) : door.Rules.IsProxy(client))
            {
                if (await ReadProxyHeaderAsync(transport.Input) is not (true, var source))
                {
                    LogBadProxyHeader(client);
                    return;
                }

                client = source ?? client;
            }

            if (outbound && !door.Outbound.Admits(client))
            {
                LogNotOurServer(client);
                door.Metrics.ConnectionRefused();
                await transport.Output.WriteAsync(SmtpReply.NotOurServer.Wire.ToArray());
                return;
            }

            // Another MTA on this machine is a neighbour, not a crowd of strangers.
            if (!limiter.TryEnter(client, door.Options.Smtp, exempt: outbound || door.Rules.IsTrusted(client) || IPAddress.IsLoopback(client)))
            {
                door.Metrics.ConnectionRefused();
                await transport.Output.WriteAsync(SmtpReply.TooManyConnections.Wire.ToArray());
                return;
            }

            entered = true;
            door.Metrics.ConnectionOpened();
            try
            {
                await RunAsync(connection, client, outbound);
            }
            finally
            {
                await LeaveAsync(connection);
            }
        }
        catch (Exception e) when (e is IOException or ConnectionAbortedException or ConnectionResetException or OperationCanceledException
            or System.Security.Authentication.AuthenticationException or System.Security.Cryptography.CryptographicException or InvalidOperationException)
        {
            // The client has gone, or TLS failed: nothing was promised to it.
            LogConnectionEnded(client, e.Message);
        }
        finally
        {
            if (entered)
            {
                limiter.Leave(client);
                door.Metrics.ConnectionClosed();
            }
        }
    }

    private async Task RunAsync(ConnectionContext connection, IPAddress client, bool outbound)
    {
        var transport = connection.Transport;
        SslStream? tls = null;
        try
        {
            var session = new SmtpSession(door, transport.Input, transport.Output, client, outbound)
            {
                StartTls = door.Tls is not { } options ? null : async cancel =>
                {
                    tls = new SslStream(new DuplexPipeStream(transport), leaveInnerStreamOpen: true);
                    await tls.AuthenticateAsServerAsync(options, cancel);
                    return new TlsChannel(PipeReader.Create(tls), PipeWriter.Create(tls), $"{tls.SslProtocol} {tls.NegotiatedCipherSuite}");
                },
            };
            using var drain = connection.Features.Get<IConnectionLifetimeNotificationFeature>()?.ConnectionClosedRequested
                .UnsafeRegister(static session => ((SmtpSession)session!).Drain(), session);
            await session.RunAsync();
        }
        finally
        {
            if (tls is not null)
            {
                await tls.DisposeAsync();
            }
        }
    }

    /// <summary>Waits until the client has taken its last replies, and cuts it off when it does not: its socket would stay for ever otherwise, uncounted.</summary>
    private async Task LeaveAsync(ConnectionContext connection)
    {
        // ConnectionClosed tells of the client's half only; that ours is sent shows when Kestrel closes the socket.
        await connection.Transport.Output.CompleteAsync();
        var started = door.Time.GetTimestamp();
        var pause = TimeSpan.FromMilliseconds(1);
        while (connection.Features.Get<IConnectionSocketFeature>()?.Socket is { SafeHandle.IsClosed: false } socket)
        {
            if (door.Time.GetElapsedTime(started) > LastReplyTimeout)
            {
                socket.LingerState = new LingerOption(true, 0); // what the client has not read is not kept for it
                connection.Abort(new ConnectionAbortedException("the client does not read"));
                return;
            }

            await Task.Delay(pause, door.Time);
            pause = pause < TimeSpan.FromMilliseconds(500) ? pause * 2 : pause;
        }
    }

    private async Task<(bool Read, IPAddress? Source)> ReadProxyHeaderAsync(PipeReader input)
    {
        using var timeout = new CancellationTokenSource(ProxyTimeout, door.Time);
        while (true)
        {
            var result = await input.ReadAsync(timeout.Token);
            var read = ProxyProtocol.TryRead(result.Buffer, out var source, out var consumed);
            if (read is true)
            {
                input.AdvanceTo(result.Buffer.GetPosition(consumed));
                return (true, source is { IsIPv4MappedToIPv6: true } ? source.MapToIPv4() : source);
            }

            input.AdvanceTo(result.Buffer.Start, result.Buffer.End);
            if (read is false || result.IsCompleted)
            {
                return (false, null);
            }
        }
    }

    private static IPAddress Address(EndPoint? endPoint) => endPoint switch
    {
        IPEndPoint { Address.IsIPv4MappedToIPv6: true } ip => ip.Address.MapToIPv4(),
        IPEndPoint ip => ip.Address,
        _ => IPAddress.None,
    };

    [LoggerMessage(Level = LogLevel.Debug, Message = "connection from {client} ended: {reason}")]
    private partial void LogConnectionEnded(IPAddress client, string reason);

    [LoggerMessage(Level = LogLevel.Warning, Message = "connection from {client} at the door for outbound mail refused: it is not in Outbound:Networks")]
    private partial void LogNotOurServer(IPAddress client);

    [LoggerMessage(Level = LogLevel.Warning, Message = "connection from listed proxy {client} without a PROXY protocol header: closed")]
    private partial void LogBadProxyHeader(IPAddress client);
}

using System.Net.Security;
using System.Net.Sockets;
using System.Security.Authentication;
using System.Text;
using Sekisho.Options;

namespace Sekisho.Delivery;

/// <summary>One SMTP connection to one next hop: greeting, EHLO, STARTTLS, commands and replies, each within its time.</summary>
internal sealed class SmtpClientConnection : IAsyncDisposable
{
    private readonly DeliveryOptions options;
    private readonly Socket socket;
    private readonly TimeProvider time;
    private readonly SmtpReplyReader replies = new();
    private Stream stream;
    private CancellationTokenSource deadline;

    private SmtpClientConnection(NextHop hop, Socket socket, DeliveryOptions options, TimeProvider time)
    {
        Hop = hop;
        this.socket = socket;
        this.options = options;
        this.time = time;
        stream = new NetworkStream(socket, ownsSocket: true);
        deadline = new CancellationTokenSource(Timeout.InfiniteTimeSpan, time);
        HostText = hop.ToString();
    }

    /// <summary>Whom it leads to.</summary>
    public NextHop Hop { get; }

    /// <summary><see cref="Hop"/> as the store and the log write it.</summary>
    public string HostText { get; }

    /// <summary>What EHLO offered.</summary>
    public SmtpOffers Offers { get; private set; } = SmtpOffers.None;

    /// <summary>True once STARTTLS stands.</summary>
    public bool Encrypted => stream is SslStream;

    /// <summary>Letters sent over it.</summary>
    public int Messages { get; set; }

    /// <summary>When it was last used, by the provider's timestamp.</summary>
    public long IdleSince { get; set; }

    /// <summary>True when the last transaction did not end clean: RSET goes before the next MAIL.</summary>
    public bool NeedsReset { get; set; }

    /// <summary>True when it cannot be used again.</summary>
    public bool Broken { get; set; }

    /// <summary>Connects, greets and, as the policy says, encrypts. Throws <see cref="SmtpSessionException"/>, always temporary.</summary>
    /// <param name="hop">Whom to connect to.</param>
    /// <param name="tls">How to speak to them.</param>
    /// <param name="ownName">This gateway's name for EHLO.</param>
    /// <param name="options">Times to wait.</param>
    /// <param name="time">The clock.</param>
    /// <param name="cancel">Ends the wait.</param>
    public static async Task<SmtpClientConnection> OpenAsync(
        NextHop hop, TlsPolicy tls, string ownName, DeliveryOptions options, TimeProvider time, CancellationToken cancel)
    {
        try
        {
            return await OpenOnceAsync(hop, tls, ownName, options, time, cancel).ConfigureAwait(false);
        }
        catch (SmtpSessionException e) when (e.TlsFailed && tls == TlsPolicy.Opportunistic)
        {
            // RFC 7435: broken TLS is no worse than none. The failed connection cannot be used any more, so come again.
            return await OpenOnceAsync(hop, TlsPolicy.None, ownName, options, time, cancel).ConfigureAwait(false);
        }
    }

    private static async Task<SmtpClientConnection> OpenOnceAsync(
        NextHop hop, TlsPolicy tls, string ownName, DeliveryOptions options, TimeProvider time, CancellationToken cancel)
    {
        var socket = new Socket(hop.Address.AddressFamily, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        try
        {
            using var limit = new CancellationTokenSource(options.ConnectTimeout, time);
            using var either = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, cancel);
            await socket.ConnectAsync(hop.Address, either.Token).ConfigureAwait(false);
        }
        catch (Exception e) when (e is SocketException or OperationCanceledException)
        {
            socket.Dispose();
            cancel.ThrowIfCancellationRequested();
            throw new SmtpSessionException(e is SocketException s
                ? $"451 4.4.1 cannot connect to {hop}: {s.SocketErrorCode}"
                : $"451 4.4.1 {hop} does not answer", e);
        }

        var connection = new SmtpClientConnection(hop, socket, options, time);
        try
        {
            using var abort = cancel.UnsafeRegister(static c => ((SmtpClientConnection)c!).Abort(), connection);
            await connection.GreetAsync(tls, ownName).ConfigureAwait(false);
            return connection;
        }
        catch
        {
            await connection.DisposeAsync().ConfigureAwait(false);
            cancel.ThrowIfCancellationRequested();
            throw;
        }
    }

    /// <summary>Sends octets as they are; a time-out or a broken connection is a <see cref="SmtpSessionException"/>.</summary>
    /// <param name="octets">What to send.</param>
    /// <param name="what">What is being sent, for the message.</param>
    public async ValueTask WriteAsync(ReadOnlyMemory<byte> octets, string what)
    {
        var cancel = Within(options.CommandTimeout);
        try
        {
            await stream.WriteAsync(octets, cancel).ConfigureAwait(false);
        }
        catch (Exception e) when (IsLoss(e))
        {
            throw Lost(e, "sending " + what);
        }
    }

    /// <summary>Reads the next reply; a time-out, a broken connection or junk is a <see cref="SmtpSessionException"/>.</summary>
    /// <param name="timeout">How long to wait for the whole reply.</param>
    /// <param name="what">What the reply answers, for the message.</param>
    /// <param name="keepText">False spares the text of a reply that is no error.</param>
    public async ValueTask<NextHopReply> ReadReplyAsync(TimeSpan timeout, string what, bool keepText = true)
    {
        try
        {
            if (replies.TryRead(keepText, out var reply))
            {
                return Checked(reply);
            }

            var cancel = Within(timeout);
            while (true)
            {
                var read = await stream.ReadAsync(replies.Room(), cancel).ConfigureAwait(false);
                if (read == 0)
                {
                    Broken = true;
                    throw new SmtpSessionException($"451 4.4.2 {HostText} closed the connection while answering {what}");
                }

                replies.Advance(read);
                if (replies.TryRead(keepText, out reply))
                {
                    return Checked(reply);
                }
            }
        }
        catch (SmtpSessionException)
        {
            Broken = true;
            throw;
        }
        catch (Exception e) when (IsLoss(e))
        {
            throw Lost(e, "answering " + what);
        }
    }

    /// <summary>Reads the next reply within the time for commands.</summary>
    public ValueTask<NextHopReply> ReadReplyAsync(string what, bool keepText = true) => ReadReplyAsync(options.CommandTimeout, what, keepText);

    /// <summary>Reads the reply to the final dot.</summary>
    public ValueTask<NextHopReply> ReadFinalReplyAsync() => ReadReplyAsync(options.DataDoneTimeout, "the final dot");

    /// <summary>Says QUIT without waiting long for the answer, and closes.</summary>
    public async Task CloseAsync()
    {
        try
        {
            if (!Broken)
            {
                using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(2), time);
                await stream.WriteAsync("QUIT\r\n"u8.ToArray(), limit.Token).ConfigureAwait(false);
                socket.Shutdown(SocketShutdown.Send);
                while (await stream.ReadAsync(replies.Room(), limit.Token).ConfigureAwait(false) > 0)
                {
                    // What it says to QUIT changes nothing.
                }
            }
        }
        catch (Exception e) when (IsLoss(e))
        {
            Broken = true;
        }

        await DisposeAsync().ConfigureAwait(false);
    }

    /// <summary>Cuts the connection; a read or write under way ends with <see cref="SmtpSessionException"/>.</summary>
    public void Abort() => socket.Dispose();

    /// <inheritdoc />
    public async ValueTask DisposeAsync()
    {
        Broken = true;
        socket.Dispose();
        try
        {
            await stream.DisposeAsync().ConfigureAwait(false);
        }
        catch (Exception e) when (IsLoss(e))
        {
            // The other side went first.
        }

        deadline.Dispose();
    }

    private async Task GreetAsync(TlsPolicy tls, string ownName)
    {
        var greeting = await ReadReplyAsync("the connection").ConfigureAwait(false);
        if (greeting.Code != 220)
        {
            // Also 5yz: one sick host of a cluster must not send letters back (RFC 7504 leaves it to the client to try others).
            throw new SmtpSessionException($"451 4.3.2 {HostText} greets with {greeting.OneLine}");
        }

        await SayHelloAsync(ownName).ConfigureAwait(false);
        if (tls == TlsPolicy.None)
        {
            return;
        }

        if (Offers.StartTls)
        {
            if (await StartTlsAsync(tls).ConfigureAwait(false))
            {
                await SayHelloAsync(ownName).ConfigureAwait(false);
                return;
            }
        }

        if (tls == TlsPolicy.Required)
        {
            throw new SmtpSessionException($"451 4.7.4 TLS is required and {HostText} does not offer it");
        }
    }

    private async Task SayHelloAsync(string ownName)
    {
        await WriteAsync(Encoding.ASCII.GetBytes($"EHLO {ownName}\r\n"), "EHLO").ConfigureAwait(false);
        var reply = await ReadReplyAsync("EHLO").ConfigureAwait(false);
        if (reply.Done)
        {
            Offers = SmtpOffers.Read(reply.Text);
            return;
        }

        if (!reply.Permanent)
        {
            throw new SmtpSessionException($"451 4.3.2 {HostText} answers EHLO with {reply.OneLine}");
        }

        await WriteAsync(Encoding.ASCII.GetBytes($"HELO {ownName}\r\n"), "HELO").ConfigureAwait(false);
        reply = await ReadReplyAsync("HELO").ConfigureAwait(false);
        Offers = SmtpOffers.None;
        if (!reply.Done)
        {
            throw new SmtpSessionException($"451 4.3.2 {HostText} answers HELO with {reply.OneLine}");
        }
    }

    /// <summary>True when the connection is encrypted now; false when the next hop declined and goes on in plain text.</summary>
    private async Task<bool> StartTlsAsync(TlsPolicy tls)
    {
        await WriteAsync("STARTTLS\r\n"u8.ToArray(), "STARTTLS").ConfigureAwait(false);
        var reply = await ReadReplyAsync("STARTTLS").ConfigureAwait(false);
        if (!reply.Done)
        {
            return false;
        }

        if (replies.HasMore)
        {
            // RFC 3207 section 6, CVE-2011-0411: plain text slipped in behind the reply would be read as if it had come encrypted.
            throw new SmtpSessionException($"451 4.7.0 {HostText} sends plain text behind its answer to STARTTLS") { TlsFailed = true };
        }

        var secure = new SslStream(stream, leaveInnerStreamOpen: false);
        try
        {
            await secure.AuthenticateAsClientAsync(
                new SslClientAuthenticationOptions
                {
                    TargetHost = Hop.Name,
                    EnabledSslProtocols = SslProtocols.Tls12 | SslProtocols.Tls13,
                    RemoteCertificateValidationCallback = tls == TlsPolicy.Required ? null : static (_, _, _, _) => true,
                },
                Within(options.CommandTimeout)).ConfigureAwait(false);
        }
        catch (Exception e) when (e is AuthenticationException || IsLoss(e))
        {
            await secure.DisposeAsync().ConfigureAwait(false);
            throw new SmtpSessionException($"451 4.7.5 no TLS with {HostText}: {e.Message}", e) { TlsFailed = true };
        }

        stream = secure;
        return true;
    }

    private NextHopReply Checked(NextHopReply reply)
    {
        // RFC 5321 section 3.8: 421 may come at any time and means that the connection is over.
        Broken |= reply.Code == 421;
        return reply;
    }

    private CancellationToken Within(TimeSpan limit)
    {
        if (!deadline.TryReset())
        {
            deadline.Dispose();
            deadline = new CancellationTokenSource(Timeout.InfiniteTimeSpan, time);
        }

        deadline.CancelAfter(limit);
        return deadline.Token;
    }

    private SmtpSessionException Lost(Exception e, string doing)
    {
        Broken = true;
        return new SmtpSessionException(
            e is OperationCanceledException ? $"451 4.4.2 timed out with {HostText} while {doing}" : $"451 4.4.2 connection with {HostText} lost while {doing}", e);
    }

    private static bool IsLoss(Exception e) => e is IOException or SocketException or ObjectDisposedException or OperationCanceledException or InvalidOperationException;
}

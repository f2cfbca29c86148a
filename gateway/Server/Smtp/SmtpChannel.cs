using System.Buffers;
using System.IO.Pipelines;
using System.Text;
using Sekisho.Options;

namespace Sekisho.Smtp;

/// <summary>A session's two pipes with their time limits: reads command lines and letters, collects replies and sends them together.</summary>
internal sealed class SmtpChannel(PipeReader input, PipeWriter output, SmtpOptions options, TimeProvider time) : IDisposable
{
    /// <summary>Octets of replies that may wait for the end of a pipelined group.</summary>
    private const int MaxUnflushed = 16 << 10;

    private readonly CancellationTokenSource _timeout = new(Timeout.InfiniteTimeSpan, time);
    private PipeReader _input = input;
    private PipeWriter _output = output;
    private volatile bool _draining;
    private bool _unflushed;

    /// <summary>Ends the session with 421 at the next command; a letter that is being sent is still taken.</summary>
    public void Drain()
    {
        _draining = true;
        _input.CancelPendingRead();
    }

    /// <summary>Turns the connection into TLS. Plain text that waits behind STARTTLS was written by somebody who does not see the handshake
    /// (CVE-2011-0411): thrown away, so that it cannot be taken for what the client says under TLS.</summary>
    /// <returns>Protocol and cipher suite.</returns>
    public async Task<string> StartTlsAsync(Func<CancellationToken, Task<TlsChannel>> start)
    {
        if (_input.TryRead(out var behind))
        {
            _input.AdvanceTo(behind.Buffer.End);
        }

        Say(SmtpReply.ReadyForTls);
        await FlushAsync();
        _timeout.CancelAfter(options.CommandTimeout);
        var channel = await start(_timeout.Token);
        _timeout.CancelAfter(Timeout.InfiniteTimeSpan);
        (_input, _output) = (channel.Input, channel.Output);
        return channel.Description;
    }

    /// <inheritdoc />
    public void Dispose() => _timeout.Dispose();

    /// <summary>A client that talks before it is greeted is a program that does not listen.</summary>
    public async Task<bool> TalksEarlyAsync()
    {
        if (options.GreetingDelay > TimeSpan.Zero)
        {
            using var delay = new CancellationTokenSource(options.GreetingDelay, time);
            try
            {
                var result = await _input.ReadAsync(delay.Token);
                _input.AdvanceTo(result.Buffer.Start);
                return !result.Buffer.IsEmpty;
            }
            catch (OperationCanceledException) when (delay.IsCancellationRequested)
            {
                return false;
            }
        }

        if (!_input.TryRead(out var early))
        {
            return false;
        }

        _input.AdvanceTo(early.Buffer.Start);
        return !early.Buffer.IsEmpty;
    }

    /// <summary>The next command line without CRLF; null when the client has gone.</summary>
    public async Task<string?> ReadCommandAsync()
    {
        if (_draining)
        {
            throw new SessionEndsException(SmtpReply.ShuttingDown);
        }

        // The time is for the whole line: octets that come in drips do not lengthen it.
        var started = time.GetTimestamp();
        while (true)
        {
            // A client that goes on talking and never reads must not pile up replies here.
            if (_output.UnflushedBytes > MaxUnflushed)
            {
                await FlushAsync();
            }

            // Replies to a pipelined group leave together, when nothing more is waiting to be read (RFC 2920 section 3.2).
            if (!_input.TryRead(out var result))
            {
                await FlushAsync();
                var left = options.CommandTimeout - time.GetElapsedTime(started);
                result = await ReadAsync(left > TimeSpan.Zero ? left : TimeSpan.Zero);
            }

            if (result.IsCanceled && _draining)
            {
                throw new SessionEndsException(SmtpReply.ShuttingDown);
            }

            var buffer = result.Buffer;
            if (buffer.PositionOf((byte)'\n') is { } end)
            {
                var line = buffer.Slice(0, end);
                var text = ReadLine(line);
                _input.AdvanceTo(buffer.GetPosition(1, end));
                return text;
            }

            if (buffer.Length >= options.MaxCommandLine)
            {
                _input.AdvanceTo(buffer.End);
                throw new SessionEndsException(SmtpReply.LineTooLong);
            }

            _input.AdvanceTo(buffer.Start, buffer.End);
            if (result.IsCompleted)
            {
                return null;
            }
        }
    }

    private string ReadLine(ReadOnlySequence<byte> line)
    {
        if (line.Length + 1 > options.MaxCommandLine)
        {
            throw new SessionEndsException(SmtpReply.LineTooLong);
        }

        Span<byte> octets = stackalloc byte[(int)line.Length];
        line.CopyTo(octets);
        if (octets.IsEmpty || octets[^1] != (byte)'\r' || octets[..^1].ContainsAny((byte)'\r', (byte)0))
        {
            throw new SessionEndsException(SmtpReply.BareLineEndInCommand);
        }

        // Octets that are no UTF-8 become U+FFFD, which no command and no address may contain.
        return Encoding.UTF8.GetString(octets[..^1]);
    }

    /// <summary>Feeds the scanner until the end of DATA, or <paramref name="most"/> octets of a chunk.</summary>
    public async Task TakeAsync(DataScanner scanner, long most)
    {
        var started = time.GetTimestamp();
        long taken = 0;
        var ended = false;
        while (!ended && taken < most)
        {
            if (!_input.TryRead(out var result))
            {
                await FlushAsync();
                result = await ReadAsync(options.DataTimeout);
            }

            var buffer = result.Buffer;
            if (buffer.Length > most - taken)
            {
                buffer = buffer.Slice(0, most - taken);
            }

            var consumed = Feed(scanner, buffer, out ended);
            taken += consumed;
            _input.AdvanceTo(buffer.GetPosition(consumed));
            if (ended)
            {
                return;
            }

            if (result.IsCompleted && taken < most)
            {
                throw new SessionEndsException(null); // the client has gone in the middle of a letter: nothing was promised
            }

            // A client that is cut off in the middle tries again for days; one that may finish learns that it is refused for good.
            if (scanner.Dropped > options.MaxMessageSize * SmtpDoor.SwallowedLetters)
            {
                throw new SessionEndsException(SmtpReply.For(scanner.Fault)!);
            }

            var elapsed = time.GetElapsedTime(started);
            if (options.MinDataRate > 0 && elapsed > SmtpDoor.DataRateGrace && taken < elapsed.TotalSeconds * options.MinDataRate)
            {
                throw new SessionEndsException(SmtpReply.TooSlow);
            }
        }
    }

    private static long Feed(DataScanner scanner, ReadOnlySequence<byte> buffer, out bool ended)
    {
        ended = false;
        long consumed = 0;
        try
        {
            foreach (var segment in buffer)
            {
                consumed += scanner.Feed(segment.Span, out ended);
                if (ended)
                {
                    break;
                }
            }
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new SessionEndsException(SmtpReply.StorageFull); // the spool's disk is full or broken
        }

        return consumed;
    }

    private async ValueTask<ReadResult> ReadAsync(TimeSpan timeout)
    {
        _timeout.CancelAfter(timeout);
        try
        {
            return await _input.ReadAsync(_timeout.Token);
        }
        catch (OperationCanceledException) when (_timeout.IsCancellationRequested)
        {
            throw new SessionEndsException(SmtpReply.TimedOut);
        }
        finally
        {
            if (!_timeout.IsCancellationRequested)
            {
                _timeout.CancelAfter(Timeout.InfiniteTimeSpan);
            }
        }
    }

    /// <summary>Writes a reply into the output buffer.</summary>
    /// <returns>True when the session goes on.</returns>
    public bool Say(SmtpReply? reply)
    {
        if (reply is null)
        {
            return true;
        }

        _output.Write(reply.Wire);
        _unflushed = true;
        return !reply.Closes;
    }

    /// <summary>Writes one line of a longer reply.</summary>
    public void SayLine(string line)
    {
        _output.Write(Encoding.ASCII.GetBytes(line + "\r\n"));
        _unflushed = true;
    }

    /// <summary>Sends the replies that wait.</summary>
    public async ValueTask FlushAsync()
    {
        if (_unflushed)
        {
            _unflushed = false;
            var flush = _output.FlushAsync();
            if (flush.IsCompletedSuccessfully)
            {
                return;
            }

            // A client that does not read its replies holds us here for no longer than one that does not talk.
            using var patience = new CancellationTokenSource(options.CommandTimeout, time);
            using var stop = patience.Token.UnsafeRegister(static output => ((PipeWriter)output!).CancelPendingFlush(), _output);
            if ((await flush).IsCanceled)
            {
                throw new SessionEndsException(null);
            }
        }
    }
}

/// <summary>Ends the session from within, with a last reply where one can still be said.</summary>
internal sealed class SessionEndsException(SmtpReply? reply) : Exception
{
    /// <summary>The last reply; null when nobody would read it.</summary>
    public SmtpReply? Reply => reply;
}

/// <summary>The connection after STARTTLS.</summary>
/// <param name="Input">From the client, decrypted.</param>
/// <param name="Output">To the client, to be encrypted.</param>
/// <param name="Description">Protocol and cipher suite, such as <c>TLS1.3 TLS_AES_256_GCM_SHA384</c>.</param>
public sealed record TlsChannel(PipeReader Input, PipeWriter Output, string Description);

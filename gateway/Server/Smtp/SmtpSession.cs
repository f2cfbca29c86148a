using System.Buffers;
using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.IO.Pipelines;
using System.Net;
using System.Text;
using Sekisho.Inspection.Messages;
using Sekisho.Options;

namespace Sekisho.Smtp;

/// <summary>Speaks SMTP with one client (RFC 5321): reads commands, takes letters, hands each to the line and repeats the line's answer.</summary>
public sealed class SmtpSession
{
    /// <summary>Octets of replies that may wait for the end of a pipelined group.</summary>
    private const int MaxUnflushed = 16 << 10;

    private readonly SmtpDoor _door;
    private readonly SmtpOptions _options;
    private readonly RelayRules _rules;
    private readonly IPAddress _client;
    private readonly CancellationTokenSource _timeout;
    private PipeReader _input;
    private PipeWriter _output;
    private Transaction? _transaction;
    private string? _helo;
    private bool _extended;
    private string? _tls;
    private volatile bool _draining;
    private bool _unflushed;
    private int _errors;
    private int _idleCommands;
    private int _messages;

    /// <summary>A session over an accepted connection.</summary>
    /// <param name="door">What all sessions share.</param>
    /// <param name="input">From the client.</param>
    /// <param name="output">To the client.</param>
    /// <param name="client">The client's address.</param>
    public SmtpSession(SmtpDoor door, PipeReader input, PipeWriter output, IPAddress client)
    {
        _door = door;
        _options = door.Options.Smtp;
        _rules = door.Rules;
        _input = input;
        _output = output;
        _client = client;
        _timeout = new CancellationTokenSource(Timeout.InfiniteTimeSpan, door.Time);
    }

    /// <summary>Turns the connection into TLS; null where STARTTLS is not offered.</summary>
    public Func<CancellationToken, Task<TlsChannel>>? StartTls { get; init; }

    /// <summary>Ends the session with 421 at the next command; a letter that is being sent is still taken.</summary>
    public void Drain()
    {
        _draining = true;
        _input.CancelPendingRead();
    }

    /// <summary>Runs the session to its end. Throws only what the transport throws.</summary>
    public async Task RunAsync()
    {
        try
        {
            if (await TalksEarlyAsync())
            {
                Say(SmtpReply.TalksTooEarly);
            }
            else
            {
                Say(_door.Greeting);
                while (await NextCommandAsync() is { } line && Say(await ExecuteAsync(line)))
                {
                }
            }
        }
        catch (SessionEndsException end)
        {
            Say(end.Reply);
        }
        finally
        {
            Reset();
            _timeout.Dispose();
        }

        try
        {
            await FlushAsync();
        }
        catch (SessionEndsException)
        {
            // Nobody reads the last reply.
        }
    }

    /// <summary>A client that talks before it is greeted is a program that does not listen.</summary>
    private async Task<bool> TalksEarlyAsync()
    {
        if (_options.GreetingDelay > TimeSpan.Zero)
        {
            using var delay = new CancellationTokenSource(_options.GreetingDelay, _door.Time);
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
    private async Task<string?> NextCommandAsync()
    {
        if (_draining)
        {
            throw new SessionEndsException(SmtpReply.ShuttingDown);
        }

        // The time is for the whole line: octets that come in drips do not lengthen it.
        var started = _door.Time.GetTimestamp();
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
                var left = _options.CommandTimeout - _door.Time.GetElapsedTime(started);
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

            if (buffer.Length >= _options.MaxCommandLine)
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
        if (line.Length + 1 > _options.MaxCommandLine)
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

    private async Task<SmtpReply?> ExecuteAsync(string line)
    {
        if (++_idleCommands > _options.MaxIdleCommands)
        {
            return SmtpReply.TooManyCommands;
        }

        var space = line.IndexOf(' ', StringComparison.Ordinal);
        var verb = (space < 0 ? line : line[..space]).ToUpperInvariant();
        var arguments = space < 0 ? "" : line[(space + 1)..].Trim(' ');
        var reply = verb switch
        {
            "EHLO" => Hello(arguments, extended: true),
            "HELO" => Hello(arguments, extended: false),
            "MAIL" => Mail(arguments),
            "RCPT" => Rcpt(arguments),
            "DATA" => arguments.Length > 0 ? SmtpReply.NoArguments : await DataAsync(),
            "BDAT" => await ChunkAsync(arguments),
            "RSET" => arguments.Length > 0 ? SmtpReply.NoArguments : Reset(),
            "NOOP" => SmtpReply.Ok,
            "QUIT" => arguments.Length > 0 ? SmtpReply.NoArguments : SmtpReply.Bye,
            "VRFY" => arguments.Length == 0 ? SmtpReply.BadArguments : SmtpReply.CannotVerify,
            "HELP" => SmtpReply.Help,
            "STARTTLS" => arguments.Length > 0 ? SmtpReply.NoArguments : await StartTlsAsync(),
            "GET" or "HEAD" or "POST" or "PUT" or "OPTIONS" or "CONNECT" => SmtpReply.Http,
            "EXPN" or "AUTH" or "ETRN" or "TURN" => SmtpReply.NotImplemented,
            _ => SmtpReply.NotUnderstood,
        };

        if (reply is { Refuses: true, Closes: false } && ++_errors >= _options.MaxErrors)
        {
            Say(reply);
            return SmtpReply.TooManyErrors;
        }

        return reply;
    }

    private SmtpReply Hello(string name, bool extended)
    {
        if (name.Length is 0 or > MailPath.MaxDomain || name.Any(c => c is <= ' ' or > '~'))
        {
            return SmtpReply.HeloNeedsName;
        }

        Reset();
        _helo = name;
        _extended = extended;
        if (!extended)
        {
            return new SmtpReply(250, _options.HostName);
        }

        // The last line is the reply that the caller says.
        SayLine($"250-{_options.HostName}");
        SayLine("250-PIPELINING");
        SayLine(string.Create(CultureInfo.InvariantCulture, $"250-SIZE {_options.MaxMessageSize}"));
        SayLine("250-8BITMIME");
        SayLine("250-SMTPUTF8");
        SayLine("250-ENHANCEDSTATUSCODES");
        SayLine("250-DSN");
        if (StartTls is not null && _tls is null)
        {
            SayLine("250-STARTTLS");
        }

        return new SmtpReply(250, "CHUNKING");
    }

    private SmtpReply Mail(string arguments)
    {
        if (_helo is null)
        {
            return SmtpReply.HelloFirst;
        }

        if (_transaction is not null)
        {
            return SmtpReply.NestedMail;
        }

        if (!arguments.StartsWith("FROM:", StringComparison.OrdinalIgnoreCase))
        {
            return SmtpReply.MailSyntax;
        }

        if (!MailPath.TryRead(arguments.AsSpan(5).TrimStart(' '), out var sender, out var rest) || (!rest.IsEmpty && rest[0] != ' '))
        {
            return SmtpReply.BadSender;
        }

        if (EsmtpParameters.ReadMail(rest, out var parameters) is { } refusal)
        {
            return refusal;
        }

        if (!parameters.SmtpUtf8 && !MailPath.IsAscii(sender))
        {
            return SmtpReply.Utf8NeedsParameter;
        }

        if (parameters.Size > _options.MaxMessageSize)
        {
            return SmtpReply.MessageTooLarge;
        }

        if (!_door.HasSpace)
        {
            return SmtpReply.StorageFull;
        }

        if (_messages >= _options.MaxMessagesPerSession)
        {
            return SmtpReply.TooManyMessages;
        }

        _transaction = new Transaction(sender, parameters);
        return SmtpReply.SenderOk;
    }

    private SmtpReply Rcpt(string arguments)
    {
        if (_transaction is not { } transaction)
        {
            return _helo is null ? SmtpReply.HelloFirst : SmtpReply.MailFirst;
        }

        if (transaction.Scanner is not null)
        {
            return SmtpReply.ChunkingBegun;
        }

        if (!arguments.StartsWith("TO:", StringComparison.OrdinalIgnoreCase))
        {
            return SmtpReply.RcptSyntax;
        }

        if (!MailPath.TryRead(arguments.AsSpan(3).TrimStart(' '), out var address, out var rest) || address.Length == 0 || (!rest.IsEmpty && rest[0] != ' '))
        {
            return SmtpReply.BadRecipient;
        }

        if (!transaction.Parameters.SmtpUtf8 && !MailPath.IsAscii(address))
        {
            return SmtpReply.Utf8NeedsParameter;
        }

        if (EsmtpParameters.ReadRcpt(rest, out var parameters) is { } refusal)
        {
            return refusal;
        }

        if (transaction.Recipients.Count >= _options.MaxRecipients)
        {
            _errors--; // asking for more than fits is no mistake of the client (RFC 5321 section 4.5.3.1.10)
            if (transaction.RecipientsTooMany++ < _options.MaxRecipients)
            {
                _idleCommands--; // nor may it cost him those that were taken
            }

            return SmtpReply.TooManyRecipients;
        }

        address = _rules.Complete(address);
        if (_rules.Refuse(address, _client) is { } denied)
        {
            transaction.RecipientsRefused = true;
            return denied;
        }

        _idleCommands--;
        transaction.Recipients.Add(new EnvelopeRecipient(address, parameters.DsnNotify, parameters.DsnOriginalRecipient));
        return SmtpReply.RecipientOk;
    }

    private async Task<SmtpReply> DataAsync()
    {
        if (_transaction is not { } transaction)
        {
            return _helo is null ? SmtpReply.HelloFirst : SmtpReply.MailFirst;
        }

        if (transaction.Scanner is not null)
        {
            return SmtpReply.ChunkingBegun;
        }

        if (transaction.Recipients.Count == 0)
        {
            return transaction.WithoutRecipient;
        }

        transaction.Begin(_door, _options, dotStuffed: true);
        Say(SmtpReply.StartMail);
        var scanner = transaction.Scanner;
        await TakeAsync(scanner, long.MaxValue);
        return await EndMessageAsync(transaction);
    }

    private async Task<SmtpReply> ChunkAsync(string arguments)
    {
        var words = arguments.Split(' ', StringSplitOptions.RemoveEmptyEntries);
        var last = words.Length == 2 && words[1].Equals("LAST", StringComparison.OrdinalIgnoreCase);
        if (words.Length is 0 or > 2 || (words.Length == 2 && !last) || !long.TryParse(words[0], NumberStyles.None, CultureInfo.InvariantCulture, out var size))
        {
            return SmtpReply.BadChunkSize; // where the chunk ends cannot be known: what follows may not be read as commands
        }

        if (size > 0)
        {
            _idleCommands--;
        }

        var transaction = _transaction;
        var refusal = transaction is null ? (_helo is null ? SmtpReply.HelloFirst : SmtpReply.MailFirst)
            : transaction.ChunkFailed ? SmtpReply.MailFirst
            : transaction.Recipients.Count == 0 ? transaction.WithoutRecipient
            : null;
        if (refusal is not null)
        {
            // The octets are on their way whatever we answer (RFC 3030 section 2).
            using var nowhere = _door.Spool.NewWriter();
            await TakeAsync(new DataScanner(nowhere, dotStuffed: false, normalise: false, 0, 0, null), size);
            return refusal;
        }

        if (transaction!.Scanner is null)
        {
            transaction.Begin(_door, _options, dotStuffed: false);
        }

        await TakeAsync(transaction.Scanner, size);
        if (last)
        {
            transaction.Scanner.Finish();
            return await EndMessageAsync(transaction);
        }

        if (FaultReply(transaction.Scanner.Fault) is { } fault)
        {
            transaction.ChunkFailed = true;
            return fault;
        }

        return SmtpReply.ChunkOk;
    }

    /// <summary>Feeds the scanner until the end of DATA, or <paramref name="most"/> octets of a chunk.</summary>
    private async Task TakeAsync(DataScanner scanner, long most)
    {
        var started = _door.Time.GetTimestamp();
        long taken = 0;
        var ended = false;
        while (!ended && taken < most)
        {
            if (!_input.TryRead(out var result))
            {
                await FlushAsync();
                result = await ReadAsync(_options.DataTimeout);
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
            if (scanner.Dropped > _options.MaxMessageSize * SmtpDoor.SwallowedLetters)
            {
                throw new SessionEndsException(FaultReply(scanner.Fault)!);
            }

            var elapsed = _door.Time.GetElapsedTime(started);
            if (_options.MinDataRate > 0 && elapsed > SmtpDoor.DataRateGrace && taken < elapsed.TotalSeconds * _options.MinDataRate)
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

    private async Task<SmtpReply> EndMessageAsync(Transaction transaction)
    {
        _transaction = null;
        using (transaction)
        {
            if (FaultReply(transaction.Scanner!.Fault) is { } fault)
            {
                _door.Metrics.Refused(transaction.Scanner.Fault);
                return fault;
            }

            var parameters = transaction.Parameters;
            var now = _door.Time.GetUtcNow();
            var envelope = new Envelope(Guid.CreateVersion7(now), now, _client, _helo!, transaction.Sender, transaction.Recipients)
            {
                EightBitMime = parameters.EightBitMime,
                SmtpUtf8 = parameters.SmtpUtf8,
                DsnReturn = parameters.DsnReturn,
                DsnEnvelopeId = parameters.DsnEnvelopeId,
            };
            Store.MessageOctets octets;
            try
            {
                octets = transaction.Complete();
            }
            catch (IOException)
            {
                return SmtpReply.StorageFull; // the last octets of a large letter did not fit on the spool's disk
            }

            var reply = await _door.Accept(envelope, octets, new SessionFacts(_extended, _tls));
            if (!reply.Refuses)
            {
                _idleCommands = 0;
                _messages++;
            }

            return reply;
        }
    }

    private static SmtpReply? FaultReply(DataFault fault) => fault switch
    {
        DataFault.None => null,
        DataFault.BareLineEnd => SmtpReply.BareLineEndInData,
        DataFault.Nul => SmtpReply.NulInData,
        DataFault.TooLarge => SmtpReply.MessageTooLarge,
        DataFault.HeaderTooLarge => SmtpReply.HeaderTooLarge,
        _ => SmtpReply.DataLineTooLong,
    };

    private async Task<SmtpReply?> StartTlsAsync()
    {
        if (_tls is not null)
        {
            return SmtpReply.TlsActive;
        }

        if (StartTls is null)
        {
            return SmtpReply.NotImplemented;
        }

        // Plain text that waits behind STARTTLS was written by somebody who does not see the handshake (CVE-2011-0411):
        // thrown away, so that it cannot be taken for what the client says under TLS.
        if (_input.TryRead(out var behind))
        {
            _input.AdvanceTo(behind.Buffer.End);
        }

        Say(SmtpReply.ReadyForTls);
        await FlushAsync();
        _timeout.CancelAfter(_options.CommandTimeout);
        var channel = await StartTls(_timeout.Token);
        _timeout.CancelAfter(Timeout.InfiniteTimeSpan);
        (_input, _output, _tls) = (channel.Input, channel.Output, channel.Description);

        // RFC 3207 section 4.2: the server forgets what the client said before.
        Reset();
        _helo = null;
        _extended = false;
        return null;
    }

    private SmtpReply Reset()
    {
        _transaction?.Dispose();
        _transaction = null;
        return SmtpReply.Ok;
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
    private bool Say(SmtpReply? reply)
    {
        if (reply is null)
        {
            return true;
        }

        _output.Write(reply.Wire);
        _unflushed = true;
        return !reply.Closes;
    }

    private void SayLine(string line)
    {
        _output.Write(Encoding.ASCII.GetBytes(line + "\r\n"));
        _unflushed = true;
    }

    private async ValueTask FlushAsync()
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
            using var patience = new CancellationTokenSource(_options.CommandTimeout, _door.Time);
            using var stop = patience.Token.UnsafeRegister(static output => ((PipeWriter)output!).CancelPendingFlush(), _output);
            if ((await flush).IsCanceled)
            {
                throw new SessionEndsException(null);
            }
        }
    }

    /// <summary>One letter between MAIL and its end.</summary>
    private sealed class Transaction(string sender, MailParameters parameters) : IDisposable
    {
        private Store.OctetsWriter? _writer;

        public string Sender => sender;

        public MailParameters Parameters => parameters;

        public List<EnvelopeRecipient> Recipients { get; } = [];

        public DataScanner? Scanner { get; private set; }

        public bool ChunkFailed { get; set; }

        public bool RecipientsRefused { get; set; }

        public int RecipientsTooMany { get; set; }

        /// <summary>What DATA without a recipient gets (RFC 5321 section 3.3 allows both).</summary>
        public SmtpReply WithoutRecipient => RecipientsRefused ? SmtpReply.NoValidRecipients : SmtpReply.RcptFirst;

        [MemberNotNull(nameof(Scanner))]
        public void Begin(SmtpDoor door, SmtpOptions options, bool dotStuffed)
        {
            _writer = door.Spool.NewWriter();
            Scanner = new DataScanner(_writer, dotStuffed, options.NormaliseBareLineEnds, options.MaxMessageSize, options.MaxHeaderBlock, options.MaxDataLine);
        }

        /// <summary>The letter's octets; whoever takes them disposes them.</summary>
        public Store.MessageOctets Complete() => _writer!.Complete();

        public void Dispose() => _writer?.Dispose();
    }

    /// <summary>Ends the session from within, with a last reply where one can still be said.</summary>
    private sealed class SessionEndsException(SmtpReply? reply) : Exception
    {
        public SmtpReply? Reply => reply;
    }
}

/// <summary>The connection after STARTTLS.</summary>
/// <param name="Input">From the client, decrypted.</param>
/// <param name="Output">To the client, to be encrypted.</param>
/// <param name="Description">Protocol and cipher suite, such as <c>TLS1.3 TLS_AES_256_GCM_SHA384</c>.</param>
public sealed record TlsChannel(PipeReader Input, PipeWriter Output, string Description);

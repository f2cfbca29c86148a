using System.Globalization;
using System.IO.Pipelines;
using System.Net;
using Sekisho.Inspection.Messages;
using Sekisho.Options;

namespace Sekisho.Smtp;

/// <summary>Speaks SMTP with one client (RFC 5321): reads commands, takes letters, hands each to the line and repeats the line's answer.</summary>
public sealed class SmtpSession
{
    /// <summary>Octets from which on a chunk does not count as an idle command.</summary>
    private const int LeastChunk = 512;

    private readonly SmtpDoor _door;
    private readonly SmtpOptions _options;
    private readonly RelayRules _rules;
    private readonly OutboundRules? _outbound;
    private readonly IPAddress _client;
    private readonly SmtpChannel _channel;
    private InboundTransaction? _transaction;
    private string? _helo;
    private bool _extended;
    private string? _tls;
    private int _errors;
    private int _idleCommands;
    private int _messages;

    /// <summary>A session over an accepted connection.</summary>
    /// <param name="door">What all sessions share.</param>
    /// <param name="input">From the client.</param>
    /// <param name="output">To the client.</param>
    /// <param name="client">The client's address.</param>
    /// <param name="outbound">True at the door for outbound mail.</param>
    public SmtpSession(SmtpDoor door, PipeReader input, PipeWriter output, IPAddress client, bool outbound = false)
    {
        _door = door;
        _options = door.Options.Smtp;
        _rules = door.Rules;
        _outbound = outbound ? door.Outbound : null;
        _client = client;
        _channel = new SmtpChannel(input, output, _options, door.Time);
    }

    /// <summary>Turns the connection into TLS; null where STARTTLS is not offered.</summary>
    public Func<CancellationToken, Task<TlsChannel>>? StartTls { get; init; }

    /// <summary>Ends the session with 421 at the next command; a letter that is being sent is still taken.</summary>
    public void Drain() => _channel.Drain();

    /// <summary>Runs the session to its end. Throws only what the transport throws.</summary>
    public async Task RunAsync()
    {
        try
        {
            if (await _channel.TalksEarlyAsync())
            {
                _channel.Say(SmtpReply.TalksTooEarly);
            }
            else
            {
                _channel.Say(_door.Greeting);
                while (await _channel.ReadCommandAsync() is { } line && _channel.Say(await ExecuteAsync(line)))
                {
                }
            }
        }
        catch (SessionEndsException end)
        {
            _channel.Say(end.Reply);
        }
        finally
        {
            Reset();
            _channel.Dispose();
        }

        try
        {
            await _channel.FlushAsync();
        }
        catch (SessionEndsException)
        {
            // Nobody reads the last reply.
        }
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
            _channel.Say(reply);
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
        _channel.SayLine($"250-{_options.HostName}");
        _channel.SayLine("250-PIPELINING");
        _channel.SayLine(string.Create(CultureInfo.InvariantCulture, $"250-SIZE {_options.MaxMessageSize}"));
        _channel.SayLine("250-8BITMIME");
        _channel.SayLine("250-SMTPUTF8");
        _channel.SayLine("250-ENHANCEDSTATUSCODES");
        _channel.SayLine("250-DSN");
        if (StartTls is not null && _tls is null)
        {
            _channel.SayLine("250-STARTTLS");
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

        if (_outbound?.RefuseSender(sender) is { } foreign)
        {
            return foreign;
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

        _transaction = new InboundTransaction(sender, parameters);
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
        if (_rules.Refuse(address, anywhere: _outbound is not null || _rules.IsTrusted(_client)) is { } denied)
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
        _channel.Say(SmtpReply.StartMail);
        var scanner = transaction.Scanner;
        await _channel.TakeAsync(scanner, long.MaxValue);
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

        // A chunk that carries something is work; a letter in crumbs would keep its connection for ever.
        if (size >= LeastChunk)
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
            await _channel.TakeAsync(new DataScanner(nowhere, dotStuffed: false, normalise: false, 0, 0, null), size);
            return refusal;
        }

        if (transaction!.Scanner is null)
        {
            transaction.Begin(_door, _options, dotStuffed: false);
        }

        await _channel.TakeAsync(transaction.Scanner, size);
        if (last)
        {
            transaction.Scanner.Finish();
            return await EndMessageAsync(transaction);
        }

        if (SmtpReply.For(transaction.Scanner.Fault) is { } fault)
        {
            transaction.ChunkFailed = true;
            return fault;
        }

        return SmtpReply.ChunkOk;
    }

    private async Task<SmtpReply> EndMessageAsync(InboundTransaction transaction)
    {
        _transaction = null;
        using (transaction)
        {
            if (SmtpReply.For(transaction.Scanner!.Fault) is { } fault)
            {
                _door.Metrics.Refused(transaction.Scanner.Fault);
                return fault;
            }

            var parameters = transaction.Parameters;
            var now = _door.Time.GetUtcNow();
            var envelope = new Envelope(Guid.CreateVersion7(now), now, _client, _helo!, transaction.Sender, transaction.Recipients)
            {
                IsOutbound = _outbound is not null,
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

        _tls = await _channel.StartTlsAsync(StartTls);

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
}

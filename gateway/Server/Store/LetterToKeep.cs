using System.Globalization;

namespace Sekisho.Store;

/// <summary>A letter made ready for the writer in the caller's own time: sealed, wrapped, its texts cleaned.</summary>
internal sealed class LetterToKeep : IDisposable
{
    private readonly NewMessage _message;
    private readonly LetterKey? _key;
    private readonly SealedFile? _file;
    private readonly byte[][] _sealed = [];
    private readonly string _verdict;
    private byte[]? _wrapped;

    /// <summary>Seals a letter in memory; one in a spool file is sealed already, and stays there until the writer copies it.</summary>
    public LetterToKeep(NewMessage message, DateTimeOffset now)
    {
        _message = message;
        Now = now;
        _verdict = VerdictJson.Write(message.Verdict);
        if (message.State == MessageState.Rejected)
        {
            return;
        }

        message.Octets.Use();
        _file = message.Octets.File;
        if (_file is null)
        {
            _key = LetterKey.Create();
            _sealed = new byte[LetterKey.Chunks(message.Octets.Length, LetterKey.ChunkSize)][];
            for (var chunk = 0; chunk < _sealed.Length; chunk++)
            {
                var plain = message.Octets.Plain(chunk).Span;
                _sealed[chunk] = new byte[plain.Length + LetterKey.Overhead];
                _key.Seal(chunk, plain, _sealed[chunk]);
            }
        }
    }

    /// <summary>The letter's id.</summary>
    public Guid Id => _message.Envelope.Id;

    /// <summary>About how much the writer will write.</summary>
    public long Size => _message.Octets.Length;

    /// <summary>When it was handed to the store.</summary>
    public DateTimeOffset Now { get; }

    /// <summary>True when this process delivers it at once.</summary>
    public bool ClaimedHere => _message is { ClaimedHere: true, State: MessageState.Queued };

    /// <summary>The master key that its key is wrapped by; of a rejected letter, the one in force, so that nothing is wrapped again.</summary>
    public string KeyId { get; private set; } = "";

    /// <summary>What the audit log calls the verdict; null for letters that go their ordinary way.</summary>
    public string? AuditAction => _message.State switch
    {
        MessageState.Quarantined => "quarantine",
        MessageState.Rejected => "reject",
        MessageState.Held => "hold",
        _ => null,
    };

    /// <summary>The audit entry's detail.</summary>
    public string AuditDetail => VerdictJson.Detail(
        ("score", _message.Verdict.Score.ToString(CultureInfo.InvariantCulture)),
        ("findings", string.Join(' ', _message.Verdict.Findings.Select(static finding => finding.Kind.Code).Distinct())),
        ("sender", _message.Envelope.Sender),
        ("client", _message.Envelope.Client.ToString()));

    /// <summary>Wraps the letter's key by the named master key.</summary>
    public void Wrap(MasterKey master, string keyId)
    {
        KeyId = keyId;
        if ((_key ?? _file?.Key) is { } key)
        {
            _wrapped = master.Wrap(keyId, key.Octets, MessageStore.Bound(Id, Size));
        }
    }

    /// <summary>Inserts the letter.</summary>
    /// <returns>False when its id is there already: nothing is changed then.</returns>
    public async Task<bool> InsertAsync(Session session, string? claimedBy, DateTimeOffset dueAt)
    {
        var envelope = _message.Envelope;
        var inserted = await session.ExecuteAsync(
            """
            INSERT INTO message (id, received_at, client, helo, sender, eight_bit, smtp_utf8, dsn_return, dsn_envelope_id, size, subject, header_from,
                message_id_header, state, disposition, score, verdict, trace_header, wrapped_key, key_id, chunk_size, attempts, due_at, claimed_by,
                delay_notified, updated_at, hold_until, outbound)
            VALUES (@id, @received_at, @client, @helo, @sender, @eight_bit, @smtp_utf8, @dsn_return, @dsn_envelope_id, @size, @subject, @header_from,
                @message_id_header, @state, @disposition, @score, @verdict, @trace_header, @wrapped_key, @key_id, @chunk_size, 0, @due_at, @claimed_by,
                0, @now, @hold_until, @outbound)
            ON CONFLICT (id) DO NOTHING
            """,
            Value.Id(Id),
            Value.Time("received_at", envelope.ReceivedAt),
            Value.Text("client", envelope.Client.ToString()),
            Value.Text("helo", Words.Clean(envelope.Helo)),
            Value.Text("sender", Words.Clean(envelope.Sender)),
            Value.Flag("eight_bit", envelope.EightBitMime),
            Value.Flag("smtp_utf8", envelope.SmtpUtf8),
            Value.Text("dsn_return", Words.CleanOrNull(envelope.DsnReturn)),
            Value.Text("dsn_envelope_id", Words.CleanOrNull(envelope.DsnEnvelopeId)),
            Value.Number("size", Size),
            Value.Text("subject", Words.CleanOrNull(_message.Summary.Subject)),
            Value.Text("header_from", Words.CleanOrNull(_message.Summary.From)),
            Value.Text("message_id_header", Words.CleanOrNull(_message.Summary.MessageId)),
            Value.Text("state", Names.Of(_message.State)),
            Value.Text("disposition", Names.Of(_message.Verdict.Disposition)),
            Value.Number("score", _message.Verdict.Score),
            Value.Text("verdict", _verdict),
            Value.Text("trace_header", Words.Clean(_message.TraceHeader)),
            Value.Blob("wrapped_key", _wrapped),
            Value.Text("key_id", _wrapped is null ? null : KeyId),
            Value.Number("chunk_size", _file?.ChunkSize ?? LetterKey.ChunkSize),
            Value.Time("due_at", _message.State == MessageState.Queued ? dueAt : null),
            Value.Text("claimed_by", claimedBy),
            Value.Time("now", Now),
            Value.Time("hold_until", _message.State == MessageState.Held ? _message.HoldUntil : null),
            Value.Flag("outbound", envelope.IsOutbound)).ConfigureAwait(false);
        if (inserted == 0)
        {
            return false;
        }

        for (var position = 0; position < envelope.Recipients.Count; position++)
        {
            var recipient = envelope.Recipients[position];
            await session.ExecuteAsync(
                """
                INSERT INTO recipient (message_id, position, address, dsn_notify, dsn_orcpt, state, updated_at)
                VALUES (@id, @position, @address, @dsn_notify, @dsn_orcpt, 'Pending', @now)
                """,
                Value.Id(Id),
                Value.Number("position", position),
                Value.Text("address", Words.Clean(recipient.Address)),
                Value.Text("dsn_notify", Words.CleanOrNull(recipient.DsnNotify)),
                Value.Text("dsn_orcpt", Words.CleanOrNull(recipient.DsnOriginalRecipient)),
                Value.Time("now", Now)).ConfigureAwait(false);
        }

        for (var chunk = 0; chunk < _sealed.Length; chunk++)
        {
            await InsertAsync(session, chunk, _sealed[chunk]).ConfigureAwait(false);
        }

        if (_file is { } file)
        {
            byte[]? box = null;
            var chunks = LetterKey.Chunks(Size, file.ChunkSize);
            for (var chunk = 0; chunk < chunks; chunk++)
            {
                // Both drivers copy the array before the call ends, so one serves all chunks but the last.
                var length = LetterKey.ChunkLength(Size, file.ChunkSize, chunk) + LetterKey.Overhead;
                box = box?.Length == length ? box : new byte[length];
                file.ReadSealed(chunk, box);
                await InsertAsync(session, chunk, box).ConfigureAwait(false);
            }
        }

        return true;
    }

    /// <summary>Forgets the key; the letter goes on belonging to the caller.</summary>
    public void Dispose()
    {
        _key?.Dispose();
        if (_message.State != MessageState.Rejected)
        {
            _message.Octets.Leave();
        }
    }

    private Task<int> InsertAsync(Session session, int chunk, byte[] box) => session.ExecuteAsync(
        "INSERT INTO octets (message_id, chunk, sealed) VALUES (@id, @chunk, @sealed)",
        Value.Id(Id),
        Value.Number("chunk", chunk),
        Value.Blob("sealed", box));
}

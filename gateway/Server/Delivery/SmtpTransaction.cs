using System.Buffers;
using System.Globalization;
using System.Text;
using Sekisho.Inspection.Messages;

namespace Sekisho.Delivery;

/// <summary>Hands one letter for up to 100 recipients to one next hop: MAIL, RCPT, DATA or BDAT, the octets unaltered.</summary>
/// <param name="connection">An open connection with no transaction under way.</param>
/// <param name="envelope">What SMTP said when the letter came in.</param>
/// <param name="content">The octets.</param>
/// <param name="positions">Recipients of this transaction: indexes in the envelope.</param>
internal sealed class SmtpTransaction(SmtpClientConnection connection, Envelope envelope, MessageContent content, IReadOnlyList<int> positions)
{
    private readonly RecipientReply?[] results = new RecipientReply?[positions.Count];
    private readonly SmtpOffers offers = connection.Offers;
    private readonly List<int> asked = new(positions.Count);
    private readonly List<int> accepted = new(positions.Count);

    /// <summary>True when the connection broke between the final dot and its reply: the next hop may have the letter all the same.</summary>
    public bool OutcomeUnknown { get; private set; }

    /// <summary>True once the next hop answered MAIL: the connection was alive, and what follows counts as an attempt.</summary>
    public bool Begun { get; private set; }

    /// <summary>Runs the transaction. Throws <see cref="SmtpSessionException"/> only when the connection failed before MAIL was answered; later failures are in the results.</summary>
    /// <param name="cancel">Ends the reading of the octets; to end the conversation cut the connection.</param>
    /// <returns>One answer for each of the positions, in their order.</returns>
    public async Task<IReadOnlyList<RecipientReply>> RunAsync(CancellationToken cancel)
    {
        if (Refusal() is { } refusal)
        {
            Settle(RecipientReply.Own(refusal, connection.HostText));
        }
        else
        {
            RefuseWhatNeedsUtf8();
        }

        for (var i = 0; i < results.Length; i++)
        {
            if (results[i] is null)
            {
                asked.Add(i);
            }
        }

        if (asked.Count > 0)
        {
            try
            {
                await TalkAsync(cancel).ConfigureAwait(false);
            }
            catch (SmtpSessionException e) when (Begun)
            {
                Settle(RecipientReply.Own(e.Message, connection.HostText));
            }
        }

        return Array.ConvertAll(results, static r => r!.Value);
    }

    /// <summary>BDAT where the octets could not survive DATA: no line end at the end, or CR and LF standing alone (RFC 3030).</summary>
    private bool UseBdat => offers.Chunking && content.Length > 0 && (!content.Scan.EndsWithLineEnd || content.Scan.BareLineEnds);

    /// <summary>Why this next hop cannot have the letter at all; null when it can.</summary>
    private string? Refusal()
    {
        if (offers.MaxSize > 0 && content.Length > offers.MaxSize)
        {
            return $"552 5.3.4 the letter has {content.Length} octets, {connection.HostText} takes {offers.MaxSize}";
        }

        if (!offers.EightBitMime && envelope.EightBitMime && content.Scan.EightBit)
        {
            // RFC 6152 section 3 leaves conversion or return. Conversion would break every signature, so it goes back.
            // A letter that came with undeclared 8-bit octets goes on as it came.
            return $"554 5.6.3 the letter has 8-bit content, which {connection.HostText} does not take";
        }

        if (!offers.SmtpUtf8 && (!Ascii.IsValid(envelope.Sender) || (envelope.SmtpUtf8 && content.Scan.EightBitHeader)))
        {
            return $"554 5.6.7 the letter needs SMTPUTF8, which {connection.HostText} does not offer";
        }

        if (content.Scan.DotAfterBareLineEnd && !offers.Chunking)
        {
            return $"554 5.6.0 the letter has lone CR or LF before a dot, which {connection.HostText} might take for its end";
        }

        return !SafeAddress(envelope.Sender) ? "553 5.1.7 sender address with control characters" : null;
    }

    private void RefuseWhatNeedsUtf8()
    {
        for (var i = 0; i < results.Length; i++)
        {
            var address = envelope.Recipients[positions[i]].Address;
            if (!SafeAddress(address))
            {
                results[i] = RecipientReply.Own("553 5.1.3 recipient address with control characters");
            }
            else if (!offers.SmtpUtf8 && !Ascii.IsValid(address))
            {
                results[i] = RecipientReply.Own($"553 5.6.7 the address needs SMTPUTF8, which {connection.HostText} does not offer", connection.HostText);
            }
        }
    }

    private async Task TalkAsync(CancellationToken cancel)
    {
        var commands = new ArrayBufferWriter<byte>(512);
        var reset = connection.NeedsReset;
        connection.NeedsReset = true;
        if (reset)
        {
            commands.Write("RSET\r\n"u8);
            await FlushUnlessPipeliningAsync(commands, "RSET").ConfigureAwait(false);
            if (!offers.Pipelining)
            {
                await ReadResetAsync().ConfigureAwait(false);
            }
        }

        WriteMail(commands);
        NextHopReply mail;
        var dataAsked = false;
        if (offers.Pipelining)
        {
            foreach (var i in asked)
            {
                WriteRecipient(commands, i);
            }

            if (!UseBdat)
            {
                commands.Write("DATA\r\n"u8);
                dataAsked = true;
            }

            await connection.WriteAsync(commands.WrittenMemory, "MAIL").ConfigureAwait(false);
            if (reset)
            {
                await ReadResetAsync().ConfigureAwait(false);
            }

            mail = await ReadMailAsync().ConfigureAwait(false);
            foreach (var i in asked)
            {
                await ReadRecipientAsync(i, mail).ConfigureAwait(false);
            }
        }
        else
        {
            await FlushUnlessPipeliningAsync(commands, "MAIL").ConfigureAwait(false);
            mail = await ReadMailAsync().ConfigureAwait(false);
            foreach (var i in asked)
            {
                if (!mail.Done)
                {
                    results[i] = RecipientReply.Refused(mail, connection.HostText);
                    continue;
                }

                WriteRecipient(commands, i);
                await FlushUnlessPipeliningAsync(commands, "RCPT").ConfigureAwait(false);
                await ReadRecipientAsync(i, mail).ConfigureAwait(false);
            }

            if (accepted.Count > 0 && !UseBdat)
            {
                commands.Write("DATA\r\n"u8);
                await FlushUnlessPipeliningAsync(commands, "DATA").ConfigureAwait(false);
                dataAsked = true;
            }
        }

        if (UseBdat)
        {
            if (accepted.Count > 0)
            {
                await SendChunkAsync(cancel).ConfigureAwait(false);
            }
        }
        else if (dataAsked)
        {
            await SendDataAsync(cancel).ConfigureAwait(false);
        }
    }

    private async ValueTask FlushUnlessPipeliningAsync(ArrayBufferWriter<byte> commands, string what)
    {
        if (!offers.Pipelining)
        {
            await connection.WriteAsync(commands.WrittenMemory, what).ConfigureAwait(false);
            commands.ResetWrittenCount();
        }
    }

    private async ValueTask ReadResetAsync()
    {
        var reply = await connection.ReadReplyAsync("RSET", keepText: false).ConfigureAwait(false);
        if (!reply.Done)
        {
            connection.Broken = true;
            throw new SmtpSessionException($"451 4.5.0 {connection.HostText} answers RSET with {reply.OneLine}");
        }
    }

    private async ValueTask<NextHopReply> ReadMailAsync()
    {
        var reply = await connection.ReadReplyAsync("MAIL", keepText: false).ConfigureAwait(false);
        if (reply.Code == 421)
        {
            // A server that closes an idle connection says 421 to whatever comes next: nothing was tried yet.
            throw new SmtpSessionException($"451 4.4.2 {connection.HostText} ends the session: {reply.OneLine}");
        }

        Begun = true;
        return reply;
    }

    private async ValueTask ReadRecipientAsync(int i, NextHopReply mail)
    {
        var reply = await connection.ReadReplyAsync("RCPT", keepText: false).ConfigureAwait(false);
        if (!mail.Done)
        {
            results[i] = RecipientReply.Refused(mail, connection.HostText);
        }
        else if (reply.Done)
        {
            accepted.Add(i);
        }
        else if (reply.Code == 552 && i > 0 && !reply.Text.StartsWith("5.2", StringComparison.Ordinal))
        {
            // RFC 5321 section 4.5.3.1.10: an old server's 552 for "too many recipients" means 452.
            results[i] = new RecipientReply(ReplyKind.Temporary, reply.OneLine, connection.HostText);
        }
        else
        {
            results[i] = RecipientReply.Refused(reply, connection.HostText);
        }

        if (reply.Code == 421)
        {
            throw new SmtpSessionException(reply.OneLine);
        }
    }

    private async Task SendDataAsync(CancellationToken cancel)
    {
        var data = await connection.ReadReplyAsync("DATA", keepText: false).ConfigureAwait(false);
        if (data.Code != 354)
        {
            Settle(RecipientReply.Refused(data, connection.HostText));
            return;
        }

        if (accepted.Count == 0)
        {
            // RFC 2920 section 3.1: a server may say 354 though no recipient is left; only the dot gets the session going again.
            await connection.WriteAsync(".\r\n"u8.ToArray(), "the final dot").ConfigureAwait(false);
            connection.NeedsReset = !(await connection.ReadFinalReplyAsync().ConfigureAwait(false)).Done;
            return;
        }

        if (!await SendBodyAsync(StuffedAsync(cancel)).ConfigureAwait(false))
        {
            return;
        }

        await ReadOutcomeAsync().ConfigureAwait(false);
    }

    private async Task SendChunkAsync(CancellationToken cancel)
    {
        var command = Encoding.ASCII.GetBytes(string.Create(CultureInfo.InvariantCulture, $"BDAT {content.Length} LAST\r\n"));
        await connection.WriteAsync(command, "BDAT").ConfigureAwait(false);
        if (await SendBodyAsync(content.ChunksAsync(cancel)).ConfigureAwait(false))
        {
            await ReadOutcomeAsync().ConfigureAwait(false);
        }
    }

    /// <summary>Sends the octets; when the next hop cuts in between, its last words are the result.</summary>
    private async Task<bool> SendBodyAsync(IAsyncEnumerable<ReadOnlyMemory<byte>> chunks)
    {
        try
        {
            await foreach (var chunk in chunks.ConfigureAwait(false))
            {
                await connection.WriteAsync(chunk, "the letter").ConfigureAwait(false);
            }

            return true;
        }
        catch (SmtpSessionException) when (connection.Broken)
        {
            // A server that has had enough says why (552, 421) before it closes; that is worth more than "connection lost".
            var reply = await connection.ReadReplyAsync(TimeSpan.FromSeconds(5), "the letter").ConfigureAwait(false);
            connection.Broken = true;
            Settle(reply.Done ? RecipientReply.Own($"451 4.4.2 {connection.HostText} answered before the end of the letter", connection.HostText)
                : RecipientReply.Refused(reply, connection.HostText));
            return false;
        }
        catch (Exception e) when (e is not SmtpSessionException)
        {
            // The octets could not be read to their end. Without the final dot the next hop throws away what it has.
            connection.Abort();
            connection.Broken = true;
            throw new SmtpSessionException("451 4.3.0 the letter could not be read from the store", e);
        }
    }

    private async Task ReadOutcomeAsync()
    {
        NextHopReply reply;
        try
        {
            reply = await connection.ReadFinalReplyAsync().ConfigureAwait(false);
        }
        catch (SmtpSessionException)
        {
            OutcomeUnknown = true;
            throw;
        }

        if (reply.Done)
        {
            connection.NeedsReset = false;
        }

        Settle(reply.Done
            ? new RecipientReply(ReplyKind.Delivered, reply.OneLine, connection.HostText, offers.Dsn)
            : RecipientReply.Refused(reply, connection.HostText));
    }

    /// <summary>The octets with doubled dots, the final dot behind. Without a line end at the end and without CHUNKING, DATA forces one.</summary>
    private async IAsyncEnumerable<ReadOnlyMemory<byte>> StuffedAsync([System.Runtime.CompilerServices.EnumeratorCancellation] CancellationToken cancel)
    {
        var end = (content.Length == 0 || content.Scan.EndsWithLineEnd ? ".\r\n" : "\r\n.\r\n");
        if (content.Block is { } block && DotStuffer.NothingToDo(block.AsSpan(0, (int)content.Length)))
        {
            // The usual letter: one block, one send, nothing copied.
            var length = (int)content.Length;
            length += Encoding.ASCII.GetBytes(end, block.AsSpan(length));
            yield return block.AsMemory(0, length);
            yield break;
        }

        var buffer = ArrayPool<byte>.Shared.Rent(100 << 10);
        try
        {
            var stuffer = default(DotStuffer);
            await foreach (var chunk in content.ChunksAsync(cancel).ConfigureAwait(false))
            {
                for (var rest = chunk; !rest.IsEmpty;)
                {
                    var part = rest[..Math.Min(rest.Length, 64 << 10)];
                    rest = rest[part.Length..];
                    yield return buffer.AsMemory(0, stuffer.Stuff(part.Span, buffer));
                }
            }

            yield return buffer.AsMemory(0, Encoding.ASCII.GetBytes(end, buffer));
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }

    private void WriteMail(ArrayBufferWriter<byte> commands)
    {
        commands.Write("MAIL FROM:<"u8);
        Encoding.UTF8.GetBytes(envelope.Sender, commands);
        commands.Write(">"u8);
        if (offers.Size)
        {
            commands.Write(" SIZE="u8);
            Encoding.ASCII.GetBytes(content.Length.ToString(CultureInfo.InvariantCulture), commands);
        }

        if (offers.EightBitMime && content.Scan.EightBit)
        {
            commands.Write(" BODY=8BITMIME"u8);
        }

        if (offers.SmtpUtf8 && (envelope.SmtpUtf8 || !Ascii.IsValid(envelope.Sender) || asked.Any(i => !Ascii.IsValid(envelope.Recipients[positions[i]].Address))))
        {
            commands.Write(" SMTPUTF8"u8);
        }

        if (offers.Dsn)
        {
            WriteParameter(commands, " RET="u8, envelope.DsnReturn);
            WriteParameter(commands, " ENVID="u8, envelope.DsnEnvelopeId);
        }

        commands.Write("\r\n"u8);
    }

    private void WriteRecipient(ArrayBufferWriter<byte> commands, int i)
    {
        var recipient = envelope.Recipients[positions[i]];
        commands.Write("RCPT TO:<"u8);
        Encoding.UTF8.GetBytes(recipient.Address, commands);
        commands.Write(">"u8);
        if (offers.Dsn)
        {
            WriteParameter(commands, " NOTIFY="u8, recipient.DsnNotify);
            WriteParameter(commands, " ORCPT="u8, recipient.DsnOriginalRecipient);
        }

        commands.Write("\r\n"u8);
    }

    /// <summary>A DSN parameter as it came; one that could end the command line is left out.</summary>
    private static void WriteParameter(ArrayBufferWriter<byte> commands, ReadOnlySpan<byte> name, string? value)
    {
        if (!string.IsNullOrEmpty(value) && !value.AsSpan().ContainsAnyInRange('\0', ' '))
        {
            commands.Write(name);
            Encoding.UTF8.GetBytes(value, commands);
        }
    }

    private static bool SafeAddress(string address) => !address.AsSpan().ContainsAnyInRange('\0', '\x1f') && !address.Contains('\x7f', StringComparison.Ordinal);

    /// <summary>The same answer for every recipient that has none yet.</summary>
    private void Settle(RecipientReply reply)
    {
        for (var i = 0; i < results.Length; i++)
        {
            results[i] ??= reply;
        }
    }
}

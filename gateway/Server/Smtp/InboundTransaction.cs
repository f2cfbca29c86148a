using System.Diagnostics.CodeAnalysis;
using Sekisho.Inspection.Messages;
using Sekisho.Options;
using Sekisho.Store;

namespace Sekisho.Smtp;

/// <summary>One letter between MAIL and its end.</summary>
internal sealed class InboundTransaction(string sender, MailParameters parameters) : IDisposable
{
    private OctetsWriter? _writer;

    /// <summary>The reverse-path.</summary>
    public string Sender => sender;

    /// <summary>What MAIL said besides.</summary>
    public MailParameters Parameters => parameters;

    /// <summary>The recipients that were taken.</summary>
    public List<EnvelopeRecipient> Recipients { get; } = [];

    /// <summary>Takes the octets; null before DATA or the first BDAT.</summary>
    public DataScanner? Scanner { get; private set; }

    /// <summary>A chunk was refused: nothing but RSET helps (RFC 3030 section 2).</summary>
    public bool ChunkFailed { get; set; }

    /// <summary>At least one recipient was refused.</summary>
    public bool RecipientsRefused { get; set; }

    /// <summary>Recipients refused because there were enough.</summary>
    public int RecipientsTooMany { get; set; }

    /// <summary>What DATA without a recipient gets (RFC 5321 section 3.3 allows both).</summary>
    public SmtpReply WithoutRecipient => RecipientsRefused ? SmtpReply.NoValidRecipients : SmtpReply.RcptFirst;

    /// <summary>Begins to take the letter's octets.</summary>
    [MemberNotNull(nameof(Scanner))]
    public void Begin(SmtpDoor door, SmtpOptions options, bool dotStuffed)
    {
        _writer = door.Spool.NewWriter();
        Scanner = new DataScanner(_writer, dotStuffed, options.NormaliseBareLineEnds, options.MaxMessageSize, options.MaxHeaderBlock, options.MaxDataLine);
    }

    /// <summary>The letter's octets; whoever takes them disposes them.</summary>
    public MessageOctets Complete() => _writer!.Complete();

    /// <inheritdoc />
    public void Dispose() => _writer?.Dispose();
}

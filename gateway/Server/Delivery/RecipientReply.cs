namespace Sekisho.Delivery;

/// <summary>What became of a letter for one recipient in one attempt.</summary>
internal enum ReplyKind
{
    /// <summary>The next hop, or the Maildir, has it.</summary>
    Delivered,

    /// <summary>To be tried again.</summary>
    Temporary,

    /// <summary>Never to be tried again.</summary>
    Permanent,
}

/// <summary>The answer for one recipient.</summary>
/// <param name="Kind">What it means.</param>
/// <param name="Text">One line: the next hop's reply, or our own words in the same form (code, enhanced code, text).</param>
/// <param name="Host">Who said it: <c>mail.hospital.example[192.0.2.1]:25</c>, <c>maildir</c>, or empty when it is this gateway.</param>
/// <param name="DsnHandedOn">True when the next hop took over the duty to notify (RFC 3461 section 5.2.1).</param>
internal readonly record struct RecipientReply(ReplyKind Kind, string Text, string Host, bool DsnHandedOn = false)
{
    /// <summary>Our own words: 5yz at the front is permanent, everything else temporary.</summary>
    public static RecipientReply Own(string text, string host = "") => new(text.StartsWith('5') ? ReplyKind.Permanent : ReplyKind.Temporary, text, host);

    /// <summary>The next hop's words for a refusal.</summary>
    public static RecipientReply Refused(NextHopReply reply, string host) =>
        new(reply.Permanent ? ReplyKind.Permanent : ReplyKind.Temporary, reply.OneLine, host);
}

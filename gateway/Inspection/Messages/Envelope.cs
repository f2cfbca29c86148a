using System.Net;

namespace Sekisho.Inspection.Messages;

/// <summary>What SMTP said about a letter before its octets came: who hands it over, from whom, to whom (RFC 5321 section 2.3.1).</summary>
/// <param name="Id">The letter's own name in store, log and web: a UUIDv7. Never the Message-ID, which senders repeat.</param>
/// <param name="ReceivedAt">When the final dot (or last BDAT chunk) arrived.</param>
/// <param name="Client">The SMTP client's address (after PROXY protocol where a listed proxy stands in front).</param>
/// <param name="Helo">The HELO/EHLO argument as given.</param>
/// <param name="Sender">The reverse-path without angle brackets; empty for the null sender <c>&lt;&gt;</c>.</param>
/// <param name="Recipients">The accepted forward-paths, in order, at least one.</param>
public sealed record Envelope(
    Guid Id, DateTimeOffset ReceivedAt, IPAddress Client, string Helo, string Sender, IReadOnlyList<EnvelopeRecipient> Recipients)
{
    /// <summary>True for a letter of the hospital's own people that leaves the house: it came through the door for outbound mail.</summary>
    public bool IsOutbound { get; init; }

    /// <summary>True when MAIL carried <c>BODY=8BITMIME</c> (RFC 6152).</summary>
    public bool EightBitMime { get; init; }

    /// <summary>True when MAIL carried <c>SMTPUTF8</c> (RFC 6531): addresses or header fields may be UTF-8.</summary>
    public bool SmtpUtf8 { get; init; }

    /// <summary>The DSN parameter <c>RET</c>: <c>FULL</c>, <c>HDRS</c> or null (RFC 3461 section 4.3).</summary>
    public string? DsnReturn { get; init; }

    /// <summary>The DSN parameter <c>ENVID</c> still in xtext, or null (RFC 3461 section 4.4).</summary>
    public string? DsnEnvelopeId { get; init; }
}

/// <summary>One forward-path with the DSN parameters that came with it.</summary>
/// <param name="Address">The address without angle brackets, source route removed (RFC 5321 appendix C).</param>
/// <param name="DsnNotify"><c>NEVER</c>, or a comma-separated list of <c>SUCCESS</c>, <c>FAILURE</c>, <c>DELAY</c>; null when not given (RFC 3461 section 4.1).</param>
/// <param name="DsnOriginalRecipient"><c>ORCPT</c> still in xtext, such as <c>rfc822;nurse@hospital.example</c>; null when not given (RFC 3461 section 4.2).</param>
public sealed record EnvelopeRecipient(string Address, string? DsnNotify = null, string? DsnOriginalRecipient = null);

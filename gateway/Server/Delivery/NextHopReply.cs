using System.Globalization;

namespace Sekisho.Delivery;

/// <summary>What a next hop answered to one command (RFC 5321 section 4.2).</summary>
/// <param name="Code">Three digits, 200 to 599.</param>
/// <param name="Text">The text of every line, parted by line feeds; empty where nobody asked for it.</param>
internal readonly record struct NextHopReply(int Code, string Text)
{
    /// <summary>Most characters of a reply that are kept in store and log.</summary>
    private const int MostKept = 500;

    /// <summary>2yz: done.</summary>
    public bool Done => Code is >= 200 and < 300;

    /// <summary>5yz: never try this again.</summary>
    public bool Permanent => Code >= 500;

    /// <summary>Code and text on one line, without control characters, at most 500 characters.</summary>
    public string OneLine
    {
        get
        {
            var kept = Text.Length > MostKept ? Text[..MostKept] : Text;
            if (kept.AsSpan().ContainsAnyInRange('\0', '\x1f'))
            {
                kept = string.Create(kept.Length, kept, static (to, from) =>
                {
                    for (var i = 0; i < to.Length; i++)
                    {
                        to[i] = char.IsControl(from[i]) ? ' ' : from[i];
                    }
                });
            }

            return string.Create(CultureInfo.InvariantCulture, $"{Code} {kept}");
        }
    }
}

/// <summary>The conversation with a next hop ended before it said what became of the letter. Always temporary.</summary>
/// <param name="reply">One line for the store: code, enhanced code (RFC 3463), what happened.</param>
/// <param name="inner">The cause, when there is one.</param>
internal sealed class SmtpSessionException(string reply, Exception? inner = null) : Exception(reply, inner)
{
    /// <summary>True when the TLS handshake failed, so that an opportunistic route may come again in plain text.</summary>
    public bool TlsFailed { get; init; }
}

using System.Text;

namespace Sekisho.Delivery;

/// <summary>What the way out must know of a letter's octets before it can choose the SMTP parameters; fed chunk by chunk.</summary>
internal struct MessageScan
{
    private bool afterReturn;
    private bool afterBareFeed;
    private bool inLine;
    private bool pastHeader;
    private byte last;
    private byte lastButOne;

    /// <summary>An octet above 127 is in it: the letter needs 8BITMIME (RFC 6152).</summary>
    public bool EightBit { get; private set; }

    /// <summary>An octet above 127 is in the letter's own header: it may need SMTPUTF8 (RFC 6531).</summary>
    public bool EightBitHeader { get; private set; }

    /// <summary>A CR or LF stands alone: only BDAT hands that on safely.</summary>
    public bool BareLineEnds { get; private set; }

    /// <summary>A line begins with a dot after a lone CR or LF: with DATA a lax next hop could take it for the end of the letter (SMTP smuggling).</summary>
    public bool DotAfterBareLineEnd { get; private set; }

    /// <summary>The last two octets are CRLF.</summary>
    public readonly bool EndsWithLineEnd => lastButOne == (byte)'\r' && last == (byte)'\n';

    /// <summary>Takes the next octets.</summary>
    public void Add(ReadOnlySpan<byte> octets)
    {
        if (octets.IsEmpty)
        {
            return;
        }

        EightBit |= !Ascii.IsValid(octets);
        lastButOne = octets.Length > 1 ? octets[^2] : last;
        last = octets[^1];
        for (var at = 0; at < octets.Length;)
        {
            if (afterReturn || afterBareFeed)
            {
                if (afterReturn && octets[at] == (byte)'\n')
                {
                    afterReturn = false;
                    EndLine(octets[..at++]);
                    continue;
                }

                // A CR that no LF follows, or what comes after an LF that no CR preceded.
                BareLineEnds = true;
                DotAfterBareLineEnd |= octets[at] == (byte)'.';
                (afterReturn, afterBareFeed) = (false, false);
            }

            var next = octets[at..].IndexOfAny((byte)'\r', (byte)'\n');
            if (next < 0)
            {
                inLine = true;
                break;
            }

            inLine |= next > 0;
            at += next;
            if (octets[at] == (byte)'\r')
            {
                afterReturn = true;
            }
            else
            {
                BareLineEnds = true;
                afterBareFeed = true;
                EndLine(octets[..at]);
            }

            at++;
        }

        if (!pastHeader)
        {
            EightBitHeader |= EightBit;
        }
    }

    /// <summary>Tells that no more comes.</summary>
    public void End() => BareLineEnds |= afterReturn;

    private void EndLine(ReadOnlySpan<byte> before)
    {
        if (!inLine && !pastHeader)
        {
            pastHeader = true;
            EightBitHeader |= !Ascii.IsValid(before);
        }

        inLine = false;
    }
}

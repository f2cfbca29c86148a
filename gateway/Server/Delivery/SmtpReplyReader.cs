using System.Text;

namespace Sekisho.Delivery;

/// <summary>Reads SMTP replies out of a stream of octets, bounded in line length, lines and octets whatever the next hop sends.</summary>
internal sealed class SmtpReplyReader
{
    /// <summary>Octets kept of one line; RFC 5321 section 4.5.3.1.5 says 512, real servers say more.</summary>
    internal const int MostOfALine = 2048;

    /// <summary>Lines of one reply before it counts as junk.</summary>
    internal const int MostLines = 100;

    /// <summary>Octets of one line before it counts as junk.</summary>
    internal const int LongestLine = 64 << 10;

    private readonly byte[] buffer = new byte[4096];
    private int start;
    private int end;
    private int skipped;
    private int lines;
    private int code;
    private StringBuilder? text;

    /// <summary>True when octets wait that nobody has asked for: after STARTTLS they would be an injection (RFC 3207 section 6).</summary>
    public bool HasMore => end > start;

    /// <summary>Room for the next octets from the socket; never empty.</summary>
    public Memory<byte> Room()
    {
        if (start > 0)
        {
            buffer.AsSpan(start, end - start).CopyTo(buffer);
            end -= start;
            start = 0;
        }

        if (end == buffer.Length)
        {
            // A line longer than the buffer: what is to be kept of it is in the first half, the rest is dropped as it comes.
            skipped += end - MostOfALine;
            end = MostOfALine;
            if (skipped > LongestLine)
            {
                throw new SmtpSessionException("451 4.5.0 next hop sends a reply line without end");
            }
        }

        return buffer.AsMemory(end);
    }

    /// <summary>Tells that <paramref name="octets"/> were written into <see cref="Room"/>.</summary>
    public void Advance(int octets) => end += octets;

    /// <summary>Takes the next whole reply out of what has arrived; false when more is needed. Throws <see cref="SmtpSessionException"/> on junk.</summary>
    /// <param name="keepText">False spares the string when the reply is not an error.</param>
    /// <param name="reply">The reply.</param>
    public bool TryRead(bool keepText, out NextHopReply reply)
    {
        while (true)
        {
            var waiting = buffer.AsSpan(start, end - start);
            var feed = waiting.IndexOf((byte)'\n');
            if (feed < 0)
            {
                reply = default;
                return false;
            }

            var line = waiting[..feed];
            start += feed + 1;
            skipped = 0;
            if (line.EndsWith("\r"u8))
            {
                line = line[..^1];
            }

            if (line.Length > MostOfALine)
            {
                line = line[..MostOfALine];
            }

            if (AddLine(line, keepText))
            {
                reply = new NextHopReply(code, text?.ToString() ?? "");
                lines = 0;
                text?.Clear();
                return true;
            }
        }
    }

    /// <summary>Takes one line; true when it was the reply's last.</summary>
    private bool AddLine(ReadOnlySpan<byte> line, bool keepText)
    {
        if (line.Length < 3 || line[0] is < (byte)'2' or > (byte)'5' || !char.IsAsciiDigit((char)line[1]) || !char.IsAsciiDigit((char)line[2])
            || (line.Length > 3 && line[3] is not ((byte)' ' or (byte)'-')))
        {
            throw new SmtpSessionException("451 4.5.0 next hop answered what is no SMTP reply: " + Shown(line));
        }

        var value = ((line[0] - '0') * 100) + ((line[1] - '0') * 10) + (line[2] - '0');
        if (lines > 0 && value != code)
        {
            // RFC 5321 section 4.2.1: all lines of a reply carry the same code.
            throw new SmtpSessionException("451 4.5.0 next hop changed the code within a reply: " + Shown(line));
        }

        code = value;
        if (++lines > MostLines)
        {
            throw new SmtpSessionException("451 4.5.0 next hop sends a reply of too many lines");
        }

        if (keepText || value >= 400)
        {
            text ??= new StringBuilder();
            if (lines > 1)
            {
                text.Append('\n');
            }

            if (line.Length > 4)
            {
                text.Append(Encoding.UTF8.GetString(line[4..]));
            }
        }

        return line.Length == 3 || line[3] == (byte)' ';
    }

    private static string Shown(ReadOnlySpan<byte> line) => new NextHopReply(0, Encoding.UTF8.GetString(line[..Math.Min(line.Length, 80)])).OneLine[2..];
}

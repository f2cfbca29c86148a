using System.Buffers;
using System.Buffers.Binary;
using System.Net;
using System.Text;

namespace Sekisho.Smtp;

/// <summary>Reads the PROXY protocol header, version 1 or 2, that a load balancer puts in front (haproxy.org, proxy-protocol.txt).</summary>
public static class ProxyProtocol
{
    /// <summary>Longest version 1 line with CRLF (section 2.1).</summary>
    private const int MaxLine = 107;

    /// <summary>Longest version 2 header we take: 16 octets and room for addresses and TLVs.</summary>
    private const int MaxBinary = 16 + 4096;

    private static ReadOnlySpan<byte> Signature => "\r\n\r\n\0\r\nQUIT\n"u8;

    /// <summary>Tries to read a header from what has arrived.</summary>
    /// <param name="buffer">Octets from the start of the connection.</param>
    /// <param name="source">The true client; null for LOCAL and UNKNOWN (then the connection's own address holds).</param>
    /// <param name="consumed">Octets the header takes.</param>
    /// <returns>True when read, null when more octets are needed, false when it is no header.</returns>
    public static bool? TryRead(ReadOnlySequence<byte> buffer, out IPAddress? source, out long consumed)
    {
        source = null;
        consumed = 0;
        Span<byte> head = stackalloc byte[(int)Math.Min(buffer.Length, MaxBinary)];
        buffer.Slice(0, head.Length).CopyTo(head);

        var common = Math.Min(head.Length, Signature.Length);
        if (head[..common].SequenceEqual(Signature[..common]))
        {
            return TryReadBinary(head, out source, out consumed);
        }

        common = Math.Min(head.Length, 6);
        return head[..common].SequenceEqual("PROXY "u8[..common]) ? TryReadLine(head, out source, out consumed) : false;
    }

    private static bool? TryReadLine(ReadOnlySpan<byte> head, out IPAddress? source, out long consumed)
    {
        source = null;
        consumed = 0;
        var end = head.IndexOf("\r\n"u8);
        if (end < 0)
        {
            return head.Length >= MaxLine ? false : null;
        }

        if (end + 2 > MaxLine)
        {
            return false;
        }

        consumed = end + 2;
        var words = Encoding.ASCII.GetString(head[..end]).Split(' ');
        if (words.Length >= 2 && words[1] == "UNKNOWN")
        {
            return true;
        }

        return words.Length == 6 && words[1] is "TCP4" or "TCP6"
            && IPAddress.TryParse(words[2], out source) && IPAddress.TryParse(words[3], out _)
            && ushort.TryParse(words[4], out _) && ushort.TryParse(words[5], out _);
    }

    private static bool? TryReadBinary(ReadOnlySpan<byte> head, out IPAddress? source, out long consumed)
    {
        source = null;
        consumed = 0;
        if (head.Length < 16)
        {
            return null;
        }

        var length = BinaryPrimitives.ReadUInt16BigEndian(head[14..]);
        if (head[12] >> 4 != 2 || 16 + length > MaxBinary)
        {
            return false;
        }

        if (head.Length < 16 + length)
        {
            return null;
        }

        consumed = 16 + length;
        var command = head[12] & 0x0F;
        if (command == 0)
        {
            return true; // LOCAL: the balancer's own health check
        }

        if (command != 1)
        {
            return false;
        }

        switch (head[13])
        {
            case 0x11 when length >= 12:
                source = new IPAddress(head.Slice(16, 4));
                return true;
            case 0x21 when length >= 36:
                source = new IPAddress(head.Slice(16, 16));
                return true;
            case 0x00 or 0x31:
                return true;
            default:
                return false;
        }
    }
}

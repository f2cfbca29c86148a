using System.Buffers;
using System.Security.Cryptography;

namespace Sekisho.Inspection.Senders;

/// <summary>Hashes header fields as a signature covers them (RFC 6376 sections 3.4.1, 3.4.2 and 3.7).</summary>
internal static class HeaderHash
{
    /// <summary>The hash that a DKIM signature or the message signature of a chain was made over.</summary>
    public static byte[] Of(LetterHeader header, DkimSignature signature)
    {
        var made = new ArrayBufferWriter<byte>(4096);
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        var used = new Dictionary<string, int>(StringComparer.Ordinal);
        foreach (var name in signature.Names)
        {
            // Each mention takes the next field of the name from below; a field that is not there is nothing (section 5.4.2).
            var places = header.Named(name);
            var taken = used.GetValueOrDefault(name);
            if (taken < places.Count)
            {
                used[name] = taken + 1;
                Append(made, header, header.Fields[places[places.Count - 1 - taken]], signature.RelaxedHeader);
                Flush(made, hash, 16 << 10);
            }
        }

        AppendUnsigned(made, header, signature.Field, signature.RelaxedHeader);
        Flush(made, hash, 0);
        return hash.GetHashAndReset();
    }

    /// <summary>The hash of a seal: all sets up to its own, its own <c>b=</c> emptied (RFC 8617 section 5.1.1).</summary>
    /// <param name="header">The letter's header.</param>
    /// <param name="sets">Results, message signature and seal of each instance, the first first.</param>
    public static byte[] OfSeal(LetterHeader header, IEnumerable<(LetterField Results, LetterField Message, LetterField Seal)> sets)
    {
        var made = new ArrayBufferWriter<byte>(4096);
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        LetterField? last = null;
        foreach (var (results, message, seal) in sets)
        {
            if (last is { } before)
            {
                Append(made, header, before, relaxed: true);
            }

            Append(made, header, results, relaxed: true);
            Append(made, header, message, relaxed: true);
            Flush(made, hash, 16 << 10);
            last = seal;
        }

        AppendUnsigned(made, header, last!.Value, relaxed: true);
        Flush(made, hash, 0);
        return hash.GetHashAndReset();
    }

    private static void Flush(ArrayBufferWriter<byte> made, IncrementalHash hash, int from)
    {
        if (made.WrittenCount > from)
        {
            hash.AppendData(made.WrittenSpan);
            made.ResetWrittenCount();
        }
    }

    private static void Append(ArrayBufferWriter<byte> made, LetterHeader header, LetterField field, bool relaxed)
    {
        Write(made, field.Name, header.Octets(field), field.ValueStart - field.Start, relaxed);
        made.Write("\r\n"u8);
    }

    /// <summary>The signature's own field: its <c>b=</c> emptied, without the last line end.</summary>
    private static void AppendUnsigned(ArrayBufferWriter<byte> made, LetterHeader header, LetterField field, bool relaxed)
    {
        var octets = header.Octets(field);
        var (from, to) = ValueOfB(octets, field.ValueStart - field.Start);
        var without = new byte[octets.Length - (to - from)];
        octets[..from].CopyTo(without);
        octets[to..].CopyTo(without.AsSpan(from));
        Write(made, field.Name, without, field.ValueStart - field.Start, relaxed);
    }

    private static (int From, int To) ValueOfB(ReadOnlySpan<byte> octets, int value)
    {
        for (var at = value; at < octets.Length;)
        {
            var end = octets[at..].IndexOf((byte)';');
            var next = end < 0 ? octets.Length : at + end;
            var piece = octets[at..next];
            var equals = piece.IndexOf((byte)'=');
            if (equals > 0 && piece[..equals].Trim(" \t\r\n"u8).SequenceEqual("b"u8))
            {
                return (at + equals + 1, next);
            }

            at = next + 1;
        }

        return (octets.Length, octets.Length);
    }

    /// <summary>A field in its canonical form, without its last line end.</summary>
    private static void Write(ArrayBufferWriter<byte> made, string name, ReadOnlySpan<byte> octets, int value, bool relaxed)
    {
        octets = octets.EndsWith("\r\n"u8) ? octets[..^2] : octets.EndsWith("\n"u8) ? octets[..^1] : octets;
        if (!relaxed)
        {
            while (octets.IndexOf((byte)'\n') is >= 0 and var feed)
            {
                made.Write(octets[..(feed > 0 && octets[feed - 1] == '\r' ? feed - 1 : feed)]);
                made.Write("\r\n"u8);
                octets = octets[(feed + 1)..];
            }

            made.Write(octets);
            return;
        }

        var room = made.GetSpan(name.Length + 1 + octets.Length);
        var count = System.Text.Encoding.ASCII.GetBytes(name, room);
        room[count++] = (byte)':';
        bool space = false, any = false;
        for (var i = Math.Min(value, octets.Length); i < octets.Length; i++)
        {
            var octet = octets[i];
            if (octet is (byte)' ' or (byte)'\t')
            {
                space = any;
            }
            else if (octet == '\n' || (octet == '\r' && i + 1 < octets.Length && octets[i + 1] == '\n'))
            {
                continue;
            }
            else
            {
                if (space)
                {
                    room[count++] = (byte)' ';
                    space = false;
                }

                room[count++] = octet;
                any = true;
            }
        }

        made.Advance(count);
    }
}

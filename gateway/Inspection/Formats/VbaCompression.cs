using System.Buffers.Binary;

namespace Sekisho.Inspection.Formats;

/// <summary>Unpacks the compressed containers that VBA keeps its texts in (MS-OVBA section 2.4.1).</summary>
internal static class VbaCompression
{
    private const int ChunkSize = 4096;

    /// <summary>Unpacks a container up to its end or its first fault.</summary>
    /// <param name="container">Starts with the signature octet 0x01; what follows the last chunk is ignored.</param>
    /// <param name="longest">Octets to unpack at most.</param>
    /// <param name="damaged">True where a fault ended it early.</param>
    /// <exception cref="InvalidDataException">There is no container here at all.</exception>
    public static byte[] Decompress(ReadOnlySpan<byte> container, int longest, out bool damaged)
    {
        damaged = false;
        if (container.Length < 3 || container[0] != 1)
        {
            throw new InvalidDataException("No compressed container: the first octet is not 1.");
        }

        // A chunk unpacks to 4,096 octets at most: with that much room left, nothing within it has to be looked after.
        var output = new byte[Math.Max(ChunkSize, Math.Min((long)longest, container.Length * 3L)) + ChunkSize];
        var length = 0;
        var at = 1;
        while (at + 2 <= container.Length && length < longest)
        {
            var header = BinaryPrimitives.ReadUInt16LittleEndian(container[at..]);
            if ((header & 0x7000) != 0x3000)
            {
                // No chunk: either a fault or what stands behind the container. A first chunk must be there.
                if (at == 1)
                {
                    throw new InvalidDataException("No compressed container: the first chunk has no signature.");
                }

                damaged = container[at..].ContainsAnyExcept((byte)0);
                break;
            }

            var size = (header & 0x0FFF) + 1;
            at += 2;
            var end = Math.Min(at + size, container.Length);
            var chunk = container[at..end];
            damaged |= end - at < size;
            at = end;
            if (output.Length - length < ChunkSize)
            {
                Array.Resize(ref output, output.Length * 2);
            }

            if ((header & 0x8000) == 0)
            {
                chunk.CopyTo(output.AsSpan(length));
                length += chunk.Length;
                continue;
            }

            var isWhole = Unpack(chunk, output.AsSpan(length, ChunkSize), out var unpacked);
            length += unpacked;
            if (!isWhole)
            {
                damaged = true;
                break;
            }
        }

        return output[..length];
    }

    /// <summary>One chunk: flag octets, each followed by eight literals or copies (MS-OVBA section 2.4.1.3.5). False at a copy from before the chunk.</summary>
    private static bool Unpack(ReadOnlySpan<byte> chunk, Span<byte> output, out int done)
    {
        done = 0;
        var at = 0;
        var bits = 4;
        while (at < chunk.Length)
        {
            var flags = chunk[at++];
            for (var bit = 0; bit < 8 && at < chunk.Length; bit++)
            {
                if ((flags >> bit & 1) == 0)
                {
                    if (done >= ChunkSize)
                    {
                        return false;
                    }

                    output[done++] = chunk[at++];
                    continue;
                }

                if (at + 2 > chunk.Length)
                {
                    return at + 1 >= chunk.Length && done > 0;
                }

                // The offset takes as many bits as the chunk's length so far needs, 4 to 12 (section 2.4.1.3.19.1).
                var token = BinaryPrimitives.ReadUInt16LittleEndian(chunk[at..]);
                at += 2;
                while (1 << bits < done && bits < 12)
                {
                    bits++;
                }

                var length = (token & (0xFFFF >> bits)) + 3;
                var offset = (token >> (16 - bits)) + 1;
                if (offset > done || done + length > ChunkSize)
                {
                    return false;
                }

                var from = output[(done - offset)..];
                var to = output.Slice(done, length);
                if (offset >= length)
                {
                    from[..length].CopyTo(to);
                }
                else
                {
                    // What is copied may be what this copy writes.
                    for (var i = 0; i < to.Length; i++)
                    {
                        to[i] = from[i];
                    }
                }

                done += length;
            }
        }

        return true;
    }
}

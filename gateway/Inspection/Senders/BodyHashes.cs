using System.Buffers;
using System.Security.Cryptography;

namespace Sekisho.Inspection.Senders;

/// <summary>Hashes a letter's body in every form its signatures ask for, in one pass over the octets (RFC 6376 sections 3.4.3, 3.4.4 and 3.4.5).</summary>
internal sealed class BodyHashes
{
    private readonly Dictionary<(bool Relaxed, long Length), Sink> sinks = [];

    /// <summary>Asks for a hash before <see cref="Run"/>.</summary>
    /// <param name="relaxed">The relaxed form, else the simple one.</param>
    /// <param name="length">How many octets of the canonical body, the tag <c>l=</c>; <see cref="long.MaxValue"/> for all.</param>
    public void Ask(bool relaxed, long length) => sinks.TryAdd((relaxed, length), new Sink(length));

    /// <summary>Reads the body from where the stream stands to its end.</summary>
    public void Run(Stream body)
    {
        var simple = Canonical.Of(sinks, relaxed: false);
        var relaxed = Canonical.Of(sinks, relaxed: true);
        if (simple is null && relaxed is null)
        {
            return;
        }

        var buffer = ArrayPool<byte>.Shared.Rent(64 << 10);
        try
        {
            int read;
            while ((read = body.Read(buffer, 0, buffer.Length)) > 0)
            {
                simple?.Take(buffer.AsSpan(0, read));
                relaxed?.Take(buffer.AsSpan(0, read));
            }

            simple?.End();
            relaxed?.End();
        }
        finally
        {
            foreach (var sink in sinks.Values)
            {
                sink.End();
            }

            ArrayPool<byte>.Shared.Return(buffer);
        }
    }

    /// <summary>A hash that was asked for.</summary>
    /// <returns>The SHA-256 value, and the length of the whole canonical body in octets.</returns>
    public (byte[] Hash, long BodyLength) Of(bool relaxed, long length)
    {
        var sink = sinks[(relaxed, length)];
        return (sink.Value, sink.Seen);
    }

    private sealed class Sink(long length)
    {
        private readonly IncrementalHash hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);

        public byte[] Value { get; private set; } = [];

        public long Seen { get; private set; }

        public void Take(ReadOnlySpan<byte> octets)
        {
            var wanted = Math.Min(octets.Length, Math.Max(0, length - Seen));
            hash.AppendData(octets[..(int)wanted]);
            Seen += octets.Length;
        }

        public void End()
        {
            Value = hash.GetHashAndReset();
            hash.Dispose();
        }
    }

    /// <summary>One canonical form on its way to its hashes.</summary>
    private sealed class Canonical(bool relaxed, Sink[] sinks)
    {
        private readonly byte[] made = new byte[8 << 10];
        private int count;
        private long lines;
        private bool space;
        private bool carriage;
        private bool any;

        public static Canonical? Of(Dictionary<(bool Relaxed, long Length), Sink> sinks, bool relaxed)
        {
            var own = sinks.Where(s => s.Key.Relaxed == relaxed).Select(s => s.Value).ToArray();
            return own.Length == 0 ? null : new Canonical(relaxed, own);
        }

        public void Take(ReadOnlySpan<byte> octets)
        {
            while (octets.Length > 0)
            {
                var plain = relaxed ? octets.IndexOfAny("\n\r \t"u8) : octets.IndexOfAny((byte)'\n', (byte)'\r');
                if (plain != 0)
                {
                    var run = plain < 0 ? octets : octets[..plain];
                    Content(run);
                    octets = octets[run.Length..];
                    continue;
                }

                switch (octets[0])
                {
                    case (byte)'\n':
                        carriage = space = false;
                        lines++;
                        break;
                    case (byte)'\r':
                        FlushCarriage();
                        carriage = true;
                        break;
                    default:
                        FlushCarriage();
                        space = true;
                        break;
                }

                octets = octets[1..];
            }
        }

        public void End()
        {
            FlushCarriage();

            // Empty lines at the end are dropped; what is there ends with one CRLF, and an empty simple body is one CRLF.
            if (any || !relaxed)
            {
                Write("\r\n"u8);
            }

            Flush();
        }

        /// <summary>A CR that no LF follows is an octet like any other.</summary>
        private void FlushCarriage()
        {
            if (carriage)
            {
                carriage = false;
                Content("\r"u8);
            }
        }

        private void Content(ReadOnlySpan<byte> octets)
        {
            FlushCarriage();
            for (; lines > 0; lines--)
            {
                Write("\r\n"u8);
            }

            if (space)
            {
                Write(" "u8);
                space = false;
            }

            Write(octets);
            any = true;
        }

        private void Write(ReadOnlySpan<byte> octets)
        {
            if (octets.Length > made.Length - count)
            {
                Flush();
            }

            if (octets.Length > made.Length)
            {
                foreach (var sink in sinks)
                {
                    sink.Take(octets);
                }

                return;
            }

            octets.CopyTo(made.AsSpan(count));
            count += octets.Length;
        }

        private void Flush()
        {
            foreach (var sink in sinks)
            {
                sink.Take(made.AsSpan(0, count));
            }

            count = 0;
        }
    }
}

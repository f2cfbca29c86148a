using System.Buffers.Binary;
using System.Numerics;

namespace Sekisho.Inspection.Formats;

/// <summary>SHA-512 over and over, as a guess at the password of an agile package asks for (MS-OFFCRYPTO section 2.3.4.11): each time over a counter and the hash before.</summary>
/// <remarks>What is hashed is one block of fixed shape, a hundred thousand times a guess; calling the system's library for each takes as long again as the hashing. FIPS 180-4 section 6.4.</remarks>
internal static class Sha512Spin
{
    /// <summary>Octets of a hash.</summary>
    public const int Length = 64;

    private static readonly ulong[] Initial = [.. Primes(8).Select(p => Fraction(p, 2))];

    private static readonly ulong[] Constants = [.. Primes(80).Select(p => Fraction(p, 3))];

    /// <summary>Replaces a hash by the hash of counter and hash, for the counter from 0 on.</summary>
    /// <param name="hash">64 octets; changed.</param>
    /// <param name="count">How many times, 0 or more.</param>
    public static void Run(Span<byte> hash, int count)
    {
        Span<ulong> state = stackalloc ulong[8];
        Span<ulong> block = stackalloc ulong[80];
        for (var i = 0; i < 8; i++)
        {
            state[i] = BinaryPrimitives.ReadUInt64BigEndian(hash[(8 * i)..]);
        }

        for (var counter = 0; counter < count; counter++)
        {
            // Four octets of counter, lowest first, shift the hash by half a word; behind it a set bit, zeros, and the length in bits.
            var carried = (ulong)BinaryPrimitives.ReverseEndianness((uint)counter) << 32;
            for (var i = 0; i < 8; i++)
            {
                block[i] = carried | (state[i] >> 32);
                carried = state[i] << 32;
            }

            block[8] = carried | 0x8000_0000;
            block[9..15].Clear();
            block[15] = 8 * (4 + Length);
            Compress(block, state);
        }

        for (var i = 0; i < 8; i++)
        {
            BinaryPrimitives.WriteUInt64BigEndian(hash[(8 * i)..], state[i]);
        }
    }

    /// <summary>The hash of one block. Of <paramref name="w"/> the first sixteen words are the block, the others room.</summary>
    private static void Compress(Span<ulong> w, Span<ulong> state)
    {
        for (var i = 16; i < 80; i++)
        {
            ulong x = w[i - 15], y = w[i - 2];
            w[i] = w[i - 16] + (BitOperations.RotateRight(x, 1) ^ BitOperations.RotateRight(x, 8) ^ (x >> 7)) + w[i - 7] + (BitOperations.RotateRight(y, 19) ^ BitOperations.RotateRight(y, 61) ^ (y >> 6));
        }

        ReadOnlySpan<ulong> k = Constants;
        ulong a = Initial[0], b = Initial[1], c = Initial[2], d = Initial[3], e = Initial[4], f = Initial[5], g = Initial[6], h = Initial[7];
        for (var i = 0; i < 80; i += 8)
        {
            // The eight words change places in turn, so that none has to be moved.
            Round(a, b, c, ref d, e, f, g, ref h, k[i] + w[i]);
            Round(h, a, b, ref c, d, e, f, ref g, k[i + 1] + w[i + 1]);
            Round(g, h, a, ref b, c, d, e, ref f, k[i + 2] + w[i + 2]);
            Round(f, g, h, ref a, b, c, d, ref e, k[i + 3] + w[i + 3]);
            Round(e, f, g, ref h, a, b, c, ref d, k[i + 4] + w[i + 4]);
            Round(d, e, f, ref g, h, a, b, ref c, k[i + 5] + w[i + 5]);
            Round(c, d, e, ref f, g, h, a, ref b, k[i + 6] + w[i + 6]);
            Round(b, c, d, ref e, f, g, h, ref a, k[i + 7] + w[i + 7]);
        }

        state[0] = Initial[0] + a;
        state[1] = Initial[1] + b;
        state[2] = Initial[2] + c;
        state[3] = Initial[3] + d;
        state[4] = Initial[4] + e;
        state[5] = Initial[5] + f;
        state[6] = Initial[6] + g;
        state[7] = Initial[7] + h;
    }

    [System.Runtime.CompilerServices.MethodImpl(System.Runtime.CompilerServices.MethodImplOptions.AggressiveInlining)]
    private static void Round(ulong a, ulong b, ulong c, ref ulong d, ulong e, ulong f, ulong g, ref ulong h, ulong word)
    {
        var t = h + (BitOperations.RotateRight(e, 14) ^ BitOperations.RotateRight(e, 18) ^ BitOperations.RotateRight(e, 41)) + (g ^ (e & (f ^ g))) + word;
        d += t;
        h = t + (BitOperations.RotateRight(a, 28) ^ BitOperations.RotateRight(a, 34) ^ BitOperations.RotateRight(a, 39)) + ((a & b) | (c & (a | b)));
    }

    private static IEnumerable<int> Primes(int count) =>
        Enumerable.Range(2, 500).Where(n => Enumerable.Range(2, n - 2).All(d => n % d != 0)).Take(count);

    /// <summary>The first 64 bits behind the point of a prime's root, from which FIPS 180-4 takes its constants (sections 4.2.3 and 5.3.5).</summary>
    private static ulong Fraction(int prime, int root)
    {
        var sought = BigInteger.Pow(2, 64 * root) * prime;
        BigInteger low = 0, high = BigInteger.One << 80;
        while (high - low > 1)
        {
            var middle = (low + high) / 2;
            if (BigInteger.Pow(middle, root) <= sought)
            {
                low = middle;
            }
            else
            {
                high = middle;
            }
        }

        return (ulong)(low & ulong.MaxValue);
    }
}

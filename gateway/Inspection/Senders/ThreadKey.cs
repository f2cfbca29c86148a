using System.Buffers.Binary;
using System.Numerics;
using System.Text;

namespace Sekisho.Inspection.Senders;

/// <summary>The secret under which what was said in conversations is remembered: who has the memory but not the key can neither read nor guess it.</summary>
/// <remarks>SipHash-2-4 (Aumasson and Bernstein, 2012): 64 bits, no key, no guess.</remarks>
public sealed class ThreadKey
{
    /// <summary>Length of the secret in octets.</summary>
    public const int Size = 16;

    private const int MaxText = 1000;

    private readonly ulong key0;
    private readonly ulong key1;

    /// <summary>Takes a secret.</summary>
    /// <param name="secret"><see cref="Size"/> octets.</param>
    /// <exception cref="ArgumentException">Another length.</exception>
    public ThreadKey(ReadOnlySpan<byte> secret)
    {
        if (secret.Length != Size)
        {
            throw new ArgumentException($"A key of {Size} octets is needed.", nameof(secret));
        }

        key0 = BinaryPrimitives.ReadUInt64LittleEndian(secret);
        key1 = BinaryPrimitives.ReadUInt64LittleEndian(secret[8..]);
        Base = (ulong)Of(ThreadMark.Base, 0) | 1;
    }

    /// <summary>What rolling hashes multiply by: odd, and secret, too.</summary>
    internal ulong Base { get; }

    /// <summary>The mark of a text, of which 1,000 characters count; 0 for an empty one.</summary>
    internal long Of(ThreadMark kind, ReadOnlySpan<char> text)
    {
        if (text.IsEmpty)
        {
            return 0;
        }

        Span<byte> octets = stackalloc byte[1 + (3 * MaxText)];
        octets[0] = (byte)kind;
        return Hash(octets[..(1 + Encoding.UTF8.GetBytes(text[..Math.Min(text.Length, MaxText)], octets[1..]))]);
    }

    /// <summary>The mark of a number.</summary>
    internal long Of(ThreadMark kind, ulong number)
    {
        Span<byte> octets = stackalloc byte[9];
        octets[0] = (byte)kind;
        BinaryPrimitives.WriteUInt64LittleEndian(octets[1..], number);
        return Hash(octets);
    }

    /// <summary>SipHash-2-4 as a signed number, as databases have them; never 0, which stands for none.</summary>
    internal long Hash(ReadOnlySpan<byte> octets)
    {
        ulong v0 = key0 ^ 0x736F6D6570736575, v1 = key1 ^ 0x646F72616E646F6D, v2 = key0 ^ 0x6C7967656E657261, v3 = key1 ^ 0x7465646279746573;
        var end = (ulong)octets.Length << 56;
        for (; octets.Length >= 8; octets = octets[8..])
        {
            Take(BinaryPrimitives.ReadUInt64LittleEndian(octets));
        }

        for (var i = 0; i < octets.Length; i++)
        {
            end |= (ulong)octets[i] << (8 * i);
        }

        Take(end);
        v2 ^= 0xFF;
        Round();
        Round();
        Round();
        Round();
        return (long)(v0 ^ v1 ^ v2 ^ v3) is var hash and not 0 ? hash : 1;

        void Take(ulong word)
        {
            v3 ^= word;
            Round();
            Round();
            v0 ^= word;
        }

        void Round()
        {
            v0 += v1;
            v1 = BitOperations.RotateLeft(v1, 13) ^ v0;
            v0 = BitOperations.RotateLeft(v0, 32);
            v2 += v3;
            v3 = BitOperations.RotateLeft(v3, 16) ^ v2;
            v0 += v3;
            v3 = BitOperations.RotateLeft(v3, 21) ^ v0;
            v2 += v1;
            v1 = BitOperations.RotateLeft(v1, 17) ^ v2;
            v2 = BitOperations.RotateLeft(v2, 32);
        }
    }
}

/// <summary>What a mark is of: the same text as subject and as name gives two marks that have nothing in common.</summary>
internal enum ThreadMark : byte
{
    Base,
    MessageId,
    Subject,
    Words,
    Address,
    Domain,
    Name,
    Network,
    Host,
}

namespace Sekisho.SampleMaker;

/// <summary>Writes gzip and ZIP files that unpack to themselves.</summary>
/// <remarks>
/// Deflate (RFC 1951) has two things to say: "the next n octets as they stand" (L, a stored block) and "the last n octets again" (R, a block of copies). Written so that each takes
/// five octets, a program of them can write itself: what it has written runs behind what it has said until the two meet. With P for what stands before the stream and S for what
/// stands behind it, and the number for what an order covers (4: twenty octets, 1: five, p and s: P or S with one order):
/// <code>
///   said                     written
///   Lp P Lp                  P Lp
///   Rp                       P Lp
///   L1 Rp                    Rp
///   L1 L1                    L1
///   L4 Rp L1 L1 L4           Rp L1 L1 L4
///   R4                       Rp L1 L1 L4
///   L4 R4 L4 R4 L4           R4 L4 R4 L4
///   R4                       R4 L4 R4 L4
///   L4 R4 L0 L0 Ls           R4 L0 L0 Ls
///   R4                       R4 L0 L0 Ls
///   L0 L0 Ls Rs S            Rs S
///   Rs, the last block       Rs S
/// </code>
/// P, all that is said, and S are the file; so is all that is written. The checksum in P or S is one of the file that it stands in. CRC-32 is linear: the checksum of the file with
/// c in its places is A·c + b over bits, and c = A·c + b is a system of 32 equations.
/// </remarks>
public static class QuineWriter
{
    private static readonly byte[] Again4 = Blocks(b => b.Copy(10, 20).Copy(10, 20), isLast: false);

    /// <summary>A gzip file (RFC 1952) that unpacks to itself.</summary>
    public static byte[] Gzip()
    {
        // Twelve octets of header with a name: copies of 12 + 5 octets fill five octets exactly.
        byte[] Before(int length, uint crc) => [0x1F, 0x8B, 8, 8, 0, 0, 0, 0, 0, 3, (byte)'q', 0];
        byte[] Behind(int length, uint crc) => [.. BitConverter.GetBytes(crc), .. BitConverter.GetBytes(length)];
        return Solved(Before, Behind, Blocks(b => b.Copy(10, 17).Copy(7, 17), isLast: false), Blocks(b => b.Copy(10, 13).Copy(3, 13), isLast: true));
    }

    /// <summary>A ZIP archive whose one member is the archive.</summary>
    public static byte[] Zip()
    {
        // Thirty octets of name, so that a copy of 30 + 30 + 5 octets, and an empty block, fill five octets exactly.
        var name = "letter-in-itself-in-itself.zip"u8.ToArray();
        byte[] Common(int length, uint crc) =>
            [20, 0, 0, 0, 8, 0, 0, 0, 0x21, 0, .. BitConverter.GetBytes(crc), .. BitConverter.GetBytes(length - 30 - name.Length - 46 - name.Length - 22), .. BitConverter.GetBytes(length), (byte)name.Length, 0, 0, 0];
        byte[] Before(int length, uint crc) => [.. "PK\u0003\u0004"u8, .. Common(length, crc), .. name];
        byte[] Behind(int length, uint crc) =>
        [
            .. "PK\u0001\u0002"u8, 20, 0, .. Common(length, crc), .. new byte[14], .. name,
            .. "PK\u0005\u0006"u8, 0, 0, 0, 0, 1, 0, 1, 0, .. BitConverter.GetBytes(46 + name.Length), .. BitConverter.GetBytes(length - 22 - 46 - name.Length), 0, 0,
        ];
        return Solved(Before, Behind, Blocks(b => b.Copy(65, 65).End().Begin(isLast: false), isLast: false), Blocks(b => b.Copy(102, 102), isLast: true));
    }

    /// <summary>The file whose checksum is the one that stands in it.</summary>
    private static byte[] Solved(Func<int, uint, byte[]> before, Func<int, uint, byte[]> behind, byte[] againP, byte[] againS)
    {
        var length = File(before(0, 0), behind(0, 0), againP, againS).Length;
        uint Sum(uint crc) => ZipWriter.Crc32(File(before(length, crc), behind(length, crc), againP, againS));

        // Row by row: the bits of c that bit i of A·c + c takes part in, and, above them, bit i of b.
        var constant = Sum(0);
        var rows = new ulong[32];
        for (var bit = 0; bit < 32; bit++)
        {
            var column = Sum(1u << bit) ^ constant ^ (1u << bit);
            for (var i = 0; i < 32; i++)
            {
                rows[i] |= (ulong)((column >> i) & 1) << bit;
            }
        }

        for (var i = 0; i < 32; i++)
        {
            rows[i] |= (ulong)((constant >> i) & 1) << 32;
        }

        for (var bit = 0; bit < 32; bit++)
        {
            var pivot = Array.FindIndex(rows, bit, r => ((r >> bit) & 1) != 0);
            if (pivot < 0)
            {
                throw new InvalidOperationException("This header has no checksum that fits: another name has.");
            }

            (rows[bit], rows[pivot]) = (rows[pivot], rows[bit]);
            for (var i = 0; i < 32; i++)
            {
                rows[i] ^= i != bit && ((rows[i] >> bit) & 1) != 0 ? rows[bit] : 0;
            }
        }

        var crc = 0u;
        for (var bit = 0; bit < 32; bit++)
        {
            crc |= (uint)((rows[bit] >> 32) & 1) << bit;
        }

        return File(before(length, crc), behind(length, crc), againP, againS);
    }

    private static byte[] File(byte[] p, byte[] s, byte[] againP, byte[] againS)
    {
        byte[] nextP = Next(p.Length + 5), nextS = Next(againS.Length + s.Length), next0 = Next(0), next1 = Next(5), next4 = Next(20);
        return
        [
            .. p,
            .. nextP, .. p, .. nextP,
            .. againP,
            .. next1, .. againP,
            .. next1, .. next1,
            .. next4, .. againP, .. next1, .. next1, .. next4,
            .. Again4,
            .. next4, .. Again4, .. next4, .. Again4, .. next4,
            .. Again4,
            .. next4, .. Again4, .. next0, .. next0, .. nextS,
            .. Again4,
            .. next0, .. next0, .. nextS, .. againS, .. s,
            .. againS,
            .. s,
        ];
    }

    /// <summary>A stored block's head (RFC 1951 section 3.2.4), at the beginning of an octet.</summary>
    private static byte[] Next(int count) => [0, (byte)count, (byte)(count >> 8), (byte)~count, (byte)(~count >> 8)];

    private static byte[] Blocks(Func<Bits, Bits> write, bool isLast) => write(new Bits().Begin(isLast)).End().ToArray();

    /// <summary>Blocks of fixed codes (RFC 1951 section 3.2.6).</summary>
    private sealed class Bits
    {
        private static readonly int[] Lengths = [3, 4, 5, 6, 7, 8, 9, 10, 11, 13, 15, 17, 19, 23, 27, 31, 35, 43, 51, 59, 67, 83, 99];
        private static readonly int[] Distances = [1, 2, 3, 4, 5, 7, 9, 13, 17, 25, 33, 49, 65, 97, 129];
        private readonly List<bool> bits = [];

        public Bits Begin(bool isLast) => Add(isLast ? 1 : 0, 1).Add(1, 2);

        /// <summary>Copies 3 to 114 octets from so many octets back, 1 to 192.</summary>
        public Bits Copy(int length, int distance)
        {
            var code = Array.FindLastIndex(Lengths, l => l <= length);
            Code(code + 1, 7).Add(length - Lengths[code], code < 8 ? 0 : (code - 4) / 4);
            code = Array.FindLastIndex(Distances, d => d <= distance);
            return Code(code, 5).Add(distance - Distances[code], code < 4 ? 0 : (code - 2) / 2);
        }

        public Bits End() => Code(0, 7);

        public byte[] ToArray()
        {
            var octets = new byte[(bits.Count + 7) / 8];
            for (var i = 0; i < bits.Count; i++)
            {
                octets[i / 8] |= (byte)(bits[i] ? 1 << (i % 8) : 0);
            }

            return octets;
        }

        /// <summary>Codes go highest bit first, numbers lowest bit first.</summary>
        private Bits Code(int code, int count)
        {
            for (var i = count - 1; i >= 0; i--)
            {
                bits.Add(((code >> i) & 1) != 0);
            }

            return this;
        }

        private Bits Add(int value, int count)
        {
            for (var i = 0; i < count; i++)
            {
                bits.Add(((value >> i) & 1) != 0);
            }

            return this;
        }
    }
}

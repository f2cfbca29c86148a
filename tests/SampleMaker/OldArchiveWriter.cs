using System.Buffers.Binary;
using System.IO.Compression;
using System.Text;

namespace Sekisho.SampleMaker;

/// <summary>Writes LZH, ARJ and CAB archives for tests.</summary>
public static class OldArchiveWriter
{
    /// <summary>An LZH archive of one member.</summary>
    /// <param name="name">Its name; written in Shift_JIS.</param>
    /// <param name="content">Its octets.</param>
    /// <param name="level">The header's level, 0 to 2.</param>
    /// <param name="method">Such as <c>-lh0-</c> (stored) or <c>-lh5-</c>.</param>
    public static byte[] Lzh(string name, byte[] content, int level = 0, string method = "-lh0-")
    {
        var text = Encoding.GetEncoding(932).GetBytes(name);
        var packed = method == "-lh0-" ? content : LhPacked(content, method is "-lh4-" or "-lh5-" ? 4 : 5);
        byte[] common = [.. Encoding.ASCII.GetBytes(method), .. Four(packed.Length), .. Four(content.Length), 0, 0, 0, 0, 0x20, (byte)level];
        switch (level)
        {
            case 0:
                byte[] body = [.. common, (byte)text.Length, .. text, 0, 0];
                return [(byte)body.Length, (byte)body.Sum(b => b), .. body, .. packed, 0];
            case 1:
                byte[] folder = [.. Two(7), 2, .. "sub"u8, 0xFF, 0, 0];
                common = [.. Encoding.ASCII.GetBytes(method), .. Four(packed.Length + 7), .. Four(content.Length), 0, 0, 0, 0, 0x20, 1];
                byte[] first = [.. common, (byte)text.Length, .. text, 0, 0, (byte)'M', .. folder[..2]];
                return [(byte)first.Length, (byte)first.Sum(b => b), .. first, .. folder[2..], .. packed, 0];
            default:
                byte[] names = [1, .. text, 0, 0];
                byte[] second = [.. common, 0, 0, (byte)'M', .. Two(names.Length), .. names];
                return [.. Two(second.Length + 2), .. second, .. packed, 0];
        }
    }

    /// <summary>An ARJ archive of one member: method 0 is stored, 1 packed.</summary>
    public static byte[] Arj(string name, byte[] content, int method = 0, bool isGarbled = false)
    {
        var packed = method == 0 ? content : LhPacked(content, 5);
        return [.. ArjHeader("a.arj", 0, 0, 0, 2, 0), .. ArjHeader(name, packed.Length, content.Length, method, 0, isGarbled ? 1 : 0), .. packed, 0x60, 0xEA, 0, 0];
    }

    /// <summary>One volume of an ARJ archive that holds a piece of one member.</summary>
    /// <param name="name">The member's name.</param>
    /// <param name="piece">What of it stands in this volume.</param>
    /// <param name="isFirst">False where the member begins in the volume before.</param>
    /// <param name="isLast">False where it goes on in the next one.</param>
    public static byte[] ArjVolume(string name, byte[] piece, bool isFirst, bool isLast)
    {
        var packed = LhPacked(piece, 5);
        return
        [
            .. ArjHeader("a.arj", 0, 0, 0, 2, isLast ? 0 : 4), .. ArjHeader(name, packed.Length, piece.Length, 1, 0, (isLast ? 0 : 4) | (isFirst ? 0 : 8)), .. packed, 0x60, 0xEA, 0, 0,
        ];
    }

    private static byte[] ArjHeader(string name, int packed, int length, int method, int type, int flags)
    {
        byte[] body = [30, 11, 1, 0, (byte)flags, (byte)method, (byte)type, 0, 0, 0, 0, 0, .. Four(packed), .. Four(length), 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, .. Encoding.ASCII.GetBytes(name), 0, 0];
        return [0x60, 0xEA, .. Two(body.Length), .. body, .. Four((int)ZipWriter.Crc32(body)), 0, 0];
    }

    /// <summary>A cabinet of one folder: method 0 is stored, 1 MSZIP, 3 LZX.</summary>
    public static byte[] Cab(int method, params (string Name, byte[] Content)[] members)
    {
        var all = members.SelectMany(m => m.Content).ToArray();
        var blocks = new List<byte[]>();
        for (var at = 0; at < all.Length; at += 32768)
        {
            var piece = all[at..Math.Min(at + 32768, all.Length)];
            var packed = method switch { 0 => piece, 1 => [.. "CK"u8, .. Deflate(piece)], _ => Lzx(piece, at == 0) };
            blocks.Add([0, 0, 0, 0, .. Two(packed.Length), .. Two(piece.Length), .. packed]);
        }

        var offset = 0;
        var names = new List<byte>();
        foreach (var (name, content) in members)
        {
            names.AddRange([.. Four(content.Length), .. Four(offset), 0, 0, 0, 0, 0, 0, 0x20, 0, .. Encoding.ASCII.GetBytes(name), 0]);
            offset += content.Length;
        }

        var dataAt = 36 + 8 + names.Count;
        return
        [
            .. "MSCF"u8, 0, 0, 0, 0, .. Four(dataAt + blocks.Sum(b => b.Length)), 0, 0, 0, 0, .. Four(44), 0, 0, 0, 0, 3, 1, 1, 0, .. Two(members.Length), 0, 0, 1, 0, 0, 0,
            .. Four(dataAt), .. Two(blocks.Count), .. Two(method == 3 ? 0x0F03 : method), .. names, .. blocks.SelectMany(b => b),
        ];
    }

    internal static byte[] Two(int value) => [(byte)value, (byte)(value >> 8)];

    internal static byte[] Four(int value) => [(byte)value, (byte)(value >> 8), (byte)(value >> 16), (byte)(value >> 24)];

    /// <summary>Codes of nine bits for all; what repeats with a distance of two becomes matches.</summary>
    private static byte[] LhPacked(byte[] content, int placeBits)
    {
        var symbols = new List<int>();
        for (var at = 0; at < content.Length;)
        {
            var run = 0;
            while (at >= 2 && run < 256 && at + run < content.Length && content[at + run] == content[at + run - 2])
            {
                run++;
            }

            symbols.Add(run >= 3 ? 256 + run - 3 : content[at]);
            at += run >= 3 ? run : 1;
        }

        var bits = new BitList();
        foreach (var block in symbols.Chunk(60_000))
        {
            bits.Add(block.Length, 16);
            bits.Add(0, 5); // The lengths of codes are all the same: symbol 11, nine bits.
            bits.Add(11, 5);
            bits.Add(510, 9);
            bits.Add(0, placeBits); // And so are places: 1, a distance of two.
            bits.Add(1, placeBits);
            foreach (var symbol in block)
            {
                bits.Add(symbol, 9);
            }
        }

        return bits.ToArray();
    }

    private static byte[] Deflate(byte[] piece)
    {
        using var output = new MemoryStream();
        using (var deflate = new DeflateStream(output, CompressionLevel.Optimal, leaveOpen: true))
        {
            deflate.Write(piece);
        }

        return output.ToArray();
    }

    /// <summary>One verbatim block a frame, window of 32 KiB: codes of eight and nine bits; what repeats at once becomes matches by the recent distance 1.</summary>
    private static byte[] Lzx(byte[] piece, bool isFirst)
    {
        var bits = new BitList();
        if (isFirst)
        {
            bits.Add(0, 1);
        }

        bits.Add(1, 3);
        bits.Add(piece.Length, 24);

        // Sizes are told as differences to those of the block before, modulo 17: symbols 0 (the same), 8, 9 and 10.
        void Sizes(Func<int, int> size, int from, int to)
        {
            foreach (var symbol in Enumerable.Range(0, 20))
            {
                bits.Add(symbol is 0 or 8 or 9 or 10 ? 2 : 0, 4);
            }

            for (var i = from; i < to; i++)
            {
                bits.Add(!isFirst ? 0 : (17 - size(i)) switch { 8 => 1, 9 => 2, _ => 3 }, 2);
            }
        }

        Sizes(i => i < 16 ? 8 : 9, 0, 256);
        Sizes(_ => 9, 256, 496);
        Sizes(i => i < 7 ? 7 : 8, 0, 249);
        for (var at = 0; at < piece.Length;)
        {
            var run = 0;
            while (at >= 1 && run < 200 && at + run < piece.Length && piece[at + run] == piece[at - 1])
            {
                run++;
            }

            if (run >= 2)
            {
                Main(256 + Math.Min(run - 2, 7)); // Slot 0: the recent distance, 1 from the beginning.
                if (run >= 9)
                {
                    var length = run - 9;
                    bits.Add(length < 7 ? length : 14 + length - 7, length < 7 ? 7 : 8);
                }

                at += run;
            }
            else
            {
                Main(piece[at++]);
            }
        }

        return bits.ToWords();

        void Main(int symbol) => bits.Add(symbol < 16 ? symbol : 32 + symbol - 16, symbol < 16 ? 8 : 9);
    }
}

using System.IO.Compression;

namespace Sekisho.SampleMaker.Waves;

/// <summary>Writes a ZIP whose one member is blown up with zeros to any size, without ever holding or packing them: a packed run of zeros is written again and again.</summary>
public static class PaddedZip
{
    private const int Run = 1 << 20;

    private static readonly byte[] PackedRun = Pack(new byte[Run]);

    /// <summary>The archive.</summary>
    /// <param name="name">The member's name.</param>
    /// <param name="content">What it begins with.</param>
    /// <param name="length">Its whole length in octets; rounded up to whole runs of 1 MiB behind the content.</param>
    public static byte[] Write(string name, byte[] content, long length)
    {
        var runs = Math.Max(0, (length - content.Length + Run - 1) / Run);
        length = content.Length + (runs * Run);
        var crc = AppendZeros(ZipWriter.Crc32(content), runs * Run);
        var head = Pack(content);
        var packed = head.Length + (runs * PackedRun.Length) + 2;
        var nameOctets = System.Text.Encoding.UTF8.GetBytes(name);
        using var output = new MemoryStream();
        using var writer = new BinaryWriter(output);
        void Common()
        {
            writer.Write((ushort)0x0800); // UTF-8 name
            writer.Write((ushort)8);
            writer.Write(0x56670000u);
            writer.Write(crc);
            writer.Write((uint)packed);
            writer.Write((uint)length);
            writer.Write((ushort)nameOctets.Length);
            writer.Write((ushort)0);
        }

        writer.Write(0x04034B50u);
        writer.Write((ushort)20);
        Common();
        writer.Write(nameOctets);
        writer.Write(head);
        for (var i = 0L; i < runs; i++)
        {
            writer.Write(PackedRun);
        }

        writer.Write((ushort)3); // An empty last block (RFC 1951 section 3.2.6).
        var directory = (uint)output.Length;
        writer.Write(0x02014B50u);
        writer.Write((ushort)20);
        writer.Write((ushort)20);
        Common();
        writer.Write(new byte[14]);
        writer.Write(nameOctets);
        var size = (uint)output.Length - directory;
        writer.Write(0x06054B50u);
        writer.Write(0u);
        writer.Write((ushort)1);
        writer.Write((ushort)1);
        writer.Write(size);
        writer.Write(directory);
        writer.Write((ushort)0);
        writer.Flush();
        return output.ToArray();
    }

    /// <summary>A deflate stream without its end, on an octet's border: what follows may begin anew.</summary>
    private static byte[] Pack(byte[] content)
    {
        using var output = new MemoryStream();
        using var deflate = new DeflateStream(output, CompressionLevel.Optimal, leaveOpen: true);
        deflate.Write(content);
        deflate.Flush();
        return output.ToArray();
    }

    /// <summary>The CRC-32 of what has one, with zeros behind it: a zero octet maps the register linearly over GF(2), and maps are squared.</summary>
    internal static uint AppendZeros(uint crc, long count)
    {
        var map = new uint[32];
        for (var bit = 0; bit < 32; bit++)
        {
            var register = 1u << bit;
            for (var i = 0; i < 8; i++)
            {
                register = (register & 1) != 0 ? 0xEDB88320 ^ (register >> 1) : register >> 1;
            }

            map[bit] = register;
        }

        var value = ~crc;
        for (; count > 0; count >>= 1)
        {
            if ((count & 1) != 0)
            {
                value = Apply(map, value);
            }

            map = [.. map.Select(column => Apply(map, column))];
        }

        return ~value;
    }

    private static uint Apply(uint[] map, uint value)
    {
        var result = 0u;
        for (var bit = 0; value != 0; bit++, value >>= 1)
        {
            result ^= (value & 1) != 0 ? map[bit] : 0;
        }

        return result;
    }
}

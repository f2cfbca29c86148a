using System.Buffers.Binary;
using System.IO.Compression;
using SharpCompress.Common;
using SharpCompress.Writers.SevenZip;

namespace Sekisho.SampleMaker;

/// <summary>Writes archives other than ZIP for tests.</summary>
public static class ArchiveWriter
{
    /// <summary>An xz file (made by xz 5.4) that unpacks to "hello xz".</summary>
    public static byte[] Xz() => Convert.FromBase64String("/Td6WFoAAAFpIt42AgAhARwAAAAQz1jMAQAHaGVsbG8geHoAIZhokAABHAhEYCrIkEKZDQEAAAAAAVla");

    /// <summary>A 7z archive.</summary>
    public static byte[] SevenZip(string name, byte[] content)
    {
        using var output = new MemoryStream();
        using (var writer = new SevenZipWriter(output, new SevenZipWriterOptions(CompressionType.LZMA) { LeaveStreamOpen = true }))
        {
            writer.Write(name, new MemoryStream(content), null);
        }

        return output.ToArray();
    }

    /// <summary>A tar (POSIX ustar) archive.</summary>
    public static byte[] Tar(string name, byte[] content)
    {
        using var output = new MemoryStream();
        using (var tar = new System.Formats.Tar.TarWriter(output, leaveOpen: true))
        {
            tar.WriteEntry(new System.Formats.Tar.UstarTarEntry(System.Formats.Tar.TarEntryType.RegularFile, name) { DataStream = new MemoryStream(content), ModificationTime = Samples.Time });
        }

        return output.ToArray();
    }

    /// <summary>A gzip file (RFC 1952).</summary>
    public static byte[] Gzip(byte[] content)
    {
        using var output = new MemoryStream();
        using (var gzip = new GZipStream(output, CompressionLevel.Optimal, leaveOpen: true))
        {
            gzip.Write(content);
        }

        return output.ToArray();
    }

    /// <summary>A bzip2 file.</summary>
    public static byte[] Bzip2(byte[] content)
    {
        using var output = new MemoryStream();
        using (var bzip = SharpCompress.Compressors.BZip2.BZip2Stream.Create(output, SharpCompress.Compressors.CompressionMode.Compress, false, leaveOpen: true))
        {
            bzip.Write(content);
        }

        return output.ToArray();
    }

    /// <summary>A RAR 5 archive of one stored member (RAR 5.0 archive format, as its maker published it).</summary>
    public static byte[] Rar(string name, byte[] content)
    {
        var nameOctets = System.Text.Encoding.UTF8.GetBytes(name);
        // File flag 4: a CRC32 follows. Compression 0: version 0, stored. Host 1: Unix.
        byte[] file =
        [
            2, 2, .. Number(content.Length), 4, .. Number(content.Length), 0, .. Crc(content), 0, 1, .. Number(nameOctets.Length), .. nameOctets,
        ];
        return [.. "Rar!\u001a\u0007\u0001\0"u8, .. Header([1, 0, 0]), .. Header(file), .. content, .. Header([5, 0, 0])];
    }

    private static byte[] Header(byte[] fields)
    {
        byte[] sized = [.. Number(fields.Length), .. fields];
        return [.. Crc(sized), .. sized];
    }

    private static byte[] Crc(byte[] octets)
    {
        var crc = new byte[4];
        BinaryPrimitives.WriteUInt32LittleEndian(crc, ZipWriter.Crc32(octets));
        return crc;
    }

    /// <summary>RAR's numbers: seven bits an octet, lowest first.</summary>
    internal static byte[] Number(int value)
    {
        var octets = new List<byte>();
        for (; value >= 0x80; value >>= 7)
        {
            octets.Add((byte)(value | 0x80));
        }

        return [.. octets, (byte)value];
    }
}

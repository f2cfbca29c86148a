using System.Text;
using SharpCompress.Compressors.LZMA;

namespace Sekisho.SampleMaker;

/// <summary>Writes 7z archives of stored members without the information of how many files each packed stream holds, which the format lets out where each holds one.</summary>
public static class PlainSevenZipWriter
{
    /// <summary>An archive.</summary>
    /// <param name="isHeaderPacked">Packs the header by LZMA, as 7-Zip does with all but the smallest.</param>
    /// <param name="members">What it holds.</param>
    public static byte[] WithoutSubStreams(bool isHeaderPacked, params (string Name, byte[] Content)[] members)
    {
        byte[] packed = [.. members.SelectMany(m => m.Content)];
        byte[] names = [.. members.SelectMany(m => Encoding.Unicode.GetBytes(m.Name + "\0"))];
        byte[] header =
        [
            1, 4,
            6, 0, .. Number(members.Length), 9, .. members.SelectMany(m => Number(m.Content.Length)), 0,
            7, 0x0B, .. Number(members.Length), 0, .. members.SelectMany(_ => new byte[] { 1, 1, 0 }),
            0x0C, .. members.SelectMany(m => Number(m.Content.Length)), 0x0A, 1, .. members.SelectMany(m => Crc(m.Content)), 0,
            0,
            5, .. Number(members.Length), 0x11, .. Number(names.Length + 1), 0, .. names, 0, 0,
        ];
        if (isHeaderPacked)
        {
            using var output = new MemoryStream();
            byte[] properties;
            using (var lzma = LzmaStream.Create(new LzmaEncoderProperties(), false, output))
            {
                lzma.Write(header, 0, header.Length);
                properties = lzma.Properties;
            }

            var outer = (byte[])
            [
                0x17, 6, .. Number(packed.Length), 1, 9, .. Number(output.ToArray().Length), 0,
                7, 0x0B, 1, 0, 1, 0x23, 3, 1, 1, 5, .. properties, 0x0C, .. Number(header.Length), 0x0A, 1, .. Crc(header), 0, 0,
            ];
            packed = [.. packed, .. output.ToArray()];
            header = outer;
        }

        byte[] start = [.. BitConverter.GetBytes((long)packed.Length), .. BitConverter.GetBytes((long)header.Length), .. Crc(header)];
        return [0x37, 0x7A, 0xBC, 0xAF, 0x27, 0x1C, 0, 4, .. Crc(start), .. start, .. packed, .. header];
    }

    private static byte[] Crc(byte[] octets) => BitConverter.GetBytes(ZipWriter.Crc32(octets));

    private static byte[] Number(int value) => SealedArchiveWriter.Seven(value);
}

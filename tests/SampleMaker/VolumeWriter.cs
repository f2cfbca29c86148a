using System.Text;

namespace Sekisho.SampleMaker;

/// <summary>Writes split archives for tests: every member stored, cut wherever a volume is full.</summary>
public static class VolumeWriter
{
    /// <summary>A file cut into pieces: <c>name.001</c> and so on.</summary>
    public static (string Name, byte[] Content)[] Cut(string name, byte[] file, int size) =>
        [.. file.Chunk(size).Select((piece, i) => ($"{name}.{i + 1:000}", piece))];

    /// <summary>A split ZIP of one stored member: <c>name.z01</c> and on, <c>name.zip</c> last (APPNOTE section 8).</summary>
    public static (string Name, byte[] Content)[] Zip(string name, string member, byte[] content, int size)
    {
        var text = Encoding.UTF8.GetBytes(member);
        byte[] common = [20, 0, 0, 8, 0, 0, 0, 0, 0x21, 0x5A, .. OldArchiveWriter.Four((int)ZipWriter.Crc32(content)), .. OldArchiveWriter.Four(content.Length), .. OldArchiveWriter.Four(content.Length), .. OldArchiveWriter.Two(text.Length), 0, 0];
        byte[] body = [.. "PK\u0007\u0008PK\u0003\u0004"u8, .. common, .. text, .. content];

        // The directory does not begin a volume of its own here; a member at 4 of the first one does.
        byte[] entry = [.. "PK\u0001\u0002"u8, 20, 0, .. common, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, .. OldArchiveWriter.Four(4), .. text];
        var (last, at) = (body.Length / size, body.Length % size);
        byte[] end = [.. "PK\u0005\u0006"u8, .. OldArchiveWriter.Two(last), .. OldArchiveWriter.Two(last), 1, 0, 1, 0, .. OldArchiveWriter.Four(entry.Length), .. OldArchiveWriter.Four(at), 0, 0];
        return
        [
            .. Enumerable.Range(0, last).Select(i => ($"{name}.z{i + 1:00}", body[(i * size)..((i + 1) * size)])),
            ($"{name}.zip", [.. body[(last * size)..], .. entry, .. end]),
        ];
    }

    /// <summary>A split RAR 5 archive of one stored member: <c>name.part1.rar</c> and on.</summary>
    public static (string Name, byte[] Content)[] Rar5(string name, string member, byte[] content, int size)
    {
        var pieces = content.Chunk(size).ToArray();
        var text = Encoding.UTF8.GetBytes(member);
        return [.. pieces.Select((piece, i) => ($"{name}.part{i + 1}.rar", (byte[])[.. "Rar!\u001a\u0007\u0001\0"u8, .. RarWriter.Header(Main(i)), .. RarWriter.Header(File(piece, i)), .. piece, .. RarWriter.Header([5, 0, (byte)(i < pieces.Length - 1 ? 1 : 0)])]))];

        static byte[] Main(int i) => i == 0 ? [1, 0, 1] : [1, 0, 3, .. RarWriter.Number(i)];

        // Header flags: 2 data follow, 8 goes on from the volume before, 16 goes on in the next one; the last volume has the whole's checksum.
        byte[] File(byte[] piece, int i) =>
        [
            2, (byte)(2 | (i > 0 ? 8 : 0) | (i < pieces.Length - 1 ? 16 : 0)), .. RarWriter.Number(piece.Length), 4, .. RarWriter.Number(content.Length), 0,
            .. RarWriter.Crc(i < pieces.Length - 1 ? piece : content), 0, 1, .. RarWriter.Number(text.Length), .. text,
        ];
    }

    /// <summary>A split RAR 4 archive of one stored member, named the old way: <c>name.rar</c>, <c>name.r00</c> and on.</summary>
    public static (string Name, byte[] Content)[] Rar4(string name, string member, byte[] content, int size)
    {
        var pieces = content.Chunk(size).ToArray();
        return
        [
            .. pieces.Select((piece, i) =>
            {
                var flags = (i > 0 ? 1 : 0) | (i < pieces.Length - 1 ? 2 : 0);
                byte[] octets =
                [
                    .. "Rar!\u001a\u0007\0"u8, .. RarWriter.Block4(0x73, i == 0 ? 0x101 : 1, new byte[6]),
                    .. RarWriter.File4(member, piece, content.Length, i < pieces.Length - 1 ? piece : content, flags), .. piece, .. RarWriter.Block4(0x7B, 0x4000 | (i < pieces.Length - 1 ? 1 : 0), []),
                ];
                return (i == 0 ? $"{name}.rar" : $"{name}.r{i - 1:00}", octets);
            }),
        ];
    }

    /// <summary>A split ARJ archive of one member: <c>name.arj</c>, <c>name.a01</c> and on.</summary>
    public static (string Name, byte[] Content)[] Arj(string name, string member, byte[] content, int size)
    {
        var pieces = content.Chunk(size).ToArray();
        return [.. pieces.Select((piece, i) => (i == 0 ? $"{name}.arj" : $"{name}.a{i:00}", OldArchiveWriter.ArjVolume(member, piece, i == 0, i == pieces.Length - 1)))];
    }

    /// <summary>A split RAR 5 archive whose first volume unpacks itself: <c>name.part1.exe</c>, <c>name.part2.rar</c> and on.</summary>
    public static (string Name, byte[] Content)[] SelfUnpacking(string name, string member, byte[] content, int size)
    {
        var volumes = Rar5(name, member, content, size);
        volumes[0] = ($"{name}.part1.exe", [.. Samples.Program(), .. volumes[0].Content]);
        return volumes;
    }
}

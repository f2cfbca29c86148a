using System.Buffers.Binary;
using System.Text;

namespace Sekisho.SampleMaker;

/// <summary>Writes VMDK disks for tests.</summary>
public static class VmdkWriter
{
    private const int Grain = 64 << 10;

    /// <summary>A sparse disk in one file: grains of zeros are left out, the others stand in reverse order.</summary>
    /// <param name="disk">The disk's octets.</param>
    /// <param name="isCompressed">Declares compressed grains (which are not written).</param>
    /// <param name="parent">Another disk that this one continues; null for none.</param>
    public static byte[] Sparse(byte[] disk, bool isCompressed = false, string? parent = null)
    {
        const int PerTable = 512;
        const int DescriptorAt = 1, DirectoryAt = 21, TableAt = 22;
        var count = (disk.Length + Grain - 1) / Grain;
        var tables = (count + PerTable - 1) / PerTable;
        var dataAt = (TableAt + (tables * 4) + 127) / 128 * 128;
        var head = new byte[dataAt * 512];
        "KDMV"u8.CopyTo(head);
        Put(4, 1);
        Put(8, isCompressed ? 0x30003 : 3);
        Put(12, (disk.Length + 511) / 512);
        Put(20, Grain / 512);
        Put(28, DescriptorAt);
        Put(36, 20);
        Put(44, PerTable);
        Put(56, DirectoryAt);
        Put(64, dataAt);
        "\n \r\n"u8.CopyTo(head.AsSpan(73));
        var descriptor = $"# Disk DescriptorFile\nversion=1\nCID=12345678\nparentCID={(parent is null ? "ffffffff" : "87654321")}\ncreateType=\"monolithicSparse\"\n"
            + (parent is null ? "" : $"parentFileNameHint=\"{parent}\"\n") + $"RW {(disk.Length + 511) / 512} SPARSE \"disk.vmdk\"\n";
        Encoding.ASCII.GetBytes(descriptor).CopyTo(head, DescriptorAt * 512);
        var grains = new List<byte>();
        for (var i = count - 1; i >= 0; i--)
        {
            var piece = disk[(i * Grain)..Math.Min((i + 1) * Grain, disk.Length)];
            Put((DirectoryAt * 512) + (i / PerTable * 4), TableAt + (i / PerTable * 4));
            if (piece.Any(b => b != 0))
            {
                Put((TableAt * 512) + (i * 4), dataAt + (grains.Count / 512));
                grains.AddRange([.. piece, .. new byte[Grain - piece.Length]]);
            }
        }

        return [.. head, .. grains];

        void Put(int at, int value) => BinaryPrimitives.WriteInt32LittleEndian(head.AsSpan(at), value);
    }
}

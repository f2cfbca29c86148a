using System.Buffers.Binary;
using System.Text;

namespace Sekisho.Inspection.Formats;

/// <summary>Reads FAT12, FAT16 and FAT32 volumes with long names (Microsoft FAT specification).</summary>
internal static class FatVolume
{
    private const int MaxMembers = 100_000;
    private const int MaxDepth = 64;
    private const int MaxFolder = 4 << 20;
    private const int MaxTable = 64 << 20;

    /// <summary>The files; deleted ones and volume labels are left out, hidden ones are not.</summary>
    /// <param name="volume">Seekable; must stay open.</param>
    /// <param name="budget">Asked for time in every folder.</param>
    /// <exception cref="InvalidDataException">The boot sector makes no sense.</exception>
    public static IEnumerable<ArchiveItem> Members(Stream volume, ReadBudget budget)
    {
        var reader = new Reader(volume);
        var folders = new Stack<(string Path, uint Cluster, int Depth)>();
        folders.Push(("", 0, 0));
        var visited = new HashSet<uint>();
        var count = 0;
        while (folders.TryPop(out var folder))
        {
            budget.Unpack(0);
            if (!visited.Add(folder.Cluster))
            {
                continue;
            }

            foreach (var (name, isFolder, cluster, length) in Entries(reader.Folder(folder.Cluster)))
            {
                if (++count > MaxMembers)
                {
                    throw new InvalidDataException("The volume has too many files.");
                }

                if (!isFolder)
                {
                    yield return new ArchiveItem(folder.Path + name, length, -1, () => reader.Open(cluster, length));
                }
                else if (folder.Depth < MaxDepth && cluster != 0)
                {
                    folders.Push(($"{folder.Path}{name}/", cluster, folder.Depth + 1));
                }
            }
        }
    }

    private static IEnumerable<(string Name, bool IsFolder, uint Cluster, long Length)> Entries(byte[] octets)
    {
        var japanese = Encoding.GetEncoding(932);
        var longName = "";
        for (var at = 0; at + 32 <= octets.Length && octets[at] != 0; at += 32)
        {
            var attributes = octets[at + 11];
            if (octets[at] == 0xE5 || octets[at] == (byte)'.')
            {
                longName = "";
                continue;
            }

            if (attributes == 0x0F)
            {
                // Pieces of 13 letters, the last one first.
                var piece = Encoding.Unicode.GetString([.. octets[(at + 1)..(at + 11)], .. octets[(at + 14)..(at + 26)], .. octets[(at + 28)..(at + 32)]]);
                longName = (piece.IndexOf('\0', StringComparison.Ordinal) is var end and >= 0 ? piece[..end] : piece) + ((octets[at] & 0x40) != 0 ? "" : longName);
                continue;
            }

            var name = longName;
            longName = "";
            if ((attributes & 8) != 0)
            {
                continue;
            }

            if (name.Length == 0)
            {
                var shortName = octets[at..(at + 11)];
                shortName[0] = shortName[0] == 5 ? (byte)0xE5 : shortName[0];
                var extension = japanese.GetString(shortName, 8, 3).TrimEnd();
                name = japanese.GetString(shortName, 0, 8).TrimEnd() + (extension.Length > 0 ? "." + extension : "");
            }

            var cluster = ((uint)BinaryPrimitives.ReadUInt16LittleEndian(octets.AsSpan(at + 20)) << 16) | BinaryPrimitives.ReadUInt16LittleEndian(octets.AsSpan(at + 26));
            yield return (name.Replace('/', '_'), (attributes & 0x10) != 0, cluster, BinaryPrimitives.ReadUInt32LittleEndian(octets.AsSpan(at + 28)));
        }
    }

    private sealed class Reader
    {
        private readonly Stream volume;
        private readonly byte[] table;
        private readonly int width;
        private readonly uint count;
        private readonly long clusterLength;
        private readonly long dataAt;
        private readonly long rootAt;
        private readonly int rootLength;
        private readonly uint rootCluster;

        public Reader(Stream volume)
        {
            this.volume = volume;
            var boot = new byte[512];
            volume.Position = 0;
            volume.ReadAtLeast(boot, 512, throwOnEndOfStream: false);
            int Two(int at) => BinaryPrimitives.ReadUInt16LittleEndian(boot.AsSpan(at));
            long Four(int at) => BinaryPrimitives.ReadUInt32LittleEndian(boot.AsSpan(at));
            int sector = Two(11), perCluster = boot[13];
            if (sector is not (512 or 1024 or 2048 or 4096) || perCluster == 0 || boot[16] == 0)
            {
                throw new InvalidDataException("The boot sector of the volume is broken.");
            }

            var tableLength = (Two(22) != 0 ? Two(22) : Four(36)) * sector;
            var tableAt = (long)Two(14) * sector;
            rootAt = tableAt + (boot[16] * tableLength);
            rootLength = Two(17) * 32;
            dataAt = rootAt + ((rootLength + sector - 1) / sector * sector);
            clusterLength = (long)perCluster * sector;
            var total = (Two(19) != 0 ? Two(19) : Four(32)) * sector;
            count = (uint)Math.Clamp((Math.Min(total, volume.Length) - dataAt + clusterLength - 1) / clusterLength, 0, int.MaxValue / 8) + 2;

            // The number of clusters alone decides (section 3.5), and of the declared ones, not of those present.
            var declared = Math.Max(0, total - dataAt) / clusterLength;
            width = declared < 4085 ? 12 : declared < 65525 ? 16 : 32;
            rootCluster = rootLength == 0 ? (uint)Four(44) : 0;
            if (rootLength == 0)
            {
                width = 32;
            }

            table = new byte[(int)Math.Min(Math.Min(tableLength, MaxTable), Math.Max(0, volume.Length - tableAt))];
            volume.Position = tableAt;
            volume.ReadAtLeast(table, table.Length, throwOnEndOfStream: false);
        }

        /// <summary>A folder's entries; 0 is the root.</summary>
        public byte[] Folder(uint cluster)
        {
            using Stream stream = cluster == 0 && rootCluster == 0 ? new SliceStream(volume, rootAt, rootLength) : Open(cluster == 0 ? rootCluster : cluster, MaxFolder);
            var octets = new byte[(int)Math.Min(stream.Length, MaxFolder)];
            return octets[..stream.ReadAtLeast(octets, octets.Length, throwOnEndOfStream: false)];
        }

        /// <summary>The octets along a chain of clusters, in runs.</summary>
        public PieceStream Open(uint cluster, long length)
        {
            var pieces = new List<(long At, long Length)>();
            var left = length;
            for (var steps = 0u; left > 0 && cluster >= 2 && cluster < count && steps < count; steps++)
            {
                var at = dataAt + ((cluster - 2) * clusterLength);
                var part = Math.Min(left, clusterLength);
                if (pieces.Count > 0 && pieces[^1].At + pieces[^1].Length == at)
                {
                    pieces[^1] = (pieces[^1].At, pieces[^1].Length + part);
                }
                else
                {
                    pieces.Add((at, part));
                }

                left -= part;
                cluster = Next(cluster);
            }

            return new PieceStream(volume, pieces);
        }

        private uint Next(uint cluster)
        {
            var at = width == 12 ? cluster + (cluster / 2) : cluster * (long)(width / 8);
            if (at + (width == 32 ? 4 : 2) > table.Length)
            {
                return 0;
            }

            var here = table.AsSpan((int)at);
            return width switch
            {
                12 => (cluster & 1) == 0 ? BinaryPrimitives.ReadUInt16LittleEndian(here) & 0xFFFu : (uint)BinaryPrimitives.ReadUInt16LittleEndian(here) >> 4,
                16 => BinaryPrimitives.ReadUInt16LittleEndian(here),
                _ => BinaryPrimitives.ReadUInt32LittleEndian(here) & 0x0FFFFFFF,
            };
        }
    }
}

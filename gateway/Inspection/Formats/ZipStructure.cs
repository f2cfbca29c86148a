using System.Buffers.Binary;
using System.IO.Compression;
using System.Text;

namespace Sekisho.Inspection.Formats;

/// <summary>Reads a ZIP the way programs do that do not trust its directory: by local headers, so that what only they show is found (APPNOTE section 4.3.7).</summary>
internal static class ZipStructure
{
    private const int MaxMembers = 20_000;
    private const int MaxSearched = 64 << 20;
    private const int MaxHidden = 1000;

    /// <summary>What directory and local headers do not agree on.</summary>
    /// <param name="Hidden">Members that the directory does not name, or names differently.</param>
    /// <param name="Differences">Each difference in words; at most 20.</param>
    public sealed record Result(IReadOnlyList<ArchiveItem> Hidden, IReadOnlyList<string> Differences);

    /// <summary>One local header.</summary>
    internal sealed record Header(string Name, int Method, int Flags, long Packed, long Length, uint Crc, long DataAt);

    /// <summary>Compares the directory with the local headers, and looks for further local headers between, before and after the members.</summary>
    /// <param name="file">Seekable; must stay open while members are read.</param>
    /// <param name="budget">Asked for time.</param>
    /// <exception cref="InvalidDataException">The budget is spent.</exception>
    public static Result Read(Stream file, ReadBudget budget)
    {
        var hidden = new List<ArchiveItem>();
        var differences = new List<string>();
        void Differ(string text)
        {
            if (differences.Count < 20)
            {
                differences.Add(text);
            }
        }

        if (Directory(file) is not { } directory)
        {
            return new Result(hidden, differences);
        }

        var covered = new List<(long From, long To)> { (directory.At, directory.End) };
        var names = new HashSet<string>(StringComparer.Ordinal);
        foreach (var (entry, at) in directory.Entries)
        {
            budget.Unpack(0);
            if (!names.Add(entry.Name))
            {
                Differ($"{entry.Name} is in the directory twice.");
            }

            if (Local(file, at) is not { } local)
            {
                continue;
            }

            covered.Add((at, local.DataAt + entry.Packed));
            var what = local.Name != entry.Name && ((local.Flags ^ entry.Flags) & 0x800) == 0 ? $"is called {local.Name} by its own header"
                : local.Method != entry.Method ? "is packed otherwise by its own header"
                : (local.Flags & 8) == 0 && local.Packed != entry.Packed && local.Packed != uint.MaxValue ? "has another length by its own header"
                : ((local.Flags ^ entry.Flags) & 1) != 0 ? "is encrypted by one header only" : null;
            if (what is not null)
            {
                Differ($"{entry.Name} {what}.");
                var packed = (local.Flags & 8) == 0 && local.Packed != uint.MaxValue ? local.Packed : entry.Packed;
                hidden.Add(Item(file, local with { Packed = packed, Flags = local.Flags & ~8 }));
            }
        }

        covered.Sort();
        var from = 0L;
        var searched = 0L;
        foreach (var (start, end) in covered.Append((file.Length, file.Length)))
        {
            while (start - from >= 30 && hidden.Count < MaxHidden && searched < MaxSearched)
            {
                budget.Unpack(0);
                var found = Search(file, from, Math.Min(start, from + MaxSearched - searched), "PK\u0003\u0004"u8);
                searched += (found < 0 ? start : found) - from;
                if (found < 0 || Local(file, found) is not { } local)
                {
                    if (found < 0)
                    {
                        break;
                    }

                    from = found + 4;
                    continue;
                }

                Differ($"{local.Name} is not in the directory.");
                hidden.Add(Item(file, local));
                from = local.DataAt + ((local.Flags & 8) == 0 && local.Packed != uint.MaxValue ? local.Packed : 0);
            }

            from = Math.Max(from, end);
        }

        return new Result(hidden, differences);
    }

    /// <summary>The same for an archive with something behind its end: many programs do not find it then, and some take what stands there for members.</summary>
    /// <param name="file">The archive.</param>
    /// <param name="appended">What stands behind it.</param>
    /// <param name="budget">Asked for time.</param>
    /// <exception cref="InvalidDataException">The budget is spent.</exception>
    public static Result Read(Stream file, Stream appended, ReadBudget budget)
    {
        var own = Read(file, budget);
        return new Result([.. own.Hidden, .. ZipSalvage.Members(appended, budget).Take(MaxHidden)], [.. own.Differences, $"{appended.Length} octets stand behind its end, where many programs look for it in vain."]);
    }

    private static ArchiveItem Item(Stream file, Header header)
    {
        var isStreamed = (header.Flags & 8) != 0;
        return new ArchiveItem(header.Name, isStreamed ? -1 : header.Length, isStreamed ? -1 : header.Packed, () =>
        {
            if ((header.Flags & 1) != 0)
            {
                throw new InvalidDataException("An encrypted member outside the directory is not looked into.");
            }

            var packed = new SliceStream(file, header.DataAt, isStreamed && header.Method == 8 ? long.MaxValue / 2 : header.Packed);
            return header.Method switch
            {
                0 => packed,
                8 => new DeflateStream(packed, CompressionMode.Decompress),
                _ => throw new InvalidDataException($"Method {header.Method} of a member outside the directory is not looked into."),
            };
        })
        { IsEncrypted = (header.Flags & 1) != 0 };
    }

    /// <summary>A local header that makes sense; null for four octets that only look like one. Folders are null, too.</summary>
    internal static Header? Local(Stream file, long at)
    {
        var head = new byte[30];
        if (at < 0 || at + 30 > file.Length)
        {
            return null;
        }

        file.Position = at;
        if (file.ReadAtLeast(head, 30, throwOnEndOfStream: false) < 30 || !head.AsSpan().StartsWith("PK\u0003\u0004"u8))
        {
            return null;
        }

        int nameLength = Two(head, 26), extra = Two(head, 28), method = Two(head, 8);
        if (head[4] > 63 || nameLength is 0 or > 1024 || method > 99 || at + 30 + nameLength + extra > file.Length)
        {
            return null;
        }

        var name = new byte[nameLength];
        file.ReadExactly(name);
        return name[^1] == '/' || name.Contains((byte)0) ? null
            : new Header(Name(name, Two(head, 6)), method, Two(head, 6), Four(head, 18), Four(head, 22), Four(head, 14), at + 30 + nameLength + extra);
    }

    /// <summary>Where a signature of four octets stands next; -1 where there is none with room for a header before <paramref name="to"/>.</summary>
    internal static long Search(Stream file, long from, long to, ReadOnlySpan<byte> signature)
    {
        var buffer = new byte[64 << 10];
        while (to - from >= 30)
        {
            file.Position = from;
            var got = file.ReadAtLeast(buffer.AsSpan(0, (int)Math.Min(buffer.Length, to - from)), 4, throwOnEndOfStream: false);
            var found = buffer.AsSpan(0, got).IndexOf(signature);
            if (found >= 0)
            {
                return from + found;
            }

            if (got < 4)
            {
                return -1;
            }

            from += got - 3;
        }

        return -1;
    }

    /// <summary>The directory that the last end record names; null for Zip64 and for what has none.</summary>
    internal static (long At, long End, List<(Header Entry, long At)> Entries)? Directory(Stream file)
    {
        var tail = ZipDirectory.Tail(file, out var at);
        if (at < 0 || at + 22 > tail.Length)
        {
            return null;
        }

        long size = Four(tail, at + 12), offset = Four(tail, at + 16), endAt = file.Length - tail.Length + at;
        if (size == uint.MaxValue || offset == uint.MaxValue || size > 64 << 20 || endAt - size < 0)
        {
            return null;
        }

        // Offsets count from where the archive begins, or, with something put in front carelessly, from later on.
        // Zeros may also stand between the directory and its end record: then it is where it says.
        var directoryAt = ZipDirectory.IsDirectory(file, endAt - size) || !ZipDirectory.IsDirectory(file, offset) ? endAt - size : offset;
        var shift = directoryAt - offset;
        var octets = new byte[size];
        file.Position = directoryAt;
        file.ReadAtLeast(octets, octets.Length, throwOnEndOfStream: false);
        var entries = new List<(Header, long)>();
        for (var i = 0; i + 46 <= octets.Length && octets.AsSpan(i).StartsWith("PK\u0001\u0002"u8) && entries.Count < MaxMembers;)
        {
            var nameLength = Two(octets, i + 28);
            if (i + 46 + nameLength > octets.Length)
            {
                break;
            }

            var flags = Two(octets, i + 8);
            var entry = new Header(Name(octets.AsSpan(i + 46, nameLength), flags), Two(octets, i + 10), flags, Four(octets, i + 20), Four(octets, i + 24), Four(octets, i + 16), 0);
            if (entry.Packed == uint.MaxValue || Four(octets, i + 42) == uint.MaxValue || entries.Count == MaxMembers - 1)
            {
                return null; // Zip64, or too many to compare.
            }

            entries.Add((entry, Four(octets, i + 42) + shift));
            i += 46 + nameLength + Two(octets, i + 30) + Two(octets, i + 32);
        }

        return (directoryAt, endAt + 22, entries);
    }

    private static string Name(ReadOnlySpan<byte> octets, int flags)
    {
        return ((flags & 0x800) != 0 ? Encoding.UTF8 : Encoding.GetEncoding(932)).GetString(octets).Replace('\\', '/');
    }

    private static int Two(byte[] octets, int at) => BinaryPrimitives.ReadUInt16LittleEndian(octets.AsSpan(at));

    private static uint Four(byte[] octets, int at) => BinaryPrimitives.ReadUInt32LittleEndian(octets.AsSpan(at));
}

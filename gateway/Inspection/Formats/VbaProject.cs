using System.Buffers.Binary;
using System.Text;

namespace Sekisho.Inspection.Formats;

/// <summary>One module of a VBA project.</summary>
/// <param name="Name">Its name; the stream's where the project does not say.</param>
/// <param name="Source">Its source text in the project's code page; empty where it was removed or could not be read.</param>
/// <param name="IsDamaged">True where the source could not be unpacked whole.</param>
public sealed record VbaModule(string Name, string Source, bool IsDamaged);

/// <summary>A VBA project (MS-OVBA) found in a document. Only source text is read: the performance cache is Office's own affair.</summary>
/// <param name="Storage">The path of the storage that holds the modules, such as <c>_VBA_PROJECT_CUR/VBA</c>.</param>
/// <param name="CodePage">The Windows code page of its texts, 932 for Japanese; 1252 where the project does not say.</param>
/// <param name="Modules">Its modules, listed and unlisted ones.</param>
/// <param name="IsDamaged">True where the project's directory could not be read, or listed modules are missing.</param>
public sealed record VbaProject(string Storage, int CodePage, IReadOnlyList<VbaModule> Modules, bool IsDamaged)
{
    private const int MaxModules = 2000;
    private const int MaxModuleStream = 32 << 20;
    private const int MaxSource = 16 << 20;
    /// <summary>Streams read and texts unpacked together: entries may share sectors, so the file's own length is no bound.</summary>
    private const int MaxInAll = 128 << 20;

    static VbaProject() => Encoding.RegisterProvider(CodePagesEncodingProvider.Instance);

    /// <summary>Every VBA project in a compound file, in whatever storage it hides.</summary>
    internal static IReadOnlyList<VbaProject> Find(CompoundFile file)
    {
        var projects = new List<VbaProject>();
        var left = MaxInAll;
        foreach (var storage in file.Entries.Where(e => !e.IsStorage).GroupBy(e => e.Parent, StringComparer.OrdinalIgnoreCase))
        {
            var dir = storage.FirstOrDefault(e => e.Name.Equals("dir", StringComparison.OrdinalIgnoreCase));
            var cache = storage.Any(e => e.Name.Equals("_VBA_PROJECT", StringComparison.OrdinalIgnoreCase));
            var named = storage.Key.Equals("VBA", StringComparison.OrdinalIgnoreCase) || storage.Key.EndsWith("/VBA", StringComparison.OrdinalIgnoreCase);
            if ((dir is null && !cache && !named) || projects.Count >= 100)
            {
                continue;
            }

            var directory = dir is null ? null : TryReadDirectory(file, dir);
            if (directory is null && !cache && !named)
            {
                continue; // Any stream may be called "dir".
            }

            projects.Add(Read(file, storage.Key, [.. storage], directory, ref left));
        }

        return projects;
    }

    /// <summary>The project directory (MS-OVBA section 2.3.4.2): records of id, size and data, taken one after the other, whatever their order.</summary>
    private static Directory? TryReadDirectory(CompoundFile file, CompoundEntry entry)
    {
        byte[] octets;
        try
        {
            octets = VbaCompression.Decompress(file.Read(entry, MaxModuleStream), MaxSource, out _);
        }
        catch (InvalidDataException)
        {
            return null;
        }

        var result = new Directory();
        var at = 0;
        Listed? module = null;
        while (at + 6 <= octets.Length)
        {
            var id = BinaryPrimitives.ReadUInt16LittleEndian(octets.AsSpan(at));
            var size = BinaryPrimitives.ReadUInt32LittleEndian(octets.AsSpan(at + 2));
            // PROJECTVERSION says 4 and has 6 octets (section 2.3.4.2.1.11).
            if (id == 0x0009)
            {
                size = 6;
            }

            at += 6;
            if (size > octets.Length - at)
            {
                result.IsDamaged = true;
                break;
            }

            var data = octets.AsSpan(at, (int)size);
            at += (int)size;
            switch (id)
            {
                case 0x0003 when size >= 2:
                    result.CodePage = BinaryPrimitives.ReadUInt16LittleEndian(data);
                    break;
                case 0x0019:
                    module = new Listed { Name = data.ToArray() };
                    result.Modules.Add(module);
                    break;
                case 0x0047 when module is not null:
                    module.UnicodeName = Encoding.Unicode.GetString(data);
                    break;
                case 0x001A when module is not null:
                    module.Stream = data.ToArray();
                    break;
                case 0x0032 when module is not null:
                    module.UnicodeStream = Encoding.Unicode.GetString(data);
                    break;
                case 0x0031 when module is not null && size >= 4:
                    module.Offset = BinaryPrimitives.ReadUInt32LittleEndian(data);
                    break;
            }

            if (result.Modules.Count > MaxModules)
            {
                result.IsDamaged = true;
                break;
            }
        }

        return result.Modules.Count > 0 || result.CodePage != 0 ? result : null;
    }

    private static VbaProject Read(CompoundFile file, string storage, List<CompoundEntry> streams, Directory? directory, ref int left)
    {
        var codePage = directory is { CodePage: > 0 } ? directory.CodePage : 1252;
        var text = TextOf(codePage);
        var damaged = directory is null || directory.IsDamaged;
        var modules = new List<VbaModule>();
        var read = new HashSet<string>(StringComparer.OrdinalIgnoreCase);
        foreach (var listed in directory?.Modules ?? [])
        {
            var name = listed.UnicodeName ?? text.GetString(listed.Name);
            var entry = FindStream(streams, listed.UnicodeStream)
                ?? FindStream(streams, listed.Stream is null ? null : text.GetString(listed.Stream)) ?? FindStream(streams, name);
            if (entry is null)
            {
                damaged = true;
                continue;
            }

            if (read.Add(entry.Path))
            {
                modules.Add(ReadModule(file, entry, name, listed.Offset, text, ref left));
            }
        }

        // Streams that the directory does not own up to.
        foreach (var entry in streams)
        {
            if (modules.Count < MaxModules && !read.Contains(entry.Path) && !IsOwnStream(entry.Name) && ReadModule(file, entry, entry.Name, null, text, ref left) is { Source.Length: > 0 } hidden)
            {
                modules.Add(hidden);
            }
        }

        return new VbaProject(storage, codePage, modules, damaged);
    }

    private static VbaModule ReadModule(CompoundFile file, CompoundEntry entry, string name, uint? offset, Encoding text, ref int left)
    {
        byte[] octets;
        try
        {
            octets = file.Read(entry, Math.Max(0, Math.Min(MaxModuleStream, left)));
            left -= octets.Length;
        }
        catch (InvalidDataException)
        {
            return new VbaModule(name, "", true);
        }

        if (offset is { } start && start < octets.Length && TryDecompress(octets.AsSpan((int)start), ref left, out var source, out var damaged))
        {
            return new VbaModule(name, text.GetString(source), damaged || entry.Length > MaxModuleStream);
        }

        // Every module begins with "Attribute VB_Name": behind the container's 0x01, the chunk's header and a flag octet of zero.
        var rest = octets.AsSpan();
        while (true)
        {
            var mark = rest.IndexOf("\0Attribut"u8);
            if (mark < 0)
            {
                break;
            }

            if (mark >= 3 && rest[mark - 3] == 1 && TryDecompress(rest[(mark - 3)..], ref left, out source, out damaged))
            {
                return new VbaModule(name, text.GetString(source), true);
            }

            rest = rest[(mark + 1)..];
        }

        return new VbaModule(name, "", true);
    }

    private static bool TryDecompress(ReadOnlySpan<byte> container, ref int left, out byte[] source, out bool damaged)
    {
        source = [];
        damaged = true;
        if (left <= 0)
        {
            return false;
        }

        try
        {
            source = VbaCompression.Decompress(container, Math.Min(MaxSource, left), out damaged);
            left -= source.Length;
            // What follows a container in its stream is padding of no meaning.
            return true;
        }
        catch (InvalidDataException)
        {
            return false;
        }
    }

    private static CompoundEntry? FindStream(List<CompoundEntry> streams, string? name) =>
        name is null ? null : streams.Find(e => e.Name.Equals(name, StringComparison.OrdinalIgnoreCase));

    private static bool IsOwnStream(string name) => name.Equals("dir", StringComparison.OrdinalIgnoreCase)
        || name.Equals("_VBA_PROJECT", StringComparison.OrdinalIgnoreCase) || name.StartsWith("__SRP_", StringComparison.OrdinalIgnoreCase);

    private static Encoding TextOf(int codePage)
    {
        try
        {
            return Encoding.GetEncoding(codePage);
        }
        catch (Exception e) when (e is ArgumentException or NotSupportedException)
        {
            return Encoding.Latin1;
        }
    }

    private sealed class Directory
    {
        public int CodePage { get; set; }

        public List<Listed> Modules { get; } = [];

        public bool IsDamaged { get; set; }
    }

    private sealed class Listed
    {
        public byte[] Name { get; init; } = [];

        public string? UnicodeName { get; set; }

        public byte[]? Stream { get; set; }

        public string? UnicodeStream { get; set; }

        public uint? Offset { get; set; }
    }
}

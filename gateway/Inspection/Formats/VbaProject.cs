using System.Buffers.Binary;
using System.Text;

namespace Sekisho.Inspection.Formats;

/// <summary>A VBA project (MS-OVBA) found in a document: its modules' source text.</summary>
/// <param name="Storage">The path of the storage that holds the modules, such as <c>_VBA_PROJECT_CUR/VBA</c>.</param>
/// <param name="CodePage">The Windows code page of its texts, 932 for Japanese; 1252 where the project does not say.</param>
/// <param name="Modules">Its modules, listed and unlisted ones.</param>
/// <param name="IsDamaged">True where the project's directory could not be read, or listed modules are missing.</param>
public sealed record VbaProject(string Storage, int CodePage, IReadOnlyList<VbaModule> Modules, bool IsDamaged)
{
    private const int MaxModules = VbaDirectory.MaxModules;
    private const int MaxModuleStream = 32 << 20;
    private const int MaxSource = 16 << 20;

    /// <summary>Streams read and texts unpacked together: entries may share sectors, so the file's own length is no bound.</summary>
    private const int MaxInAll = 128 << 20;

    private VbaBehaviour? behaviour;

    /// <summary>What the code would do, worked out once.</summary>
    /// <param name="surroundings">Gives the document around it; asked for the first time only.</param>
    internal VbaBehaviour Behaviour(Func<VbaSurroundings> surroundings) => behaviour ??= VbaBehaviour.Of(this, surroundings());

    /// <summary>Every VBA project in a compound file, in whatever storage it hides.</summary>
    internal static IReadOnlyList<VbaProject> Find(CompoundFile file)
    {
        var projects = new List<VbaProject>();
        var left = MaxInAll;
        var budget = new VbaTextBudget();
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

            projects.Add(Read(file, storage.Key, [.. storage], directory, budget, ref left));
        }

        return projects;
    }

    private static VbaDirectory? TryReadDirectory(CompoundFile file, CompoundEntry entry) => VbaDirectory.TryRead(file.Read(entry, MaxModuleStream));

    private static VbaProject Read(CompoundFile file, string storage, List<CompoundEntry> streams, VbaDirectory? directory, VbaTextBudget budget, ref int left)
    {
        var codePage = directory is { CodePage: > 0 } ? directory.CodePage : 1252;
        var text = TextOf(codePage);
        var damaged = directory is null || directory.IsDamaged;
        var reading = new Reading(file, text, text.CodePage is 28591 or 932 or 936 or 949 or 950 or 874 or (>= 1250 and <= 1258), Identifiers(file, streams, text, ref left), budget);
        var shown = Shown(file, storage, text);
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
                // Either spelling will do: tools write one of the two wrong.
                var hiding = shown is not null && !shown.Contains(name) && !shown.Contains(text.GetString(listed.Name)) ? VbaHiding.NotInProject : VbaHiding.None;
                modules.Add(ReadModule(reading, entry, name, listed.Offset, hiding, ref left));
            }
        }

        // Streams that the directory does not own up to. Where it cannot be read, that says nothing about them.
        foreach (var entry in streams)
        {
            if (modules.Count < MaxModules && !read.Contains(entry.Path) && !IsOwnStream(entry.Name)
                && ReadModule(reading, entry, entry.Name, null, damaged ? VbaHiding.None : VbaHiding.NotInDirectory, ref left) is var hidden && (hidden.Source.Length > 0 || hidden.Stomping is not null))
            {
                modules.Add(hidden);
            }
        }

        return new VbaProject(storage, codePage, modules, damaged);
    }

    /// <summary>What the <c>PROJECT</c> stream beside the storage shows; null where there is none.</summary>
    private static HashSet<string>? Shown(CompoundFile file, string storage, Encoding text)
    {
        var slash = storage.LastIndexOf('/');
        return file.Find(slash < 0 ? "PROJECT" : storage[..slash] + "/PROJECT") is { IsStorage: false, Length: > 0 } entry
            && VbaDirectory.Shown(text.GetString(file.Read(entry, 1 << 20))) is { Count: > 0 } names ? names : null;
    }

    private static VbaIdentifiers? Identifiers(CompoundFile file, List<CompoundEntry> streams, Encoding text, ref int left)
    {
        if (FindStream(streams, "_VBA_PROJECT") is not { Length: > 32 } entry)
        {
            return null;
        }

        try
        {
            var octets = file.Read(entry, Math.Max(0, Math.Min(MaxModuleStream, left)));
            left -= octets.Length;
            return VbaIdentifiers.TryRead(octets, text);
        }
        catch (InvalidDataException)
        {
            return null;
        }
    }

    private static VbaModule ReadModule(Reading reading, CompoundEntry entry, string name, uint? offset, VbaHiding hiding, ref int left)
    {
        byte[] octets;
        try
        {
            octets = reading.File.Read(entry, Math.Max(0, Math.Min(MaxModuleStream, left)));
            left -= octets.Length;
        }
        catch (InvalidDataException)
        {
            return new VbaModule(name, "", true) { Hiding = hiding };
        }

        if (offset is { } start && start < octets.Length && TryDecompress(octets.AsSpan((int)start), ref left, out var source, out var damaged))
        {
            return Module(new VbaModule(name, SourceOf(source, reading.Text, reading.IsAsciiPlain), damaged || entry.Length > MaxModuleStream) { Hiding = hiding }, reading, octets, (int)start);
        }

        // Every module begins with "Attribute VB_Name": behind the container's 0x01, the chunk's header and a flag octet of zero.
        var at = 0;
        while (octets.AsSpan(at).IndexOf("\0Attribut"u8) is var mark and >= 0)
        {
            at += mark;
            if (at >= 3 && octets[at - 3] == 1 && TryDecompress(octets.AsSpan(at - 3), ref left, out source, out damaged))
            {
                return Module(new VbaModule(name, SourceOf(source, reading.Text, reading.IsAsciiPlain), damaged) { Hiding = hiding }, reading, octets, at - 3);
            }

            at++;
        }

        // The source is gone; the compiled form in front of it may still run.
        return Module(new VbaModule(name, "", true) { Hiding = hiding }, reading, octets, octets.Length);
    }

    /// <summary>The module with what its compiled form says.</summary>
    private static VbaModule Module(VbaModule module, Reading reading, byte[] octets, int source) =>
        reading.Identifiers is null || VbaCache.TryRead(octets, source, reading.Identifiers, reading.Text, reading.Budget) is not { } cache ? module
            : module with { Cache = cache, Stomping = VbaStomping.Find(cache, module.Source) };

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

    /// <summary>Most source is ASCII, which needs no table where the code page leaves ASCII as it is.</summary>
    private static string SourceOf(byte[] source, Encoding text, bool isAsciiPlain) =>
        isAsciiPlain && Ascii.IsValid(source) ? Encoding.Latin1.GetString(source) : text.GetString(source);

    private static CompoundEntry? FindStream(List<CompoundEntry> streams, string? name) =>
        name is null ? null : streams.Find(e => e.Name.Equals(name, StringComparison.OrdinalIgnoreCase));

    private static bool IsOwnStream(string name) => name.Equals("dir", StringComparison.OrdinalIgnoreCase)
        || name.Equals("_VBA_PROJECT", StringComparison.OrdinalIgnoreCase) || name.StartsWith("__SRP_", StringComparison.OrdinalIgnoreCase);

    /// <summary>The encoding of a Windows code page; Latin-1 for one that there is not.</summary>
    internal static Encoding TextOf(int codePage)
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

    /// <summary>What all modules of a project are read by.</summary>
    private sealed record Reading(CompoundFile File, Encoding Text, bool IsAsciiPlain, VbaIdentifiers? Identifiers, VbaTextBudget Budget);
}

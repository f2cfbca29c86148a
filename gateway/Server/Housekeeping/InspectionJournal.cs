using System.Collections.Concurrent;
using System.Globalization;
using System.IO.MemoryMappedFiles;
using System.Security.Cryptography;

namespace Sekisho.Housekeeping;

/// <summary>Remembers across a crash which letters were being inspected, so that one that kills the process again and again is recognised.</summary>
/// <remarks>
/// A letter under inspection has its SHA-256 in a slot of a memory-mapped file: that survives the death of the process (not of the machine,
/// where no letter is to blame). At the next start the slots left over become marks in a list. Two marks, and the letter is quarantined unread.
/// </remarks>
public sealed class InspectionJournal : IDisposable
{
    /// <summary>Deaths that make a letter too dangerous to look at.</summary>
    public const int DeathsToBlame = 2;

    private const int Slots = 4096;
    private const int SlotSize = SHA256.HashSizeInBytes;
    private const int MostMarks = 1000;

    private readonly MemoryMappedFile _file;
    private readonly MemoryMappedViewAccessor _view;
    private readonly ConcurrentBag<int> _free;
    private readonly Dictionary<string, int> _marks;

    /// <summary>Opens the journal and takes note of what a crash left in it.</summary>
    /// <param name="folder">The home folder.</param>
    public InspectionJournal(string folder)
    {
        var marksFile = Path.Combine(folder, "inspection-deaths.txt");
        _marks = ReadMarks(marksFile);
        var map = Path.Combine(folder, "inspecting.map");
        var slots = File.Exists(map) ? File.ReadAllBytes(map) : [];
        var found = false;
        for (var i = 0; i < Math.Min(Slots, slots.Length / SlotSize); i++)
        {
            var slot = slots.AsSpan(i * SlotSize, SlotSize);
            if (slot.ContainsAnyExcept((byte)0))
            {
                found = true;
                var hash = Convert.ToHexStringLower(slot);
                _marks[hash] = _marks.GetValueOrDefault(hash) + 1;
            }
        }

        if (found)
        {
            WriteMarks(marksFile);
        }

        // Written, not only made as long: a mapped page that has no place on a full disk kills the process when it is touched (SIGBUS).
        using (var octets = new FileStream(map, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.ReadWrite))
        {
            octets.Write(new byte[Slots * SlotSize]);
        }

        _file = MemoryMappedFile.CreateFromFile(map, FileMode.Open, null, Slots * SlotSize);
        _view = _file.CreateViewAccessor();

        _free = [.. Enumerable.Range(0, Slots)];
    }

    /// <summary>Marks a letter as being inspected until the result is disposed.</summary>
    public Entry Begin(Stream octets)
    {
        Span<byte> hash = stackalloc byte[SlotSize];
        octets.Position = 0;
        SHA256.HashData(octets, hash);
        octets.Position = 0;
        var deaths = _marks.Count == 0 ? 0 : _marks.GetValueOrDefault(Convert.ToHexStringLower(hash));
        if (!_free.TryTake(out var slot))
        {
            return new Entry(null, -1, deaths); // more letters at once than slots: inspected all the same
        }

        _view.WriteArray(slot * SlotSize, hash.ToArray(), 0, SlotSize);
        return new Entry(this, slot, deaths);
    }

    /// <inheritdoc />
    public void Dispose()
    {
        _view.Dispose();
        _file.Dispose();
    }

    private static Dictionary<string, int> ReadMarks(string file) =>
        File.Exists(file)
            ? File.ReadLines(file).Select(line => line.Split(' '))
                .Where(words => words.Length == 2 && int.TryParse(words[1], CultureInfo.InvariantCulture, out _))
                .GroupBy(words => words[0]).ToDictionary(g => g.Key, g => int.Parse(g.Last()[1], CultureInfo.InvariantCulture))
            : [];

    private void WriteMarks(string file) =>
        File.WriteAllLines(file, _marks.TakeLast(MostMarks).Select(m => string.Create(CultureInfo.InvariantCulture, $"{m.Key} {m.Value}")));

    /// <summary>One letter under inspection.</summary>
    public readonly struct Entry : IDisposable
    {
        private static readonly byte[] Empty = new byte[SlotSize];
        private readonly InspectionJournal? _journal;
        private readonly int _slot;

        internal Entry(InspectionJournal? journal, int slot, int deaths)
        {
            _journal = journal;
            _slot = slot;
            Deaths = deaths;
        }

        /// <summary>How often the process died over this letter.</summary>
        public int Deaths { get; }

        /// <summary>The inspection ended, well or with an exception: the process lives.</summary>
        public void Dispose()
        {
            if (_journal is not null)
            {
                _journal._view.WriteArray(_slot * SlotSize, Empty, 0, SlotSize);
                _journal._free.Add(_slot);
            }
        }
    }
}

using System.Globalization;
using MimeKit;
using Sekisho.Inspection.Formats;

namespace Sekisho.Inspection.Messages;

/// <content>Joins what comes in pieces within one letter: the volumes of split archives, and partial letters (RFC 2046 section 5.2.2).</content>
/// <remarks>
/// A joined file stands beside its pieces: under <c>2+3/name.zip</c> where the pieces are parts 2 and 3, under <c>2/outer.zip/name.zip~joined</c> where
/// they are members of one archive. Volumes are looked for in the same place first, then in the whole letter. A set with a gap is a problem, and each of its volumes is opened as it stands.
/// </remarks>
internal sealed partial class MessageOpening
{
    private const int LongestList = 4;

    private List<Volume> volumes = [];
    private List<Fragment> fragments = [];

    /// <summary>Start: where the volume begins in its file, behind the program of one that unpacks itself.</summary>
    private sealed record Volume(VolumeName Name, MessagePart Part, int Depth, int ZipNumber, int Start);

    private sealed record Fragment(string Id, int Number, int Total, MessagePart Part, int Depth);

    /// <summary>Opens what came in pieces. To be called when the letter's own tree is walked; what is found so may bring pieces again.</summary>
    public void OpenJoined()
    {
        while (volumes.Count + fragments.Count > 0 && MayGoOn(""))
        {
            var (found, letters) = (volumes, fragments);
            (volumes, fragments) = ([], []);
            Join(found);
            Join(letters);
        }
    }

    /// <summary>Takes a volume aside until all are there.</summary>
    private bool IsSetAside(MessagePart part, int depth)
    {
        if ((VolumeName.Parse(part.Name) ?? (part.OtherName is { } other ? VolumeName.Parse(other) : null)) is not { } name)
        {
            return false;
        }

        var (zipNumber, start) = (0, 0);
        switch (name.Scheme)
        {
            case VolumeScheme.Zip when name.Number == VolumeName.Last:
                using (var stream = part.OpenRead())
                {
                    zipNumber = SplitZip.VolumeOf(stream);
                }

                if (zipNumber == 0)
                {
                    return false;
                }

                break;
            case VolumeScheme.RarPart when part.Kind.IsProgram():
                var program = part.ReadUpTo(RarVolume.LongestProgram);
                start = RarVolume.BehindProgram(program);
                if (start < 0 || RarVolume.IsOne(program.AsSpan(start)) == false)
                {
                    return false;
                }

                break;
            case VolumeScheme.Arj:
                if (part.Kind != FileKind.Arj || (name.Number == 0 && !ArjArchive.IsVolume(part.Head)))
                {
                    return false;
                }

                break;
            case VolumeScheme.RarPart or VolumeScheme.RarOld:
                var isVolume = part.Kind == FileKind.Rar ? RarVolume.IsOne(part.Head) ?? !part.Name.EndsWith(name.Whole, StringComparison.OrdinalIgnoreCase) : false;
                if (!isVolume)
                {
                    return false;
                }

                break;
        }

        volumes.Add(new Volume(name, part, depth, zipNumber, start));
        return true;
    }

    /// <summary>Takes a piece of a letter aside until all are there.</summary>
    private void SetAside(ContentType type, MessagePart part, int depth)
    {
        if (type.Parameters["id"] is { Length: > 0 } id && int.TryParse(type.Parameters["number"]?.Trim(), NumberStyles.None, CultureInfo.InvariantCulture, out var number))
        {
            _ = int.TryParse(type.Parameters["total"]?.Trim(), NumberStyles.None, CultureInfo.InvariantCulture, out var total);
            fragments.Add(new Fragment(id, number, total, part, depth));
        }
    }

    private void Join(List<Volume> found)
    {
        foreach (var letterWide in found.GroupBy(v => (Path.GetFileName(v.Name.Whole).ToUpperInvariant(), v.Name.Scheme)))
        {
            List<List<Volume>> sets = [.. letterWide.GroupBy(v => (v.Part.Container, v.Name.Whole.ToUpperInvariant())).Select(s => InOrder(s))];
            var all = InOrder(letterWide);

            // Places that each begin an archive of their own have nothing to do with each other; else one may have what another lacks.
            if (sets.Count > 1 && sets.Exists(s => Missing(s) is not null) && Missing(all) is null)
            {
                sets = [all];
            }

            foreach (var set in sets)
            {
                Join(set, Missing(set) is null);
            }
        }

        static List<Volume> InOrder(IEnumerable<Volume> volumes) => [.. volumes.OrderBy(v => v.Name.Number)];
    }

    /// <summary>Opens one set: joined, or, where it is no set or has a gap, each file as it stands.</summary>
    private void Join(List<Volume> set, bool isWhole)
    {
        var (name, first, depth) = (set[0].Name, set[0].Part, set.Max(v => v.Depth));
        var isArchive = name.Scheme != VolumeScheme.Cut || IsArchiveName(name.Whole) || (name.Number == 1 && first.Kind.IsArchive());

        // Three digits behind a dot are met elsewhere, too: as the end of a DICOM identifier, or of a counted picture.
        var isSet = isArchive || FileNames.Promised(name.Whole) is not null || FileNames.IsExecutable(name.Whole);
        if (isWhole && isSet && set.Count > 1)
        {
            Join(Path.GetFileName(name.Whole), [.. set.Select(v => v.Part)], depth, name.Scheme, set[0].Start);
            return;
        }

        if (isArchive && (!isWhole || first.Kind is FileKind.Unknown or FileKind.Text))
        {
            Problem(first.Path, ReadProblemReason.MissingVolume, Missing(set) ?? $"{first.Name} is one volume of several, and the others are not in this letter.");
        }

        foreach (var volume in set)
        {
            if (!ended)
            {
                OpenGuarded(volume.Part, volume.Depth);
            }
        }
    }

    private void Join(List<Fragment> found)
    {
        foreach (var letter in found.GroupBy(f => f.Id, StringComparer.Ordinal))
        {
            List<Fragment> ordered = [.. letter.OrderBy(f => f.Number)];
            var isWhole = ordered.Count > 1 && ordered.Max(f => f.Total) == ordered.Count && !ordered.Where((f, i) => f.Number != i + 1).Any();
            if (isWhole && !TooDeep(ordered[0].Part.Path, ordered.Max(f => f.Depth)))
            {
                Join("partial", [.. ordered.Select(f => f.Part)], ordered.Max(f => f.Depth), null);
            }
        }
    }

    /// <summary>Adds the pieces as one part, read through a view, and opens it. Without a scheme it is a letter.</summary>
    private void Join(string name, IReadOnlyList<MessagePart> pieces, int depth, VolumeScheme? scheme, int start = 0)
    {
        var path = JoinedPath(name, pieces);
        try
        {
            Func<Stream>[] streams = [.. pieces.Select<MessagePart, Func<Stream>>(p => p.OpenRead)];
            long[] lengths = [.. pieces.Select(p => p.Length)];
            if (start > 0)
            {
                streams[0] = () => new SliceStream(pieces[0].OpenRead(), start, long.MaxValue);
                lengths[0] -= start;
            }

            Func<Stream> view = () => new JoinedStream(streams, lengths);
            var length = lengths.Sum();
            if (scheme == VolumeScheme.Zip)
            {
                using var whole = new JoinedStream(streams, lengths);
                var (at, tail) = SplitZip.Directory(whole, (int)Math.Min(limits.MaxPartInMemory, Math.Max(0, memoryLeft)));
                memoryLeft -= tail.Length;
                view = () => new JoinedStream([() => new JoinedStream(streams, lengths), () => new MemoryStream(tail, writable: false)], [at, tail.Length]);
                length = at + tail.Length;
            }

            var joined = new MessagePart(path, name, view, length) { Container = pieces[0].Container };
            joined.Kind = scheme is null ? FileKind.Mail : FileTypes.Sniff(joined.Head);
            Add(joined, depth + 1);
        }
        catch (Exception e) when (e is InvalidDataException or IOException)
        {
            Broken(path, e);
        }
    }

    /// <summary>What lacks to a set in order; null where it is whole as far as numbers tell.</summary>
    private static string? Missing(List<Volume> set)
    {
        var next = set[0].Name.First;
        foreach (var volume in set)
        {
            var number = volume.Name.Number == VolumeName.Last ? volume.ZipNumber + 1 : volume.Name.Number;
            if (number != next)
            {
                return number < next ? $"Two files are volume {number} of {volume.Name.Whole}." : $"Volume {next} of {volume.Name.Whole} is not in this letter.";
            }

            next++;
        }

        return set[0].Name.Scheme == VolumeScheme.Zip && set[^1].Name.Number != VolumeName.Last ? $"The last volume of {set[0].Name.Whole} is not in this letter." : null;
    }

    private static string JoinedPath(string name, IReadOnlyList<MessagePart> pieces)
    {
        List<string> places = [.. pieces.Select(p => p.Name.Length > 0 && p.Path.EndsWith("/" + p.Name, StringComparison.Ordinal) ? p.Path[..^(p.Name.Length + 1)] : p.Path).Distinct()];
        return places.Count == 1 ? $"{places[0]}/{name}~joined"
            : places.Count <= LongestList ? $"{string.Join('+', places)}/{name}"
            : $"{places[0]}+..+{places[^1]}/{name}";
    }

    private static bool IsArchiveName(string name) => FileNames.Extension(name).ToUpperInvariant() is "ZIP" or "ZIPX" or "RAR" or "7Z" or "TAR" or "GZ" or "TGZ" or "BZ2" or "XZ" or "ZST"
        or "CAB" or "LZH" or "LHA" or "ARJ" or "ACE" or "ISO" or "IMG" or "VHD" or "VHDX" or "VMDK";
}

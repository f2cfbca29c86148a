using System.Buffers;
using Sekisho.Inspection.Formats;

namespace Sekisho.Inspection.Messages;

/// <summary>Archives and Office packages: their members, large ones behind a view.</summary>
internal sealed partial class MessageOpening
{
    /// <summary>A ZIP may be an Office package: of that only the members are taken up that are neither plain XML nor pictures, whatever they are called.</summary>
    internal void Zip(MessagePart part, int depth)
    {
        using var stream = part.OpenRead();
        using var archive = ArchiveReader.Open(stream, FileKind.Zip, Budget);
        part.Ambiguities = archive.Differences;
        var isPackage = false;
        bool isManifest = false, isClass = false;
        byte[] contentTypes = [];
        var count = 0;
        var shown = 0;
        var kept = new KeptMembers(archive);
        var linking = new List<(string Name, byte[] Octets)>();
        while (archive.Next() is { } member)
        {
            if (++count > limits.MaxParts)
            {
                End(part.Path, ReadProblemReason.TooMany, $"The archive has more than {limits.MaxParts} members.");
                return;
            }

            var name = member.Name;
            if (member.IsEncrypted)
            {
                continue;
            }

            if (name.Equals(OpenXmlContent.ContentTypes, StringComparison.OrdinalIgnoreCase))
            {
                contentTypes = kept.Read(member, SmallText);
                part.Kind = OpenXmlContent.KindOf(contentTypes);
                isPackage = true;
            }
            else if (OpenXmlTexts.IsWanted(name))
            {
                part.Texts = [.. part.Texts, .. OpenXmlTexts.Find(kept.Read(member, SmallText))];
            }
            else if (OpenXmlTexts.IsShown(name) && ++shown <= MaxShown)
            {
                var octets = kept.Read(member, SmallText / 4);
                if (octets.AsSpan().IndexOf("yperlink"u8) >= 0)
                {
                    linking.Add((name, octets));
                }

                if (OpenXmlTexts.ShownIn(octets) is { Length: > 0 } words)
                {
                    part.Texts = [.. part.Texts, new DocumentText(DocumentTextKind.Shown, name, words)];
                }
            }
            else if (name is "word/_rels/document.xml.rels" || name.StartsWith("xl/worksheets/_rels/", StringComparison.Ordinal))
            {
                kept.Read(member, SmallText / 4);
            }
            else if (name.Equals("META-INF/manifest.xml", StringComparison.Ordinal))
            {
                if (OpenXmlContent.IsEncryptedManifest(kept.Read(member, SmallText)))
                {
                    Problem(part.Path, ReadProblemReason.EncryptedDocument, "The OpenDocument file asks for a password.");
                }

                if (part.Kind == FileKind.Zip)
                {
                    part.Kind = FileKind.OpenDocument;
                    isPackage = true;
                }
            }
            else
            {
                isManifest |= name.Equals("META-INF/MANIFEST.MF", StringComparison.OrdinalIgnoreCase);
                isClass |= name.EndsWith(".class", StringComparison.OrdinalIgnoreCase);
            }
        }

        part.Padding = archive.Padding;
        if (archive.Fault is { } fault)
        {
            Problem(part.Path, ReadProblemReason.Broken, fault);
        }

        if (isManifest && isClass && !isPackage)
        {
            part.Kind = FileKind.JavaArchive;
        }

        try
        {
            part.Xlm = isPackage ? XlmProject.Find(archive, contentTypes, Budget) : null;
        }
        catch (InvalidDataException e)
        {
            Broken(part.Path, e); // The other members are looked at all the same.
        }

        if (linking.Count > 0)
        {
            CarrierOpening.CoveredLinks(part, linking, kept.Named);
        }

        archive.Rewind();
        var from = Parts.Count;
        Members(part, archive, isPackage, depth, kept);
        if (isPackage && part.Xlm is null && Parts.Skip(from).Any(p => p.Container == part && WorkbookCells.AreNamedBy(p.Vba)) && !Budget.IsSpent)
        {
            Cells(part, () => WorkbookCells.Find(archive));
        }
    }

    internal void Archive(MessagePart part, int depth)
    {
        using var stream = part.OpenRead();
        using var archive = ArchiveReader.Open(stream, part.Kind, Budget);
        if (archive.IsListEncrypted)
        {
            if (!OpenedByPassword(part, depth))
            {
                Problem(part.Path, ReadProblemReason.EncryptedArchive, "Even the list of names asks for a password.");
            }

            return;
        }

        Members(part, archive, isPackage: false, depth);
    }

    private void Members(MessagePart part, ArchiveReader archive, bool isPackage, int depth, KeptMembers? kept = null)
    {
        var isEncryptedTold = false;
        using var keys = new EncryptedMembers(this, part);
        while (!ended && archive.Next() is { } member)
        {
            cancel.ThrowIfCancellationRequested();
            var name = member.Name.Length == 0 ? SingleName(part.Name) : member.Name.Replace('\\', '/');
            var path = $"{part.Path}/{name}";
            var source = member.IsEncrypted && part.Password is null ? keys.Open(member) : archive;
            if (source is null)
            {
                if (!isEncryptedTold)
                {
                    isEncryptedTold = true;
                    Problem(part.Path, ReadProblemReason.EncryptedArchive, $"{name} asks for a password.");
                }

                Add(new MessagePart(path, name, () => Stream.Null, Math.Max(0, member.Length)) { Kind = FileKind.Unknown, IsSealed = true, Container = part }, depth + 1);
                continue;
            }

            try
            {
                if (Member(part, source, member, path, name, isPackage, kept?.Find(member)) is { } found)
                {
                    if (part.Kind == FileKind.Gzip && member.Name.Length > 0 && SingleName(part.Name) is var single && single != name)
                    {
                        found.MoreNames = [single]; // Some programs take the name in the header, some the archive's own.
                    }

                    Add(found, depth + 1);
                }
            }
            catch (InvalidDataException e)
            {
                Broken(path, e);
                if (part.Kind is not FileKind.Zip && !isPackage)
                {
                    break; // What follows in a stream cannot be found without what came before.
                }
            }
        }

        part.Password ??= keys.OpenedBy;
    }

    private static string SingleName(string archiveName)
    {
        var extension = FileNames.Extension(archiveName);
        return extension.Length > 0 && archiveName.EndsWith(extension, StringComparison.Ordinal)
            ? extension.Equals("tgz", StringComparison.OrdinalIgnoreCase) ? archiveName[..^3] + "tar" : archiveName[..^(extension.Length + 1)]
            : "content";
    }

    /// <summary>Unpacks one member: into memory, or, where it is large, once to measure it and again when it is looked at. Null for what a package has no need to show.</summary>
    private MessagePart? Member(MessagePart part, ArchiveReader archive, ArchiveMember member, string path, string name, bool isPackage, Stream? kept)
    {
        using var content = kept ?? archive.OpenRead();
        var buffer = ArrayPool<byte>.Shared.Rent((int)Math.Clamp(member.Length, 4096, 1 << 20));
        try
        {
            var length = content.ReadAtLeast(buffer.AsSpan(0, 512), 512, throwOnEndOfStream: false);
            if (isPackage && IsOrdinaryMember(buffer.AsSpan(0, length)))
            {
                CarrierOpening.Member(this, part, name, buffer.AsSpan(0, length), content);
                ArrayPool<byte>.Shared.Return(buffer);
                return null;
            }

            var longest = (int)Math.Min(limits.MaxPartInMemory, Math.Max(0, memoryLeft));
            int got;
            while ((got = content.Read(buffer, length, buffer.Length - length)) > 0)
            {
                cancel.ThrowIfCancellationRequested();
                length += got;
                // The declared length only decides which way is taken; a lie costs time, no memory.
                if (length > longest || member.Length > longest)
                {
                    var condensed = new CondensedContent(buffer.AsSpan(0, length), longest);
                    ArrayPool<byte>.Shared.Return(buffer);
                    buffer = [];
                    condensed.Take(content, cancel);
                    memoryLeft -= condensed.Held;
                    var index = member.Index;
                    var kind = part.Kind.IsArchive() ? part.Kind : FileKind.Zip;
                    var password = archive.Password;
                    var whole = condensed.Length;
                    Func<Stream> view = condensed.IsComplete ? condensed.OpenRead : () => new ReplayView(() => OpenAgain(part, kind, index, whole, password), whole);
                    var large = new MessagePart(path, name, view, whole) { Container = part, Packed = PackedOf(part, member) };
                    large.Kind = FileTypes.Sniff(large.Head);
                    return large;
                }

                if (length == buffer.Length)
                {
                    var larger = ArrayPool<byte>.Shared.Rent((int)Math.Min(buffer.Length * 2L, Math.Max(longest, length) + 1L));
                    buffer.AsSpan(0, length).CopyTo(larger);
                    ArrayPool<byte>.Shared.Return(buffer);
                    buffer = larger;
                }
            }

            memoryLeft -= length;
            var found = new MessagePart(path, name, buffer, length) { Container = part, Packed = PackedOf(part, member) };
            found.Kind = FileTypes.Sniff(found.Head);
            return found;
        }
        catch (InvalidDataException)
        {
            if (buffer.Length > 0)
            {
                ArrayPool<byte>.Shared.Return(buffer);
            }

            throw;
        }
    }

    private Stream OpenAgain(MessagePart part, FileKind kind, int index, long length, ArchivePassword? password)
    {
        // A budget of its own: looking again is not unpacking more.
        var archive = ArchiveReader.Open(part.OpenRead(), kind, new ReadBudget(time, limits.Time, long.MaxValue / 2), password);
        while (archive.Next() is { } member)
        {
            if (member.Index == index)
            {
                return archive.OpenRead();
            }
        }

        throw new InvalidDataException($"The member of {length} octets is not found again.");
    }

    private static bool IsOrdinaryMember(ReadOnlySpan<byte> head)
    {
        var kind = FileTypes.SniffMagic(head);
        if (kind is FileKind.Image or FileKind.Media)
        {
            return true;
        }

        if (kind != FileKind.Unknown)
        {
            return false;
        }

        if (PackageSigns.IsWide(head))
        {
            // Office reads UTF-16 as well; a page of it is a part of its own.
            var start = TextOf.Markup(head).AsSpan().TrimStart("\uFEFF \t\r\n");
            return start.StartsWith("<") && !start.Contains("binData", StringComparison.Ordinal) && !start.StartsWith("<!doctype", StringComparison.OrdinalIgnoreCase) && !start.StartsWith("<html", StringComparison.OrdinalIgnoreCase)
                && (start.StartsWith("<?xml") || start.Contains(':') || start.Contains("xmlns", StringComparison.Ordinal));
        }

        var text = head.TrimStart((ReadOnlySpan<byte>)[0xEF, 0xBB, 0xBF, (byte)' ', (byte)'\t', (byte)'\r', (byte)'\n']);
        return text.IsEmpty || (text[0] == '<' && text.IndexOf("binData"u8) < 0 && (text.StartsWith("<?xml"u8) || text.Contains((byte)':') || text.IndexOf("xmlns"u8) >= 0));
    }

    /// <summary>Members of a package that were read whole by their name, so that they are not unpacked again when all are gone through.</summary>
    private sealed class KeptMembers(ArchiveReader archive)
    {
        private const int MaxKept = 4 << 20;

        private readonly Dictionary<int, byte[]> members = [];
        private readonly Dictionary<string, byte[]> names = new(StringComparer.OrdinalIgnoreCase);
        private int left = MaxKept;

        /// <summary>The octets of the member at which the archive stands, as many as are wanted.</summary>
        public byte[] Read(ArchiveMember member, int longest)
        {
            using var content = archive.OpenRead();
            var octets = ReadSome(content, longest);
            if (octets.Length < longest && octets.Length <= left)
            {
                left -= octets.Length;
                members[member.Index] = octets;
                names[member.Name] = octets;
            }

            return octets;
        }

        /// <summary>A member that was read whole, by its name; empty for others.</summary>
        public byte[] Named(string name) => names.GetValueOrDefault(name) ?? [];

        /// <summary>A member that was read whole; null for others.</summary>
        public Stream? Find(ArchiveMember member) => members.TryGetValue(member.Index, out var octets) ? new MemoryStream(octets, writable: false) : null;
    }

    private static byte[] ReadSome(Stream stream, int longest)
    {
        // Most are a few kilobytes: a buffer as large as allowed costs more than reading them.
        var buffer = new byte[Math.Min(longest, 8 << 10)];
        var got = 0;
        while (true)
        {
            got += stream.ReadAtLeast(buffer.AsSpan(got), buffer.Length - got, throwOnEndOfStream: false);
            if (got < buffer.Length || got == longest)
            {
                return buffer[..got];
            }

            Array.Resize(ref buffer, (int)Math.Min(longest, buffer.Length * 4L));
        }
    }
}

using System.Buffers;
using Sekisho.Inspection.Formats;

namespace Sekisho.Inspection.Messages;

/// <summary>Opens the carriers that are neither archives nor mail: hands their octets to the readers, takes up what they find.</summary>
internal static class CarrierOpening
{
    private const int LongestCarrier = 64 << 20;
    /// <summary>Octets of a text that is no body and not held in memory which are searched; of a longer one it is told that no more was.</summary>
    internal const int LongestText = 4 << 20;

    private const int LongestMember = 16 << 20;
    private const int DeepestPage = 40;

    private delegate void Reader(ReadOnlySpan<byte> octets, CarrierContents found);

    /// <summary>Notes what texts and pages tell, body or attachment; pages may hold files.</summary>
    internal static void Texts(MessageOpening letter, MessagePart part, int depth)
    {
        switch (part.Kind)
        {
            case FileKind.Html or FileKind.Svg or FileKind.HtmlApplication when depth < DeepestPage:
                Read(letter, part, depth, LongestMember, (octets, found) => HtmlPage.Find(octets, part.Kind == FileKind.Svg, letter.Budget, found));
                break;
            case FileKind.Text when !part.IsBody || part.DeclaredType is "text/calendar" or "text/vcard" or "text/x-vcard" or "text/x-vcalendar" or "text/directory":
                Read(letter, part, depth, LongestText, TextCarriers.Plain);
                break;
            case FileKind.SymbolicLink:
                Read(letter, part, depth, LongestText, TextCarriers.Sylk);
                break;
            case FileKind.WebQuery:
                Read(letter, part, depth, LongestText, TextCarriers.Query);
                break;
            case FileKind.InternetShortcut:
                Read(letter, part, depth, LongestText, TextCarriers.Shortcut);
                break;
            case FileKind.ShellSettings:
                Read(letter, part, depth, LongestText, ShellSettingsFile.Find);
                break;
            case FileKind.Shortcut:
                Shortcut(letter, part, depth);
                break;
        }
    }

    internal static void Pdf(MessageOpening letter, MessagePart part, int depth) =>
        Read(letter, part, depth, LongestCarrier, (octets, found) => PdfFile.Find(octets, letter.Budget, found, encryption => letter.OpenedByPassword(part, encryption)));

    internal static void Rtf(MessageOpening letter, MessagePart part, int depth) =>
        Read(letter, part, depth, LongestCarrier, (octets, found) => RtfFile.Find(octets, letter.Budget, found));

    internal static void OneNote(MessageOpening letter, MessagePart part, int depth) =>
        Read(letter, part, depth, LongestCarrier, (octets, found) => OneNoteFiles.Find(octets, letter.Budget, found));

    /// <summary>Word 2003 XML and flat packages.</summary>
    internal static void Flat(MessageOpening letter, MessagePart part, int depth) =>
        Read(letter, part, depth, LongestMember, PackageSigns.Find);

    internal static void Compound(MessageOpening letter, MessagePart part, CompoundFile file, int depth)
    {
        var found = new CarrierContents();
        CompoundSigns.Find(file, part.Kind, letter.Budget, found);
        if (part.Kind == FileKind.OutlookMessage)
        {
            OutlookItem.Find(file, letter.Budget, found);
        }

        Give(letter, part, depth, found);
    }

    /// <summary>Looks through an XML member of a package that is not shown as a part of its own.</summary>
    internal static void Member(MessageOpening letter, MessagePart package, string name, ReadOnlySpan<byte> head, Stream rest)
    {
        if (!PackageSigns.Wants(name, head, package.Kind))
        {
            return;
        }

        var found = new CarrierContents();
        var buffer = ArrayPool<byte>.Shared.Rent(32 << 10);
        try
        {
            head.CopyTo(buffer);
            var length = head.Length;
            int got;
            while (length < LongestMember && (got = rest.Read(buffer, length, buffer.Length - length)) > 0)
            {
                length += got;
                if (length == buffer.Length)
                {
                    var larger = ArrayPool<byte>.Shared.Rent(2 * buffer.Length);
                    buffer.CopyTo(larger, 0);
                    ArrayPool<byte>.Shared.Return(buffer);
                    buffer = larger;
                }
            }

            PackageSigns.Find(buffer.AsSpan(0, length), found);
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }

        Give(letter, package, 0, found);
    }

    /// <summary>Notes the links of a package's document and sheets with the words that cover them.</summary>
    internal static void CoveredLinks(MessagePart package, IReadOnlyList<(string Name, byte[] Octets)> parts, Func<string, byte[]> member)
    {
        var found = new CarrierContents();
        foreach (var (name, octets) in parts)
        {
            var file = name.LastIndexOf('/') + 1;
            OpenXmlLinks.Find(octets, member($"{name[..file]}_rels/{name[file..]}.rels"), member("xl/sharedStrings.xml"), found);
        }

        if (found.Signs.Count > 0)
        {
            package.Signs = package.Signs.Count == 0 ? found.Signs : Joined(package.Signs, found.Signs);
        }
    }

    private static void Link(ReadOnlySpan<byte> octets, CarrierContents found)
    {
        var link = ShellLink.Read(octets);
        if (link.CommandLine is { Length: > 0 } command)
        {
            found.Note(SignKind.ShortcutCommand, command);
            CommandLinks.Note(found, link.Arguments);
        }

        found.NoteRemote(SignKind.RemoteObject, link.Icon);
        var behind = octets[Math.Min(link.End, octets.Length)..];
        behind = behind.TrimEnd((byte)0);
        if (!behind.IsEmpty)
        {
            found.Note(SignKind.ShortcutAppended, $"{behind.Length} octets behind the shortcut's end, {FileTypes.Sniff(behind)}");
            found.Take("appended", behind.ToArray());
        }
    }

    /// <summary>A shortcut is a few kilobytes; one that is larger than memory has been blown up, and what it is blown up with is looked at as it goes by.</summary>
    private static void Shortcut(MessageOpening letter, MessagePart part, int depth)
    {
        if (part.Length <= LongestMember || !part.Memory.IsEmpty)
        {
            Read(letter, part, depth, LongestMember, Link);
            return;
        }

        part.Padding = Padding.Behind(part, letter.Budget);
        Read(letter, part, depth, LongestMember, Link, isRestPadding: part.Length - part.Padding <= LongestMember);
    }

    private static void Read(MessageOpening letter, MessagePart part, int depth, int longest, Reader reader, bool isRestPadding = false)
    {
        var found = new CarrierContents();
        var octets = part.Memory;
        byte[]? rented = null;
        if (octets.IsEmpty && part.Length > 0)
        {
            // Forty large texts in one archive would each take megabytes that nobody frees in time.
            rented = ArrayPool<byte>.Shared.Rent((int)Math.Min(part.Length, longest));
            octets = rented.AsSpan(0, part.ReadInto(rented.AsSpan(0, (int)Math.Min(part.Length, longest))));
            if (part.Length > longest && !isRestPadding)
            {
                letter.Problem(part.Path, ReadProblemReason.TooLarge, $"Only the first {longest} of {part.Length} octets could be searched.");
            }
        }

        try
        {
            reader(octets, found);
        }
        finally
        {
            if (rented is not null)
            {
                ArrayPool<byte>.Shared.Return(rented);
            }

            Give(letter, part, depth, found);
        }
    }

    /// <summary>Links are bounded by themselves: they must not crowd out what else is seen.</summary>
    private static IReadOnlyList<CarrierSign> Joined(IReadOnlyList<CarrierSign> signs, IReadOnlyList<CarrierSign> more)
    {
        var both = new CarrierContents();
        foreach (var sign in signs.Concat(more))
        {
            both.Note(sign.Kind, sign.Evidence);
        }

        return both.Signs;
    }

    private static void Give(MessageOpening letter, MessagePart part, int depth, CarrierContents found)
    {
        if (found.Signs.Count > 0)
        {
            part.Signs = part.Signs.Count == 0 ? found.Signs : Joined(part.Signs, found.Signs);
        }

        foreach (var file in found.Files)
        {
            letter.Embedded(part, file, depth);
        }
    }
}

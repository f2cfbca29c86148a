using System.Buffers;
using MimeKit;
using Sekisho.Inspection.Formats;

namespace Sekisho.Inspection.Messages;

/// <summary>One letter being opened: what was found, what could not be read, and what is left of the limits.</summary>
internal sealed partial class MessageOpening(ReadLimits limits, IReadOnlyList<string> given, TimeProvider time, ParserOptions parsing, CancellationToken cancel, IReadOnlyList<string>? usual = null)
{
    private const int MaxProblems = 1000;
    private const int SmallText = 1 << 20;

    /// <summary>Honest letters have some dozens; thousands are there to hide what stands behind them.</summary>
    private const int MaxHeaderFields = 1000;

    /// <summary>Parts of one package whose shown words are kept: a lure stands on the first page.</summary>
    private const int MaxShown = 6;

    /// <summary>Begins the text of a problem that a reader caused by throwing what it must not; the fuzzer looks for it.</summary>
    internal const string UnexpectedMark = "Unexpected";

    private long memoryLeft = 4L * limits.MaxPartInMemory;
    private bool ended;

    public List<MessagePart> Parts { get; } = new(4);

    public List<ReadProblem> Problems { get; } = [];

    public ReadBudget Budget { get; } = new(time, limits.Time, limits.MaxUnpacked);

    /// <summary>Parses a letter and walks its tree. Null, with a problem noted, for octets that are no letter; those are looked at as a file.</summary>
    public MimeMessage? Letter(Stream octets, string path, MessagePart? container, int depth)
    {
        var (message, fault) = Parse(octets);
        if (message is null)
        {
            Problem(path, ReadProblemReason.BrokenMail, "It cannot be read as a letter: " + fault);
            if (container is null)
            {
                Raw(octets, Join(path, "1"), "", container, depth);
            }

            // The fields in front of it that relays write, ours among them, mend what begins with junk: then it is a letter for its reader.
            message = FirstField(octets) is > 0 and var start ? Parse(new MimeKit.IO.BoundStream(octets, start, -1, leaveOpen: true)).Message : null;
            if (message is null)
            {
                return null;
            }
        }

        Passwords.Hear(message);
        CheckHeader(message, path);
        if (message.Body is null)
        {
            Problem(path, ReadProblemReason.BrokenMail, "The letter has no body.");
        }
        else
        {
            // A letter that was encoded may use the boundaries of the one around it.
            var around = openBoundaries;
            openBoundaries = [];
            Entity(message.Body, path, message.Body is Multipart ? "" : "1", container, depth);
            openBoundaries = around;
        }

        return message;
    }

    private (MimeMessage? Message, string Fault) Parse(Stream octets)
    {
        try
        {
            // Persistent: parts are views of these octets, not copies.
            return (new MimeParser(parsing, octets, MimeFormat.Entity, persistent: true).ParseMessage(cancel), "");
        }
        catch (Exception e) when (e is FormatException or IOException or ArgumentException or InvalidDataException or InvalidOperationException or OverflowException or NotSupportedException)
        {
            return (null, e.Message);
        }
    }

    /// <summary>Where the first header field begins behind lines that are none; 0 where it begins at once, -1 where there is none before an empty line, or within the first mebioctet.</summary>
    private static long FirstField(Stream octets)
    {
        octets.Position = 0;
        var buffer = ArrayPool<byte>.Shared.Rent(SmallText);
        try
        {
            var seen = buffer.AsSpan(0, octets.ReadAtLeast(buffer.AsSpan(0, SmallText), SmallText, throwOnEndOfStream: false));
            for (var at = 0; at < seen.Length;)
            {
                var feed = seen[at..].IndexOf((byte)'\n');
                var line = feed < 0 ? seen[at..] : seen.Slice(at, feed).TrimEnd((byte)'\r');
                if (line.IsEmpty)
                {
                    return -1;
                }

                var colon = line.IndexOf((byte)':');
                if (colon > 0 && line[..colon].TrimEnd(" \t"u8) is { IsEmpty: false } name && !name.ContainsAnyExceptInRange((byte)'!', (byte)'~'))
                {
                    return at;
                }

                at = feed < 0 ? seen.Length : at + feed + 1;
            }

            return -1;
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }

    /// <summary>Looks at a bare file.</summary>
    public void Document(string name, Stream octets) => Raw(octets, name.Length == 0 ? "1" : name, name, null, 0);

    private static string Join(string path, string name) => path.Length == 0 ? name : $"{path}/{name}";

    private void Raw(Stream octets, string path, string name, MessagePart? container, int depth)
    {
        try
        {
            var content = new MimeContent(octets, ContentEncoding.Binary);
            Add(Content(content, path, name, container, "", null, false), depth);
        }
        catch (Exception e) when (e is InvalidDataException or IOException)
        {
            Broken(path, e);
        }
    }

    private long Measure(Stream stream)
    {
        var buffer = ArrayPool<byte>.Shared.Rent(64 << 10);
        try
        {
            long length = 0;
            int got;
            while ((got = stream.Read(buffer, 0, buffer.Length)) > 0)
            {
                cancel.ThrowIfCancellationRequested();
                Budget.Unpack(0);
                length += got;
            }

            return length;
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }

    private void Add(MessagePart part, int depth, bool open = true)
    {
        if (Parts.Count >= limits.MaxParts)
        {
            part.Dispose();
            End(part.Path, ReadProblemReason.TooMany, $"More than {limits.MaxParts} parts.");
            return;
        }

        Parts.Add(part);
        if (open && !part.IsSealed && !IsSetAside(part, depth))
        {
            OpenGuarded(part, depth);
        }
    }

    private void OpenGuarded(MessagePart part, int depth)
    {
        try
        {
            Open(part, depth);
        }
        catch (InvalidDataException e)
        {
            Broken(part.Path, e);
        }
        catch (Exception e) when (e is not (OutOfMemoryException or OperationCanceledException))
        {
            // A reader's fault, not the sender's; the letter must not come back for ever because of it.
            Problem(part.Path, ReadProblemReason.Broken, $"{UnexpectedMark}: {e.GetType().Name} at {e.TargetSite?.DeclaringType?.Name}");
        }
    }

    /// <summary>Opens what can be opened, by what it is.</summary>
    private void Open(MessagePart part, int depth)
    {
        if (IsHiddenZip(part))
        {
            part.Kind = FileKind.Zip;
        }

        var isOther = isOtherReading;
        isOtherReading = false;
        if (IsFixedDisk(part))
        {
            part.Kind = FileKind.DiskImage;
        }

        var kind = part.Kind;
        if (kind.IsClosedContainer())
        {
            Problem(part.Path, ReadProblemReason.NoReader, $"No reader here opens {ClosedContainers.Name(part.Head) ?? kind.ToString()}.");
            return;
        }

        if (kind == FileKind.Unknown && !isOther)
        {
            Unrecognised(part);
        }

        Pgp(part);
        CarrierOpening.Texts(this, part, depth);
        FilesInText(part, depth);
        HiddenLetter(part, depth);
        if (Openers.For(kind) is { } open && MayGoOn(part.Path) && !TooDeep(part.Path, depth))
        {
            open(this, part, depth);
        }
    }

    /// <summary>A ZIP is read from its end, so anything may stand in front of it: where the name promises one, the end is looked at.</summary>
    private static bool IsHiddenZip(MessagePart part)
    {
        if (part.Length < 22 || part.Kind.IsArchive() || part.Kind.IsCompound() || part.Kind.IsProgram()
            || !(FileNames.Promised(part.Name) is { } promised && promised.Any(k => k == FileKind.Zip || k.IsPackage())))
        {
            return false;
        }

        using var stream = part.OpenRead();
        var tail = new byte[(int)Math.Min(part.Length, 66 << 10)];
        stream.Position = part.Length - tail.Length;
        stream.ReadAtLeast(tail, tail.Length, throwOnEndOfStream: false);
        return tail.AsSpan().LastIndexOf("PK\u0005\u0006"u8) >= 0;
    }

    internal void Compound(MessagePart part, int depth)
    {
        using var stream = part.OpenRead();
        CompoundFile file;
        try
        {
            file = CompoundFile.Open(stream);
        }
        catch (InvalidDataException)
        {
            Remains(part); // Too broken to list; Office repairs what it can, and so may its macros live.
            throw;
        }

        part.Kind = OfficeCompound.KindOf(file);
        if (OfficeCompound.IsEncrypted(file, part.Kind))
        {
            if (OpenedByPassword(part, () => OfficeEncryption.Find(file, part.Kind), depth))
            {
                return;
            }

            Problem(part.Path, ReadProblemReason.EncryptedDocument, "The document asks for a password.");
        }

        part.Vba = VbaProject.Find(file);
        part.Texts = [.. OfficeForms.Find(file, Budget), .. DocumentProperties.Find(file, Budget)];
        CarrierOpening.Compound(this, part, file, depth);
        part.Xlm = XlmProject.Find(file, Budget);
        if (part.Xlm is null && WorkbookCells.AreNamedBy(part.Vba))
        {
            Cells(part, () => WorkbookCells.Find(file, Budget));
        }

        foreach (var item in OfficeCompound.Embedded(file, Budget))
        {
            Embedded(part, item, depth);
            if (ended)
            {
                break;
            }
        }
    }

    /// <summary>Cells are an aid to following the macros: what cannot be read of them is no news of its own.</summary>
    private void Cells(MessagePart part, Func<XlmProject?> find)
    {
        try
        {
            part.Cells = find();
        }
        catch (InvalidDataException) when (Budget.End == BudgetEnd.None)
        {
            part.Cells = null;
        }
    }

    /// <summary>VBA sources found by their mark alone.</summary>
    internal void Remains(MessagePart part)
    {
        if (VbaRemains.Find(Whole(part)) is { } project)
        {
            part.Vba = [project];
        }
    }

    internal void Embedded(MessagePart container, EmbeddedFile file, int depth)
    {
        if (ended)
        {
            return;
        }

        var path = $"{container.Path}/{file.Name}";
        var kind = FileTypes.Sniff(file.Content);
        if (memoryLeft < file.Content.Length)
        {
            End(path, ReadProblemReason.TooLarge, "More embedded files than are held in memory.");
            return;
        }

        memoryLeft -= file.Content.Length;
        Add(new MessagePart(path, container.Kind == FileKind.ActiveMime ? "" : file.Name, () => new MemoryStream(file.Content, writable: false), file.Content.Length) { Kind = kind, Container = container }, depth + 1);
    }

    internal void Tnef(MessagePart part, int depth)
    {
        var files = TnefFile.Find(Whole(part), out var isBroken);
        if (isBroken)
        {
            Problem(part.Path, ReadProblemReason.Broken, "The TNEF breaks off.");
        }

        foreach (var file in files)
        {
            Budget.Unpack(file.Content.Length);
            Embedded(part, file, depth);
        }
    }

    /// <summary>The whole content of what is searched in one piece; a larger one is searched as far as memory allows, and that is said.</summary>
    internal byte[] Whole(MessagePart part)
    {
        if (part.Length > limits.MaxPartInMemory)
        {
            Problem(part.Path, ReadProblemReason.TooLarge, $"Only the first {limits.MaxPartInMemory} of {part.Length} octets could be searched.");
        }

        return part.ReadUpTo(limits.MaxPartInMemory);
    }

    private bool TooDeep(string path, int depth)
    {
        if (depth < limits.MaxDepth)
        {
            return false;
        }

        Problem(path, ReadProblemReason.TooDeep, $"Deeper than {limits.MaxDepth} containers.");
        return true;
    }

    private bool MayGoOn(string path)
    {
        if (ended)
        {
            return false;
        }

        if (Budget.IsSpent)
        {
            Spent(path);
            return false;
        }

        return true;
    }

    private void Broken(string path, Exception e)
    {
        if (Budget.End != BudgetEnd.None)
        {
            Spent(path);
            return;
        }

        Problem(path, ReadProblemReason.Broken, e.Message);
    }

    private void Spent(string path) => End(path, Budget.End == BudgetEnd.Time ? ReadProblemReason.TimeUp : ReadProblemReason.TooLarge,
        Budget.End == BudgetEnd.Time ? "The time for this letter is up." : $"It unpacks to more than {limits.MaxUnpacked} octets.");

    private void End(string path, ReadProblemReason reason, string text)
    {
        if (!ended)
        {
            ended = true;
            Problem(path, reason, text);
        }
    }

    internal void Problem(string path, ReadProblemReason reason, string text)
    {
        if (Problems.Count < MaxProblems)
        {
            Problems.Add(new ReadProblem(path, reason, text));
        }
    }
}

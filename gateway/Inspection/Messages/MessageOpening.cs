using System.Buffers;
using System.Globalization;
using MimeKit;
using MimeKit.Cryptography;
using Sekisho.Inspection.Formats;

namespace Sekisho.Inspection.Messages;

/// <summary>One letter being opened: what was found, what could not be read, and what is left of the limits.</summary>
internal sealed partial class MessageOpening(ReadLimits limits, TimeProvider time, ParserOptions parsing, CancellationToken cancel)
{
    private const int MaxProblems = 1000;
    private const int SmallText = 1 << 20;

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
        MimeMessage message;
        try
        {
            // Persistent: parts are views of these octets, not copies.
            message = new MimeParser(parsing, octets, MimeFormat.Entity, persistent: true).ParseMessage(cancel);
        }
        catch (Exception e) when (e is FormatException or IOException or ArgumentException or InvalidDataException or InvalidOperationException or OverflowException or NotSupportedException)
        {
            Problem(path, ReadProblemReason.BrokenMail, "It cannot be read as a letter: " + e.Message);
            if (container is null)
            {
                Raw(octets, Join(path, "1"), "", container, depth);
            }

            return null;
        }

        Passwords.Hear(message);
        CheckHeader(message, path);
        if (message.Body is null)
        {
            Problem(path, ReadProblemReason.BrokenMail, "The letter has no body.");
        }
        else
        {
            Entity(message.Body, path, message.Body is Multipart ? "" : "1", container, depth);
        }

        return message;
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

    /// <summary>Fields that must be there once (RFC 5322 section 3.6); MimeKit merges or drops the second one silently.</summary>
    private void CheckHeader(MimeMessage message, string path)
    {
        int from = 0, sender = 0, subject = 0, type = 0;
        foreach (var header in message.Headers)
        {
            switch (header.Id)
            {
                case HeaderId.From:
                    from++;
                    break;
                case HeaderId.Sender:
                    sender++;
                    break;
                case HeaderId.Subject:
                    subject++;
                    break;
                case HeaderId.ContentType:
                    type++;
                    break;
            }
        }

        if (from > 1 || sender > 1 || subject > 1 || type > 1)
        {
            var which = from > 1 ? "From" : sender > 1 ? "Sender" : subject > 1 ? "Subject" : "Content-Type";
            Problem(path, ReadProblemReason.AmbiguousHeader, $"There is more than one {which} field.");
        }
    }

    private void Entity(MimeEntity entity, string path, string section, MessagePart? container, int depth)
    {
        cancel.ThrowIfCancellationRequested();
        if (!MayGoOn(path))
        {
            return;
        }

        var here = section.Length == 0 ? path : Join(path, section);
        switch (entity)
        {
            case Multipart multipart:
                if (TooDeep(here, depth))
                {
                    return;
                }

                CheckTypes(entity, here);
                if (multipart.Count == 0)
                {
                    Problem(here, ReadProblemReason.BrokenMail, "A multipart has no parts.");
                }

                if (entity is MultipartEncrypted)
                {
                    Problem(here, ReadProblemReason.EncryptedMail, "OpenPGP or S/MIME encrypted.");
                }

                for (var i = 0; i < multipart.Count && !ended; i++)
                {
                    var number = (i + 1).ToString(CultureInfo.InvariantCulture);
                    Entity(multipart[i], path, section.Length == 0 ? number : $"{section}.{number}", container, depth + 1);
                }

                ReadOtherwise(multipart, here, container, depth);

                break;
            case MimeKit.MessagePart enclosed:
                if (TooDeep(here, depth))
                {
                    return;
                }

                // The enclosed letter is already part of the tree; its octets are those of its parts.
                var letter = new MessagePart(here, enclosed.ContentDisposition?.FileName ?? enclosed.ContentType.Name ?? "", [], 0)
                {
                    DeclaredType = "message/rfc822",
                    Kind = FileKind.Mail,
                    IsSealed = true,
                    Container = container,
                };
                Add(letter, depth, open: false);
                CheckExternal(enclosed, here);
                if (enclosed.Message is { } message)
                {
                    Passwords.Hear(message);
                    CheckHeader(message, here);
                    if (message.Body is not null)
                    {
                        Entity(message.Body, here, message.Body is Multipart ? "" : "1", letter, depth + 1);
                    }
                }

                break;
            case MimePart part:
                Leaf(part, here, container, depth);
                break;
        }
    }

    private void Leaf(MimePart part, string here, MessagePart? container, int depth)
    {
        if (part.Headers.Count > 1)
        {
            CheckTypes(part, here);
        }

        var fileName = part.ContentDisposition?.FileName;
        var typeName = part.ContentType.Name;
        var name = string.IsNullOrEmpty(fileName) ? typeName ?? "" : fileName;
        var other = !string.IsNullOrEmpty(typeName) && !string.Equals(typeName, name, StringComparison.Ordinal) ? typeName : null;
        var isText = part.ContentType.IsMimeType("text", "*");
        var isBody = isText && name.Length == 0 && part.ContentDisposition?.IsAttachment != true;
        if (part is ApplicationPkcs7Mime { SecureMimeType: SecureMimeType.EnvelopedData or SecureMimeType.AuthEnvelopedData or SecureMimeType.Unknown })
        {
            Problem(here, ReadProblemReason.EncryptedMail, "S/MIME encrypted.");
        }

        if (part.Content is null)
        {
            return;
        }

        var declared = isBody && part.ContentType.IsMimeType("text", "plain") ? "text/plain" : part.ContentType.MimeType.ToLowerInvariant();
        try
        {
            var found = Content(part.Content, name.Length == 0 ? here : $"{here}/{name}", name, container, declared, other, isBody);
            if (found.Kind is FileKind.Text or FileKind.Unknown && part.ContentType.IsMimeType("message", "rfc822"))
            {
                found.Kind = FileKind.Mail; // Encoded, which RFC 2046 section 5.2.1 forbids and programs read nevertheless.
            }

            found.Charset = isText ? part.ContentType.Charset : null;
            found.MoreNames = PartNames.Others(part, name, other);
            Add(found, depth);
            ReadOtherwise(part, found, here, container, depth);
        }
        catch (Exception e) when (e is InvalidDataException or IOException or FormatException)
        {
            Broken(here, e);
        }
    }

    private void CheckTypes(MimeEntity entity, string here)
    {
        var types = 0;
        var encodings = 0;
        foreach (var header in entity.Headers)
        {
            types += header.Id == HeaderId.ContentType ? 1 : 0;
            encodings += header.Id == HeaderId.ContentTransferEncoding ? 1 : 0;
        }

        if (types > 1 || encodings > 1)
        {
            Problem(here, ReadProblemReason.AmbiguousHeader, types > 1 ? "There is more than one Content-Type field." : "There is more than one Content-Transfer-Encoding field.");
        }
    }

    /// <summary>Decodes a MIME part: once, into pooled memory, or behind a view where it is large.</summary>
    private MessagePart Content(IMimeContent content, string path, string name, MessagePart? container, string declared, string? other, bool isBody)
    {
        var raw = content.Stream;
        var rawLength = raw!.Length;
        MessagePart part;
        if (rawLength <= Math.Min(limits.MaxPartInMemory, memoryLeft))
        {
            var buffer = ArrayPool<byte>.Shared.Rent((int)rawLength + 16);
            try
            {
                raw.Position = 0;
                var got = raw.ReadAtLeast(buffer.AsSpan(0, (int)rawLength), (int)rawLength, throwOnEndOfStream: false);
                var length = got;
                if (DecodedView.NewDecoder(content.Encoding) is { } decoder)
                {
                    var output = ArrayPool<byte>.Shared.Rent(decoder.EstimateOutputLength(got) + 16);
                    try
                    {
                        length = decoder.Decode(buffer, 0, got, output);
                    }
                    catch
                    {
                        ArrayPool<byte>.Shared.Return(output);
                        throw;
                    }

                    (buffer, output) = (output, buffer);
                    ArrayPool<byte>.Shared.Return(output);
                }

                memoryLeft -= length;
                part = new MessagePart(path, name, buffer, length) { DeclaredType = declared, OtherName = other, IsBody = isBody, Container = container };
            }
            catch
            {
                ArrayPool<byte>.Shared.Return(buffer);
                throw;
            }
        }
        else
        {
            var encoding = content.Encoding;
            var length = DecodedView.NewDecoder(encoding) is null ? rawLength : Measure(new DecodedView(raw, encoding, long.MaxValue));
            part = new MessagePart(path, name, () => new DecodedView(raw, encoding, length), length) { DeclaredType = declared, OtherName = other, IsBody = isBody, Container = container };
        }

        part.Kind = isBody ? BodyKind(part) : FileTypes.Sniff(part.Head);
        return part;
    }

    /// <summary>A text body is text unless fixed octets say otherwise: guessing at it would only find the letter's own words.</summary>
    private static FileKind BodyKind(MessagePart part)
    {
        var kind = FileTypes.SniffMagic(part.Head);
        return kind != FileKind.Unknown ? kind
            : part.Length == 0 ? FileKind.Empty
            : part.DeclaredType == "text/html" ? FileKind.Html : FileKind.Text;
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
        if (!open || part.IsSealed)
        {
            return;
        }

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

        var kind = part.Kind;
        if (kind.IsClosedContainer())
        {
            Problem(part.Path, ReadProblemReason.NoReader, $"No reader here opens {kind}.");
            return;
        }

        CarrierOpening.Texts(this, part, depth);
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
            if (OpenedByPassword(part, file, depth))
            {
                return;
            }

            Problem(part.Path, ReadProblemReason.EncryptedDocument, "The document asks for a password.");
        }

        part.Vba = VbaProject.Find(file);
        part.Texts = [.. OfficeForms.Find(file, Budget), .. DocumentProperties.Find(file, Budget)];
        CarrierOpening.Compound(this, part, file, depth);
        part.Xlm = XlmProject.Find(file, Budget);
        foreach (var item in OfficeCompound.Embedded(file, Budget))
        {
            Embedded(part, item, depth);
            if (ended)
            {
                break;
            }
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
                using var content = archive.OpenRead();
                contentTypes = ReadSome(content, SmallText);
                part.Kind = OpenXmlContent.KindOf(contentTypes);
                isPackage = true;
            }
            else if (OpenXmlTexts.IsWanted(name))
            {
                using var content = archive.OpenRead();
                part.Texts = [.. part.Texts, .. OpenXmlTexts.Find(ReadSome(content, SmallText))];
            }
            else if (name.Equals("META-INF/manifest.xml", StringComparison.Ordinal))
            {
                using var content = archive.OpenRead();
                if (OpenXmlContent.IsEncryptedManifest(ReadSome(content, SmallText)))
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

        archive.Rewind();
        Members(part, archive, isPackage, depth);
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

    private void Members(MessagePart part, ArchiveReader archive, bool isPackage, int depth)
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
                if (Member(part, source, member, path, name, isPackage) is { } found)
                {
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
    private MessagePart? Member(MessagePart part, ArchiveReader archive, ArchiveMember member, string path, string name, bool isPackage)
    {
        using var content = archive.OpenRead();
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

    private Stream OpenAgain(MessagePart part, FileKind kind, int index, long length, string? password)
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

        var text = head.TrimStart((ReadOnlySpan<byte>)[0xEF, 0xBB, 0xBF, (byte)' ', (byte)'\t', (byte)'\r', (byte)'\n']);
        return text.IsEmpty || (text[0] == '<' && text.IndexOf("binData"u8) < 0 && (text.StartsWith("<?xml"u8) || text.Contains((byte)':') || text.IndexOf("xmlns"u8) >= 0));
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

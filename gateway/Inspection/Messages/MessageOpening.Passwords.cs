using Sekisho.Inspection.Formats;

namespace Sekisho.Inspection.Messages;

/// <summary>The part of opening that deals with passwords.</summary>
internal sealed partial class MessageOpening
{
    private PasswordSearch? passwords;

    private PasswordSearch Passwords => passwords ??= new PasswordSearch(given, time, usual);

    private static long PackedOf(MessagePart container, ArchiveMember member) =>
        member.Packed > 0 ? member.Packed : container.Kind is FileKind.Gzip or FileKind.Bzip2 or FileKind.Xz or FileKind.Zstd or FileKind.SevenZip or FileKind.Cab ? container.Length : -1;

    /// <summary>Opens a workbook that is a bare stream of records, as Excel 2 to 4 wrote them and Excel still reads them.</summary>
    internal void Workbook(MessagePart part, int depth)
    {
        using var stream = part.OpenRead();
        var head = new byte[(int)Math.Min(part.Length, 64 << 10)];
        var records = head.AsSpan(0, stream.ReadAtLeast(head, head.Length, throwOnEndOfStream: false)).ToArray();
        stream.Position = 0;
        if (OfficeEncryptionExcel.IsRaw(records))
        {
            if (OpenedByPassword(part, () => OfficeEncryptionExcel.FindRaw(records), depth))
            {
                return;
            }

            Problem(part.Path, ReadProblemReason.EncryptedDocument, "The workbook asks for a password.");
        }

        part.Xlm = XlmProject.Find(stream, Budget);
    }

    /// <summary>Opens a document by one of the letter's or the usual passwords; what comes out is a part of its own.</summary>
    private bool OpenedByPassword(MessagePart part, Func<OfficeEncryption?> find, int depth)
    {
        if (part.Length > Math.Min(OfficeEncryption.MaxLength, memoryLeft))
        {
            return false;
        }

        OfficeEncryption? encryption;
        try
        {
            encryption = find();
        }
        catch (InvalidDataException) when (Budget.End == BudgetEnd.None)
        {
            return false; // Told as encrypted, which it is.
        }

        if (encryption is null || Passwords.Find(encryption.Try, Budget, encryption.IsSlow) is not { } password)
        {
            return false;
        }

        var content = encryption.Decrypt(part.ReadUpTo(OfficeEncryption.MaxLength), Budget);
        part.Password = password;
        part.Kind = FileKind.EncryptedOffice;
        Embedded(part, new EmbeddedFile(part.Name.Length == 0 ? "decrypted" : part.Name, content), depth);
        return true;
    }

    /// <summary>Finds the password of a PDF; what it opens is looked through like any other.</summary>
    internal bool OpenedByPassword(MessagePart part, PdfEncryption encryption)
    {
        if (Passwords.Find(encryption.Try, Budget, encryption.IsSlow) is not { } password)
        {
            return false;
        }

        part.Password = password;
        return true;
    }

    /// <summary>Opens an archive whose list of names is encrypted, too.</summary>
    private bool OpenedByPassword(MessagePart part, int depth)
    {
        ArchivePassword? form = null;
        if (Passwords.Find(p => (form = ArchivePasswords.Find(part.OpenRead, part.Kind, null, p, Budget)) is not null, Budget, isSlow: true) is not { } password)
        {
            return false;
        }

        part.Password = password;
        using var stream = part.OpenRead();
        using var archive = ArchiveReader.Open(stream, part.Kind, Budget, form);
        Members(part, archive, isPackage: false, depth);
        return true;
    }

    /// <summary>The encrypted members of one archive: each is looked for again in the archive opened by its password, forwards.</summary>
    private sealed class EncryptedMembers(MessageOpening letter, MessagePart part) : IDisposable
    {
        /// <summary>Members may have passwords of their own; so many searches that found nothing are enough.</summary>
        private const int MaxFailures = 3;

        private readonly FileKind kind = part.Kind.IsArchive() ? part.Kind : FileKind.Zip;
        private Stream? stream;
        private ArchiveReader? archive;
        private int at = -1;
        private int failures;
        private ArchivePassword? password;

        /// <summary>The password that opened members; null while none did.</summary>
        public FoundPassword? OpenedBy { get; private set; }

        /// <summary>The archive standing at the member, opened; null where no password fits.</summary>
        public ArchiveReader? Open(ArchiveMember member)
        {
            if (archive is not null && (kind is not FileKind.Zip || ArchivePasswords.Fits(part.OpenRead, kind, member, password!, letter.Budget)))
            {
                return Advance(member);
            }

            if (failures >= MaxFailures || kind is FileKind.Arj || (failures > 0 && kind is not FileKind.Zip))
            {
                return null;
            }

            // The first search takes the cheapest member; a ZIP may hold others of another password.
            var trial = password is null && failures == 0 ? ArchivePasswords.Smallest(part.OpenRead, kind, letter.Budget) ?? member : member;
            ArchivePassword? form = null;
            if (letter.Passwords.Find(p => (form = ArchivePasswords.Find(part.OpenRead, kind, trial, p, letter.Budget)) is not null, letter.Budget, isSlow: kind is not FileKind.Zip) is not { } found)
            {
                failures++;
                return null;
            }

            Dispose();
            password = form!;
            OpenedBy = found;
            stream = part.OpenRead();
            archive = ArchiveReader.Open(stream, kind, letter.Budget, password);
            at = -1;
            return trial.Index == member.Index || kind is not FileKind.Zip || ArchivePasswords.Fits(part.OpenRead, kind, member, password, letter.Budget) ? Advance(member) : Open(member);
        }

        public void Dispose()
        {
            archive?.Dispose();
            stream?.Dispose();
            archive = null;
        }

        private ArchiveReader? Advance(ArchiveMember member)
        {
            while (at < member.Index)
            {
                if (archive!.Next() is not { } next)
                {
                    return null;
                }

                at = next.Index;
            }

            return archive;
        }
    }
}

using MimeKit.Cryptography;
using Sekisho.Inspection.Formats;

namespace Sekisho.Inspection.Messages;

/// <content>Signed and encrypted mail: S/MIME (RFC 8551) and OpenPGP (RFC 9580).</content>
internal sealed partial class MessageOpening
{
    /// <summary>True within a multipart/encrypted, which is told as a whole.</summary>
    private bool isToldEncrypted;

    /// <summary>A cryptographic message: its content is a MIME entity, or, where somebody signed a file, that file.</summary>
    internal void Cms(MessagePart part, int depth)
    {
        CmsFile message;
        try
        {
            message = CmsFile.Read(Whole(part), Budget, limits.MaxPartInMemory);
        }
        catch (InvalidDataException) when (Budget.End == BudgetEnd.None && IsSignature(part))
        {
            return; // A signature stands beside what is signed; broken, it proves nothing and carries nothing.
        }

        switch (message.Kind)
        {
            case CmsKind.Encrypted when !isToldEncrypted:
                Problem(part.Path, ReadProblemReason.EncryptedMail, "S/MIME encrypted.");
                break;
            case CmsKind.Other:
                Problem(part.Path, ReadProblemReason.NoReader, "A cryptographic message of a type that is not looked into.");
                break;
            case CmsKind.Open when message.Content is { Length: > 0 } content:
                var path = $"{part.Path}/content";
                if (memoryLeft < content.Length)
                {
                    End(path, ReadProblemReason.TooLarge, "More signed content than is held in memory.");
                    return;
                }

                memoryLeft -= content.Length;
                Budget.Unpack(0);
                var head = content.AsSpan(0, Math.Min(content.Length, FileTypes.HeadLength));
                var inner = FileNames.InnerExtension(part.Name).Length > 0 ? part.Name[..part.Name.LastIndexOf('.')] : "";
                var kind = FileTypes.Sniff(head);
                if (FileTypes.SniffMagic(head) == FileKind.Unknown && (inner.Length == 0 || IsEntity(head)))
                {
                    kind = FileKind.Mail;
                }

                Add(new MessagePart(path, kind == FileKind.Mail ? "" : inner, () => new MemoryStream(content, writable: false), content.Length) { Kind = kind, Container = part }, depth + 1);
                break;
        }
    }

    private static bool IsSignature(MessagePart part) =>
        part.DeclaredType is "application/pkcs7-signature" or "application/x-pkcs7-signature" || FileNames.Extension(part.Name).Equals("p7s", StringComparison.OrdinalIgnoreCase);

    /// <summary>What is declared as S/MIME and is none.</summary>
    private void CheckSecured(ApplicationPkcs7Mime entity, MessagePart found)
    {
        if (found.Kind is not (FileKind.Unknown or FileKind.Text or FileKind.Empty))
        {
            return; // It is looked into as what it is.
        }

        var isSealed = entity.SecureMimeType is SecureMimeType.EnvelopedData or SecureMimeType.AuthEnvelopedData;
        Problem(found.Path, isSealed ? ReadProblemReason.EncryptedMail : ReadProblemReason.NoReader, isSealed ? "S/MIME encrypted." : "It is declared as S/MIME and is none.");
    }

    /// <summary>OpenPGP as a body or a file.</summary>
    private void Pgp(MessagePart part)
    {
        if (isToldEncrypted || part.Kind is not (FileKind.Text or FileKind.Unknown))
        {
            return;
        }

        switch (OpenPgp.Find(part.Head, part.Name, part.Kind == FileKind.Text))
        {
            case OpenPgpKind.Encrypted:
                Problem(part.Path, ReadProblemReason.EncryptedMail, "OpenPGP encrypted.");
                break;
            case OpenPgpKind.Closed:
                Problem(part.Path, ReadProblemReason.NoReader, "An OpenPGP file that is not looked into.");
                break;
        }
    }

    /// <summary>True where the first line is a MIME field.</summary>
    private static bool IsEntity(ReadOnlySpan<byte> head)
    {
        head = head.TrimStart("\r\n"u8);
        return head.Length > 8 && (System.Text.Ascii.EqualsIgnoreCase(head[..8], "content-"u8) || System.Text.Ascii.EqualsIgnoreCase(head[..8], "mime-ver"u8));
    }
}

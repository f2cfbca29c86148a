using System.Buffers.Binary;
using System.Text;

namespace Sekisho.Inspection.Formats;

/// <summary>A file within an Office file.</summary>
/// <param name="Name">What it is called inside.</param>
/// <param name="Content">Its octets.</param>
internal sealed record EmbeddedFile(string Name, byte[] Content);

/// <summary>Looks at a compound file as Office does: what kind of document, encrypted or not, and the files embedded in it.</summary>
internal static class OfficeCompound
{
    private const int MaxEmbedded = 1000;
    private const int MaxEmbeddedLength = 64 << 20;

    private static readonly Guid[] InstallerClasses =
        [new("000C1084-0000-0000-C000-000000000046"), new("000C1086-0000-0000-C000-000000000046"), new("000C1082-0000-0000-C000-000000000046")];

    /// <summary>The kind of document, by its class and its streams.</summary>
    public static FileKind KindOf(CompoundFile file)
    {
        // MSI tables have names in a private range of U+3800 to U+4840; the class alone can be blanked out.
        if (InstallerClasses.Contains(file.ClassId) || file.Find("\u4840\u3F7F\u4164\u422F\u4836") is not null || file.Find("\u4840\u3F3F\u4577\u446C\u3E6A\u44B2\u482F") is not null)
        {
            return FileKind.WindowsInstaller;
        }

        return file.Find("EncryptedPackage") is not null ? FileKind.EncryptedOffice
            : file.Find("WordDocument") is not null ? FileKind.Word
            : file.Find("Workbook") is not null || file.Find("Book") is not null ? FileKind.Excel
            : file.Find("PowerPoint Document") is not null || file.Find("PP97_DUALSTORAGE/PowerPoint Document") is not null || file.Find("PP40") is not null ? FileKind.PowerPoint
            : file.Find("__properties_version1.0") is not null ? FileKind.OutlookMessage
            : file.Find("VisioDocument") is not null ? FileKind.Visio : FileKind.CompoundFile;
    }

    /// <summary>True where the document itself is encrypted with a password.</summary>
    /// <remarks>A file may carry several documents, and its name decides which one a program reads: each of them is asked.</remarks>
    public static bool IsEncrypted(CompoundFile file, FileKind kind) =>
        kind == FileKind.EncryptedOffice || IsWordEncrypted(file) || OfficeEncryptionExcel.Is(file) || (kind == FileKind.PowerPoint && IsPowerPointEncrypted(file));

    /// <summary>Files embedded as OLE packages, attachments of an Outlook item, and PowerPoint's embedded objects. At most 1,000, each to 64 MiB.</summary>
    /// <param name="file">The document.</param>
    /// <param name="budget">Books what is taken out.</param>
    /// <exception cref="InvalidDataException">The budget is spent.</exception>
    public static IEnumerable<EmbeddedFile> Embedded(CompoundFile file, ReadBudget budget)
    {
        var count = 0;
        foreach (var entry in file.Entries)
        {
            if (entry.IsStorage || count >= MaxEmbedded)
            {
                continue;
            }

            EmbeddedFile? found = null;
            if (entry.Name.Equals("\u0001Ole10Native", StringComparison.OrdinalIgnoreCase))
            {
                found = Package(Take(file, entry, budget));
            }
            else if (entry.Name.Equals("Package", StringComparison.OrdinalIgnoreCase) || (entry.Name.Equals("CONTENTS", StringComparison.OrdinalIgnoreCase) && entry.Parent.Length > 0))
            {
                // An OOXML document embedded in an OLE document, or an ActiveX control's content.
                found = new EmbeddedFile(entry.Name, Take(file, entry, budget));
            }
            else if (entry.Name.Equals("__substg1.0_37010102", StringComparison.OrdinalIgnoreCase))
            {
                found = new EmbeddedFile(AttachmentName(file, entry.Parent), Take(file, entry, budget));
            }

            if (found is { Content.Length: > 0 })
            {
                count++;
                yield return found;
            }
        }

        foreach (var stream in new[] { "PowerPoint Document", "PP97_DUALSTORAGE/PowerPoint Document" })
        {
            if (file.Find(stream) is { } slides)
            {
                foreach (var item in PowerPointObjects(Take(file, slides, budget), budget))
                {
                    if (count++ < MaxEmbedded)
                    {
                        yield return item;
                    }
                }
            }
        }
    }

    private static byte[] Take(CompoundFile file, CompoundEntry entry, ReadBudget budget)
    {
        budget.Unpack(Math.Min(entry.Length, MaxEmbeddedLength));
        return file.Read(entry, MaxEmbeddedLength);
    }

    /// <summary>PidTagAttachLongFilename, else PidTagAttachFilename, in UTF-16 (MS-OXMSG section 2.2.2).</summary>
    private static string AttachmentName(CompoundFile file, string storage)
    {
        foreach (var (tag, text) in new[] { ("3707001F", Encoding.Unicode), ("3704001F", Encoding.Unicode), ("3707001E", Encoding.Latin1), ("3704001E", Encoding.Latin1) })
        {
            if (file.Find($"{storage}/__substg1.0_{tag}") is { } entry)
            {
                return text.GetString(file.Read(entry, 1024)).TrimEnd('\0');
            }
        }

        return "attachment";
    }

    /// <summary>A packaged file; what is none is looked at as it stands rather than not at all.</summary>
    private static EmbeddedFile? Package(byte[] native) =>
        native.Length < 8 ? null
        : OlePackage.Read(native) is { } package ? new EmbeddedFile(package.Name, package.Content)
        : new EmbeddedFile("package", native[4..]);

    /// <summary>ExOleObjStg records, packed or not (MS-PPT sections 2.10.34 to 2.10.36): VBA projects and OLE objects. Containers are entered, not skipped.</summary>
    private static IEnumerable<EmbeddedFile> PowerPointObjects(byte[] slides, ReadBudget budget)
    {
        var at = 0L;
        while (at + 8 <= slides.Length)
        {
            var options = BinaryPrimitives.ReadUInt16LittleEndian(slides.AsSpan((int)at));
            var type = BinaryPrimitives.ReadUInt16LittleEndian(slides.AsSpan((int)at + 2));
            var length = BinaryPrimitives.ReadUInt32LittleEndian(slides.AsSpan((int)at + 4));
            at += 8;
            if ((options & 0xF) == 0xF)
            {
                continue;
            }

            if (type == 0x1011)
            {
                var data = slides.AsSpan((int)at, (int)Math.Min(length, slides.Length - at));
                byte[]? content = null;
                if (options >> 4 == 0)
                {
                    content = data.ToArray();
                }
                else if (data.Length > 4)
                {
                    try
                    {
                        content = Zlib.Unpack(data[4..], MaxEmbeddedLength, budget);
                    }
                    catch (InvalidDataException) when (budget.End == BudgetEnd.None)
                    {
                        content = data.ToArray();
                    }
                }

                if (content is { Length: > 0 })
                {
                    yield return new EmbeddedFile("object", content);
                }
            }

            at += length;
        }
    }

    /// <summary>FibBase.fEncrypted (MS-DOC section 2.5.2), bit 8 of the word at 10.</summary>
    private static bool IsWordEncrypted(CompoundFile file)
    {
        var fib = file.Find("WordDocument") is { IsStorage: false } entry ? file.Read(entry, 12) : [];
        return fib.Length == 12 && (fib[11] & 1) != 0;
    }

    /// <summary>The header token of a presentation (MS-PPT section 2.3.2) says so; where there is none, a summary stream that only encrypted ones have.</summary>
    private static bool IsPowerPointEncrypted(CompoundFile file)
    {
        var head = file.Find("Current User") is { IsStorage: false } user ? file.Read(user, 20) : [];
        return (head.Length >= 16 ? BinaryPrimitives.ReadUInt32LittleEndian(head.AsSpan(12)) : 0) switch
        {
            0xF3D1C4DF => true,
            0xE391C05F => false,
            _ => file.Find("EncryptedSummary") is not null,
        };
    }
}

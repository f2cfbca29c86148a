using System.Buffers;
using System.Buffers.Binary;
using System.Text;

namespace Sekisho.Inspection.Formats;

/// <summary>Tells what a file is from its first octets; never from its name.</summary>
public static class FileTypes
{
    /// <summary>Octets of a file's beginning that <see cref="Sniff"/> can make use of: an ISO 9660 descriptor stands at 32,769 (ECMA-119 section 8).</summary>
    public const int HeadLength = 36 << 10;

    private const int TextLook = 4096;

    private static readonly SearchValues<string> HtmlMarks = SearchValues.Create(
        ["<!doctype html", "<html", "<head", "<body", "<script", "<iframe", "<table", "<meta ", "<title", "<div", "<img ", "<form", "<a href", "<svg"], StringComparison.OrdinalIgnoreCase);

    /// <summary>True for what starts with the octets of a compound file (MS-CFB section 2.2).</summary>
    public static bool IsCompoundFile(ReadOnlySpan<byte> head) => head.StartsWith((ReadOnlySpan<byte>)[0xD0, 0xCF, 0x11, 0xE0, 0xA1, 0xB1, 0x1A, 0xE1]);

    /// <summary>The kind by content. Compound files and ZIP packages are told apart further by who opens them.</summary>
    /// <param name="head">The file's beginning, at best <see cref="HeadLength"/> octets or the whole file.</param>
    public static FileKind Sniff(ReadOnlySpan<byte> head)
    {
        if (head.IsEmpty)
        {
            return FileKind.Empty;
        }

        var kind = SniffMagic(head);
        return kind != FileKind.Unknown ? kind : SniffText(head);
    }

    /// <summary>The kind by fixed octets alone: what a text body is asked, since guessing at text there would only find the letter itself.</summary>
    /// <param name="head">The file's beginning.</param>
    public static FileKind SniffMagic(ReadOnlySpan<byte> head)
    {
        // -lh0- to -lh7-, -lzs-, -lz4-, -lz5-, -lhd-: an LHA header has its method at 2 and may begin with any octet.
        if (head.Length > 12 && head[2] == '-' && head[3] == 'l' && head[4] is (byte)'h' or (byte)'z' && head[6] == '-' && (head.Length <= 20 || head[20] <= 3))
        {
            return FileKind.Lzh;
        }

        var kind = BySignature(head);
        if (kind != FileKind.Unknown)
        {
            return kind;
        }

        if (head.Length > 0x8006 && (head.Slice(0x8001, 5).SequenceEqual("CD001"u8) || head.Slice(0x8001, 5).SequenceEqual("BEA01"u8)))
        {
            return FileKind.Iso;
        }

        // The tar of before 1988 (v7) has no mark but its checksum.
        if (head.Length >= 512 && (head.Slice(257, 5).SequenceEqual("ustar"u8) || TarArchive.IsHeader(head)))
        {
            return FileKind.Tar;
        }

        return DiskImage.LooksLikeOne(head) ? FileKind.DiskImage : ClosedContainers.Name(head) is not null ? FileKind.ClosedContainer : FileKind.Unknown;
    }

    private static FileKind BySignature(ReadOnlySpan<byte> head)
    {
        if (head.Length < 2)
        {
            return FileKind.Unknown;
        }

        switch (head[0])
        {
            case (byte)'M':
                if (head[1] == 'Z' && IsDosProgram(head))
                {
                    return FileKind.WindowsProgram;
                }

                return head.StartsWith("MSCF"u8) ? FileKind.Cab
                    : head.StartsWith("MThd"u8) ? FileKind.Media
                    : head.StartsWith("MM\0*"u8) ? FileKind.Image : FileKind.Unknown;
            case (byte)'Z' when head[1] == 'M' && head.Length > 64 && head[..64].Contains((byte)0):
                return FileKind.WindowsProgram;
            case 0 when head.Length > 19 && (head[4..].StartsWith("Standard Jet DB"u8) || head[4..].StartsWith("Standard ACE DB"u8)):
                return FileKind.Access;
            case 0x7F:
                return head.StartsWith("\u007fELF"u8) ? FileKind.UnixProgram : FileKind.Unknown;
            case 0xD0:
                return IsCompoundFile(head) ? FileKind.CompoundFile : FileKind.Unknown;
            case 0xCF or 0xCE when head.Length >= 4 && head[1] == 0xFA && head[2] == 0xED && head[3] == 0xFE:
                return FileKind.MacProgram;
            case 0xFE when head.Length >= 4 && head[1] == 0xED && head[2] == 0xFA && head[3] is 0xCE or 0xCF:
                return FileKind.MacProgram;
            case 0xCA when head.Length >= 8 && head[1] == 0xFE && head[2] == 0xBA && head[3] == 0xBE:
                // A fat Mach-O counts its architectures here, a class has its version (45 and up): JVM specification section 4.1.
                return BinaryPrimitives.ReadUInt32BigEndian(head[4..]) < 40 ? FileKind.MacProgram : FileKind.JavaClass;
            case (byte)'P':
                if (head.StartsWith("PK\u0003\u0004"u8) || head.StartsWith("PK\u0005\u0006"u8) || head.StartsWith("PK\u0007\u0008PK"u8) || head.StartsWith("PK00PK"u8))
                {
                    return FileKind.Zip;
                }

                return FileKind.Unknown;
            case (byte)'R':
                return head.StartsWith("Rar!\u001a\u0007"u8) ? FileKind.Rar : head.StartsWith("RIFF"u8) ? Riff(head) : FileKind.Unknown;
            case (byte)'7':
                return head.Length >= 6 && head[1] == 'z' && head[2] == 0xBC && head[3] == 0xAF && head[4] == 0x27 && head[5] == 0x1C ? FileKind.SevenZip : FileKind.Unknown;
            case 0x1F:
                return head[1] == 0x8B ? FileKind.Gzip : FileKind.Unknown;
            case (byte)'B':
                return head.Length > 3 && head[1] == 'Z' && head[2] == 'h' && head[3] is >= (byte)'1' and <= (byte)'9' ? FileKind.Bzip2
                    : head[1] == 'M' && head.Length > 14 && head[6] == 0 && head[7] == 0 ? FileKind.Image : FileKind.Unknown;
            case 0xFD:
                return head.Length >= 6 && head[1] == '7' && head[2] == 'z' && head[3] == 'X' && head[4] == 'Z' && head[5] == 0 ? FileKind.Xz : FileKind.Unknown;
            case 0x28 when head.Length > 5 && head[1] == 0xB5 && head[2] == 0x2F && head[3] == 0xFD:
                return FileKind.Zstd;
            case >= 0x50 and <= 0x5F when head.Length > 8 && head[1] == 0x2A && head[2] == 0x4D && head[3] == 0x18:
                return FileKind.Zstd; // Begins with a frame to be skipped (RFC 8878 section 3.1.2).
            case 0x60:
                return head.Length > 10 && head[1] == 0xEA ? FileKind.Arj : FileKind.Unknown;
            case (byte)'%':
                return head.StartsWith("%PDF-"u8) ? FileKind.Pdf : FileKind.Unknown;
            case (byte)'{':
                return head.StartsWith("{\\rt"u8) ? FileKind.Rtf : FileKind.Unknown;
            case 0x30:
                return CmsFile.IsOne(head) ? FileKind.Cms : FileKind.Unknown;
            case 0x4C:
                return head.Length >= 20 && head[1] == 0 && head[2] == 0 && head[3] == 0 && head[4] == 1 && head[5] == 0x14 && head[6] == 2 ? FileKind.Shortcut : FileKind.Unknown;
            case (byte)'I':
                return head.StartsWith("ITSF"u8) ? FileKind.CompiledHelp
                    : head.StartsWith("II*\0"u8) ? FileKind.Image
                    : head.StartsWith("ID3"u8) ? FileKind.Media
                    : head.StartsWith("ID;P"u8) ? FileKind.SymbolicLink : FileKind.Unknown;
            case 0x78 when head.Length >= 4 && head[1] == 0x9F && head[2] == 0x3E && head[3] == 0x22:
                return FileKind.Tnef;
            case 0xE4 when head.Length >= 16 && head[1] == 0x52 && head[2] == 0x5C && head[3] == 0x7B:
            case 0xA1 when head.Length >= 16 && head[1] == 0x2F && head[2] == 0xFF && head[3] == 0x43:
                return FileKind.OneNote;
            case (byte)'A':
                return head.StartsWith("ActiveMime"u8) ? FileKind.ActiveMime : FileKind.Unknown;
            case (byte)'v' when head.StartsWith("vhdxfile"u8):
            case (byte)'c' when head.StartsWith("conectix"u8):
            case (byte)'K' when head.StartsWith("KDMV"u8):
                return FileKind.DiskImage;
            case (byte)'#' when head.StartsWith("#@~^"u8):
                return FileKind.EncodedScript;
            case (byte)'#' when head.StartsWith("#!/"u8) || head.StartsWith("#! /"u8):
                return FileKind.ShellScript;
            case 0xFF when head.Length > 3 && head[1] == 0xD8 && head[2] == 0xFF:
            case 0x89 when head.Length > 3 && head[1] == 'P' && head[2] == 'N' && head[3] == 'G':
            case (byte)'G' when head.StartsWith("GIF8"u8):
            case 0xD7 when head.Length > 3 && head[1] == 0xCD && head[2] == 0xC6 && head[3] == 0x9A:
                return FileKind.Image;
            case 0xFF when (head[1] & 0xE0) == 0xE0 && head[1] != 0xFE && head[1] != 0xFF:
                return FileKind.Media;
            case (byte)'O' when head.StartsWith("OggS"u8):
            case (byte)'f' when head.StartsWith("fLaC"u8):
                return FileKind.Media;
            case 9 when IsWorkbookStream(head):
                return FileKind.ExcelRaw;
            case 1 when head.Length > 44 && head[1] == 0 && head[2] == 0 && head[3] == 0 && head.Slice(40, 4).SequenceEqual(" EMF"u8):
                return FileKind.Image;
        }

        if (head.Length > 12)
        {
            if (head.Slice(4, 4).SequenceEqual("ftyp"u8))
            {
                return head.Slice(8, 4).SequenceEqual("heic"u8) || head.Slice(8, 4).SequenceEqual("avif"u8) || head.Slice(8, 4).SequenceEqual("mif1"u8) ? FileKind.Image : FileKind.Media;
            }

            if (head.Slice(7, 5).SequenceEqual("**ACE"u8))
            {
                return FileKind.Ace;
            }
        }

        return FileKind.Unknown;
    }

    /// <summary>A workbook's first record (BOF) of any Excel version: its length, and at 6 what follows: globals, sheet, chart, macro sheet, workbook of Excel 4.</summary>
    private static bool IsWorkbookStream(ReadOnlySpan<byte> head) =>
        head.Length >= 8 && head[1] is 0 or 2 or 4 or 8 && head[2] is >= 4 and <= 32 && head[3] == 0
        && BinaryPrimitives.ReadUInt16LittleEndian(head[6..]) is 0x0005 or 0x0010 or 0x0020 or 0x0040 or 0x0100;

    /// <summary>"MZ" begins ordinary words too: a program has octets that no text has, or says where its new header is.</summary>
    private static bool IsDosProgram(ReadOnlySpan<byte> head)
    {
        if (head.Length >= 0x40)
        {
            var newHeader = BinaryPrimitives.ReadUInt32LittleEndian(head[0x3C..]);
            if (newHeader < (uint)head.Length && head[(int)newHeader] is (byte)'P' or (byte)'N' or (byte)'L')
            {
                return true;
            }
        }

        return head[..Math.Min(head.Length, 0x40)].IndexOfAnyInRange((byte)0, (byte)8) >= 0;
    }

    private static FileKind Riff(ReadOnlySpan<byte> head) =>
        head.Length >= 12 && head.Slice(8, 4).SequenceEqual("WEBP"u8) ? FileKind.Image : FileKind.Media;

    private static FileKind SniffText(ReadOnlySpan<byte> head)
    {
        var look = head[..Math.Min(head.Length, TextLook)];
        // Latin-1 keeps every octet; only ASCII marks are looked for. UTF-16 is told by its mark or by its zeros.
        string text;
        if (look.StartsWith((ReadOnlySpan<byte>)[0xFF, 0xFE]))
        {
            text = Encoding.Unicode.GetString(look[2..]);
        }
        else if (look.StartsWith((ReadOnlySpan<byte>)[0xFE, 0xFF]))
        {
            text = Encoding.BigEndianUnicode.GetString(look[2..]);
        }
        else if (look.Length >= 4 && look[0] != 0 && look[1] == 0 && look[2] != 0 && look[3] == 0)
        {
            text = Encoding.Unicode.GetString(look);
        }
        else if (look.Length >= 4 && look[0] == 0 && look[1] == '<' && look[2] == 0 && look[3] != 0)
        {
            text = Encoding.BigEndianUnicode.GetString(look); // XML without a mark (XML 1.0 appendix F).
        }
        else
        {
            if (look.Contains((byte)0))
            {
                // A few leading octets do not stop a PDF reader (ISO 32000-1 appendix H.3.4.1 allows 1,024).
                return head[..Math.Min(head.Length, 1024)].IndexOf("%PDF-"u8) >= 0 ? FileKind.Pdf : FileKind.Unknown;
            }

            text = Encoding.Latin1.GetString(look.StartsWith((ReadOnlySpan<byte>)[0xEF, 0xBB, 0xBF]) ? look[3..] : look);
        }

        return TextKinds.Of(text);
    }

    internal static bool HasHtmlMark(ReadOnlySpan<char> text) => text.IndexOfAny(HtmlMarks) >= 0;
}

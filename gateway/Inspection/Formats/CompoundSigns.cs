using System.Buffers.Binary;
using System.Text;

namespace Sekisho.Inspection.Formats;

/// <summary>Finds what a compound document reaches out to and starts: packages, risky classes, Equation Editor objects, fields, links to programs.</summary>
internal static class CompoundSigns
{
    private const int LongestStream = 16 << 20;
    private const int MaxObjects = 1000;

    /// <summary>Begins the evidence where the object is of the script moniker's classes.</summary>
    public const string ScriptMoniker = "script moniker";

    private static readonly Guid Equation = new("0002CE02-0000-0000-C000-000000000046");

    private static readonly Dictionary<Guid, string> Risky = new()
    {
        [new("06290BD2-48AA-11D2-8432-006008C3FBFC")] = ScriptMoniker,
        [new("06290BD3-48AA-11D2-8432-006008C3FBFC")] = ScriptMoniker,
        [new("ECABB0C7-7F19-11D2-978E-0000F8757E2A")] = "new moniker",
        [new("25336920-03F9-11CF-8FD0-00AA00686F13")] = "HTML file",
        [new("3050F4D8-98B5-11CF-BB82-00AA00BDCE0B")] = "HTML application",
        [new("EAB22AC3-30C1-11CF-A7EB-0000C05BAE0B")] = "web browser control",
        [new("8856F961-340A-11D0-A96B-00C04FD705A2")] = "web browser control",
        [new("D27CDB6E-AE6D-11CF-96B8-444553540000")] = "Flash",
        [new("FC7D9E02-3F9E-11D3-93C0-00C04F72DAF7")] = "composite moniker",
    };

    /// <summary>Looks through a compound file.</summary>
    /// <param name="file">The file.</param>
    /// <param name="kind">What document it is.</param>
    /// <param name="budget">Books what is read.</param>
    /// <param name="found">Where signs go.</param>
    /// <exception cref="InvalidDataException">The budget is spent.</exception>
    public static void Find(CompoundFile file, FileKind kind, ReadBudget budget, CarrierContents found)
    {
        Class(file.ClassId, "", file, found);
        var objects = 0;
        foreach (var entry in file.Entries)
        {
            if (entry.IsStorage)
            {
                Class(entry.ClassId, entry.Path, file, found);
                continue;
            }

            if (entry.Name.Length < 3 || objects >= MaxObjects)
            {
                continue;
            }

            if (entry.Name.Equals("\u0001Ole10Native", StringComparison.OrdinalIgnoreCase))
            {
                objects++;
                Package(file.Read(entry, 4096), found);
            }
            else if (entry.Name.Equals("Equation Native", StringComparison.OrdinalIgnoreCase))
            {
                objects++;
                var formula = file.Read(entry, 16 << 10);
                found.Note(IsEquationAttack(formula) ? SignKind.EquationExploit : SignKind.EquationObject, $"{entry.Path}: {entry.Length} octets");
            }
            else if (entry.Name.Equals("\u0001Ole", StringComparison.OrdinalIgnoreCase))
            {
                objects++;
                CompoundLinks.Moniker(file.Read(entry, 16 << 10), SignKind.RemoteObject, found);
            }
            else if (entry.Name.Equals("\u0003OCXNAME", StringComparison.OrdinalIgnoreCase))
            {
                objects++;
                found.Note(SignKind.ActiveXControl, Encoding.Unicode.GetString(file.Read(entry, 200)).TrimEnd('\0'));
            }
        }

        if (kind == FileKind.Word && file.Find("WordDocument") is { } text)
        {
            budget.Unpack(Math.Min(text.Length, LongestStream));
            Fields(file.Read(text, LongestStream), found);
        }
        else if (kind == FileKind.Excel && (file.Find("Workbook") ?? file.Find("Book")) is { } book)
        {
            budget.Unpack(Math.Min(book.Length, LongestStream));
            var records = file.Read(book, LongestStream);
            SupportingBooks(records, found);
            CompoundLinks.Workbook(records, found);
        }
        else if (kind == FileKind.PowerPoint && file.Find("PowerPoint Document") is { } slides)
        {
            budget.Unpack(Math.Min(slides.Length, LongestStream));
            CompoundLinks.Presentation(file.Read(slides, LongestStream), found);
        }
    }

    /// <summary>True for a formula that cannot be sound: a font's name longer than its 40 octets of room (CVE-2017-11882), a matrix larger than its own (CVE-2018-0798).</summary>
    /// <param name="formula">MTEF version 1 to 3 behind its header of 28 octets, or bare.</param>
    internal static bool IsEquationAttack(ReadOnlySpan<byte> formula)
    {
        var mtef = formula.Length > 28 && BinaryPrimitives.ReadUInt16LittleEndian(formula) == 28 ? formula[28..] : formula;
        if (mtef.Length < 8)
        {
            return false;
        }

        if (mtef[0] is 0 or > 5)
        {
            return true;
        }

        var records = mtef[5..]; // Version, platform, product, version, sub-version; version 1 and 2 have fewer, which only shifts the look.
        for (var i = 0; i < Math.Min(records.Length, 64); i++)
        {
            // Attacks put it first, behind a size record at most: type, typeface, style, name.
            if (records[i] == 8 && i + 3 < records.Length)
            {
                var name = records[(i + 3)..];
                var end = name.IndexOf((byte)0);
                if ((end < 0 ? name.Length : end) > 40)
                {
                    return true;
                }
            }
        }

        return records.Length > 8 && records[0] is 0x0A or 0x0B && records[1] == 5 && records[5] > 32 && records[6] > 32;
    }

    private static void Class(Guid id, string path, CompoundFile file, CarrierContents found)
    {
        if (id == Guid.Empty)
        {
            return;
        }

        if (Risky.TryGetValue(id, out var name))
        {
            found.Note(SignKind.RiskyObject, $"{name} ({id}) {path}".TrimEnd());
        }

        // Early editors kept the formula as a foreign object's data; attacks do, too.
        if (id == Equation)
        {
            var place = path.Length == 0 ? "" : path + "/";
            var isAttack = file.Find(place + "Equation Native") is null && file.Find(place + "\u0001Ole10Native") is { } foreign
                && file.Read(foreign, 16 << 10) is [_, _, _, _, .. var formula] && IsEquationAttack(formula);
            found.Note(isAttack ? SignKind.EquationExploit : SignKind.EquationObject, $"{(path.Length == 0 ? "root" : path)}: Equation Editor object{(isAttack ? " that holds no sound formula" : "")}");
        }
    }

    private static void Package(byte[] native, CarrierContents found)
    {
        if (OlePackage.Read(native) is { } package)
        {
            found.Note(SignKind.OlePackage, package.OriginalPath.Length > 0 && package.OriginalPath != package.Label ? $"{package.Name} (shown as {package.Label}, from {package.OriginalPath})" : package.Name);
        }
    }

    /// <summary>Field codes stand between U+0013 and U+0014 or U+0015 in the document's text, in octets or in UTF-16 (MS-DOC section 2.8.25).</summary>
    private static void Fields(ReadOnlySpan<byte> text, CarrierContents found)
    {
        for (var count = 0; count < 100_000; count++)
        {
            var at = text.IndexOf((byte)0x13);
            if (at < 0 || at + 8 > text.Length)
            {
                return;
            }

            text = text[(at + 1)..];
            var isWide = text[0] == 0;
            var look = isWide ? text[1..Math.Min(text.Length, 2001)] : text[..Math.Min(text.Length, 1000)];
            if (look.Length < 4 || !(isWide ? look[0] is 0x20 or (>= 0x41 and <= 0x7A) && look[1] == 0 : look[0] is 0x20 or (>= 0x41 and <= 0x7A)))
            {
                continue;
            }

            var code = isWide ? Encoding.Unicode.GetString(look[..(look.Length & ~1)]) : Encoding.Latin1.GetString(look);
            var end = code.AsSpan().IndexOfAny('\u0014', '\u0015');
            if (end > 0)
            {
                DataExchange.Field(found, code.AsSpan(0, end));
            }
        }
    }

    /// <summary>SupBook records (MS-XLS section 2.4.271): a workbook's links to others, or to a program and a topic joined by U+0003.</summary>
    private static void SupportingBooks(ReadOnlySpan<byte> records, CarrierContents found)
    {
        while (records.Length >= 4)
        {
            var id = BinaryPrimitives.ReadUInt16LittleEndian(records);
            var length = Math.Min(BinaryPrimitives.ReadUInt16LittleEndian(records[2..]), records.Length - 4);
            var record = records.Slice(4, length);
            records = records[(4 + length)..];
            if (id != 0x01AE || record.Length < 6)
            {
                continue;
            }

            var count = BinaryPrimitives.ReadUInt16LittleEndian(record[2..]);
            if (count is 0x0401 or 0x3A01 or 0)
            {
                continue;
            }

            var characters = record[5..];
            var path = (record[4] & 1) != 0 ? Encoding.Unicode.GetString(characters[..Math.Min(count * 2, characters.Length & ~1)]) : Encoding.Latin1.GetString(characters[..Math.Min(count, characters.Length)]);
            if (path.Contains('\u0003', StringComparison.Ordinal))
            {
                DataExchange.Note(found, path.Replace('\u0003', '|'));
            }
            else
            {
                // U+0001 begins an encoded path; U+0005 tells that an address follows as it is (section 2.5.277).
                var target = path.TrimStart('\u0001');
                found.NoteRemote(SignKind.ExternalLink, target.StartsWith('\u0005') && target.Length > 2 ? target[2..] : target.StartsWith("\u0001@", StringComparison.Ordinal) ? @"\\" + target[2..] : target);
            }
        }
    }
}

using System.Collections.Frozen;
using Sekisho.Inspection.Formats;

namespace Sekisho.Inspection.Messages;

/// <summary>Who opens what. A new format is one line here and its reader in <c>Formats/</c>.</summary>
internal static class Openers
{
    /// <summary>Opens a part: adds what is in it to the letter, and notes what cannot be read. May throw <see cref="InvalidDataException"/>.</summary>
    /// <param name="letter">The letter being opened.</param>
    /// <param name="part">What to open.</param>
    /// <param name="depth">How many containers stand around it.</param>
    internal delegate void Opener(MessageOpening letter, MessagePart part, int depth);

    private static readonly FrozenDictionary<FileKind, Opener> ByKind = new Dictionary<FileKind, Opener>
    {
        [FileKind.CompoundFile] = static (letter, part, depth) => letter.Compound(part, depth),

        // The part's octets stay in memory (or behind its view) as long as the letter.
        [FileKind.Mail] = static (letter, part, depth) => letter.Letter(part.OpenRead(), part.Path, part, depth + 1),
        [FileKind.Tnef] = static (letter, part, depth) => letter.Tnef(part, depth),
        [FileKind.ActiveMime] = static (letter, part, depth) =>
            letter.Embedded(part, new EmbeddedFile("activemime", ActiveMime.Unwrap(letter.Whole(part), letter.Budget)), depth),
        [FileKind.Cms] = static (letter, part, depth) => letter.Cms(part, depth),
        [FileKind.WordXml] = static (letter, part, depth) =>
        {
            CarrierOpening.Flat(letter, part, depth);
            foreach (var file in XmlBinaries.Find(letter.Whole(part)))
            {
                letter.Budget.Unpack(file.Content.Length);
                letter.Embedded(part, file, depth);
            }
        },
        [FileKind.Access] = static (letter, part, _) => letter.Remains(part),
        [FileKind.OneNote] = CarrierOpening.OneNote,
        [FileKind.Pdf] = CarrierOpening.Pdf,
        [FileKind.Rtf] = CarrierOpening.Rtf,
        [FileKind.SymbolicLink] = static (letter, part, depth) => part.Xlm = SlkWorkbook.Read(letter.Whole(part), letter.Budget),
        [FileKind.ExcelRaw] = static (letter, part, depth) => letter.Workbook(part, depth),
        [FileKind.EncodedScript] = static (letter, part, depth) => letter.EncodedScript(part, depth),
        [FileKind.WindowsScript] = static (letter, part, depth) => letter.EncodedScript(part, depth),
        [FileKind.HtmlApplication] = static (letter, part, depth) => letter.EncodedScript(part, depth),
        [FileKind.WindowsProgram] = static (letter, part, depth) => MessageOpening.Program(part),
        [FileKind.Zip] = static (letter, part, depth) => letter.Zip(part, depth),
    }.ToFrozenDictionary();

    /// <summary>Who opens this kind; null for what contains nothing.</summary>
    internal static Opener? For(FileKind kind) =>
        ByKind.GetValueOrDefault(kind) ?? (kind.IsArchive() ? static (letter, part, depth) => letter.Archive(part, depth) : null);
}

using Sekisho.Inspection.Formats;
using Sekisho.Inspection.Senders;

namespace Sekisho.Inspection.Detection.Senders;

/// <summary>Finds letters of people with whom nobody in the hospital has exchanged a letter before.</summary>
/// <remarks>
/// New patients and clinics write every day: it is a note beside what else is found, and weighs something only where the first letter carries what a
/// stranger has no need to send at once: a program, a macro, a page, or a file that nobody can look into.
/// </remarks>
internal sealed class FirstContact : IDetector
{
    public static readonly FindingKind First = new("FIRST_CONTACT", 5,
        "Nobody in the hospital has exchanged mail with this address before.", "このアドレスとは、院内の誰もメールのやり取りをしたことがありません(初めての差出人)。", "T1566");

    public static readonly FindingKind WithProgram = new("FIRST_CONTACT_PROGRAM", 15,
        "The very first mail from this address carries a program, a macro, a page or a locked file.", "初めての差出人から、プログラム・マクロ・HTMLファイル・パスワード付きファイルなどが添付されたメールが届きました。", "T1566.001");

    public IEnumerable<FindingKind> Kinds => [First, WithProgram];

    public IEnumerable<Finding> Inspect(InspectionContext context)
    {
        if (context.Sender.Correspondence is not { IsFirstContact: true } ledger)
        {
            yield break;
        }

        var domain = ledger.Domain is { } known ? $"its domain has been known since {known.First:yyyy-MM-dd} ({known.In} letters in, {known.Out} out)" : "its domain is unknown, too";
        yield return First.At("From", $"{ledger.Address}: {domain}");
        if (context.Message.Parts.FirstOrDefault(p => !p.IsBody && (p.IsSealed || p.Vba.Count > 0 || p.Xlm is not null || p.Kind.IsProgram() || p.Kind.IsScript() || p.Kind.IsMacroEnabled()
            || p.Kind is FileKind.Html or FileKind.Svg or FileKind.EncryptedOffice or FileKind.Iso or FileKind.DiskImage)) is { } part)
        {
            yield return WithProgram.At(part.Path, $"{part.Kind} of {ledger.Address}");
        }
    }
}

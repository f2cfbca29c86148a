using Sekisho.Inspection.Formats;
using Sekisho.Inspection.Messages;
using Sekisho.Inspection.Senders;

namespace Sekisho.Inspection.Detection.Outbound;

/// <summary>Finds documents with a macro that leave the house: rarely meant, and what an infected PC sends to the hospital's partners.</summary>
/// <remarks>A macro that an admin allows for these recipients goes out, and so does an empty project, which many old workbooks carry.</remarks>
internal sealed class OutboundMacro : IDetector
{
    public static readonly FindingKind Macro = new("OUTBOUND_MACRO", 100,
        "A document with a macro is about to leave our hospital; ask its sender, and if he did not mean to send it, check his account and his PC.",
        "マクロ付きの文書が当院から院外へ送信されようとしています。送信者に意図した送信かを確認し、心当たりがなければ、アカウントの乗っ取りやPCのウイルス感染を疑ってください。", "T1566.001");

    public IEnumerable<FindingKind> Kinds => [Macro];

    public IEnumerable<Finding> Inspect(InspectionContext context)
    {
        if (!context.Message.Envelope.IsOutbound)
        {
            yield break;
        }

        foreach (var part in context.Message.Parts)
        {
            if (part.Xlm is not null || (part.Vba.Any(p => p.IsDamaged || p.Modules.Any(HasCode)) && !IsAllowed(context, part)))
            {
                yield return Macro.At(part.Path, $"of <{context.Message.Envelope.Sender}>, written at {LetterOrigin.Of(context.Message)}");
            }
        }
    }

    /// <summary>True but for a module of nothing but attributes, options and comments; code that cannot be read, is hidden or lies is code.</summary>
    private static bool HasCode(VbaModule module)
    {
        if (module.IsDamaged || module.Stomping is not null || module.Hiding != VbaHiding.None)
        {
            return true;
        }

        foreach (var line in module.Source.AsSpan().EnumerateLines())
        {
            var words = line.Trim();
            if (!words.IsEmpty && words[0] != '\'' && !words.StartsWith("Attribute ", StringComparison.OrdinalIgnoreCase) && !words.StartsWith("Option ", StringComparison.OrdinalIgnoreCase))
            {
                return true;
            }
        }

        return false;
    }

    private static bool IsAllowed(InspectionContext context, MessagePart part) =>
        context.AllowedMacros.Count > 0 && MacroHash.Of(part.Vba, part.Texts) is { } hash && context.AllowedMacros.Contains(hash);
}

using Sekisho.Inspection.Formats;
using Sekisho.Inspection.Messages;
using Sekisho.Inspection.Signatures;

namespace Sekisho.Inspection.Detection.Lures;

/// <summary>Finds documents with a program in them, and letters that bring one, that ask the reader to switch it on.</summary>
/// <remarks>Word keeps its text as ANSI or UTF-16 (MS-DOC section 2.4.1), Excel likewise, OpenXML as UTF-8: the sentences are looked for in all of these.</remarks>
internal sealed class LureEnableMacros : IDetector
{
    public static readonly FindingKind Document = new("LURE_DOCUMENT", 50,
        "A document pretends to be protected or of another program, to have its macro switched on.", "「保護されています」「別の場所にコピーしてください」などと偽り、マクロを実行させようとする文書です。", "T1204.002");

    public static readonly FindingKind Asks = new("LURE_ENABLE_MACROS", 10,
        "The mail or the document asks to switch macros on.", "マクロ(コンテンツ)の有効化を求めています。", "T1204.002");

    /// <summary>Octets of a part that are searched: such sentences stand on the first page.</summary>
    private const int Searched = 4 << 20;

    public IEnumerable<FindingKind> Kinds => [Document, Asks];

    public IEnumerable<Finding> Inspect(InspectionContext context)
    {
        var carriers = context.Message.Parts.Where(p => p.Vba.Count > 0 || p.Xlm is not null).Select(Root).ToHashSet();
        if (carriers.Count == 0)
        {
            yield break;
        }

        var lures = context.Signatures.List("document-lures");
        var asking = context.Signatures.List("enable-macros");
        foreach (var part in context.Message.Parts)
        {
            var root = Root(part);
            if (part.IsSealed || !carriers.Contains(root) || !(part == root || part.Kind is FileKind.Xml or FileKind.Text or FileKind.Html || part.Kind.IsCompound()))
            {
                continue;
            }

            if (First(lures, part) is { } lure)
            {
                yield return Document.At(part.Path, lure);
            }

            if (First(asking, part) is { } word)
            {
                yield return Asks.At(part.Path, word);
            }
        }

        if (asking.FirstIn(context.Message.Text.Main?.New) is { } asked)
        {
            yield return Asks.At("text", asked);
        }
    }

    /// <summary>The document that a part of a package belongs to.</summary>
    private static MessagePart Root(MessagePart part)
    {
        var root = part;
        while (root.Container is { } container && (container.Kind.IsPackage() || container.Kind.IsMacroEnabled()))
        {
            root = container;
        }

        return root;
    }

    /// <summary>The first word of a list that a document shows: among the words that its reader took out of it, else in its octets.</summary>
    private static string? First(WordList list, MessagePart part) =>
        part.Texts.Where(t => t.Kind == DocumentTextKind.Shown).Select(t => list.FirstIn(TextNormal.Of(t.Text))).FirstOrDefault(w => w is not null)
        ?? list.FirstIn(part.Memory.IsEmpty ? Beginning(part) : part.Memory[..Math.Min(part.Memory.Length, Searched)]);

    private static byte[] Beginning(MessagePart part)
    {
        try
        {
            return part.ReadUpTo(Searched);
        }
        catch (InvalidDataException)
        {
            return []; // Opening it has said so already.
        }
    }
}

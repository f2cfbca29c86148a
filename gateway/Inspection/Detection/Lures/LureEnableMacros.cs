using System.Buffers;
using System.Text;
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
        var carriers = context.Message.Parts.Where(p => p.Vba.Count > 0 || p.Xlm is not null).Select(Root).Distinct().ToList();
        if (carriers.Count == 0)
        {
            yield break;
        }

        var lures = context.Signatures.List("document-lures");
        var asking = context.Signatures.List("enable-macros");
        foreach (var root in carriers)
        {
            foreach (var part in context.Message.Parts)
            {
                if (part.IsSealed || Root(part) != root || !(part == root || part.Kind is FileKind.Xml or FileKind.Text or FileKind.Html || part.Kind.IsCompound()))
                {
                    continue;
                }

                foreach (var text in part.Texts)
                {
                    if (text.Kind != DocumentTextKind.Shown)
                    {
                        continue;
                    }

                    var words = TextNormal.Of(text.Text);
                    if (lures.FirstIn(words) is { } shown)
                    {
                        yield return Document.At(part.Path, shown);
                    }

                    if (asking.FirstIn(words) is { } asks)
                    {
                        yield return Asks.At(part.Path, asks);
                    }
                }

                var octets = part.Memory.IsEmpty ? Beginning(part) : part.Memory[..Math.Min(part.Memory.Length, Searched)].ToArray();
                if (First(lures, octets) is { } lure)
                {
                    yield return Document.At(part.Path, lure);
                }

                if (First(asking, octets) is { } word)
                {
                    yield return Asks.At(part.Path, word);
                }
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

    private static string? First(WordList list, ReadOnlySpan<byte> octets)
    {
        foreach (var entry in list.Entries)
        {
            // The case of the first letters varies (ENABLE CONTENT), the sentence does not: these three spellings are met.
            foreach (var spelling in new[] { entry, entry.ToUpperInvariant(), char.ToUpperInvariant(entry[0]) + entry[1..] }.Distinct(StringComparer.Ordinal))
            {
                if (octets.IndexOf(Encoding.UTF8.GetBytes(spelling)) >= 0 || octets.IndexOf(Encoding.Unicode.GetBytes(spelling)) >= 0
                    || (!Ascii.IsValid(spelling) && octets.IndexOf(Encoding.GetEncoding(932).GetBytes(spelling)) >= 0))
                {
                    return entry;
                }
            }
        }

        return null;
    }
}

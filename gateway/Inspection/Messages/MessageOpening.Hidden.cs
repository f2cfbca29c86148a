using System.Buffers;
using Sekisho.Inspection.Formats;

namespace Sekisho.Inspection.Messages;

/// <summary>Files that one program takes for this and another for that: a web archive of Word within what begins as a PDF, a page or a text.</summary>
internal sealed partial class MessageOpening
{
    private const int MaxHiddenLetters = 4;

    /// <summary>Reads a file as the letter that begins within it, beside what it is by its first octets.</summary>
    private void HiddenLetter(MessagePart part, int depth)
    {
        // What is shown as the letter itself, no program opens as a file.
        if (part.Kind is not (FileKind.Pdf or FileKind.Html or FileKind.Text or FileKind.Unknown or FileKind.Mail) || part.IsBody || ended)
        {
            return;
        }

        var octets = part.Memory;
        byte[]? rented = null;
        if (octets.IsEmpty && part.Length > 0)
        {
            var longest = (int)Math.Min(part.Length, part.Kind == FileKind.Pdf ? limits.MaxPartInMemory : Math.Min(CarrierOpening.LongestText, limits.MaxPartInMemory));
            rented = ArrayPool<byte>.Shared.Rent(longest);
            octets = rented.AsSpan(0, part.ReadInto(rented.AsSpan(0, longest)));
        }

        try
        {
            // A letter that begins with its header has been read; one behind blank lines has none.
            if (!octets.IsEmpty && (part.Kind != FileKind.Mail || octets[0] is (byte)'\r' or (byte)'\n' or (byte)' ' or (byte)'\t'))
            {
                HiddenLetter(part, octets, depth);
            }
        }
        finally
        {
            if (rented is not null)
            {
                ArrayPool<byte>.Shared.Return(rented);
            }
        }
    }

    private void HiddenLetter(MessagePart part, ReadOnlySpan<byte> octets, int depth)
    {
        var first = Parts.Count;
        var told = Problems.Count;
        var from = 0;
        for (var i = 0; i < MaxHiddenLetters && Parts.Count == first && LetterInFile.Find(octets, ref from) is >= 0 and var at; i++)
        {
            if (!MayGoOn(part.Path) || TooDeep(part.Path, depth) || !MayHold(part, octets.Length - at))
            {
                return;
            }

            Letter(new MemoryStream(octets[at..].ToArray(), writable: false), part.Path, part, depth + 1);
        }

        // No mail program reads it: what they would differ about is no news, and a text may quote a header.
        for (var i = Problems.Count - 1; i >= told; i--)
        {
            if (Problems[i].Reason is ReadProblemReason.BrokenMail or ReadProblemReason.AmbiguousHeader or ReadProblemReason.AmbiguousMime or ReadProblemReason.PartialMail or ReadProblemReason.ExternalBody)
            {
                Problems.RemoveAt(i);
            }
        }

        if (!Parts.Skip(first).Any(p => p.Kind == FileKind.ActiveMime) && LetterInFile.Macros(octets) is { Length: > 0 } macros && MayGoOn(part.Path) && !TooDeep(part.Path, depth))
        {
            Budget.Unpack(macros.Length);
            Embedded(part, new EmbeddedFile("activemime", macros), depth);
        }
    }

    private bool MayHold(MessagePart part, int length)
    {
        if (memoryLeft < length)
        {
            End(part.Path, ReadProblemReason.TooLarge, "More embedded files than are held in memory.");
            return false;
        }

        memoryLeft -= length;
        Budget.Unpack(length);
        return true;
    }
}

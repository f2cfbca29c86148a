using System.Buffers;
using Sekisho.Inspection.Formats;

namespace Sekisho.Inspection.Messages;

/// <summary>The text of a part and the links in it.</summary>
internal static class PartText
{
    private const int MaxText = 16 << 20;

    /// <summary>The decoded text; empty for what is no text.</summary>
    public static string Of(MessagePart part) => IsText(part.Kind) && !part.IsSealed ? JapaneseText.Decode(Octets(part), part.Charset, out _) : "";

    /// <summary>The links in text or HTML; those of documents are added by <see cref="PartLinks"/>.</summary>
    public static IReadOnlyList<Link> LinksOf(MessagePart part)
    {
        if (part.IsSealed || !IsText(part.Kind))
        {
            return [];
        }

        if (part.Kind is FileKind.Html or FileKind.HtmlApplication or FileKind.Svg)
        {
            return HtmlText.Read(part.Text).Links;
        }

        // Most letters have none, and that is seen without decoding: an address has ASCII in every character set but UTF-16.
        if (!part.Memory.IsEmpty ? !MayHoldLinks(part.Memory) : part.Kind == FileKind.Text && !part.IsBody && !BeginningMayHoldLinks(part))
        {
            return [];
        }

        // Lines of calendars and cards are folded, addresses too (RFC 5545 section 3.1).
        return TextLinks.Find(part.Text.Contains("xmlns", StringComparison.Ordinal) ? WithoutNamespaces(part.Text) : part.Text.StartsWith("BEGIN:V", StringComparison.OrdinalIgnoreCase)
            ? part.Text.ReplaceLineEndings("\n").Replace("\n ", "", StringComparison.Ordinal).Replace("\n\t", "", StringComparison.Ordinal) : part.Text);
    }

    private static bool MayHoldLinks(ReadOnlySpan<byte> octets) =>
        octets.IndexOf("//"u8) >= 0 || octets.IndexOf("www."u8) >= 0 || octets.IndexOf("WWW."u8) >= 0 || octets.IndexOf("[.]"u8) >= 0 || octets.IndexOf(":\\\\"u8) >= 0
        || octets[..Math.Min(octets.Length, 64)].Contains((byte)0);

    /// <summary>The same of a text that is not held in memory, as far as it is searched.</summary>
    private static bool BeginningMayHoldLinks(MessagePart part)
    {
        var rented = ArrayPool<byte>.Shared.Rent((int)Math.Min(part.Length, CarrierOpening.LongestText));
        try
        {
            return MayHoldLinks(rented.AsSpan(0, part.ReadInto(rented.AsSpan(0, (int)Math.Min(part.Length, CarrierOpening.LongestText)))));
        }
        catch (InvalidDataException)
        {
            return false; // Opening it has said so already.
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(rented);
        }
    }

    /// <summary>The text with its XML namespaces blanked (XML Names section 3): they look like addresses, and nobody goes there.</summary>
    private static string WithoutNamespaces(string text)
    {
        var plain = text.ToCharArray();
        for (var at = 0; (at = text.IndexOf("xmlns", at, StringComparison.Ordinal)) >= 0;)
        {
            at += 5;
            while (at < text.Length && (char.IsLetterOrDigit(text[at]) || text[at] is ':' or '-' or '_' or '.' or ' '))
            {
                at++;
            }

            if (at >= text.Length || text[at] != '=')
            {
                continue;
            }

            var open = at + 1;
            while (open < text.Length && char.IsWhiteSpace(text[open]))
            {
                open++;
            }

            var close = open < text.Length && text[open] is ('"' or '\'') ? text.IndexOf(text[open], open + 1) : -1;
            if (close < 0)
            {
                continue;
            }

            Array.Fill(plain, ' ', open + 1, close - open - 1);
            at = close;
        }

        return new string(plain);
    }

    private static bool IsText(FileKind kind) => kind is FileKind.Text or FileKind.Html or FileKind.Xml or FileKind.Svg or FileKind.InternetShortcut or FileKind.WebQuery or FileKind.SymbolicLink
        or FileKind.ShellSettings || kind.IsScript();

    private static ReadOnlySpan<byte> Octets(MessagePart part)
    {
        // Scripts are held for what they are, and their links only said beside it: one that is blown up must not take twelve times its size as text.
        var longest = (part.Kind == FileKind.Text && !part.IsBody) || part.Kind.IsScript() ? CarrierOpening.LongestText : MaxText;
        if (!part.Memory.IsEmpty)
        {
            return part.Kind.IsScript() ? part.Memory[..Math.Min(part.Memory.Length, longest)] : part.Memory;
        }

        try
        {
            return part.ReadUpTo(longest);
        }
        catch (InvalidDataException)
        {
            return []; // Opening it has said so already.
        }
    }
}

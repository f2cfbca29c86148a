using System.Buffers;
using System.Text;
using Sekisho.Inspection.Formats;
using Sekisho.Inspection.Messages;

namespace Sekisho.Inspection.Detection;

/// <summary>What there is of a part to run rules over: its content in windows, and the texts that readers took out of it.</summary>
internal static class PartBuffers
{
    /// <summary>Octets of one window; a larger part is looked at in several.</summary>
    public const int Window = 16 << 20;

    /// <summary>Octets by which a window begins before the end of the one before, so that nothing is cut in two.</summary>
    public const int Overlap = 64 << 10;

    /// <summary>Windows from the beginning; of a part that goes on behind them only the last window is looked at besides.</summary>
    public const int MaxHead = 4;

    private const int LongestText = 8 << 20;

    /// <summary>Takes one piece to look at.</summary>
    /// <param name="octets">The piece; valid during the call.</param>
    /// <param name="start">Where it begins in what it is a piece of.</param>
    /// <param name="type">What it is, see <see cref="Signatures.YaraNames.FileType"/>; null for the content itself.</param>
    /// <returns>False to end.</returns>
    public delegate bool Visitor(ReadOnlySpan<byte> octets, long start, string? type);

    /// <summary>Shows a part's content.</summary>
    /// <returns>How many octets in its middle were left out.</returns>
    /// <exception cref="InvalidDataException">It cannot be read.</exception>
    public static long Content(MessagePart part, Visitor visit)
    {
        if (!part.Memory.IsEmpty && part.Memory.Length <= Window)
        {
            visit(part.Memory, 0, null);
            return 0;
        }

        using var stream = part.OpenRead();
        var buffer = ArrayPool<byte>.Shared.Rent((int)Math.Min(Window, Math.Max(stream.Length, 1)));
        try
        {
            var window = Math.Min(buffer.Length, Window);
            long start = 0;
            for (var i = 0; start < stream.Length; i++)
            {
                var skipped = 0L;
                if (i == MaxHead && stream.Length - window > start)
                {
                    skipped = stream.Length - window - start;
                    start += skipped;
                }

                stream.Position = start;
                var got = stream.ReadAtLeast(buffer.AsSpan(0, window), window, throwOnEndOfStream: false);
                if (!visit(buffer.AsSpan(0, got), start, null) || got < window || start + got >= stream.Length || skipped > 0)
                {
                    return Math.Max(0, skipped - Overlap);
                }

                start += window - Overlap;
            }

            return 0;
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }

    /// <summary>Shows the texts taken out of a part, in UTF-8: macro source, Excel 4 macros and what they do, hidden properties, command lines, and its own text where that is in another encoding.</summary>
    public static void Texts(MessagePart part, Visitor visit)
    {
        foreach (var project in part.Vba)
        {
            if (!Show(visit, "vba", project.Modules.Select(m => m.Source)))
            {
                return;
            }
        }

        if (part.Xlm is { } xlm && !Show(visit, "xlm", Lines(xlm)))
        {
            return;
        }

        if (part.Texts.Count > 0 && !Show(visit, "property", part.Texts.Select(t => t.Text)))
        {
            return;
        }

        if (part.Signs.Count > 0 && !Show(visit, "command", part.Signs.Where(s => s.Kind == SignKind.ShortcutCommand).Select(s => s.Evidence)))
        {
            return;
        }

        if (HasOtherEncoding(part) && part.Text is { Length: > 0 } text)
        {
            Show(visit, "text", [text]);
        }
    }

    /// <summary>Formulas and texts a line each, hidden sheets named, then what following the macros showed them to do.</summary>
    private static IEnumerable<string> Lines(XlmProject project)
    {
        foreach (var sheet in project.MacroSheets)
        {
            yield return $"[{sheet.Visibility}] {sheet.Name}";
            foreach (var cell in sheet.Cells)
            {
                yield return cell.Formula is { } formula ? $"={formula}" : cell.Value as string ?? "";
            }
        }

        foreach (var name in project.Names.Where(n => n.Start != XlmStart.None))
        {
            yield return $"[{name.Start}] {name.Name} {name.Formula}";
        }

        foreach (var action in project.Actions)
        {
            yield return $"[{(action.IsAutomatic ? "automatic" : "action")}] {action}";
        }
    }

    /// <summary>True for text that rules written in ASCII or UTF-8 would not find in the octets: ISO-2022-JP, Shift_JIS, UTF-16.</summary>
    private static bool HasOtherEncoding(MessagePart part) =>
        part.Memory is { IsEmpty: false } octets && (octets.ContainsAny((byte)0x1B, (byte)0) || !System.Text.Unicode.Utf8.IsValid(octets));

    private static bool Show(Visitor visit, string type, IEnumerable<string> texts)
    {
        var buffer = new ArrayBufferWriter<byte>();
        foreach (var text in texts)
        {
            if (text.Length == 0)
            {
                continue;
            }

            Encoding.UTF8.GetBytes(text.AsSpan(0, Math.Min(text.Length, LongestText - buffer.WrittenCount)), buffer);
            buffer.Write("\n"u8);
            if (buffer.WrittenCount >= LongestText)
            {
                break;
            }
        }

        return buffer.WrittenCount == 0 || visit(buffer.WrittenSpan, 0, type);
    }
}

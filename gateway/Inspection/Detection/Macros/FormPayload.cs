using System.Buffers;
using Sekisho.Inspection.Formats;
using Sekisho.Inspection.Messages;

namespace Sekisho.Inspection.Detection.Macros;

/// <summary>Finds commands and long encoded texts kept in form properties, document properties or variables, out of sight of who reads the macro, as Emotet did.</summary>
internal sealed class FormPayload : IDetector
{
    public static readonly FindingKind Payload = new("FORM_PAYLOAD", 40,
        "A document with a macro keeps a command or encoded text in a hidden property.", "マクロ付き文書の隠れたプロパティに、コマンドまたは暗号化された文字列が含まれています。", "T1027");

    private const int ShortestCode = 100;

    private static readonly SearchValues<string> Commands = SearchValues.Create(
        ["powershell", "mshta", "regsvr32", "rundll32", "cmd.exe", "cmd /c", "wscript.shell", "winmgmts:", "frombase64string", "downloadstring", "downloadfile", "certutil", "bitsadmin", "scripting.filesystemobject"],
        StringComparison.OrdinalIgnoreCase);

    public IEnumerable<FindingKind> Kinds => [Payload];

    public IEnumerable<Finding> Inspect(InspectionContext context)
    {
        var parts = context.Message.Parts;
        foreach (var part in parts)
        {
            // Without a macro nothing in the document can read them.
            if (part.Texts.Count == 0 || !(part.Vba.Count > 0 || parts.Any(p => p.Vba.Count > 0 && IsWithin(p, part))))
            {
                continue;
            }

            foreach (var text in part.Texts)
            {
                if (text.Kind != DocumentTextKind.Shown && (text.Text.AsSpan().ContainsAny(Commands) || LooksEncoded(text.Text)))
                {
                    yield return Payload.At(part.Path, $"{text.Name}: {text.Text[..Math.Min(80, text.Text.Length)]}");
                }
            }
        }
    }

    private static bool IsWithin(MessagePart part, MessagePart whole)
    {
        for (var at = part.Container; at is not null; at = at.Container)
        {
            if (at == whole)
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>True for a hundred and more characters without a blank that are no path, no list and no words: base64, hex, or letters with a separator strewn in.</summary>
    internal static bool LooksEncoded(string text)
    {
        var start = 0;
        for (var at = 0; at <= text.Length; at++)
        {
            if (at < text.Length && text[at] is > ' ' and < '\u007F')
            {
                continue;
            }

            if (at - start >= ShortestCode && IsCode(text.AsSpan(start, at - start)))
            {
                return true;
            }

            start = at + 1;
        }

        return false;
    }

    private static bool IsCode(ReadOnlySpan<char> run)
    {
        if (run.StartsWith("http", StringComparison.OrdinalIgnoreCase) || run.StartsWith("\\\\"))
        {
            return false;
        }

        // One character over and over is a line that somebody drew.
        Span<int> counts = stackalloc int[128];
        counts.Clear();
        int upper = 0, lower = 0, digits = 0;
        foreach (var c in run)
        {
            counts[c]++;
            upper += char.IsAsciiLetterUpper(c) ? 1 : 0;
            lower += char.IsAsciiLetterLower(c) ? 1 : 0;
            digits += char.IsAsciiDigit(c) ? 1 : 0;
        }

        var different = 0;
        foreach (var count in counts)
        {
            different += count > 0 ? 1 : 0;
        }

        return different >= 8 && (upper + lower + digits) * 2 > run.Length;
    }
}

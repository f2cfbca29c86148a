using System.Buffers.Text;
using System.Globalization;
using System.Text;

namespace Sekisho.Inspection.Formats;

/// <summary>Undoes what script does to its own texts so that nobody finds them: pieces, lists, escapes, base64.</summary>
internal static class ScriptTexts
{
    /// <summary>Pieces of a list that are shorter are words, not data.</summary>
    private const int ShortestPiece = 16;

    /// <summary>Strings put together from pieces (<c>"ab" + 'cd' + `ef`</c>, and longer ones of a list that is joined) as one, their escapes (<c>\x41</c>, <c>\u0041</c>) undone.</summary>
    /// <param name="script">A script, whole.</param>
    public static string Plain(ReadOnlySpan<char> script)
    {
        var isList = script.Contains("join(", StringComparison.Ordinal) || script.Contains("concat(", StringComparison.Ordinal);
        var result = new StringBuilder(script.Length);
        var piece = 0;
        for (var i = 0; i < script.Length; i++)
        {
            if (script[i] is '"' or '\'' or '`')
            {
                var next = i + 1;
                var isPlus = false;
                // Bounded, so that a script of nothing but blanks stays linear.
                while (next < script.Length && next - i < 64 && (char.IsWhiteSpace(script[next]) || (!isPlus && (script[next] == '+' || (isList && script[next] == ',' && result.Length - piece >= ShortestPiece)))))
                {
                    isPlus |= script[next] is '+' or ',';
                    next++;
                }

                if (isPlus && next < script.Length && script[next] is '"' or '\'' or '`')
                {
                    i = next;
                    piece = result.Length;
                    continue;
                }

                piece = result.Length + 1;
            }
            else if (script[i] == '\\' && Escaped(script[i..], out var length) is { } character)
            {
                result.Append(character);
                i += length - 1;
                continue;
            }

            result.Append(script[i]);
        }

        return result.ToString();
    }

    /// <summary>The octets of base64 of either alphabet; whatever is in neither is passed over.</summary>
    /// <param name="text">The text.</param>
    public static byte[] FromBase64(string text)
    {
        var clean = new byte[text.Length + 3];
        var length = 0;
        foreach (var c in text)
        {
            if (char.IsAsciiLetterOrDigit(c) || c is '+' or '/')
            {
                clean[length++] = (byte)c;
            }
            else if (c is '-' or '_')
            {
                clean[length++] = (byte)(c == '-' ? '+' : '/');
            }
        }

        length -= length % 4 == 1 ? 1 : 0;
        while (length % 4 != 0)
        {
            clean[length++] = (byte)'=';
        }

        var output = new byte[Base64.GetMaxDecodedFromUtf8Length(length)];
        Base64.DecodeFromUtf8(clean.AsSpan(0, length), output, out _, out var written);
        return output[..written];
    }

    /// <summary>An escape of a visible character at the beginning (ECMA-262 section 12.9.4); null for any other.</summary>
    private static char? Escaped(ReadOnlySpan<char> text, out int length)
    {
        length = text.Length > 1 ? text[1] switch { 'x' => 4, 'u' => 6, _ => 0 } : 0;
        return length > 0 && text.Length >= length && ushort.TryParse(text[2..length], NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out var code) && code is >= ' ' and not (0x22 or 0x27 or 0x5C or 0x60) ? (char)code : null;
    }
}

using System.Buffers;
using System.Text;

namespace Sekisho.Inspection.Formats;

/// <summary>Brings text into one form, so that words are found however they are written: NFKC, nothing invisible, one kind of line end.</summary>
public static class TextNormal
{
    private static readonly SearchValues<char> Invisible = SearchValues.Create(
        "\u00AD\u034F\u061C\u115F\u1160\u17B4\u17B5\u180B\u180C\u180D\u180E\u200B\u200C\u200D\u200E\u200F\u202A\u202B\u202C\u202D\u202E\u2060\u2061\u2062\u2063\u2064\u2066\u2067\u2068\u2069\u3164\uFE0E\uFE0F\uFEFF\uFFA0\0");

    /// <summary>The normal form. Half-width kana become full width, full-width letters and ① become plain, zero-width characters go, CR LF becomes LF.</summary>
    /// <param name="text">Any text, lone surrogates included.</param>
    public static string Of(string text)
    {
        if (text.Contains('\r', StringComparison.Ordinal))
        {
            text = text.ReplaceLineEndings("\n");
        }

        if (Ascii.IsValid(text))
        {
            return text.Contains('\0', StringComparison.Ordinal) ? text.Replace("\0", "", StringComparison.Ordinal) : text;
        }

        var normal = Sound(text);
        if (!normal.IsNormalized(NormalizationForm.FormKC))
        {
            normal = normal.Normalize(NormalizationForm.FormKC);
        }

        if (normal.AsSpan().IndexOfAny(Invisible) < 0)
        {
            return normal;
        }

        var clean = new StringBuilder(normal.Length);
        foreach (var c in normal)
        {
            if (!Invisible.Contains(c))
            {
                clean.Append(c);
            }
        }

        return clean.ToString();
    }

    /// <summary>Lone surrogates and non-characters cannot be normalised; they become U+FFFD.</summary>
    private static string Sound(string text)
    {
        var isSound = true;
        for (var i = 0; i < text.Length && isSound; i++)
        {
            if (char.IsHighSurrogate(text[i]) && i + 1 < text.Length && char.IsLowSurrogate(text[i + 1]))
            {
                i++;
            }
            else if (char.IsSurrogate(text[i]) || text[i] >= '\uFFFE')
            {
                isSound = false;
            }
        }

        if (isSound)
        {
            return text;
        }

        var sound = new StringBuilder(text.Length);
        foreach (var rune in text.EnumerateRunes())
        {
            sound.Append((rune.Value & 0xFFFE) == 0xFFFE ? "\uFFFD" : rune.ToString());
        }

        return sound.ToString();
    }
}

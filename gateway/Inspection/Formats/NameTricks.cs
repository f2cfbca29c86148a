using System.Buffers;
using System.Text;

namespace Sekisho.Inspection.Formats;

/// <summary>How a file name tries to look like another one.</summary>
[Flags]
public enum NameTrick
{
    /// <summary>It does not.</summary>
    None = 0,

    /// <summary>Text is turned right to left (U+202E and its like), so that the extension shows elsewhere.</summary>
    TurnedAround = 1,

    /// <summary>Characters that are not seen stand in it (zero width, soft hyphen, variation selectors).</summary>
    Invisible = 2,

    /// <summary>A NUL or another control character, at which some programs end the name.</summary>
    Control = 4,

    /// <summary>A full-width or look-alike dot stands before a telling extension.</summary>
    LookAlikeDot = 8,

    /// <summary>Dots or blanks follow the extension; Windows drops them.</summary>
    Trailing = 16,

    /// <summary>So many blanks that the true extension is out of sight.</summary>
    ManyBlanks = 32,

    /// <summary>An NTFS stream (<c>:$DATA</c>) is named behind the extension.</summary>
    Stream = 64,

    /// <summary>The header gives several names that end differently.</summary>
    SeveralNames = 128,
}

/// <summary>Sees names that lie, and reads them every way a program may.</summary>
public static class NameTricks
{
    private const int SightBlanks = 8;

    /// <summary>Dots that people take for a full stop: ideographic, full-width, one dot leader, small, half-width ideographic.</summary>
    private const string Dots = "\u3002\uFF0E\u2024\uFE52\uFF61";

    private static readonly SearchValues<char> Odd = SearchValues.Create(OddOnes(isUnseenOnly: false));
    private static readonly SearchValues<char> Unseen = SearchValues.Create(OddOnes(isUnseenOnly: true));

    /// <summary>The tricks in a name. Costs next to nothing for an ordinary one.</summary>
    /// <param name="name">A decoded file name.</param>
    public static NameTrick Find(string name)
    {
        var found = NameTrick.None;
        var trimmed = name.AsSpan().TrimEnd(" .\u3000\u00A0");
        // One blank at the end is a slip of the hand; a dot or more is none.
        if ((name.Length - trimmed.Length > 1 || (trimmed.Length < name.Length && name[^1] != ' ')) && trimmed.LastIndexOf('.') is > 0 and var last && trimmed.Length - last is > 1 and <= 6)
        {
            found |= NameTrick.Trailing;
        }

        if (name.Contains("        ", StringComparison.Ordinal) && BlanksBeforeExtension(name) >= SightBlanks)
        {
            found |= NameTrick.ManyBlanks;
        }

        var stream = name.AsSpan().IndexOf(':');
        if (stream > 2 && name.AsSpan(0, stream).Contains('.') && name.AsSpan(stream).Contains("$DATA", StringComparison.OrdinalIgnoreCase))
        {
            found |= NameTrick.Stream;
        }

        if (name.AsSpan().IndexOfAny(Odd) < 0)
        {
            return found;
        }

        for (var i = 0; i < name.Length; i++)
        {
            var c = name[i];
            found |= c < ' ' && c is not ('\t' or '\r' or '\n') ? NameTrick.Control
                : IsTurning(c) ? NameTrick.TurnedAround
                : IsInvisible(c) || (SelectorAt(name, i) > 0 && i > 0 && name[i - 1] is > ' ' and < '\u007F' && !IsKeycap(name, i)) ? NameTrick.Invisible : NameTrick.None;
        }

        var dot = name.AsSpan().LastIndexOfAny(Dots);
        if (dot > 0 && FileNames.IsExecutableExtension(name[(dot + 1)..].Normalize(NormalizationForm.FormKC).Trim()))
        {
            found |= NameTrick.LookAlikeDot;
        }

        return found;
    }

    /// <summary>The other names that some program may take this one for: without what is not seen, up to a NUL, with full-width letters and dots made plain. Empty for an ordinary name.</summary>
    /// <param name="name">A decoded file name.</param>
    public static IReadOnlyList<string> Readings(string name)
    {
        if (name.AsSpan().IndexOfAny(Odd) < 0)
        {
            return [];
        }

        var readings = new List<string>(3);
        void Add(string reading)
        {
            if (reading.Length > 0 && reading != name && !readings.Contains(reading))
            {
                readings.Add(reading);
            }
        }

        var nul = name.AsSpan().IndexOf('\0');
        if (nul > 0)
        {
            Add(name[..nul]);
        }

        var seen = string.Concat(Seen(name).Where(c => c >= ' '));
        Add(seen);
        if (seen.AsSpan().IndexOfAny(Dots) >= 0 || seen.AsSpan().IndexOfAnyInRange('\uFF01', '\uFF5E') >= 0)
        {
            var plain = new StringBuilder(seen);
            foreach (var dot in Dots)
            {
                plain.Replace(dot, '.');
            }

            try
            {
                Add(plain.ToString().Normalize(NormalizationForm.FormKC));
            }
            catch (ArgumentException)
            {
                Add(plain.ToString()); // A lone surrogate cannot be normalised.
            }
        }

        return readings;
    }

    /// <summary>A text without the characters that are not seen: of no width, turning ones, variation selectors, tags. The same object where there is none.</summary>
    /// <param name="text">Any text; what has a width stays, control characters too.</param>
    internal static string Seen(string text)
    {
        if (text.AsSpan().IndexOfAny(Unseen) < 0)
        {
            return text;
        }

        var seen = new StringBuilder(text.Length);
        for (var i = 0; i < text.Length; i++)
        {
            if (SelectorAt(text, i) is > 0 and var length)
            {
                i += length - 1;
            }
            else if (!IsInvisible(text[i]) && !IsTurning(text[i]))
            {
                seen.Append(text[i]);
            }
        }

        return seen.ToString();
    }

    /// <summary>How many UTF-16 units a variation selector (U+FE00 to U+FE0F, U+E0100 to U+E01EF) or a tag (U+E0000 to U+E007F) has here; 0 where there is none. Behind a picture or an ideograph they are honest: emoji, and the variants of Japanese names.</summary>
    internal static int SelectorAt(ReadOnlySpan<char> text, int at) =>
        text[at] is >= '\uFE00' and <= '\uFE0F' ? 1 : text[at] == '\uDB40' && at + 1 < text.Length && char.IsLowSurrogate(text[at + 1]) ? 2 : 0;

    /// <summary>A digit, a selector and U+20E3 make the picture of a key.</summary>
    private static bool IsKeycap(string name, int at) => at + 1 < name.Length && name[at + 1] == '\u20E3';

    private static int BlanksBeforeExtension(string name)
    {
        var dot = name.LastIndexOf('.');
        var most = 0;
        var run = 0;
        for (var i = 0; i < name.Length; i++)
        {
            run = name[i] is ' ' or '\u3000' or '\u00A0' ? run + 1 : 0;
            most = Math.Max(most, i <= dot + 1 || dot < 0 ? run : 0);
        }

        return dot < 0 ? 0 : most;
    }

    private static bool IsTurning(char c) => c is (>= '\u202A' and <= '\u202E') or (>= '\u2066' and <= '\u2069') or '\u200E' or '\u200F' or '\u061C';

    private static bool IsInvisible(char c) => c is (>= '\u200B' and <= '\u200D') or (>= '\u2060' and <= '\u2064') or '\u00AD' or '\uFEFF' or '\u115F' or '\u1160' or '\u3164' or '\uFFA0' or '\u180E' or '\u034F';

    private static string OddOnes(bool isUnseenOnly)
    {
        var odd = new StringBuilder(isUnseenOnly ? "" : Dots);
        for (var c = '\0'; c < '\uFFFF'; c++)
        {
            if (IsTurning(c) || IsInvisible(c) || c is (>= '\uFE00' and <= '\uFE0F') or '\uDB40' || (!isUnseenOnly && c is < ' ' or >= '\uFF01' and <= '\uFF5E'))
            {
                odd.Append(c);
            }
        }

        return odd.ToString();
    }
}

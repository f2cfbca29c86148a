namespace Sekisho.Inspection.Detection;

/// <summary>A kind of thing that can be seen in a letter. Its code is stable: policies, logs and reports refer to it.</summary>
/// <param name="Code">Upper-case words joined by underscores, such as <c>MACRO_AUTO_EXEC</c>.</param>
/// <param name="Weight">What it adds to the score unless the policy says otherwise; 100 alone reaches quarantine in the standard policy.</param>
/// <param name="En">One plain English sentence for the admin and the recipient.</param>
/// <param name="Ja">The same in Japanese.</param>
/// <param name="Attack">The MITRE ATT&amp;CK technique, such as <c>T1204.002</c>, where one fits.</param>
public sealed record FindingKind(string Code, int Weight, string En, string Ja, string? Attack = null)
{
    /// <summary>True for one whose words come from a rule in <c>signatures/</c> instead of this program: who keeps the finding keeps them with it.</summary>
    public bool IsOfRule { get; init; }

    /// <summary>This kind seen at a place.</summary>
    /// <param name="place">The part's path, such as <c>2/invoice.zip/invoice.doc</c>, or a header field's name.</param>
    /// <param name="evidence">What was seen there, short (cut at 500 characters) and safe to show: control characters are replaced.</param>
    public Finding At(string place, string evidence) => new(this, Finding.Printable(place, 500), Finding.Printable(evidence, 500));
}

/// <summary>One thing seen in one place of a letter.</summary>
public sealed record Finding(FindingKind Kind, string Place, string Evidence)
{
    /// <summary>Text that can be shown and logged: control and bidirectional format characters become U+FFFD, the length is bounded.</summary>
    internal static string Printable(string text, int longest)
    {
        if (text.Length > longest)
        {
            text = string.Concat(text.AsSpan(0, longest - 1), "…");
        }

        foreach (var c in text)
        {
            if (IsUnprintable(c))
            {
                return string.Create(text.Length, text, static (span, source) =>
                {
                    for (var i = 0; i < span.Length; i++)
                    {
                        span[i] = IsUnprintable(source[i]) ? '\uFFFD' : source[i];
                    }
                });
            }
        }

        return text;
    }

    private static bool IsUnprintable(char c) =>
        char.IsControl(c) || c is (>= '\u200B' and <= '\u200F') or (>= '\u202A' and <= '\u202E') or (>= '\u2066' and <= '\u2069') or '\uFEFF';
}

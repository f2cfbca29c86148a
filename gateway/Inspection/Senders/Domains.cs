using System.Globalization;

namespace Sekisho.Inspection.Senders;

/// <summary>Domain names as sender checks compare them: A-labels in lower case, without a final dot (RFC 5890 section 2.3.2.1).</summary>
internal static class Domains
{
    private static readonly IdnMapping Idn = new() { AllowUnassigned = true, UseStd3AsciiRules = false };

    /// <summary>A name in that form; null for what is no domain name: letters, digits, hyphen and underscore in labels of 1 to 63 octets.</summary>
    /// <param name="name">A name; octets above ASCII are taken as UTF-8 that was read as Latin-1, or as the characters they are.</param>
    public static string? Ascii(string name)
    {
        name = name.EndsWith('.') ? name[..^1] : name;
        if (name.Length is 0 or > 253)
        {
            return null;
        }

        if (!System.Text.Ascii.IsValid(name))
        {
            try
            {
                name = Idn.GetAscii(Utf8(name));
            }
            catch (ArgumentException)
            {
                return null;
            }
        }

        if (!DnsSource.IsName(name))
        {
            return null;
        }

        foreach (var c in name)
        {
            if (!char.IsAsciiLetterOrDigit(c) && c is not ('-' or '_' or '.'))
            {
                return null;
            }
        }

        return name.ToLowerInvariant();
    }

    /// <summary>True for the domain itself and what is below it; both in the form of <see cref="Ascii"/>.</summary>
    public static bool IsOrBelow(string name, string domain) =>
        name.EndsWith(domain, StringComparison.Ordinal) && (name.Length == domain.Length || name[name.Length - domain.Length - 1] == '.');

    /// <summary>True where one of two domains is the other, or below it. Neighbours may be strangers: below <c>tokyo.jp</c>, <c>sakura.ne.jp</c> or <c>onmicrosoft.com</c> anybody has a name.</summary>
    /// <param name="one">In the form of <see cref="Ascii"/>; empty is nobody's.</param>
    /// <param name="other">Alike.</param>
    public static bool AreOneHouse(string one, string other) =>
        one.Contains('.', StringComparison.Ordinal) && other.Contains('.', StringComparison.Ordinal) && (IsOrBelow(one, other) || IsOrBelow(other, one));

    /// <summary>The last so many labels of a name.</summary>
    public static string Last(string name, int labels)
    {
        for (var at = name.Length; labels > 0; labels--)
        {
            at = at == 0 ? -1 : name.LastIndexOf('.', at - 1);
            if (at < 0)
            {
                return name;
            }

            if (labels == 1)
            {
                return name[(at + 1)..];
            }
        }

        return "";
    }

    /// <summary>How many labels a name has.</summary>
    public static int Labels(string name) => name.Length == 0 ? 0 : name.AsSpan().Count('.') + 1;

    private static string Utf8(string text)
    {
        if (text.Any(static c => c > '\u00FF'))
        {
            return text;
        }

        try
        {
            return new System.Text.UTF8Encoding(false, throwOnInvalidBytes: true).GetString(System.Text.Encoding.Latin1.GetBytes(text));
        }
        catch (ArgumentException)
        {
            return text;
        }
    }
}

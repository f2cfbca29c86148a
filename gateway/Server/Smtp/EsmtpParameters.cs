using System.Globalization;
using System.Text.RegularExpressions;

namespace Sekisho.Smtp;

/// <summary>The parameters of MAIL (RFC 1870, 3461, 6152, 6531).</summary>
/// <param name="Size">The declared size in octets, or null.</param>
/// <param name="EightBitMime">True for <c>BODY=8BITMIME</c>.</param>
/// <param name="SmtpUtf8">True for <c>SMTPUTF8</c>.</param>
/// <param name="DsnReturn"><c>FULL</c>, <c>HDRS</c> or null.</param>
/// <param name="DsnEnvelopeId">xtext of <c>ENVID</c>, or null.</param>
public sealed record MailParameters(long? Size, bool EightBitMime, bool SmtpUtf8, string? DsnReturn, string? DsnEnvelopeId);

/// <summary>The parameters of RCPT (RFC 3461).</summary>
/// <param name="DsnNotify"><c>NEVER</c> or a list of <c>SUCCESS,FAILURE,DELAY</c>, or null.</param>
/// <param name="DsnOriginalRecipient">xtext of <c>ORCPT</c>, or null.</param>
public sealed record RcptParameters(string? DsnNotify, string? DsnOriginalRecipient);

/// <summary>Reads ESMTP parameters behind a path. Each may stand once; an unknown one is refused (RFC 5321 section 4.1.1.11).</summary>
public static partial class EsmtpParameters
{
    /// <summary>Reads the parameters of MAIL.</summary>
    /// <returns>The reply that refuses them, or null when they are good.</returns>
    public static SmtpReply? ReadMail(ReadOnlySpan<char> text, out MailParameters parameters)
    {
        parameters = new MailParameters(null, false, false, null, null);
        var seen = new HashSet<string>(StringComparer.OrdinalIgnoreCase);
        foreach (var range in text.Split(' '))
        {
            var item = text[range];
            if (item.IsEmpty)
            {
                continue;
            }

            var (key, value) = Halves(item);
            if (!seen.Add(key))
            {
                return SmtpReply.BadArguments;
            }

            switch (key)
            {
                case "SIZE" when value is { Length: > 0 and <= 20 } && UInt128.TryParse(value, NumberStyles.None, CultureInfo.InvariantCulture, out var size):
                    parameters = parameters with { Size = size > long.MaxValue ? long.MaxValue : (long)size };
                    break;
                case "BODY" when value is not null && (Is(value, "7BIT") || Is(value, "8BITMIME")):
                    parameters = parameters with { EightBitMime = Is(value, "8BITMIME") };
                    break;
                case "SMTPUTF8" when value is null:
                    parameters = parameters with { SmtpUtf8 = true };
                    break;
                case "RET" when value is not null && (Is(value, "FULL") || Is(value, "HDRS")):
                    parameters = parameters with { DsnReturn = value.ToUpperInvariant() };
                    break;
                case "ENVID" when value is { Length: > 0 and <= 100 } && Xtext().IsMatch(value):
                    parameters = parameters with { DsnEnvelopeId = value };
                    break;
                case "SIZE" or "BODY" or "SMTPUTF8" or "RET" or "ENVID":
                    return SmtpReply.BadArguments;
                default:
                    return SmtpReply.UnknownParameter;
            }
        }

        return null;
    }

    /// <summary>Reads the parameters of RCPT.</summary>
    /// <returns>The reply that refuses them, or null when they are good.</returns>
    public static SmtpReply? ReadRcpt(ReadOnlySpan<char> text, out RcptParameters parameters)
    {
        parameters = new RcptParameters(null, null);
        foreach (var range in text.Split(' '))
        {
            var item = text[range];
            if (item.IsEmpty)
            {
                continue;
            }

            var (key, value) = Halves(item);
            switch (key)
            {
                case "NOTIFY" when parameters.DsnNotify is null && value is not null && IsNotify(value):
                    parameters = parameters with { DsnNotify = value.ToUpperInvariant() };
                    break;
                case "ORCPT" when parameters.DsnOriginalRecipient is null && value is { Length: <= 500 } && OriginalRecipient().IsMatch(value):
                    parameters = parameters with { DsnOriginalRecipient = value };
                    break;
                case "NOTIFY" or "ORCPT":
                    return SmtpReply.BadArguments;
                default:
                    return SmtpReply.UnknownParameter;
            }
        }

        return null;
    }

    private static (string Key, string? Value) Halves(ReadOnlySpan<char> item)
    {
        var equals = item.IndexOf('=');
        return equals < 0
            ? (item.ToString().ToUpperInvariant(), null)
            : (item[..equals].ToString().ToUpperInvariant(), item[(equals + 1)..].ToString());
    }

    private static bool Is(string value, string word) => value.Equals(word, StringComparison.OrdinalIgnoreCase);

    // NEVER stands alone; the others may be combined, each once (RFC 3461 section 4.1).
    private static bool IsNotify(string value)
    {
        if (Is(value, "NEVER"))
        {
            return true;
        }

        var words = value.ToUpperInvariant().Split(',');
        return words.All(w => w is "SUCCESS" or "FAILURE" or "DELAY") && words.Distinct().Count() == words.Length;
    }

    // RFC 3461 section 4: printable ASCII but "+" and "=", or "+" and two hexadecimal digits.
    [GeneratedRegex(@"^(?:[!-*,-<>-~]|\+[0-9A-F]{2})+$", RegexOptions.NonBacktracking)]
    private static partial Regex Xtext();

    // Neither control characters nor U+FFFD, which stands for octets that are no UTF-8.
    // RFC 3461 section 4.2, and utf-8-addr-xtext and utf-8-addr-unitext of RFC 6533 section 3.
    [GeneratedRegex(@"^[A-Za-z0-9-]+;(?:[!-*,-<>-~\u00A1-\u2027\u202A-\uFFFC]|\+[0-9A-F]{2})+$", RegexOptions.NonBacktracking)]
    private static partial Regex OriginalRecipient();
}

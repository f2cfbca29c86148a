using MimeKit;
using Sekisho.Inspection.Messages;

namespace Sekisho.Inspection.Senders;

/// <summary>Where a letter of the hospital's own people was written: what the first server noted of the PC or the web mail's user.</summary>
public static class LetterOrigin
{
    private const int Longest = 200;

    /// <summary>Safe to show and log: the address of the web mail's user and the <c>from</c> of the first Received field, such as <c>PC-NURSE3 ([10.1.2.3])</c>; the client's address where the letter tells nothing.</summary>
    /// <remarks>Only as good as the server that wrote it: a program on the PC may have put Received fields of its own below.</remarks>
    public static string Of(InboundMessage message)
    {
        var headers = message.Mime?.Headers;
        var user = headers?["X-Originating-IP"]?.Trim(' ', '[', ']');
        var first = "";
        for (var i = (headers?.Count ?? 0) - 1; i >= 0 && first.Length == 0; i--)
        {
            if (headers![i].Id == HeaderId.Received)
            {
                first = FromOf(headers[i].Value);
            }
        }

        var origin = string.Concat(string.Join(", ", new[] { user, first }.Where(static s => !string.IsNullOrEmpty(s))).Take(Longest + 1).Select(static c => char.IsControl(c) ? '?' : c));
        return origin.Length == 0 ? $"[{message.Envelope.Client}]" : origin.Length > Longest ? origin[..Longest] : origin;
    }

    private static string FromOf(string received)
    {
        var words = (received.Length > 1000 ? received[..1000] : received).Split([' ', '\t', '\r', '\n'], StringSplitOptions.RemoveEmptyEntries);
        if (words.Length < 2 || words[0] != "from")
        {
            return "";
        }

        var by = Array.IndexOf(words, "by");
        return string.Join(' ', words[1..(by < 1 ? words.Length : by)]);
    }
}

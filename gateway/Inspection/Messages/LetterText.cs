using System.Text;
using MimeKit;
using Sekisho.Inspection.Formats;

namespace Sekisho.Inspection.Messages;

/// <summary>What a letter says: normalised, with the sender's new words apart from what he quotes and from his signature.</summary>
public sealed class LetterText
{
    private const int MaxText = 1 << 20;

    private LetterText(string subject, IReadOnlyList<BodyText> bodies)
    {
        Subject = subject;
        Bodies = bodies;
    }

    /// <summary>The subject, normalised; empty where there is none.</summary>
    public string Subject { get; }

    /// <summary>Every text that is shown as the letter itself, the readable form of HTML included, in order.</summary>
    public IReadOnlyList<BodyText> Bodies { get; }

    /// <summary>The first text that says anything: plain where the letter has both forms.</summary>
    public BodyText? Main => Bodies.FirstOrDefault(b => !b.IsHtml && b.Text.Length > 1) ?? Bodies.FirstOrDefault(b => b.Text.Length > 1) ?? (Bodies.Count > 0 ? Bodies[0] : null);

    internal static LetterText Of(InboundMessage message)
    {
        var bodies = new List<BodyText>();
        foreach (var part in message.Parts)
        {
            if (part.IsBody && part.Container is null && part.Kind is FileKind.Text or FileKind.Html)
            {
                var text = part.Text;
                var isHtml = part.Kind == FileKind.Html;
                text = isHtml ? HtmlText.Read(text).Text : text;
                bodies.Add(BodySplit.Of(part.Path, isHtml, TextNormal.Of(text.Length > MaxText ? text[..MaxText] : text)));
            }
        }

        return new LetterText(TextNormal.Of(message.Mime is { } mail ? SubjectOf(mail) : ""), bodies);
    }

    /// <summary>The subject; where it stands there as it is, without RFC 2047, it is read like the text below it.</summary>
    private static string SubjectOf(MimeMessage mail)
    {
        var at = mail.Headers.IndexOf(HeaderId.Subject);
        var raw = at < 0 ? [] : mail.Headers[at].RawValue;
        if (raw.AsSpan().IndexOf("=?"u8) >= 0 || (Ascii.IsValid(raw) && !raw.Contains((byte)0x1B)))
        {
            return mail.Subject ?? "";
        }

        var label = mail.BodyParts.OfType<TextPart>().FirstOrDefault()?.ContentType.Charset;
        return JapaneseText.Decode(raw, label, out _).Replace("\r", "", StringComparison.Ordinal).Replace("\n", "", StringComparison.Ordinal).Trim();
    }
}

/// <summary>One body in its pieces.</summary>
/// <param name="Path">Its part.</param>
/// <param name="IsHtml">True for the readable form of HTML.</param>
/// <param name="Text">All of it, normalised (<see cref="TextNormal"/>), at most 1,048,576 characters before that.</param>
/// <param name="New">What the sender wrote this time, without his signature.</param>
/// <param name="Quoted">What he quotes or forwards, with the lines that introduce it.</param>
/// <param name="Signature">His signature; empty where none is found.</param>
public sealed record BodyText(string Path, bool IsHtml, string Text, string New, string Quoted, string Signature);

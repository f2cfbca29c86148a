using MimeKit;
using Sekisho.Inspection.Formats;
using Sekisho.Inspection.Senders;

namespace Sekisho.Inspection.Detection.Senders;

/// <summary>Finds letters that quote a conversation and call themselves a reply, but do not refer to it: no In-Reply-To, no References (RFC 5322 section 3.6.4).</summary>
/// <remarks>Stolen threads come so. Some web mailers lose the fields, too, so this weighs little.</remarks>
internal sealed class ReplyOutsideThread : IDetector
{
    public static readonly FindingKind Outside = new("REPLY_OUTSIDE_THREAD", 15,
        "The mail quotes a conversation without belonging to it.", "やり取りを引用した「返信」ですが、元のメールとのつながりがありません。", "T1566");

    private static readonly string[] Prefixes = ["re:", "re :", "aw:", "sv:", "回复:", "返信:", "回答:"];

    public IEnumerable<FindingKind> Kinds => [Outside];

    public IEnumerable<Finding> Inspect(InspectionContext context)
    {
        var mime = context.Message.Mime;
        if (mime is null || mime.Headers.Contains(HeaderId.InReplyTo) || mime.Headers.Contains(HeaderId.References) || mime.Subject is null)
        {
            yield break;
        }

        if (ThreadStandings.Of(context.Message, context.Sender, context.Household) == ThreadStanding.Outside && context.Sender.Thread is { RepeatsUs: true } or { RepeatsOthers: true } or { HasSubject: true })
        {
            yield break; // Then it is known better, and counted once.
        }

        var subject = TextNormal.Of(mime.Subject).TrimStart();
        if (Array.Exists(Prefixes, p => subject.StartsWith(p, StringComparison.OrdinalIgnoreCase)) && context.Message.Text.Bodies.Any(b => b.Quoted.Length > 20))
        {
            yield return Outside.At("Subject", subject);
        }
    }
}

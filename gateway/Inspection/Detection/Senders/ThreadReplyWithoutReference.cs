using Sekisho.Inspection.Senders;

namespace Sekisho.Inspection.Detection.Senders;

/// <summary>Finds answers to a subject that we know, from somebody who took no part and refers to no letter (RFC 5322 section 3.6.4).</summary>
/// <remarks>Where our words are repeated, too, <see cref="StolenThread"/> says more. A subject that many conversations have is none.</remarks>
internal sealed class ThreadReplyWithoutReference : IDetector
{
    public static readonly FindingKind Loose = new("THREAD_REPLY_WITHOUT_REFERENCE", 40,
        "The mail answers to a subject that we know, but its sender took no part, and it refers to none of our mails.", "当院の知っている件名への返信ですが、差出人はやり取りに参加しておらず、元のメールへの参照もありません。", "T1566");

    public IEnumerable<FindingKind> Kinds => [Loose];

    public IEnumerable<Finding> Inspect(InspectionContext context)
    {
        if (context.Sender.Thread is { HasSubject: true, Letter: { IsReply: true } letter } thread && !thread.RepeatsUs && (letter.References.Count == 0 || thread.AuthorHasName)
            && ThreadStandings.Of(context.Message, context.Sender, context.Household) == ThreadStanding.Outside)
        {
            yield return Loose.At("Subject", context.Message.Text.Subject);
        }
    }
}

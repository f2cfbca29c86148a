using Sekisho.Inspection.Senders;

namespace Sekisho.Inspection.Detection.Senders;

/// <summary>Finds letters that repeat what we wrote to others, from somebody who was not there: the mark of every Emotet wave since 2019.</summary>
/// <remarks>Who may have got it from a participant weighs little, unless he bears a participant's name.</remarks>
internal sealed class StolenThread : IDetector
{
    public static readonly FindingKind Stolen = new("STOLEN_THREAD", 100,
        "The mail quotes our own words to others, but its sender took no part in that conversation.", "当院が別の相手に送ったメールの文面が引用されていますが、差出人はそのやり取りに参加していません(盗まれたメールの悪用)。", "T1586.002");

    public static readonly FindingKind Name = new("STOLEN_THREAD_NAME", 60,
        "The mail continues a conversation under the name of somebody who took part, but from another address.", "やり取りの相手と同じ名前ですが、別のアドレスから会話が続けられています。", "T1656");

    public static readonly FindingKind Perhaps = new("STOLEN_THREAD_PERHAPS", 30,
        "The mail quotes a conversation of ours; its sender took no part, but may have got it from somebody who did.", "当院のやり取りが引用されています。差出人は参加者ではありませんが、参加者から転送された可能性があります。", "T1586.002");

    public IEnumerable<FindingKind> Kinds => [Stolen, Name, Perhaps];

    public IEnumerable<Finding> Inspect(InspectionContext context)
    {
        var standing = ThreadStandings.Of(context.Message, context.Sender, context.Household);
        if (standing is not (ThreadStanding.PassedOn or ThreadStanding.Outside) || context.Sender.Thread is not { } thread)
        {
            yield break;
        }

        var answers = thread.Letter.IsReply || thread.Threads.Any(t => t.Hit.BySubject || t.Hit.OursQuoted > 0);
        var isStolen = standing == ThreadStanding.Outside && thread.RepeatsUs && answers;
        var kind = isStolen ? Stolen
            : thread.AuthorHasName && (thread.RepeatsUs || thread.RepeatsOthers || (thread.Refers && thread.Letter.IsReply)) ? Name
            : thread.RepeatsUs || (standing == ThreadStanding.Outside && thread.RepeatsOthers && answers && thread.Letter.References.Count == 0) ? Perhaps : null;
        if (kind is not null)
        {
            var best = thread.Threads[0].Hit;
            yield return kind.At("From", $"{ClaimedSender.Of(context.Message)[0].Address}: {(best.Ours + best.Theirs + 3) / 4} passages{(thread.AuthorHasName ? ", a participant's name" : "")}{(thread.Refers ? "" : ", no reference")}");
        }
    }
}

using System.Globalization;
using Microsoft.Extensions.Logging;
using Sekisho.Store;

namespace Sekisho.Delivery;

/// <summary>Makes of an attempt's answers what the store writes down: who has the letter, who waits until when, who is given up, what the sender hears.</summary>
/// <param name="retries">When to try again.</param>
/// <param name="bounces">Writes notifications.</param>
/// <param name="time">The clock.</param>
/// <param name="logger">For a notification that cannot be written.</param>
/// <param name="metrics">Where notifications are counted.</param>
internal sealed class OutcomeJudge(RetrySchedule retries, BounceWriter bounces, TimeProvider time, ILogger logger, DeliveryMetrics metrics)
{
    /// <summary>Makes an outcome of the answers: who has it, who is refused, who is tried again when, and what the sender is told.</summary>
    public async Task<DeliveryOutcome> JudgeAsync(MessageInHand message, CancellationToken cancel)
    {
        var job = message.Job;
        var now = time.GetUtcNow();
        var next = retries.Next(job.Attempts + 1, job.Envelope.ReceivedAt, now, job.FromQuarantine);
        var cutShort = message.Replies.Count < job.Pending.Count;
        var waits = cutShort;
        List<RecipientResult> results = new(message.Replies.Count);
        List<BounceNotice> notices = [];
        var tellDelay = !job.DelayNotified && now - job.Envelope.ReceivedAt >= RetrySchedule.DelayNoticeAfter;
        foreach (var (position, reply) in message.Replies)
        {
            var recipient = job.Envelope.Recipients[position];
            switch (reply.Kind)
            {
                case ReplyKind.Delivered:
                    results.Add(new RecipientResult(position, RecipientState.Delivered, reply.Text, reply.Host));
                    if (!reply.DsnHandedOn)
                    {
                        notices.Add(new BounceNotice(recipient, reply.Host == "maildir" ? BounceAction.Delivered : BounceAction.Relayed, reply.Text, reply.Host));
                    }

                    break;
                case ReplyKind.Temporary when next is not null:
                    results.Add(new RecipientResult(position, RecipientState.Pending, reply.Text, reply.Host));
                    waits = true;
                    if (tellDelay)
                    {
                        notices.Add(new BounceNotice(recipient, BounceAction.Delayed, reply.Text, reply.Host));
                    }

                    break;
                default:
                    var text = reply.Kind == ReplyKind.Temporary
                        ? string.Create(CultureInfo.InvariantCulture, $"554 4.4.7 given up after {job.Attempts + 1} attempts; last: {reply.Text}")
                        : reply.Text;
                    results.Add(new RecipientResult(position, RecipientState.Failed, text, reply.Host));
                    notices.Add(new BounceNotice(recipient, BounceAction.Failed, text, reply.Host));
                    break;
            }
        }

        // A stranger is told nothing of a letter that was quarantined; our own people are, when somebody has released theirs.
        var wanted = job is { FromQuarantine: true, Envelope.IsOutbound: false } ? [] : BounceWriter.Wanted(job.Envelope.Sender, notices);
        var told = job.DelayNotified || wanted.Any(static n => n.Action == BounceAction.Delayed);
        return new DeliveryOutcome(
            results, waits ? cutShort ? now : next : null, told, wanted.Count == 0 ? null : await NotifyAsync(message, wanted, cancel).ConfigureAwait(false));
    }

    private async Task<NewMessage?> NotifyAsync(MessageInHand message, IReadOnlyList<BounceNotice> notices, CancellationToken cancel)
    {
        try
        {
            var notification = await bounces.WriteAsync(message.Job, notices, message.OpenAsync, cancel).ConfigureAwait(false);
            metrics.Notified();
            return notification;
        }
        catch (Exception e) when (e is StoreException or IOException)
        {
            // The letter's own octets are gone or the disk is full. What happened to it must be written down all the same.
            DeliveryLog.NoNotification(logger, e, message.Job.Envelope.Id);
            return null;
        }
    }
}

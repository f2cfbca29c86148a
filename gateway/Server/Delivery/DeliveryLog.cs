using Microsoft.Extensions.Logging;

namespace Sekisho.Delivery;

/// <summary>What the way out writes into the log: one event for each attempt at a destination, and its own troubles.</summary>
internal static partial class DeliveryLog
{
    /// <summary>Tells how an attempt at a destination ended. The reply of the first recipient that was not served stands for all.</summary>
    public static void Attempted(ILogger logger, DeliveryPart part, IReadOnlyList<RecipientReply> answers, TimeSpan took)
    {
        var worst = answers[0];
        for (var i = 1; i < answers.Count; i++)
        {
            if (answers[i].Kind > worst.Kind)
            {
                worst = answers[i];
            }
        }

        var result = worst.Kind switch { ReplyKind.Delivered => "delivered", ReplyKind.Temporary => "deferred", _ => "failed" };
        Attempted(
            logger, worst.Kind == ReplyKind.Delivered ? LogLevel.Information : LogLevel.Warning,
            part.Message.Job.Envelope.Id, worst.Host.Length > 0 ? worst.Host : part.Route.Key, part.Positions.Count, result, worst.Text, (long)took.TotalMilliseconds);
    }

    [LoggerMessage(EventId = 3001, EventName = "DeliveryAttempt", Message = "{MessageId} to {Destination}: {Recipients} recipient(s) {Result} in {Milliseconds} ms: {Reply}")]
    private static partial void Attempted(
        ILogger logger, LogLevel level, Guid messageId, string destination, int recipients, string result, string reply, long milliseconds);

    [LoggerMessage(EventId = 3002, EventName = "DeliveryFault", Level = LogLevel.Error, Message = "{MessageId} to {Destination}: the attempt failed of our own fault; the letter waits")]
    public static partial void AttemptThrew(ILogger logger, Exception exception, Guid messageId, string destination);

    [LoggerMessage(EventId = 3003, EventName = "DeliveryStoreTrouble", Level = LogLevel.Error, Message = "The store does not {Doing}; trying again in {Seconds} s")]
    public static partial void StoreTrouble(ILogger logger, Exception exception, string doing, double seconds);

    [LoggerMessage(EventId = 3004, EventName = "DeliveryNotRecorded", Level = LogLevel.Critical, Message = "{MessageId}: how the attempt ended could not be written; the letter may be delivered twice")]
    public static partial void NotRecorded(ILogger logger, Exception exception, Guid messageId);

    [LoggerMessage(EventId = 3005, EventName = "DeliveryNoBounce", Level = LogLevel.Error, Message = "{MessageId}: the notification to the sender could not be written")]
    public static partial void NoNotification(ILogger logger, Exception exception, Guid messageId);

    [LoggerMessage(EventId = 3006, EventName = "DeliveryDrained", Level = LogLevel.Information, Message = "Delivery stopped; {Untried} letter(s) given back untried")]
    public static partial void Drained(ILogger logger, int untried);
}

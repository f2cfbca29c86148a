using Microsoft.Extensions.Logging;
using Sekisho.Options;
using Sekisho.Store;

namespace Sekisho.Delivery;

/// <summary>Gives each destination its workers, so that a silent one holds up nobody else.</summary>
/// <param name="options">Limits.</param>
/// <param name="sender">Delivers by SMTP.</param>
/// <param name="maildir">Delivers on this machine.</param>
/// <param name="time">The clock.</param>
/// <param name="logger">One event for each attempt at a destination.</param>
internal sealed class Dispatcher(DeliveryOptions options, SmtpSender sender, Maildir maildir, TimeProvider time, ILogger logger)
{
    /// <summary>An attempt must end before the store's claim does (15 minutes), else another gateway sends the same letter beside it.</summary>
    private static readonly TimeSpan LongestAttempt = TimeSpan.FromMinutes(12);

    private readonly Lock gate = new();
    private readonly Dictionary<string, Destination> destinations = new(StringComparer.Ordinal);
    private readonly Queue<Destination> starved = new();
    private readonly TaskCompletionSource allDone = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly CancellationTokenSource abort = new();
    private bool stopping;
    private int workers;

    /// <summary>Takes a part; its answers go to its letter. Comes back at once.</summary>
    public void Add(DeliveryPart part)
    {
        bool untried;
        bool refused;
        lock (gate)
        {
            untried = stopping;
            refused = false;
            if (!untried)
            {
                var destination = DestinationOf(part.Route);
                if (destination.Workers == 0 && destination.Waiting.Count == 0)
                {
                    destination.Progress();
                }

                refused = destination.Waiting.Count >= Destination.MostWaitingInVain && (destination.Stuck || destination.Failing);
                if (!refused)
                {
                    destination.Waiting.Enqueue(part);
                    StartWorkers(destination);
                }
            }
        }

        if (untried)
        {
            part.Message.PartDone(part.Positions, null);
        }
        else if (refused)
        {
            Defer(part, TooSlow(part.Route));
        }
    }

    /// <summary>Looks after destinations that make no progress and forgets idle ones. To be called every second or so.</summary>
    public void Sweep()
    {
        List<DeliveryPart> surplus = [];
        lock (gate)
        {
            foreach (var destination in destinations.Values.ToArray())
            {
                while (destination.Stuck && destination.Waiting.Count > Destination.MostWaitingInVain)
                {
                    surplus.Add(destination.Waiting.Dequeue());
                }

                if (destination.Idle)
                {
                    destinations.Remove(destination.Route.Key);
                }
            }
        }

        foreach (var part in surplus)
        {
            Defer(part, TooSlow(part.Route));
        }
    }

    /// <summary>Starts nothing more, waits for what is under way, cuts what takes longer than <paramref name="patience"/>.</summary>
    public async Task StopAsync(TimeSpan patience)
    {
        List<DeliveryPart> untried = [];
        lock (gate)
        {
            stopping = true;
            foreach (var destination in destinations.Values)
            {
                untried.AddRange(destination.Waiting);
                destination.Waiting.Clear();
            }

            if (workers == 0)
            {
                allDone.TrySetResult();
            }
        }

        foreach (var part in untried)
        {
            part.Message.PartDone(part.Positions, null);
        }

        try
        {
            await allDone.Task.WaitAsync(patience, time).ConfigureAwait(false);
        }
        catch (TimeoutException)
        {
            await abort.CancelAsync().ConfigureAwait(false);
            await allDone.Task.ConfigureAwait(false);
        }
    }

    private Destination DestinationOf(Route route)
    {
        if (!destinations.TryGetValue(route.Key, out var destination))
        {
            destinations[route.Key] = destination = new Destination(route, Math.Max(1, options.MaxConnectionsPerDestination), time);
        }

        return destination;
    }

    /// <summary>Starts a worker for the next part where the limits allow it. Called under the lock.</summary>
    private void StartWorkers(Destination destination)
    {
        if (destination.Waiting.Count == 0 || destination.Workers >= destination.Limit)
        {
            return;
        }

        if (workers >= options.MaxConnections)
        {
            if (!destination.Starved)
            {
                destination.Starved = true;
                starved.Enqueue(destination);
            }

            return;
        }

        var part = destination.Waiting.Dequeue();
        destination.Workers++;
        workers++;
        _ = Task.Run(() => WorkAsync(destination, part));
    }

    private async Task WorkAsync(Destination destination, DeliveryPart? part)
    {
        while (part is not null)
        {
            var started = time.GetTimestamp();
            SmtpSender.Attempt attempt;
            try
            {
                attempt = await TryAsync(destination, part).ConfigureAwait(false);
            }
            catch (OperationCanceledException)
            {
                var why = abort.IsCancellationRequested ? "451 4.3.2 this gateway stops" : "451 4.4.7 the attempt took too long";
                attempt = new SmtpSender.Attempt([.. part.Positions.Select(_ => RecipientReply.Own(why))], Reached: true);
            }
            catch (Exception e)
            {
                // Our own fault must not lose a letter: it waits and is tried again.
                DeliveryLog.AttemptThrew(logger, e, part.Message.Job.Envelope.Id, destination.Route.Key);
                attempt = new SmtpSender.Attempt([.. part.Positions.Select(static _ => RecipientReply.Own("451 4.3.0 internal error during delivery"))], Reached: true);
            }

            DeliveryLog.Attempted(logger, part, attempt.Answers, time.GetElapsedTime(started));
            part.Message.PartDone(part.Positions, attempt.Answers);
            part = Next(destination, attempt);
        }
    }

    private async Task<SmtpSender.Attempt> TryAsync(Destination destination, DeliveryPart part)
    {
        if (destination.Route.Kind != RouteKind.Maildir)
        {
            using var limit = new CancellationTokenSource(LongestAttempt, time);
            using var either = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, abort.Token);
            return await sender.TryAsync(destination, part, either.Token).ConfigureAwait(false);
        }

        var job = part.Message.Job;
        try
        {
            using var content = await part.Message.ContentAsync(abort.Token).ConfigureAwait(false);
            var answers = await maildir.DeliverAsync(job.Envelope, part.Positions, content, mayBeRepeat: job.Octets is null, abort.Token).ConfigureAwait(false);
            return new SmtpSender.Attempt(answers, Reached: true);
        }
        catch (Exception e) when (e is StoreException or IOException)
        {
            return new SmtpSender.Attempt([.. part.Positions.Select(_ => RecipientReply.Own("451 4.3.0 the letter could not be read from the store: " + e.Message))], Reached: true);
        }
    }

    /// <summary>Draws the lesson from an attempt and takes the worker's next part; null ends the worker.</summary>
    private DeliveryPart? Next(Destination destination, SmtpSender.Attempt attempt)
    {
        DeliveryPart? next = null;
        List<DeliveryPart> inVain = [];
        lock (gate)
        {
            destination.Failing = !attempt.Reached;
            if (attempt.Reached)
            {
                destination.Progress();
                destination.Proven |= attempt.Answers.Any(static a => a.Kind == ReplyKind.Delivered);
            }
            else
            {
                // Whoever waited behind this letter would only hear the same.
                inVain.AddRange(destination.Waiting);
                destination.Waiting.Clear();
            }

            if (starved.Count == 0 && destination.Workers <= destination.Limit && destination.Waiting.TryDequeue(out next))
            {
                StartWorkers(destination);
            }
            else
            {
                destination.Workers--;
                workers--;
                while (workers < options.MaxConnections && starved.TryDequeue(out var other))
                {
                    other.Starved = false;
                    StartWorkers(other);
                }

                // Behind the others: with more waiting it joins their queue.
                StartWorkers(destination);

                if (stopping && workers == 0)
                {
                    allDone.TrySetResult();
                }
            }
        }

        foreach (var part in inVain)
        {
            Defer(part, attempt.Answers[0]);
        }

        return next;
    }

    private void Defer(DeliveryPart part, RecipientReply reply)
    {
        RecipientReply[] answers = [.. part.Positions.Select(_ => reply)];
        DeliveryLog.Attempted(logger, part, answers, TimeSpan.Zero);
        part.Message.PartDone(part.Positions, answers);
    }

    private static RecipientReply TooSlow(Route route) => RecipientReply.Own($"451 4.4.1 too many letters wait for {route.Key}, which does not answer");
}

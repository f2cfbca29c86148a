using Sekisho.Store;

namespace Sekisho.Delivery;

/// <summary>Makes one attempt to hand one letter to one destination: idle connection first, then each host in turn.</summary>
/// <param name="pool">Connections.</param>
/// <param name="finder">Addresses.</param>
/// <param name="metrics">Where unknown outcomes are counted.</param>
internal sealed class SmtpSender(ConnectionPool pool, HopFinder finder, DeliveryMetrics metrics)
{
    /// <summary>The answers, and whether anybody answered at all.</summary>
    /// <param name="Answers">One for each position of the part.</param>
    /// <param name="Reached">False when no host could be spoken to.</param>
    internal readonly record struct Attempt(IReadOnlyList<RecipientReply> Answers, bool Reached);

    /// <summary>Makes the attempt. Never throws but for cancellation: failures are answers.</summary>
    public async Task<Attempt> TryAsync(Destination destination, DeliveryPart part, CancellationToken abort)
    {
        MessageContent content;
        try
        {
            content = await part.Message.ContentAsync(abort).ConfigureAwait(false);
        }
        catch (Exception e) when (e is StoreException or IOException)
        {
            return All(part, RecipientReply.Own("451 4.3.0 the letter could not be read from the store: " + e.Message), reached: true);
        }

        using (content)
        {
            while (pool.TakeIdle(destination.Route) is { } used)
            {
                // It may have died in its sleep. Then nothing was tried yet, and nothing is held against the host.
                if (await UseAsync(used, destination, part, content, abort).ConfigureAwait(false) is { Answers: not null } attempt)
                {
                    return attempt;
                }
            }

            var hops = await destination.HopsAsync(finder, abort).ConfigureAwait(false);
            if (hops.Problem is { } problem)
            {
                return All(part, RecipientReply.Own(problem), reached: problem.StartsWith('5'));
            }

            var failure = "";
            foreach (var hop in hops.Hops)
            {
                try
                {
                    var fresh = await pool.OpenAsync(destination.Route, hop, abort).ConfigureAwait(false);
                    var attempt = await UseAsync(fresh, destination, part, content, abort).ConfigureAwait(false);
                    if (attempt.Answers is not null)
                    {
                        destination.MarkAlive(hop);
                        return attempt;
                    }

                    failure = $"451 4.4.2 {hop} ended the session before MAIL was answered";
                }
                catch (SmtpSessionException e)
                {
                    failure = e.Message;
                }

                destination.MarkDead(hop);
            }

            return All(part, RecipientReply.Own(failure), reached: false);
        }
    }

    /// <summary>Runs the transaction on a connection and gives it back; without answers when the connection failed before anything was tried.</summary>
    private async Task<Attempt> UseAsync(SmtpClientConnection connection, Destination destination, DeliveryPart part, MessageContent content, CancellationToken abort)
    {
        var transaction = new SmtpTransaction(connection, part.Message.Job.Envelope, content, part.Positions);
        try
        {
            using var cut = abort.UnsafeRegister(static c => ((SmtpClientConnection)c!).Abort(), connection);
            connection.Messages++;
            return new Attempt(await transaction.RunAsync(abort).ConfigureAwait(false), Reached: true);
        }
        catch (SmtpSessionException)
        {
            connection.Broken = true;
            return default;
        }
        catch
        {
            connection.Broken = true;
            throw;
        }
        finally
        {
            if (transaction.OutcomeUnknown)
            {
                metrics.OutcomeUnknown();
            }

            pool.GiveBack(destination.Route, connection);
        }
    }

    private static Attempt All(DeliveryPart part, RecipientReply reply, bool reached) =>
        new([.. part.Positions.Select(_ => reply)], reached);
}

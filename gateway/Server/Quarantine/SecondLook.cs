using Sekisho.Inspection.Messages;
using Sekisho.Inspection.Policy;
using Sekisho.Store;

namespace Sekisho.Quarantine;

/// <summary>Looks again at a letter that was kept: when its password has come, its time is up, or an admin knows more.</summary>
public sealed class SecondLook(MessageStore store, Inspector inspector, InspectionLanes lanes)
{
    /// <summary>Steps (1) to (4) of the line on a kept letter; changes nothing.</summary>
    /// <param name="envelope">What SMTP said when it came.</param>
    /// <param name="size">Its octets.</param>
    /// <param name="passwords">Passwords to try, likeliest first.</param>
    /// <param name="cancel">Gives up.</param>
    /// <exception cref="StoreException">Its octets are gone, or the database does not answer.</exception>
    public async Task<Verdict> InspectAsync(Envelope envelope, long size, IReadOnlyList<string> passwords, CancellationToken cancel)
    {
        await using var stream = await store.OpenOctetsAsync(envelope.Id, cancel);
        using (await lanes.EnterAsync(size))
        {
            return inspector.Inspect(envelope, stream, passwords, cancel).Verdict;
        }
    }

    /// <summary>Tries a password that somebody types for a letter that waits or is quarantined. If it opens, the letter is judged anew: it goes on, or stays for the admin. If it does not, nothing changes.</summary>
    /// <param name="id">The letter.</param>
    /// <param name="password">The password.</param>
    /// <param name="actor">Who typed it, for the audit log; the password itself is written nowhere.</param>
    /// <param name="cancel">Gives up.</param>
    /// <returns>The new verdict, <see cref="Disposition.Hold"/> when the password did not open it; null when the letter is not there (any more), or is neither held by its verdict nor quarantined.</returns>
    /// <exception cref="StoreException">The database cannot do it now.</exception>
    public async Task<Verdict?> TryAsync(Guid id, string password, string actor, CancellationToken cancel)
    {
        if (await store.FindAsync(id, cancel) is not { OctetsKept: true, Message: { State: MessageState.Held or MessageState.Quarantined, HeldBy: null } } found)
        {
            return null;
        }

        var verdict = await InspectAsync(found.Envelope, found.Message.Size, [password], cancel);
        if (verdict.Disposition == Disposition.Hold)
        {
            return verdict;
        }

        return await store.JudgeAgainAsync(id, verdict, StateOf(verdict), TraceHeader.Judged(found.TraceHeader, verdict), actor, "password given", [], cancel) ? verdict : null;
    }

    /// <summary>Where a letter goes that is judged for the second time: it cannot be refused any more.</summary>
    internal static MessageState StateOf(Verdict verdict) => verdict.Disposition == Disposition.Deliver ? MessageState.Queued : MessageState.Quarantined;
}

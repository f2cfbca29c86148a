using Sekisho.Housekeeping;
using Sekisho.Inspection.Messages;
using Sekisho.Inspection.Policy;
using Sekisho.Store;

namespace Sekisho.Quarantine;

/// <summary>Looks again at a letter that was kept: when its password has come, its time is up, or an admin knows more.</summary>
/// <param name="store">Keeps the letters.</param>
/// <param name="inspector">Steps (1) to (4).</param>
/// <param name="lanes">Lets only so many be inspected at once.</param>
/// <param name="journal">Knows letters over which the process died; null beside a running gateway, whose journal it is.</param>
public sealed class SecondLook(MessageStore store, Inspector inspector, InspectionLanes lanes, InspectionJournal? journal)
{
    /// <summary>Steps (1) to (4) of the line on a kept letter; changes nothing.</summary>
    /// <param name="envelope">What SMTP said when it came.</param>
    /// <param name="size">Its octets.</param>
    /// <param name="passwords">Passwords to try, likeliest first.</param>
    /// <param name="cancel">Gives up.</param>
    /// <exception cref="StoreException">Its octets are gone, or the database does not answer.</exception>
    public async Task<Inspected> InspectAsync(Envelope envelope, long size, IReadOnlyList<string> passwords, CancellationToken cancel)
    {
        await using var stream = await store.OpenOctetsAsync(envelope.Id, cancel);
        var sender = await inspector.AskAsync(envelope, stream, cancel);
        using (await lanes.EnterAsync(size))
        {
            // What a password opens may kill the process as well as what lies open.
            using var entry = journal?.Begin(stream);
            return entry is { Deaths: >= InspectionJournal.DeathsToBlame }
                ? new Inspected(
                    new Verdict(Disposition.Quarantine, GatewayKinds.Deadly.Weight, [GatewayKinds.Deadly.At("message", $"{entry.Value.Deaths}")]), new MessageSummary(null, null, null), 0, sender)
                : await inspector.InspectAsync(envelope, stream, sender, passwords, cancel);
        }
    }

    /// <summary>Lets the memory of conversations learn from a letter that goes on after all; the ledger has learnt with the judgement itself. Never waits.</summary>
    /// <param name="result">What <see cref="InspectAsync"/> said of it.</param>
    public void Learn(Inspected result) => inspector.Learn(result with { Exchange = null });

    /// <summary>Tries a password that somebody types for a letter that waits or is quarantined. If it opens, the letter is judged anew: it goes on, or stays for the admin. If it does not, nothing changes.</summary>
    /// <param name="id">The letter.</param>
    /// <param name="password">The password.</param>
    /// <param name="actor">Who typed it, for the audit log; the password itself is written nowhere.</param>
    /// <param name="cancel">Gives up.</param>
    /// <returns>The new verdict, with <see cref="Disposition.Hold"/> when the password did not open it; null when the letter is not there (any more), or is neither held by its verdict nor quarantined.</returns>
    /// <exception cref="StoreException">The database cannot do it now.</exception>
    public async Task<Verdict?> TryAsync(Guid id, string password, string actor, CancellationToken cancel)
    {
        if (await store.FindAsync(id, cancel) is not { OctetsKept: true, Message: { State: MessageState.Held or MessageState.Quarantined, HeldBy: null } } found)
        {
            return null;
        }

        var result = await InspectAsync(found.Envelope, found.Message.Size, [password], cancel);
        if (IsShut(result.Verdict))
        {
            return result.Verdict with { Disposition = Disposition.Hold }; // whatever the policy makes of what nobody could look into
        }

        var verdict = OutboundSigns.Keep(result.Verdict, found.Findings);
        if (!await store.JudgeAgainAsync(id, found.Message.State, verdict, StateOf(verdict), TraceHeader.Judged(found.TraceHeader, verdict), actor, "password given", [], cancel))
        {
            return null;
        }

        Learn(result with { Verdict = verdict });
        return verdict;
    }

    /// <summary>Where a letter goes that is judged for the second time: it cannot be refused any more.</summary>
    internal static MessageState StateOf(Verdict verdict) => verdict.Disposition == Disposition.Deliver ? MessageState.Queued : MessageState.Quarantined;

    /// <summary>True where something asks for a password still, and none that was given opened anything.</summary>
    private static bool IsShut(Verdict verdict) =>
        verdict.Findings.Any(static f => f.Kind.Code is "ENCRYPTED_ARCHIVE" or "ENCRYPTED_DOCUMENT") && !verdict.Findings.Any(static f => f.Kind.Code == "ARCHIVE_PASSWORD_GIVEN");
}

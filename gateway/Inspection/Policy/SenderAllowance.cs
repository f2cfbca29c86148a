using System.Collections.Frozen;
using Sekisho.Inspection.Detection;
using Sekisho.Inspection.Detection.Lures;
using Sekisho.Inspection.Detection.Senders;

namespace Sekisho.Inspection.Policy;

/// <summary>What is not counted in a letter whose sender an admin allows: findings about who wrote it and with which words; never what it carries.</summary>
/// <remarks>Accounts of allowed partners are hacked as well: macros, programs, known attacks, what could not be looked at, and what is built to deceive count as ever.</remarks>
public static class SenderAllowance
{
    /// <summary>Stand among the others, but speak of deceit (two authors, a part that nobody signed, somebody else's conversation, our own name) or of preparing a macro.</summary>
    private static readonly FrozenSet<string> Kept = new[]
    {
        OwnDomainForged.Forged.Code, OwnDomainForged.Unproven.Code, ColleagueName.Claimed.Code,
        SenderListed.Blocked.Code, SenderListed.Allowed.Code, SenderListed.NotProven.Code, FromTricks.Tricks.Code, FromTricks.Several.Code,
        DkimPartialBody.Partial.Code, StolenThread.Stolen.Code, StolenThread.Name.Code, StolenThreadHacked.Hacked.Code,
        LureEnableMacros.Document.Code, LureEnableMacros.Asks.Code,
    }.ToFrozenSet(StringComparer.Ordinal);

    private static readonly FrozenSet<string> Excused = Detectors.All
        .Where(static d => d.GetType().Namespace == typeof(SenderListed).Namespace || d.GetType().Namespace == typeof(LureTopic).Namespace)
        .SelectMany(static d => d.Kinds).Select(static k => k.Code).Where(static c => !Kept.Contains(c)).ToFrozenSet(StringComparer.Ordinal);

    /// <summary>True for a code that is shown and not counted where <c>SENDER_ALLOWED</c> is found.</summary>
    public static bool Excuses(string code) => Excused.Contains(code);
}

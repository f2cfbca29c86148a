using System.Net;
using Sekisho.Inspection.Detection;
using Sekisho.Inspection.Messages;
using Sekisho.Inspection.Policy;
using Sekisho.Inspection.Senders;
using Sekisho.Inspection.Signatures;

namespace Sekisho.Waves;

/// <summary>What became of one letter.</summary>
/// <param name="Standard">By all that the gateway sees for itself: no indicators, no YARA.</param>
/// <param name="Content">By what is in the letter alone: no look at senders, mail form, lures either.</param>
/// <param name="Yara">By the YARA rules alone.</param>
internal sealed record Outcome(Verdict Standard, Verdict Content, Verdict Yara);

/// <summary>Opens letters and judges them as the gateway does, without network.</summary>
/// <param name="signatures">Word lists, and the rules that are looked at by themselves.</param>
/// <param name="withRules">False leaves the YARA rules out, for a shorter run.</param>
internal sealed class Inspector(SignatureSet signatures, bool withRules)
{
    private static readonly Envelope Nobody = new(Guid.Empty, DateTimeOffset.UnixEpoch, IPAddress.Loopback, "sender.example", "alice@sender.example", [new EnvelopeRecipient("bob@hospital.example")]);

    private readonly MessagePolicy standard = new(new PolicyOptions());
    private readonly IReadOnlyList<IDetector> unaided = [.. Detectors.All.Where(d => RoomOf(d) != "Known")];
    private readonly HashSet<string> ofMail = Detectors.All.Where(d => RoomOf(d) is "Senders" or "Emotet" or "Lures").SelectMany(d => d.Kinds).Select(k => k.Code).ToHashSet(StringComparer.Ordinal);
    private readonly IReadOnlyList<IDetector> rules = [.. Detectors.All.Where(d => d.GetType().Name == "YaraRule")];

    /// <summary>Judges a letter.</summary>
    /// <param name="letter">Its octets.</param>
    /// <param name="passwordMail">The letter that brought its password; null for none.</param>
    public Outcome Look(byte[] letter, byte[]? passwordMail = null)
    {
        var passwords = passwordMail is null ? null : MessageReader.PasswordsIn(new MemoryStream(passwordMail), CancellationToken.None);
        using var message = MessageReader.Read(Nobody, new MemoryStream(letter), new ReadLimits(), TimeProvider.System, CancellationToken.None, passwords);
        var context = new InspectionContext(message, SenderFacts.Unknown, signatures);
        var findings = Detectors.Inspect(unaided, context);
        return new Outcome(
            standard.Judge(findings), standard.Judge([.. findings.Where(f => !ofMail.Contains(f.Kind.Code))]), standard.Judge(withRules ? Detectors.Inspect(rules, context) : []));
    }

    private static string RoomOf(IDetector detector) => detector.GetType().Namespace!.Split('.')[^1];
}

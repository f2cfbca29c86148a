using System.Net;
using Sekisho.Inspection.Detection;
using Sekisho.Inspection.Messages;
using Sekisho.Inspection.Policy;
using Sekisho.Inspection.Senders;
using Sekisho.Inspection.Signatures;

namespace Sekisho.Waves;

/// <summary>What became of one letter: by the policy as it is shipped, and by the one in which the mere presence of a macro hardly weighs.</summary>
internal sealed record Outcome(Verdict Standard, Verdict Light);

/// <summary>Opens letters and judges them as the gateway does, without network.</summary>
/// <param name="signatures">What is known beforehand; indicators and YARA rules come in here or stay out.</param>
internal sealed class Inspector(SignatureSet signatures)
{
    private static readonly Envelope Nobody = new(Guid.Empty, DateTimeOffset.UnixEpoch, IPAddress.Loopback, "sender.example", "alice@sender.example", [new EnvelopeRecipient("bob@hospital.example")]);

    private readonly MessagePolicy standard = new(new PolicyOptions());
    private readonly MessagePolicy light = new(new PolicyOptions { Weights = { ["MACRO_PRESENT"] = 15, ["MACRO_AUTO_EXEC"] = 15 } });

    /// <summary>Judges a letter.</summary>
    /// <param name="letter">Its octets.</param>
    /// <param name="passwordMail">The letter that brought its password; null for none.</param>
    public Outcome Look(byte[] letter, byte[]? passwordMail = null)
    {
        var passwords = passwordMail is null ? null : MessageReader.PasswordsIn(new MemoryStream(passwordMail), CancellationToken.None);
        using var message = MessageReader.Read(Nobody, new MemoryStream(letter), new ReadLimits(), TimeProvider.System, CancellationToken.None, passwords);
        var findings = Detectors.Inspect(Detectors.All, new InspectionContext(message, SenderFacts.Unknown, signatures));
        return new Outcome(standard.Judge(findings), light.Judge(findings));
    }
}

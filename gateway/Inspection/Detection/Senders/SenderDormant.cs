using Sekisho.Inspection.Formats;

namespace Sekisho.Inspection.Detection.Senders;

/// <summary>Finds letters with an attachment or a link of correspondents who, like us to them, had not written for 90 days: an account that wakes up may be a stolen one.</summary>
internal sealed class SenderDormant : IDetector
{
    /// <summary>Days without a letter either way.</summary>
    private const int Days = 90;

    public static readonly FindingKind Dormant = new("SENDER_DORMANT", 15,
        "A correspondent who was silent for months writes with an attachment or a link.", "長期間やり取りのなかった差出人から、添付ファイルまたはリンク付きのメールが届きました。", "T1586.002");

    public IEnumerable<FindingKind> Kinds => [Dormant];

    public IEnumerable<Finding> Inspect(InspectionContext context)
    {
        if (context.Sender.Correspondence is not { Contact: { } contact, SilentDays: >= Days } ledger)
        {
            yield break;
        }

        // The link to one's own pages stands in every signature.
        var own = LinkTargets.Registered(ledger.Address[(ledger.Address.LastIndexOf('@') + 1)..]);
        if (context.Message.Parts.FirstOrDefault(p => (!p.IsBody && p.Kind is not (FileKind.Image or FileKind.Empty)) || p.Links.Any(l => l.Host.Length > 0 && LinkTargets.Registered(l.Host) != own)) is { } part)
        {
            yield return Dormant.At("From", $"{ledger.Address}: last letter {contact.Last:yyyy-MM-dd}, {ledger.SilentDays} days ago; now {part.Path}");
        }
    }
}

using Sekisho.Inspection.Formats;
using Sekisho.Inspection.Messages;
using Sekisho.Inspection.Senders;

namespace Sekisho.Inspection.Detection.Senders;

/// <summary>Finds a colleague's or a department's name over an address that is not theirs, in kanji, kana or Latin letters.</summary>
internal sealed class ColleagueName : IDetector
{
    public static readonly FindingKind Claimed = new("COLLEAGUE_FORGED", 100,
        "The sender claims to be a colleague of our hospital, but the address is not ours.", "当院の職員を名乗っていますが、当院のアドレスではありません(なりすまし)。", "T1656");

    public static readonly FindingKind Name = new("COLLEAGUE_NAME", 70,
        "The sender bears a colleague's name, but the address is neither ours nor known as his.", "差出人名は当院の職員ですが、アドレスは当院のものでも、登録された個人のものでもありません。", "T1656");

    public static readonly FindingKind Perhaps = new("COLLEAGUE_NAME_PERHAPS", 40,
        "The sender bears the name of a colleague or a department, but may well be somebody else.", "差出人名が当院の職員または部署と同じですが、別人の可能性もあります。", "T1656");

    private const int DaysToBeKnown = 30;

    public IEnumerable<FindingKind> Kinds => [Claimed, Name, Perhaps];

    public IEnumerable<Finding> Inspect(InspectionContext context)
    {
        var house = context.Household;
        if (house.Staff.Members.Count == 0)
        {
            yield break;
        }

        foreach (var sender in ClaimedSender.Of(context.Message))
        {
            if (sender.Domain.Length > 0 && sender.Name.Length > 0 && !house.IsOwn(sender.Domain) && !IsProvenPartner(context, sender)
                && house.Staff.Find(sender.Name, house.Names) is { } match && Weigh(context, sender, match) is { } kind)
            {
                var who = match.People.Count == 0 ? match.Department : string.Join(", ", match.People.Take(3).Select(p => $"{p.Name} {p.Department}".Trim()));
                yield return kind.At("From", $"\"{sender.Name}\" <{sender.Address}>: {who}");
                yield break;
            }
        }
    }

    private static FindingKind? Weigh(InspectionContext context, ClaimedSender sender, NameMatch match)
    {
        var house = context.Household;
        var known = house.Staff.At(sender.Address);
        if (known.Count > 0 && (match.People.Count == 0 ? known.Any(p => p.Department == match.Department) : known.Any(match.People.Contains)))
        {
            return null; // A private address that the directory knows.
        }

        if (IsService(context, sender))
        {
            return null;
        }

        var saysHospital = house.Names.Any(n => TextNormal.Of(sender.Name).Contains(TextNormal.Of(n), StringComparison.OrdinalIgnoreCase));
        if (match.People.Count == 0)
        {
            return saysHospital ? Name : Perhaps; // Every firm has its general affairs.
        }

        if (MailingList.Known(context.Message, context.Sender, house) is not null || IsToHimself(context, match))
        {
            return Perhaps;
        }

        if (saysHospital || match.People.Any(p => p.Department.Length > 0 && p.Department == match.Department)
            || (context.Signatures.List("free-mailers").Contains(sender.Domain) && SignsAsOurs(context)))
        {
            return Claimed;
        }

        if (match.People.Count > 1 && !match.HasTitle)
        {
            return Perhaps; // Of two colleagues of one name there are more elsewhere.
        }

        // A colleague's own mailbox at home, or a namesake's, bears something of the name; one that does not, and that nobody here knows, is an impostor's.
        return IsStranger(context.Sender.Correspondence) && BearsOtherName(sender, match) ? Claimed : Name;
    }

    /// <summary>True for somebody to whom nobody of ours has written, and who has not written for long: one harmless letter first makes nobody known.</summary>
    private static bool IsStranger(Correspondence? ledger) =>
        ledger?.Contact is not { } contact || (contact.Out == 0 && ledger.Today.DayNumber - contact.First.DayNumber < DaysToBeKnown);

    /// <summary>True where the local part has nothing of the names, readings and addresses of those who are meant; false also where no reading is known to compare with.</summary>
    private static bool BearsOtherName(ClaimedSender sender, NameMatch match)
    {
        var local = sender.Address[..Math.Max(0, sender.Address.LastIndexOf('@'))];
        var words = match.People.SelectMany(static p => (string[])[p.Name, p.Kana, .. p.Addresses.Select(static a => LettersOf(a[..Math.Max(0, a.LastIndexOf('@'))]))])
            .Append(sender.Name).SelectMany(static n => PersonNames.Words(PersonNames.Plain(n))).Select(PersonNames.Key)
            .Where(static k => PersonNames.IsReading(k) && k.Length >= 3).ToList();
        var parts = PersonNames.Words(LettersOf(local)).Select(PersonNames.Key).Append(LettersOf(local).Replace(" ", "", StringComparison.Ordinal)).ToList();
        return words.Count > 0 && !words.Exists(w => parts.Exists(p => p.Contains(w, StringComparison.Ordinal)));

        static string LettersOf(string text) => string.Create(text.Length, text, static (span, source) =>
        {
            for (var i = 0; i < span.Length; i++)
            {
                span[i] = char.IsAsciiLetter(source[i]) ? char.ToLowerInvariant(source[i]) : ' ';
            }
        });
    }

    private static bool IsProvenPartner(InspectionContext context, ClaimedSender sender) =>
        context.Household.IsPartner(sender.Domain) && Proofs.OfAuthor(context.Sender, context.Message.Envelope, sender.Domain) != Proof.None;

    private static bool IsService(InspectionContext context, ClaimedSender sender)
    {
        var services = context.Signatures.List("sending-services");
        return (services.Contains(sender.Domain) || services.Contains(LinkTargets.Registered(sender.Domain)) || context.Household.IsForwarder(sender.Domain))
            && Proofs.OfAuthor(context.Sender, context.Message.Envelope, sender.Domain) is Proof.Given or Proof.Unknown;
    }

    /// <summary>True where everybody it goes to bears the sender's name: who writes home from home forges nobody.</summary>
    private static bool IsToHimself(InspectionContext context, NameMatch match) =>
        context.Message.Envelope.Recipients.All(r => context.Household.Staff.At(r.Address).Any(match.People.Contains));

    private static bool SignsAsOurs(InspectionContext context) =>
        context.Message.Text.Main is { } body && (body.Signature.Length > 0 ? body.Signature : body.New.Length > 600 ? body.New[^600..] : body.New) is { Length: > 0 } own
        && (context.Household.Names.Any(n => own.Contains(TextNormal.Of(n), StringComparison.OrdinalIgnoreCase)) || context.Household.OwnDomains.Any(d => own.Contains("@" + d, StringComparison.OrdinalIgnoreCase)));
}

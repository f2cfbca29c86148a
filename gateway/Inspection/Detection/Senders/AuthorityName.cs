using System.Text;
using Sekisho.Inspection.Formats;
using Sekisho.Inspection.Senders;
using Sekisho.Inspection.Signatures;

namespace Sekisho.Inspection.Detection.Senders;

/// <summary>Finds the name of an authority, a bank, a parcel service, a partner or the hospital itself over an address of another domain.</summary>
internal sealed class AuthorityName : IDetector
{
    public static readonly FindingKind Authority = new("AUTHORITY_NAME", 60,
        "The sender bears the name of an authority or a well-known company, but the address is not theirs.", "差出人名は公的機関や有名企業ですが、その機関のアドレスではありません。", "T1656");

    public static readonly FindingKind Partner = new("PARTNER_NAME", 60,
        "The sender bears a partner's name, but the address is not theirs.", "差出人名は取引先ですが、登録された取引先のアドレスではありません。", "T1656");

    public static readonly FindingKind Ours = new("OWN_NAME", 60,
        "The sender bears our hospital's name, but the address is not ours.", "差出人名は当院ですが、当院のアドレスではありません。", "T1656");

    public IEnumerable<FindingKind> Kinds => [Authority, Partner, Ours];

    public IEnumerable<Finding> Inspect(InspectionContext context)
    {
        var house = context.Household;
        foreach (var sender in ClaimedSender.Of(context.Message))
        {
            if (sender.Domain.Length == 0 || sender.Name.Length < 2 || house.IsOwn(sender.Domain))
            {
                continue;
            }

            var name = sender.Name.TrimStart('【', '[', '(', '「', '"', '\'', ' ', '<', '『', '[');
            name = name.StartsWith("株式会社", StringComparison.Ordinal) ? name[4..].TrimStart() : name;
            var isListed = house.IsPartner(sender.Domain) || house.IsForwarder(sender.Domain) || house.Staff.At(sender.Address).Count > 0;
            if (!isListed && house.Names.FirstOrDefault(n => Bears(name, TextNormal.Of(n))) is { } own)
            {
                yield return Ours.At("From", $"\"{sender.Name}\" <{sender.Address}>: {own}");
            }
            else if (house.Partners.FirstOrDefault(p => p.Name.Length > 1 && Bears(name, p.Name)) is { } partner && !isListed)
            {
                yield return Partner.At("From", $"\"{sender.Name}\" <{sender.Address}>: {string.Join(' ', partner.Domains)}");
            }
            else if (!isListed && ByAuthorities(context, name) is { Count: > 0 } borne && !borne.Exists(a => a.Owns(sender.Domain)))
            {
                yield return Authority.At("From", $"\"{sender.Name}\" <{sender.Address}>: {borne[0].Name} = {string.Join(' ', borne[0].Domains)}");
            }
        }
    }

    private static List<NamedDomains> ByAuthorities(InspectionContext context, string name) =>
        [.. NamedDomains.Of(context.Signatures.List("authorities")).Where(a => Bears(name, a.Name))];

    /// <summary>Japanese names are told anywhere; of Latin ones only those that begin it, as a whole word: "Amazon.co.jp", not "Tamazon" or "We ship to Amazon".</summary>
    private static bool Bears(string name, string borne) =>
        Ascii.IsValid(borne)
            ? name.StartsWith(borne, StringComparison.OrdinalIgnoreCase) && (name.Length == borne.Length || !char.IsAsciiLetterOrDigit(name[borne.Length]))
            : name.Contains(borne, StringComparison.OrdinalIgnoreCase);
}

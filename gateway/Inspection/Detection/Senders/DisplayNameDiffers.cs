using MimeKit;
using Sekisho.Inspection.Formats;
using Sekisho.Inspection.Messages;

namespace Sekisho.Inspection.Detection.Senders;

/// <summary>Finds senders whose name or signature gives another address than the one they write from, as every Emotet letter from a hacked account did.</summary>
internal sealed class DisplayNameDiffers : IDetector
{
    public static readonly FindingKind Name = new("FROM_NAME_IS_OTHER_ADDRESS", 60,
        "The sender's name is an address of another domain than the one that sent this.", "差出人の表示名が、実際の送信元とは別のメールアドレスになっています。", "T1656");

    public static readonly FindingKind Signature = new("FROM_SIGNATURE_OF_ANOTHER", 40,
        "The mail is signed with the sender's name and an address of another domain.", "本文の署名と、実際の送信元アドレスのドメインが違います。", "T1656");

    public static readonly FindingKind Company = new("FREE_MAIL_SIGNED_COMPANY", 15,
        "The mail is signed by a company or a hospital, but comes from a free mail address that the signature does not give.", "企業や病院の署名がありますが、署名にないフリーメールから届きました。", "T1656");

    private static readonly string[] Companies =
        ["株式会社", "有限会社", "合同会社", "(株)", "(有)", "医療法人", "社会福祉法人", "独立行政法人", "病院", "銀行", "保健所", "厚生労働省", "支払基金", "Co., Ltd", "Co.,Ltd", "Inc.", "Corporation", " Hospital", " Bank"];

    public IEnumerable<FindingKind> Kinds => [Name, Signature, Company];

    public IEnumerable<Finding> Inspect(InspectionContext context)
    {
        var message = context.Message;
        if (message.Mime?.From.Mailboxes.FirstOrDefault() is not { } from || DomainOf(from.Address) is not { Length: > 0 } domain)
        {
            yield break;
        }

        var name = TextNormal.Of(from.Name ?? "").Trim();
        if (Addresses(name).FirstOrDefault(a => !Same(DomainOf(a), domain)) is { } shown)
        {
            yield return Name.At("From", $"\"{name}\" <{from.Address}>");
        }
        else if (name.Length >= 2 && MayNameAddress(message) && message.Text.Main is { } body && Block(body, name) is { Length: > 0 } block)
        {
            var addresses = Addresses(block).ToList();
            if (addresses.Count > 0 && addresses.TrueForAll(a => !Same(DomainOf(a), domain)))
            {
                yield return Signature.At("From", $"{from.Address}, signed {addresses[0]}");
                yield break;
            }
        }

        if (context.Signatures.List("free-mailers").Contains(domain) && message.Text.Main is { Signature: { Length: > 0 } signature }
            && Array.Find(Companies, c => signature.Contains(c, StringComparison.OrdinalIgnoreCase)) is { } company && !signature.Contains(from.Address, StringComparison.OrdinalIgnoreCase))
        {
            yield return Company.At("From", $"{from.Address}, signed {company}");
        }
    }

    /// <summary>False for letters whose bodies are plain ASCII without an "@": that is seen in the octets, and spares most of the work of reading the text.</summary>
    private static bool MayNameAddress(InboundMessage message) => message.Parts.Any(p =>
        p.IsBody && (p.Memory.IsEmpty || p.Memory.IndexOfAny((byte)'@', (byte)'&', (byte)0x1B) >= 0 || !System.Text.Ascii.IsValid(p.Memory))); // entities, ISO-2022-JP, full-width letters

    /// <summary>The lines about the sender's name at the end of what he wrote himself.</summary>
    private static string Block(BodyText body, string name)
    {
        var own = body.Signature.Length > 0 ? body.Signature : body.New;
        var at = -1;
        for (var next = 0; next >= 0;)
        {
            // Forwards: the search backwards that minds no case goes letter by letter.
            next = own.AsSpan(at + 1).IndexOf(name, StringComparison.OrdinalIgnoreCase);
            at += next < 0 ? 0 : next + 1;
        }

        return at < 0 ? "" : own.Substring(at, Math.Min(own.Length - at, 400));
    }

    /// <summary>Mail addresses in a text.</summary>
    private static IEnumerable<string> Addresses(string text)
    {
        for (var at = text.IndexOf('@', StringComparison.Ordinal); at >= 0; at = text.IndexOf('@', at + 1))
        {
            int from = at, to = at + 1;
            while (from > 0 && (char.IsAsciiLetterOrDigit(text[from - 1]) || ".!#$%&'*+/=?^_`{|}~-".Contains(text[from - 1], StringComparison.Ordinal)))
            {
                from--;
            }

            while (to < text.Length && (char.IsAsciiLetterOrDigit(text[to]) || text[to] is '.' or '-'))
            {
                to++;
            }

            var address = text[from..to].Trim('.', '-');
            if (from < at && address.LastIndexOf('.') > at - from + 1)
            {
                yield return address;
            }
        }
    }

    private static bool Same(string one, string other) => one.Length == 0 || LinkTargets.Registered(one) == LinkTargets.Registered(other);

    private static string DomainOf(string? address) => address?[(address.LastIndexOf('@') + 1)..].ToLowerInvariant() ?? "";
}

using MimeKit;

namespace Sekisho.Inspection.Detection.Senders;

/// <summary>Finds letters with two From fields of two domains: one is checked, the other is shown.</summary>
internal sealed class SeveralFroms : IDetector
{
    private const int MaxFields = 20;

    public static readonly FindingKind Several = new("FROM_OF_TWO_DOMAINS", 60,
        "The mail has two From fields with addresses of two domains.", "差出人(From)が二つあり、それぞれ別のドメインのアドレスです。", "T1036");

    public IEnumerable<FindingKind> Kinds => [Several];

    public IEnumerable<Finding> Inspect(InspectionContext context)
    {
        if (context.Message.Mime is not { } mime)
        {
            yield break;
        }

        string? first = null, domain = null;
        var count = 0;
        foreach (var header in mime.Headers)
        {
            if (header.Id != HeaderId.From || ++count > MaxFields)
            {
                continue;
            }

            if (!InternetAddressList.TryParse(header.RawValue, out var list) || list.Mailboxes.FirstOrDefault() is not { } mailbox)
            {
                continue;
            }

            var at = mailbox.Address.LastIndexOf('@');
            var here = mailbox.Address[(at + 1)..].TrimEnd('.');
            if (domain is not null && !here.Equals(domain, StringComparison.OrdinalIgnoreCase))
            {
                yield return Several.At("From", $"{first} / {mailbox.Address}");
                yield break;
            }

            (first, domain) = (mailbox.Address, here);
        }
    }
}

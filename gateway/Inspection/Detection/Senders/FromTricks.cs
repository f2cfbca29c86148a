using System.Text;
using MimeKit;
using Sekisho.Inspection.Formats;
using Sekisho.Inspection.Senders;

namespace Sekisho.Inspection.Detection.Senders;

/// <summary>Finds From fields that are built so that a reader sees another sender than the machine does.</summary>
internal sealed class FromTricks : IDetector
{
    public static readonly FindingKind Tricks = new("FROM_TRICKS", 50,
        "The From field is built to show another sender than the real one.", "差出人欄が、実際とは違う差出人に見えるように細工されています。", "T1656");

    public static readonly FindingKind Several = new("FROM_OF_TWO_DOMAINS", 100,
        "The mail has two From fields with addresses of two domains.", "差出人(From)が二つあり、それぞれ別のドメインのアドレスです。", "T1036");

    private const int MaxFields = 20;
    private const int LongName = 150;
    private const int ManyBlanks = 20;

    public IEnumerable<FindingKind> Kinds => [Tricks, Several];

    public IEnumerable<Finding> Inspect(InspectionContext context)
    {
        if (context.Message.Mime is not { } mime || mime.Headers.Where(h => h.Id == HeaderId.From).Take(MaxFields).ToList() is not { Count: > 0 } fields)
        {
            yield break;
        }

        if (OfTwoDomains(fields) is { } both)
        {
            yield return Several.At("From", both);
        }
        else if (Trick(mime, fields) is { } trick)
        {
            yield return Tricks.At("From", $"{trick}: {Encoding.UTF8.GetString(fields[0].RawValue).Trim()}");
        }
    }

    /// <summary>Addresses of two fields in two domains: one is checked, the other is shown. No honest program writes that.</summary>
    private static string? OfTwoDomains(List<Header> fields)
    {
        if (fields.Count < 2)
        {
            return null;
        }

        var boxes = fields.Select(f => InternetAddressList.TryParse(f.RawValue, out var list) ? list.Mailboxes.FirstOrDefault() : null).OfType<MailboxAddress>().ToList();
        return boxes.Find(b => !ClaimedSender.DomainOf(b.Address).Equals(ClaimedSender.DomainOf(boxes[0].Address), StringComparison.OrdinalIgnoreCase)) is { } other
            ? $"{boxes[0].Address} / {other.Address}" : null;
    }

    private static string? Trick(MimeMessage mime, List<Header> fields)
    {
        if (fields.Count > 1 && fields.Exists(f => !f.RawValue.AsSpan().Trim(" \t\r\n"u8).SequenceEqual(fields[0].RawValue.AsSpan().Trim(" \t\r\n"u8))))
        {
            return "several From fields";
        }

        var raw = fields[0].RawValue;
        if (raw.AsSpan().Contains((byte)0))
        {
            return "NUL";
        }

        var boxes = mime.From.Mailboxes.Take(20).ToList();
        if (boxes.Count > 1 && mime.Headers[HeaderId.Sender] is null && boxes.Select(b => LinkTargets.Registered(ClaimedSender.DomainOf(b.Address))).Distinct(StringComparer.Ordinal).Skip(1).Any())
        {
            return "several authors of several domains and no Sender"; // RFC 5322 section 3.6.2
        }

        if (EncodedAddress(raw))
        {
            return "encoded word within an address"; // RFC 2047 section 5 forbids it.
        }

        return boxes.Select(Trick).FirstOrDefault(t => t is not null) ?? CommentWithAddress(raw, boxes);
    }

    private static string? Trick(MailboxAddress box)
    {
        var sender = ClaimedSender.Of(box);
        var name = box.Name ?? "";
        if (sender.Name.Length > LongName || Blanks(name) >= ManyBlanks)
        {
            return "a name so long that the address is out of sight";
        }

        if (Bracketed(sender.Name) is { } shown && shown.Contains('@', StringComparison.Ordinal) && LinkTargets.Registered(ClaimedSender.DomainOf(shown)) != LinkTargets.Registered(sender.Domain))
        {
            return "another address in angle brackets in the name";
        }

        if (name.AsSpan().IndexOfAny("\u202A\u202B\u202D\u202E\u2066\u2067\u2068") >= 0)
        {
            return "the name is turned round";
        }

        var at = box.Address?.LastIndexOf('@') ?? -1;
        return at > 0 && Homographs.Imitated(box.Address![..at].ToLowerInvariant()) is { } read ? $"letters of two alphabets, to be read {read}"
            : at > 0 && box.Address![..at].Contains('@', StringComparison.Ordinal) ? "two addresses in one" : null;
    }

    /// <summary>What stands in angle brackets within a name.</summary>
    private static string? Bracketed(string name)
    {
        var open = name.IndexOf('<', StringComparison.Ordinal);
        return open < 0 ? null : name[(open + 1)..].Split('>')[0].Trim();
    }

    /// <summary>The longest row of blanks of any kind, those that nobody sees included.</summary>
    private static int Blanks(string name)
    {
        var (longest, row) = (0, 0);
        foreach (var c in name)
        {
            row = char.IsWhiteSpace(c) || c is '\u200B' or '\u2800' or '\u3164' or '\u00AD' ? row + 1 : 0;
            longest = Math.Max(longest, row);
        }

        return longest;
    }

    private static bool EncodedAddress(ReadOnlySpan<byte> raw)
    {
        var quoted = false;
        var inside = false;
        for (var i = 0; i < raw.Length; i++)
        {
            if (raw[i] == '\\' && quoted)
            {
                i++;
            }
            else if (raw[i] == '"')
            {
                quoted = !quoted;
            }
            else if (!quoted && raw[i] is (byte)'<' or (byte)'>')
            {
                inside = raw[i] == '<';
            }
            else if (inside && !quoted && raw[i..].StartsWith("=?"u8) && raw[i..].IndexOf("?="u8) > 0)
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>A comment (RFC 5322 section 3.2.2) that shows an address of another domain.</summary>
    private static string? CommentWithAddress(ReadOnlySpan<byte> raw, List<MailboxAddress> boxes)
    {
        var quoted = false;
        for (var i = 0; i < raw.Length; i++)
        {
            if (raw[i] == '\\')
            {
                i++;
            }
            else if (raw[i] == '"')
            {
                quoted = !quoted;
            }
            else if (raw[i] == '(' && !quoted && raw[i..].IndexOf((byte)')') is > 0 and var end)
            {
                var comment = Encoding.UTF8.GetString(raw.Slice(i + 1, end - 1)).Trim();
                if (comment.Split(' ', '<', '>').FirstOrDefault(w => w.IndexOf('@', StringComparison.Ordinal) is var at && at > 0 && w.LastIndexOf('.') > at) is { } address
                    && boxes.TrueForAll(b => LinkTargets.Registered(ClaimedSender.DomainOf(b.Address)) != LinkTargets.Registered(ClaimedSender.DomainOf(address))))
                {
                    return "another address in a comment";
                }
            }
        }

        return null;
    }
}

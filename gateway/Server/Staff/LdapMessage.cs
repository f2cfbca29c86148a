using System.Formats.Asn1;
using System.Text;

namespace Sekisho.Staff;

/// <summary>What a directory may answer (RFC 4511 section 4), by the number of its application tag.</summary>
internal enum LdapAnswer
{
    /// <summary>BindResponse.</summary>
    Bind = 1,

    /// <summary>SearchResultEntry.</summary>
    Entry = 4,

    /// <summary>SearchResultDone.</summary>
    Done = 5,

    /// <summary>SearchResultReference: another server knows more. Not followed.</summary>
    Reference = 19,

    /// <summary>ExtendedResponse: to StartTLS, or the notice that the server hangs up.</summary>
    Extended = 24,
}

/// <summary>One entry of a directory.</summary>
/// <param name="Dn">Its name.</param>
/// <param name="Values">Values by the attribute as the server named it; those that are no UTF-8 are left out.</param>
internal sealed record LdapEntry(string Dn, IReadOnlyDictionary<string, List<string>> Values);

/// <summary>A directory's answer (LDAPMessage, RFC 4511 section 4.1.1).</summary>
/// <param name="Id">Which request it answers; 0 for a notice of the server's own.</param>
/// <param name="Kind">What it is.</param>
/// <param name="Code">The result code of all kinds but entries and references; 0 is success.</param>
/// <param name="Text">The server's words.</param>
/// <param name="Entry">The entry of <see cref="LdapAnswer.Entry"/>.</param>
/// <param name="Cookie">Where the next page begins (RFC 2696); empty behind the last.</param>
internal sealed record LdapMessage(int Id, LdapAnswer Kind, int Code, string Text, LdapEntry? Entry, byte[] Cookie)
{
    /// <summary>The control of paged results.</summary>
    public const string PagedResults = "1.2.840.113556.1.4.319";

    private const int MaxAttributes = 1000;
    private const int MaxText = 500;

    private static readonly UTF8Encoding Strict = new(false, throwOnInvalidBytes: true);

    /// <summary>Reads one message.</summary>
    /// <param name="octets">All of it.</param>
    /// <exception cref="InvalidDataException">It is none, or of a kind that answers nothing we ask.</exception>
    public static LdapMessage Read(ReadOnlyMemory<byte> octets)
    {
        try
        {
            var message = new AsnReader(octets, AsnEncodingRules.BER).ReadSequence();
            if (!message.TryReadInt32(out var id) || id < 0)
            {
                throw new InvalidDataException("An LDAP message has a number that is none.");
            }

            var tag = message.PeekTag();
            var kind = (LdapAnswer)tag.TagValue;
            if (tag.TagClass != TagClass.Application || !Enum.IsDefined(kind))
            {
                throw new InvalidDataException($"An LDAP message is of the unknown kind {tag}.");
            }

            var (code, text, entry) = (0, "", (LdapEntry?)null);
            var body = message.ReadSequence(tag);
            if (kind == LdapAnswer.Entry)
            {
                entry = ReadEntry(body);
            }
            else if (kind != LdapAnswer.Reference)
            {
                var number = body.ReadEnumeratedBytes().Span;
                code = number.Length is 1 or 2 ? number.Length == 1 ? number[0] : (number[0] << 8) | number[1] : throw new InvalidDataException("An LDAP result has a code that is none.");
                body.ReadOctetString();
                text = Shown(body.ReadOctetString(), MaxText);
            }

            return new LdapMessage(id, kind, code, text, entry, kind == LdapAnswer.Done ? ReadCookie(message) : []);
        }
        catch (AsnContentException e)
        {
            throw new InvalidDataException("An LDAP message is no BER.", e);
        }
    }

    private static LdapEntry ReadEntry(AsnReader body)
    {
        var dn = Shown(body.ReadOctetString(), int.MaxValue);
        var values = new Dictionary<string, List<string>>(StringComparer.OrdinalIgnoreCase);
        var attributes = body.ReadSequence();
        for (var count = 0; attributes.HasData; count++)
        {
            if (count == MaxAttributes)
            {
                throw new InvalidDataException($"An entry has more than {MaxAttributes:N0} attributes.");
            }

            var attribute = attributes.ReadSequence();
            var name = Encoding.Latin1.GetString(attribute.ReadOctetString());
            var all = attribute.ReadSetOf(skipSortOrderValidation: true);
            // Active Directory hands out many values in ranges (proxyAddresses;range=0-1499): the first is what we get.
            var range = name.IndexOf(";range=", StringComparison.OrdinalIgnoreCase);
            name = range > 0 ? name[..range] : name;
            if (!values.TryGetValue(name, out var known))
            {
                values[name] = known = [];
            }

            while (all.HasData)
            {
                try
                {
                    known.Add(Strict.GetString(all.ReadOctetString()));
                }
                catch (DecoderFallbackException)
                {
                    // A picture, a key, or a name in an old code: nothing of that is looked for here.
                }
            }
        }

        return new LdapEntry(dn, values);
    }

    private static byte[] ReadCookie(AsnReader message)
    {
        if (!message.HasData || !message.PeekTag().HasSameClassAndValue(new Asn1Tag(TagClass.ContextSpecific, 0)))
        {
            return [];
        }

        var controls = message.ReadSequence(message.PeekTag());
        while (controls.HasData)
        {
            var control = controls.ReadSequence();
            var type = Encoding.Latin1.GetString(control.ReadOctetString());
            if (control.HasData && control.PeekTag().HasSameClassAndValue(Asn1Tag.Boolean))
            {
                control.ReadBoolean();
            }

            if (type == PagedResults && control.HasData)
            {
                var value = new AsnReader(control.ReadOctetString(), AsnEncodingRules.BER).ReadSequence();
                value.ReadInteger();
                return value.ReadOctetString();
            }
        }

        return [];
    }

    /// <summary>A server's words without control characters: they go into a log.</summary>
    private static string Shown(byte[] octets, int most)
    {
        var text = Encoding.UTF8.GetString(octets.AsSpan(0, Math.Min(octets.Length, most)));
        return string.Concat(text.Select(c => char.IsControl(c) || char.GetUnicodeCategory(c) == System.Globalization.UnicodeCategory.Format ? ' ' : c)).Trim();
    }
}

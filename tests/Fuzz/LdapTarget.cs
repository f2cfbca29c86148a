using System.Formats.Asn1;
using System.Text;
using Sekisho.Options;
using Sekisho.Staff;

namespace Sekisho.Fuzz;

/// <summary>A directory's answers, and the entries in them.</summary>
internal static class LdapTarget
{
    private static readonly StaffAttributes Attributes = new();

    public static IEnumerable<byte[]> Seeds() =>
    [
        Convert.FromHexString("300C02010161070A010004000400"),
        Convert.FromHexString("303D02010365" + "0E0A01040400" + "040761620A63641B65" + "A0283026" + "0416" + Convert.ToHexString(Encoding.ASCII.GetBytes(LdapMessage.PagedResults)) + "040C300A020203E804046E657874"),
        Entry(("objectClass", "user"), ("sn", "田中"), ("givenName", "太郎"), ("mail", "tanaka@hospital.test"), ("proxyAddresses", "smtp:t@hospital.test"), ("msDS-PhoneticDisplayName", "タナカ タロウ")),
        Entry(("objectClass", "group"), ("cn;lang-ja", "外来"), ("mail;range=0-1", "gairai@hospital.test")),
    ];

    public static void Run(byte[] octets)
    {
        if (LdapMessage.Read(octets).Entry is { } entry)
        {
            _ = DirectoryPerson.Of(entry, Attributes);
        }
    }

    private static byte[] Entry(params (string Name, string Value)[] values)
    {
        var writer = new AsnWriter(AsnEncodingRules.BER);
        using (writer.PushSequence())
        {
            writer.WriteInteger(2);
            using (writer.PushSequence(new Asn1Tag(TagClass.Application, 4, true)))
            {
                writer.WriteOctetString("cn=x"u8);
                using (writer.PushSequence())
                {
                    foreach (var (name, value) in values)
                    {
                        using (writer.PushSequence())
                        {
                            writer.WriteOctetString(Encoding.ASCII.GetBytes(name));
                            using (writer.PushSetOf())
                            {
                                writer.WriteOctetString(Encoding.UTF8.GetBytes(value));
                            }
                        }
                    }
                }
            }
        }

        return writer.Encode();
    }
}

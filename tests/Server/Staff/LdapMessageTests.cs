using System.Formats.Asn1;
using System.Text;
using Sekisho.Staff;

namespace Sekisho.Server.Tests.Staff;

public sealed class LdapMessageTests
{
    [Fact]
    public void AnEntryIsRead()
    {
        var entry = LdapMessage.Read(Entry(7, "cn=田中", ("mail", ["a@b"u8.ToArray(), [0xFF, 0xFE]]), ("proxyAddresses;range=0-1", ["smtp:c@d"u8.ToArray()])));
        Assert.Equal((7, LdapAnswer.Entry, "cn=田中"), (entry.Id, entry.Kind, entry.Entry!.Dn));
        Assert.Equal(["a@b"], entry.Entry.Values["MAIL"]);
        Assert.Equal(["smtp:c@d"], entry.Entry.Values["proxyAddresses"]);
    }

    /// <summary>Result 4, the server's words with a line end in them, and a paged results control with the cookie "next".</summary>
    [Fact]
    public void AResultIsReadWithTheCookieOfThePage()
    {
        var done = LdapMessage.Read(Convert.FromHexString("303D" + "020103" + "650E" + "0A0104" + "0400" + "040761620A63641B65" + "A028" + "3026" + "0416" + Convert.ToHexString(Encoding.ASCII.GetBytes("1.2.840.113556.1.4.319")) + "040C" + "300A" + "020203E8" + "04046E657874"));
        Assert.Equal((3, LdapAnswer.Done, 4, "ab cd e"), (done.Id, done.Kind, done.Code, done.Text));
        Assert.Equal("next"u8.ToArray(), done.Cookie);
    }

    [Theory]
    [InlineData("")]
    [InlineData("3003020101")]
    [InlineData("30050201016500")]
    [InlineData("30050201014200")]
    [InlineData("3080020101650000")]
    [InlineData("300C02010165070A01000400040100")]
    [InlineData("300E02010165090A0300000004000400")]
    [InlineData("48545450")]
    public void WhatIsNoneIsRefused(string octets) => Assert.Throws<InvalidDataException>(() => LdapMessage.Read(Convert.FromHexString(octets)));

    internal static byte[] Entry(int id, string dn, params (string Name, byte[][] Values)[] attributes)
    {
        var writer = new AsnWriter(AsnEncodingRules.BER);
        using (writer.PushSequence())
        {
            writer.WriteInteger(id);
            using (writer.PushSequence(new Asn1Tag(TagClass.Application, 4, true)))
            {
                writer.WriteOctetString(Encoding.UTF8.GetBytes(dn));
                using (writer.PushSequence())
                {
                    foreach (var (name, values) in attributes)
                    {
                        using (writer.PushSequence())
                        {
                            writer.WriteOctetString(Encoding.ASCII.GetBytes(name));
                            using (writer.PushSetOf())
                            {
                                foreach (var value in values)
                                {
                                    writer.WriteOctetString(value);
                                }
                            }
                        }
                    }
                }
            }
        }

        return writer.Encode();
    }
}

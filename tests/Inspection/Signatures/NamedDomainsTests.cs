using Sekisho.Inspection.Signatures;

namespace Sekisho.Inspection.Tests.Signatures;

public class NamedDomainsTests
{
    [Theory]
    [InlineData("a.example", "a.example", true)]
    [InlineData("b.a.example", "a.example", true)]
    [InlineData("ba.example", "a.example", false)]
    [InlineData("example", "a.example", false)]
    [InlineData("pref.osaka.jp", "pref.*.jp", true)]
    [InlineData("mail.pref.osaka.jp", "pref.*.jp", true)]
    [InlineData("osaka.jp", "pref.*.jp", false)]
    [InlineData("pref.osaka.example", "pref.*.jp", false)]
    [InlineData("city.minato.tokyo.jp", "city.*.*.jp", true)]
    [InlineData("", "a.example", false)]
    public void IsOrBelow(string host, string domain, bool expected) => Assert.Equal(expected, NamedDomains.IsOrBelow(host, domain));

    [Fact]
    public void Parse_TakesNameAndDomains()
    {
        var entry = NamedDomains.Parse("ｅ－Tax = NTA.go.jp, .e-tax.example");
        Assert.Equal(("e-Tax", "nta.go.jp e-tax.example"), (entry.Name, string.Join(' ', entry.Domains)));
        Assert.Equal("", NamedDomains.Parse("lab.example").Name);
    }

    /// <summary>A line without a domain, or with something that is none, would accuse or excuse everybody.</summary>
    [Fact]
    public void ShippedAuthorities_HaveDomains()
    {
        var list = SignatureSet.Shipped.List("authorities");
        Assert.Equal(list.Entries.Count, NamedDomains.Of(list).Count);
        Assert.All(NamedDomains.Of(list), n => Assert.True(n.Name.Length > 1 && n.Domains.All(d => d.Contains('.', StringComparison.Ordinal) && d.All(c => char.IsAsciiLetterOrDigit(c) || c is '.' or '-' or '*')), n.Name));
    }
}

using System.Collections.Frozen;
using Sekisho.Inspection.Signatures;

namespace Sekisho.Inspection.Senders;

/// <summary>Knows domains that stand for no one sender: below them, or at them, anybody gets a name.</summary>
internal static class OpenDomains
{
    // JPRS: the organisational types, the prefectures, and the cities of the geographic type. Below these somebody registers, at them nobody writes.
    private static readonly FrozenSet<string> OfJapan = (
        "ac ad co ed go gr lg ne or "
        + "hokkaido aomori iwate miyagi akita yamagata fukushima ibaraki tochigi gunma saitama chiba tokyo kanagawa niigata toyama ishikawa fukui yamanashi nagano gifu shizuoka aichi mie "
        + "shiga kyoto osaka hyogo nara wakayama tottori shimane okayama hiroshima yamaguchi tokushima kagawa ehime kochi fukuoka saga nagasaki kumamoto oita miyazaki kagoshima okinawa "
        + "sapporo sendai yokohama kawasaki nagoya kobe kitakyushu").Split(' ').ToFrozenSet(StringComparer.Ordinal);

    private static readonly FrozenSet<string> Elsewhere = "co com net org gov gob edu ac ne or go mil".Split(' ').ToFrozenSet(StringComparer.Ordinal);

    // Where a service gives each customer, or whoever asks, a name of his own.
    private static readonly FrozenSet<string> Tenants = new[] { "onmicrosoft.com", "gappssmtp.com" }.ToFrozenSet(StringComparer.Ordinal);

    /// <summary>True for a registry or a service's root, below which anybody gets a domain, and for a mailer where anybody gets an address.</summary>
    /// <param name="domain">In the form of <see cref="Domains.Ascii"/>.</param>
    /// <param name="freeMailers">Domains where anybody has an address.</param>
    public static bool Holds(string domain, WordList freeMailers)
    {
        var dot = domain.IndexOf('.', StringComparison.Ordinal);
        if (dot < 0 || Tenants.Contains(domain) || freeMailers.Contains(domain))
        {
            return true;
        }

        var last = domain[(domain.LastIndexOf('.') + 1)..];
        return Domains.Labels(domain) switch
        {
            2 => last == "jp" ? OfJapan.Contains(domain[..dot]) : last.Length == 2 && Elsewhere.Contains(domain[..dot]),
            3 => domain.EndsWith(".gappssmtp.com", StringComparison.Ordinal) && domain.AsSpan(0, dot).IndexOfAnyExceptInRange('0', '9') < 0, // 20230601.gappssmtp.com
            _ => false,
        };
    }
}

using System.Globalization;

namespace Sekisho.Delivery;

/// <summary>The service extensions that a next hop offered in its answer to EHLO (RFC 5321 section 4.1.1.1).</summary>
internal sealed record SmtpOffers
{
    /// <summary>Nothing: the answer to HELO.</summary>
    public static readonly SmtpOffers None = new();

    /// <summary>RFC 2920.</summary>
    public bool Pipelining { get; init; }

    /// <summary>RFC 6152.</summary>
    public bool EightBitMime { get; init; }

    /// <summary>RFC 6531.</summary>
    public bool SmtpUtf8 { get; init; }

    /// <summary>RFC 3461.</summary>
    public bool Dsn { get; init; }

    /// <summary>RFC 3030.</summary>
    public bool Chunking { get; init; }

    /// <summary>RFC 3207.</summary>
    public bool StartTls { get; init; }

    /// <summary>RFC 1870.</summary>
    public bool Size { get; init; }

    /// <summary>Largest letter in octets; 0 when it names no limit.</summary>
    public long MaxSize { get; init; }

    /// <summary>Reads the text of the EHLO reply, one keyword a line after the first. Unknown ones are passed over.</summary>
    public static SmtpOffers Read(string text)
    {
        var offers = None;
        foreach (var line in text.Split('\n').Skip(1))
        {
            var word = line.Split(' ', 2, StringSplitOptions.TrimEntries);
            offers = word[0].ToUpperInvariant() switch
            {
                "PIPELINING" => offers with { Pipelining = true },
                "8BITMIME" => offers with { EightBitMime = true },
                "SMTPUTF8" => offers with { SmtpUtf8 = true },
                "DSN" => offers with { Dsn = true },
                "CHUNKING" => offers with { Chunking = true },
                "STARTTLS" => offers with { StartTls = true },
                "SIZE" => offers with
                {
                    Size = true,
                    MaxSize = word.Length > 1 && long.TryParse(word[1], NumberStyles.None, CultureInfo.InvariantCulture, out var most) ? most : 0,
                },
                _ => offers,
            };
        }

        return offers;
    }
}

namespace Sekisho.SampleMaker.Waves;

/// <summary>Chance that comes out the same for the same seed: what the generators make their names, numbers and texts of.</summary>
/// <param name="seed">Any number.</param>
public sealed class Chance(int seed)
{
    private const string Consonants = "bcdfghjklmnprstvwz";
    private const string Vowels = "aeiou";
    private const string Alphanumerics = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789";

    private readonly Random random = new(seed);

    /// <summary>A number from <paramref name="least"/> to <paramref name="most"/>, both included.</summary>
    public int Number(int least, int most) => random.Next(least, most + 1);

    /// <summary>True in so many of a hundred cases.</summary>
    public bool Percent(int share) => random.Next(100) < share;

    /// <summary>One of these.</summary>
    public T Pick<T>(params IReadOnlyList<T> choices) => choices[random.Next(choices.Count)];

    /// <summary>These in another order.</summary>
    public T[] Shuffle<T>(IEnumerable<T> things)
    {
        var array = things.ToArray();
        random.Shuffle(array);
        return array;
    }

    /// <summary>Decimal digits.</summary>
    public string Digits(int length) => string.Create(length, random, static (span, r) => Fill(span, r, "0123456789"));

    /// <summary>Letters and digits.</summary>
    public string Code(int length) => string.Create(length, random, static (span, r) => Fill(span, r, Alphanumerics));

    /// <summary>Lower-case letters.</summary>
    public string Letters(int length) => string.Create(length, random, static (span, r) => Fill(span, r, Alphanumerics[26..52]));

    /// <summary>A word that can be spoken, lower case, of 2 to 4 syllables.</summary>
    public string Word(int least = 2, int most = 4) =>
        string.Concat(Enumerable.Range(0, Number(least, most)).Select(_ => $"{Consonants[random.Next(Consonants.Length)]}{Vowels[random.Next(Vowels.Length)]}"));

    /// <summary>A name for a variable or procedure: begins with a letter, is no word of VBA.</summary>
    public string Name() => Pick("", "x", "q", "z") + char.ToUpperInvariant(Letters(1)[0]) + Pick(Letters(Number(5, 9)), Word(3, 5), Letters(4) + Digits(Number(2, 4)));

    /// <summary>A host that exists nowhere (RFC 2606).</summary>
    public string Host() => $"{Pick("", "", "www.")}{Word()}{Pick("", "-" + Word(), Digits(2))}.{Pick("example", "invalid", "example", "co.example", "jp.example")}";

    /// <summary>Octets.</summary>
    public byte[] Octets(int length)
    {
        var octets = new byte[length];
        random.NextBytes(octets);
        return octets;
    }

    /// <summary>A date of a year.</summary>
    public DateTimeOffset Date(int year, int month, int day) => new DateTimeOffset(year, month, day, 8, 0, 0, TimeSpan.FromHours(9)).AddDays(Number(0, 12)).AddSeconds(Number(0, 36000));

    private static void Fill(Span<char> span, Random random, string from)
    {
        for (var i = 0; i < span.Length; i++)
        {
            span[i] = from[random.Next(from.Length)];
        }
    }
}

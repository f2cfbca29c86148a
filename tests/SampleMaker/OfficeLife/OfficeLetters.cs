using Sekisho.SampleMaker.Waves;

namespace Sekisho.SampleMaker.OfficeLife;

/// <summary>One letter of harmless office life.</summary>
/// <param name="Kind">What it is.</param>
/// <param name="Letter">Its octets.</param>
/// <param name="PasswordMail">The second letter that brings its password; null for none.</param>
public sealed record OfficeLetter(string Kind, byte[] Letter, byte[]? PasswordMail = null);

/// <summary>A kind of letter and how often it comes.</summary>
/// <param name="Name">What it is.</param>
/// <param name="Share">Its share of all.</param>
/// <param name="Make">Makes one, and its password mail where there is one.</param>
public sealed record OfficeKind(string Name, int Share, Func<Chance, (byte[] Letter, byte[]? PasswordMail)> Make);

/// <summary>The harmless letters a Japanese hospital gets, seeded: what must not be troubled.</summary>
public static class OfficeLetters
{
    /// <summary>All kinds.</summary>
    public static IReadOnlyList<OfficeKind> Kinds { get; } =
    [
        .. OfficeCorrespondence.Kinds,
        .. OfficeFiles.Kinds,
        .. OfficeMachines.Kinds,
    ];

    private static readonly int Shares = Kinds.Sum(k => k.Share);

    /// <summary>A letter by number: the same for the same number. Any number of them in a row has every kind in its share.</summary>
    public static OfficeLetter Make(int number)
    {
        // A step without a common divisor walks evenly over the shares.
        var at = (int)((long)number * 97 % Shares);
        foreach (var kind in Kinds)
        {
            if ((at -= kind.Share) < 0)
            {
                var (letter, passwordMail) = kind.Make(new Chance(500_000 + number));
                return new OfficeLetter(kind.Name, letter, passwordMail);
            }
        }

        throw new InvalidOperationException("The shares add up to less than their sum.");
    }
}

using System.Text;
using MimeKit;
using Sekisho.Inspection.Formats;

namespace Sekisho.Inspection.Messages;

/// <summary>A password that opened something.</summary>
/// <param name="Text">The password.</param>
/// <param name="From">Where it came from.</param>
internal sealed record FoundPassword(string Text, PasswordSource From)
{
    /// <summary>First and last letter, and how many there are between: enough to recognise it, too little to use it.</summary>
    public string Masked => Text.Length <= 2 ? new string('*', Text.Length) : $"{Text[0]}{new string('*', Text.Length - 2)}{Text[^1]}";
}

/// <summary>Where a password came from.</summary>
internal enum PasswordSource
{
    /// <summary>The letter itself gives it.</summary>
    Letter,

    /// <summary>Another letter gave it, or somebody who knows it.</summary>
    Given,

    /// <summary>It is one of the list of usual ones.</summary>
    Usual,
}

/// <summary>Tries passwords on one letter's attachments, within bounds of number and time.</summary>
/// <param name="given">Passwords that came from elsewhere, likeliest first.</param>
/// <param name="time">Measures how long is tried.</param>
/// <param name="usual">The usual ones, likeliest first; null takes those the program brings along.</param>
internal sealed class PasswordSearch(IReadOnlyList<string> given, TimeProvider time, IReadOnlyList<string>? usual = null)
{
    /// <summary>Passwords tried on one thing, those of the list included.</summary>
    internal const int MaxTries = 200;

    /// <summary>Candidates taken of one letter.</summary>
    internal const int MaxOfLetter = 140;

    /// <summary>Where each try costs tens of milliseconds by design (7z, RAR, Office since 2007), only the first of the list are tried. A number, not a time: what opens must not depend on how busy the gateway is.</summary>
    private const int MaxSlowOfList = 12;

    /// <summary>So many slow tries of the list for all attachments of a letter together: two hundred sealed archives must not take two hundred times as long. What opened one attachment is tried on each.</summary>
    internal const int MaxSlowOfListInAll = 150;

    /// <summary>The same for what the letter itself says: all of it on three attachments, or more where it fits sooner.</summary>
    internal const int MaxSlowOfLetterInAll = 3 * MaxOfLetter;

    /// <summary>The end of patience all the same, for all attachments of a letter together.</summary>
    private static readonly TimeSpan ListTime = TimeSpan.FromSeconds(6);
    private static readonly TimeSpan LetterTime = TimeSpan.FromSeconds(10);

    private static readonly Lazy<IReadOnlyList<string>> Brought = new(ReadList);

    private readonly IReadOnlyList<string> list = usual ?? Brought.Value;

    private readonly List<MimeMessage> letters = [];
    private readonly List<FoundPassword> found = [];
    private IReadOnlyList<string>? ofLetter;
    private int slowOfList;
    private int slowOfLetter;
    private TimeSpan listSpent;
    private TimeSpan letterSpent;

    /// <summary>Takes a letter whose words may be passwords.</summary>
    public void Hear(MimeMessage letter)
    {
        letters.Add(letter);
        ofLetter = null;
    }

    /// <summary>The first password that fits; null when none does or the bounds are reached.</summary>
    /// <param name="fits">Tries one.</param>
    /// <param name="budget">Ends the search, too.</param>
    /// <param name="isSlow">True where one try costs milliseconds by design.</param>
    public FoundPassword? Find(Func<string, bool> fits, ReadBudget budget, bool isSlow)
    {
        var tried = new HashSet<string>(StringComparer.Ordinal);
        foreach (var known in found)
        {
            if (tried.Add(known.Text) && fits(known.Text))
            {
                return known;
            }
        }

        // What Office opens by itself is the cheapest guess of all.
        ofLetter ??= PasswordCandidates.Of(letters, MaxOfLetter);
        var begin = time.GetTimestamp();
        var hit = First(given, PasswordSource.Given, () => letterSpent + time.GetElapsedTime(begin) > LetterTime)
            ?? First(ofLetter, PasswordSource.Letter, () => (isSlow && slowOfLetter++ >= MaxSlowOfLetterInAll) || letterSpent + time.GetElapsedTime(begin) > LetterTime);
        letterSpent += time.GetElapsedTime(begin);
        if (hit is null)
        {
            begin = time.GetTimestamp();
            hit = First(isSlow ? [.. list.Take(MaxSlowOfList)] : list, PasswordSource.Usual, () => isSlow && (slowOfList++ >= MaxSlowOfListInAll || listSpent + time.GetElapsedTime(begin) > ListTime));
            listSpent += isSlow ? time.GetElapsedTime(begin) : TimeSpan.Zero;
        }

        if (hit is not null)
        {
            found.Insert(0, hit);
        }

        return hit;

        FoundPassword? First(IReadOnlyList<string> passwords, PasswordSource from, Func<bool> isLate)
        {
            foreach (var password in passwords)
            {
                if (tried.Count >= MaxTries || budget.IsSpent || isLate())
                {
                    return null;
                }

                if (tried.Add(password) && fits(password))
                {
                    return new FoundPassword(password, from);
                }
            }

            return null;
        }
    }

    private static List<string> ReadList()
    {
        using var stream = typeof(PasswordSearch).Assembly.GetManifestResourceStream("passwords.txt")!;
        return Read(stream);
    }

    /// <summary>Reads a list of passwords: one a line as it stands, blanks and capitals included; a line that begins with <c>#</c> is a comment. Of more than are ever tried, the rest is passed over.</summary>
    /// <param name="octets">UTF-8.</param>
    internal static List<string> Read(Stream octets)
    {
        using var reader = new StreamReader(octets, Encoding.UTF8, detectEncodingFromByteOrderMarks: true, leaveOpen: true);
        var passwords = new List<string>();
        while (passwords.Count < MaxTries && reader.ReadLine() is { } line)
        {
            if (line.Length > 0 && line[0] != '#')
            {
                passwords.Add(line);
            }
        }

        return passwords;
    }
}

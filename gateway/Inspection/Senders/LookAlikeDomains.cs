using System.Numerics;
using Sekisho.Inspection.Formats;

namespace Sekisho.Inspection.Senders;

/// <summary>Tells domains that are made to be taken for known ones: other letters, one letter wrong, words added, another ending, the known name in front of a foreign one.</summary>
internal sealed class LookAlikeDomains
{
    private const int LongestDomain = 253;

    /// <summary>Words that many hospitals' and firms' domains consist of: alone they imitate nobody.</summary>
    private static readonly string[] Common =
        ["hospital", "clinic", "medical", "health", "care", "center", "centre", "pharmacy", "dental", "university", "mail", "info", "kensa", "byoin", "iin", "japan", "tokyo", "osaka", "kyoto", "nagoya", "sapporo", "fukuoka", "general", "group", "system", "systems", "service", "support"];

    private readonly Target[] targets;

    /// <param name="domains">Known domains, in A-labels and lower case.</param>
    public LookAlikeDomains(IReadOnlyList<string> domains) =>
        targets = [.. domains.Select(LinkTargets.Registered).Where(d => d.Contains('.', StringComparison.Ordinal) && !d.Contains('*', StringComparison.Ordinal)).Distinct(StringComparer.Ordinal).Select(static d => new Target(d))];

    /// <summary>Which known domain this one imitates, and how; null for an honest one.</summary>
    /// <param name="domain">In A-labels and lower case.</param>
    /// <param name="isBait">Tells words that are added to make such domains.</param>
    public (string Known, string How)? Find(string domain, Func<string, bool> isBait)
    {
        if (targets.Length == 0 || domain.Length is < 4 or > LongestDomain)
        {
            return null;
        }

        var registered = LinkTargets.Registered(domain);
        if (Array.Exists(targets, t => t.Domain == registered))
        {
            return null;
        }

        var mine = new Target(registered);
        var front = domain.Length > registered.Length ? domain[..^(registered.Length + 1)] : "";
        foreach (var target in targets)
        {
            if (How(mine, target, isBait) is { } how)
            {
                return (target.Domain, how);
            }

            if (front.Length > 0 && InFront(front, target))
            {
                return (target.Domain, "known name in front of another");
            }
        }

        return null;
    }

    /// <summary>The optimal string alignment distance (insert, delete, change, swap neighbours), or more than the bound.</summary>
    internal static int Distance(string a, string b, int bound)
    {
        if (Math.Abs(a.Length - b.Length) > bound || a.Length > 63 || b.Length > 63)
        {
            return bound + 1;
        }

        Span<int> before = stackalloc int[64], last = stackalloc int[64], row = stackalloc int[64];
        for (var j = 0; j <= b.Length; j++)
        {
            last[j] = j;
        }

        for (var i = 1; i <= a.Length; i++)
        {
            row[0] = i;
            var least = i;
            for (var j = 1; j <= b.Length; j++)
            {
                var change = last[j - 1] + (a[i - 1] == b[j - 1] ? 0 : 1);
                row[j] = Math.Min(change, Math.Min(last[j], row[j - 1]) + 1);
                if (i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1])
                {
                    row[j] = Math.Min(row[j], before[j - 2] + 1);
                }

                least = Math.Min(least, row[j]);
            }

            if (least > bound)
            {
                return bound + 1;
            }

            last.CopyTo(before);
            row.CopyTo(last);
        }

        return last[b.Length];
    }

    private static string? How(Target mine, Target known, Func<string, bool> isBait)
    {
        var rare = known.Core.Length >= 5 && !known.IsCommon;
        if (mine.CoreSkeleton == known.CoreSkeleton)
        {
            return mine.Core == known.Core ? (rare ? "another ending" : null)
                : rare || (known.Core.Length >= 3 && mine.Suffix == known.Suffix) ? "letters that look alike" : null;
        }

        // osaka-h and asaka-h are two hospitals: short names must begin alike, and only long ones may differ twice.
        var bound = known.Core.Length >= 12 ? 2 : known.Core.Length >= 6 || (known.Core.Length == 5 && mine.Suffix == known.Suffix) ? 1 : 0;
        if (bound > 0 && rare && (known.Core.Length >= 10 || mine.Core[0] == known.Core[0]) && IsNear(mine, known, bound) && !DiffersByNumber(mine.Core, known.Core))
        {
            return "a letter or two wrong";
        }

        return known.Core.Length >= 4 ? Words(mine, known, rare, isBait) : null;
    }

    /// <summary>The sets of letters tell most pairs apart: one change takes one letter away and brings one.</summary>
    private static bool IsNear(Target mine, Target known, int bound) =>
        (Math.Abs(mine.Core.Length - known.Core.Length) <= bound && BitOperations.PopCount(mine.Letters ^ known.Letters) <= 2 * bound && Distance(mine.Core, known.Core, bound) <= bound)
        || (mine.Core.StartsWith("xn--", StringComparison.Ordinal) && Distance(mine.CoreSkeleton, known.CoreSkeleton, bound) <= bound);

    private static string? Words(Target mine, Target known, bool isRare, Func<string, bool> isBait)
    {
        if (known.HasHyphen && mine.SortedWords == known.SortedWords)
        {
            return "words in another order";
        }

        if (known.Core.Length >= 6 && isRare && mine.Joined == known.Joined)
        {
            return "hyphens moved";
        }

        var at = mine.Core.IndexOf(known.Core, StringComparison.Ordinal);
        if (at < 0)
        {
            return null;
        }

        // Everything beside the known word must be words that are added to deceive; a long rare name may have any.
        var rest = (mine.Core[..at] + "-" + mine.Core[(at + known.Core.Length)..]).Split('-', StringSplitOptions.RemoveEmptyEntries);
        var standsAlone = (at == 0 || mine.Core[at - 1] == '-') && (at + known.Core.Length == mine.Core.Length || mine.Core[at + known.Core.Length] == '-');
        return rest.Length > 0 && (Array.TrueForAll(rest, w => isBait(w)) || (standsAlone && known.Core.Length >= 8 && isRare)) ? "words added" : null;
    }

    /// <summary>hospital.or.jp.example.com, hospital-or-jp.example.com, hospital.jp.example.com.</summary>
    private static bool InFront(string front, Target known)
    {
        if (known.Core.Length < 3 || !front.Contains(known.Core, StringComparison.Ordinal))
        {
            return false;
        }

        foreach (var name in (ReadOnlySpan<string>)[known.Domain, known.Domain.Replace('.', '-'), known.Core + ".jp", known.Core + ".co", known.Core + ".or", known.Core + ".com"])
        {
            var at = front.IndexOf(name, StringComparison.Ordinal);
            if (at >= 0 && (at == 0 || front[at - 1] is '.' or '-') && (at + name.Length == front.Length || front[at + name.Length] is '.' or '-'))
            {
                return true;
            }
        }

        return false;
    }

    private static bool DiffersByNumber(string a, string b) => a.TrimEnd("0123456789".ToCharArray()) == b.TrimEnd("0123456789".ToCharArray());

    private sealed class Target
    {
        public Target(string domain)
        {
            Domain = domain;
            var dot = domain.IndexOf('.', StringComparison.Ordinal);
            (Core, Suffix) = dot < 0 ? (domain, "") : (domain[..dot], domain[dot..]);
            CoreSkeleton = Read(LinkTargets.Shown(Core));
            IsCommon = Array.IndexOf(Common, Core) >= 0;
            HasHyphen = Core.Contains('-', StringComparison.Ordinal);
            SortedWords = HasHyphen ? string.Join('-', Core.Split('-').Order(StringComparer.Ordinal)) : Core;
            Joined = HasHyphen ? Core.Replace("-", "", StringComparison.Ordinal) : Core;
            foreach (var c in Core)
            {
                Letters |= 1UL << (c & 63);
            }
        }

        public string Domain { get; }

        public string Core { get; }

        public string Suffix { get; }

        public string CoreSkeleton { get; }

        public bool IsCommon { get; }

        public bool HasHyphen { get; }

        public string SortedWords { get; }

        public string Joined { get; }

        /// <summary>Which letters there are, a bit each.</summary>
        public ulong Letters { get; }

        /// <summary>What an eye makes of it, Latin pairs and figures that pass for letters included.</summary>
        private static string Read(string shown) => Homographs.Skeleton(shown).Replace("rn", "m", StringComparison.Ordinal).Replace("vv", "w", StringComparison.Ordinal)
            .Replace("cl", "d", StringComparison.Ordinal).Replace('0', 'o').Replace('1', 'l').Replace('i', 'l').Replace('5', 's');
    }
}

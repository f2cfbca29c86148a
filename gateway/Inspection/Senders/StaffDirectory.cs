using System.Collections.Frozen;

namespace Sekisho.Inspection.Senders;

/// <summary>Whom a display name names.</summary>
/// <param name="People">Everybody of that name; none where only a department is named.</param>
/// <param name="Department">The department that stands beside the name, or alone; empty where none does.</param>
/// <param name="HasTitle">True where a title stands beside the name.</param>
public sealed record NameMatch(IReadOnlyList<StaffMember> People, string Department, bool HasTitle);

/// <summary>The hospital's people, found by any way of writing their names.</summary>
public sealed class StaffDirectory
{
    /// <summary>Nobody.</summary>
    public static readonly StaffDirectory Empty = new([]);

    private const int ShortestReading = 6;
    private const int ShortestDepartment = 2;

    private readonly FrozenDictionary<string, StaffMember[]> byName;
    private readonly FrozenDictionary<string, StaffMember[]> bySurname;
    private readonly FrozenDictionary<string, StaffMember[]> byAddress;
    private readonly (string Plain, string Name)[] departments;

    /// <summary>Makes a directory.</summary>
    /// <param name="members">Everybody, shared mailboxes included.</param>
    public StaffDirectory(IReadOnlyList<StaffMember> members)
    {
        Members = members;
        byName = Index(members, NameKeys);
        byAddress = Index(members, static m => m.Addresses);
        bySurname = Index(members, static m => m.Department.Length == 0 ? [] : SurnamesOf(m).Select(s => $"{PersonNames.Plain(m.Department)}\n{s}"));
        departments = [.. members.Select(m => m.Department).Where(d => d.Length >= ShortestDepartment).Distinct(StringComparer.Ordinal)
            .Select(d => (PersonNames.Plain(d), d)).OrderByDescending(d => d.Item1.Length)];
    }

    /// <summary>Everybody.</summary>
    public IReadOnlyList<StaffMember> Members { get; }

    /// <summary>Who has an address; nobody for a foreign one.</summary>
    /// <param name="address">A mail address, in any case.</param>
    public IReadOnlyList<StaffMember> At(string address) => byAddress.TryGetValue(address.ToLowerInvariant(), out var members) ? members : [];

    /// <summary>Whom a display name names; null for nobody. A surname alone names nobody, one with its department does.</summary>
    /// <param name="displayName">As it stands in From, decoded.</param>
    /// <param name="ownNames">Names of the hospital, which may stand beside it.</param>
    public NameMatch? Find(string displayName, IReadOnlyList<string> ownNames)
    {
        if (Members.Count == 0 || displayName.Length < 2)
        {
            return null;
        }

        var plain = PersonNames.Plain(displayName);
        if (ByName(PersonNames.Words(plain)) is { } people)
        {
            _ = PersonNames.WithoutTitles(PersonNames.Words(Without(plain, ownNames, out var named)), out var titled);
            return new NameMatch(people, named, titled);
        }

        var words = PersonNames.WithoutTitles(PersonNames.Words(Without(plain, ownNames, out var department)), out var hadTitle);
        if (ByName(words) is { } found)
        {
            return new NameMatch(found, department, hadTitle);
        }

        if (department.Length == 0)
        {
            return null;
        }

        foreach (var word in words)
        {
            if (bySurname.TryGetValue($"{PersonNames.Plain(department)}\n{PersonNames.Key(word)}", out var ofSurname))
            {
                return new NameMatch(ofSurname, department, hadTitle);
            }
        }

        return words.Count == 0 ? new NameMatch([], department, hadTitle) : null;
    }

    private StaffMember[]? ByName(List<string> words)
    {
        foreach (var key in PersonNames.Runs(words))
        {
            if (byName.TryGetValue(key, out var people))
            {
                return people;
            }
        }

        return null;
    }

    private string Without(string plain, IReadOnlyList<string> ownNames, out string department)
    {
        foreach (var own in ownNames)
        {
            plain = plain.Replace(PersonNames.Plain(own), " ", StringComparison.Ordinal);
        }

        department = "";
        foreach (var (known, name) in departments)
        {
            if (plain.Contains(known, StringComparison.Ordinal))
            {
                plain = plain.Replace(known, " ", StringComparison.Ordinal);
                department = department.Length == 0 ? name : department;
            }
        }

        return plain;
    }

    private static IEnumerable<string> NameKeys(StaffMember member)
    {
        foreach (var written in new[] { member.Name, member.Kana })
        {
            var keys = PersonNames.Words(PersonNames.Plain(written)).ConvertAll(PersonNames.Key);
            for (var order = 0; order < (keys.Count > 1 ? 2 : keys.Count); order++)
            {
                // A mailbox that bears only a word, and names of one syllable, are nobody's alone.
                var key = order == 0 ? string.Concat(keys) : string.Concat(keys.Skip(1).Append(keys[0]));
                if (PersonNames.IsReading(key) ? key.Length >= ShortestReading && keys.Count > 1 : key.Length >= 2)
                {
                    yield return key;
                }
            }
        }
    }

    private static IEnumerable<string> SurnamesOf(StaffMember member) =>
        new[] { member.Name, member.Kana }.Select(n => PersonNames.Words(PersonNames.Plain(n))).Where(w => w.Count > 1).Select(w => PersonNames.Key(w[0])).Distinct(StringComparer.Ordinal);

    private static FrozenDictionary<string, StaffMember[]> Index(IReadOnlyList<StaffMember> members, Func<StaffMember, IEnumerable<string>> keys) =>
        members.SelectMany(m => keys(m).Distinct(StringComparer.Ordinal).Select(k => (Key: k, Member: m))).GroupBy(p => p.Key, StringComparer.Ordinal)
            .ToFrozenDictionary(g => g.Key, g => g.Select(p => p.Member).ToArray(), StringComparer.Ordinal);
}

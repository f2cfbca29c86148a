using Sekisho.Inspection.Senders;

namespace Sekisho.Staff;

/// <summary>Puts the people of the staff file and those of the directory together, a person of both as one.</summary>
internal static class StaffJoin
{
    /// <summary>Joins them: who has an address and the name in common, or an address where one of both has no name, is the same. The file has the first word, the directory fills in.</summary>
    public static IReadOnlyList<StaffMember> Of(IReadOnlyList<StaffMember> file, IReadOnlyList<StaffMember> directory)
    {
        if (file.Count == 0 || directory.Count == 0)
        {
            return file.Count == 0 ? directory : file;
        }

        var joined = file.ToList();
        var byAddress = new Dictionary<string, List<int>>(StringComparer.Ordinal);
        for (var i = 0; i < joined.Count; i++)
        {
            foreach (var address in joined[i].Addresses)
            {
                (byAddress.TryGetValue(address, out var at) ? at : byAddress[address] = []).Add(i);
            }
        }

        foreach (var member in directory)
        {
            var same = member.Addresses.SelectMany(a => byAddress.TryGetValue(a, out var at) ? at : []).Distinct().Where(i => IsSame(joined[i], member)).Take(2).ToList();
            if (same is [var only])
            {
                var known = joined[only];
                joined[only] = new StaffMember(
                    Or(known.Name, member.Name), Or(known.Kana, member.Kana), [.. known.Addresses.Union(member.Addresses, StringComparer.Ordinal)], Or(known.Department, member.Department));
            }
            else
            {
                joined.Add(member);
            }
        }

        return joined;
    }

    private static string Or(string first, string second) => first.Length > 0 ? first : second;

    private static bool IsSame(StaffMember a, StaffMember b) =>
        a.Name.Length == 0 || b.Name.Length == 0 || Bare(a.Name).Equals(Bare(b.Name), StringComparison.OrdinalIgnoreCase)
        // 高橋 and 髙橋, kanji and reading: one person counted as two namesakes would weaken what is said of a stranger with that name.
        || new StaffDirectory([a]) is var one && (one.Find(b.Name, []) is { People.Count: > 0 } || one.Find(b.Kana, []) is { People.Count: > 0 });

    private static string Bare(string name) => name.Replace(" ", "", StringComparison.Ordinal).Replace("\u3000", "", StringComparison.Ordinal);
}

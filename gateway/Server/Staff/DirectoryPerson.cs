using System.Globalization;
using System.Text;
using Sekisho.Inspection.Senders;
using Sekisho.Options;

namespace Sekisho.Staff;

/// <summary>Makes a member of the staff of a directory's entry, which anybody may have filled in.</summary>
internal static class DirectoryPerson
{
    /// <summary>Characters of a name or department; a longer one is left out.</summary>
    public const int MaxName = 200;

    /// <summary>Addresses of one entry; the rest is left out.</summary>
    public const int MaxAddresses = 1000;

    // RFC 5321 section 4.5.3.1: 64 for the local part, 255 for the domain.
    private const int MaxAddress = 320;

    /// <summary>Reads an entry; null where it has no address. A group, a contact and a mailbox without surname and given name have addresses and no name to be compared with.</summary>
    public static StaffMember? Of(LdapEntry entry, StaffAttributes attributes)
    {
        var addresses = new List<string>();
        foreach (var value in All(entry, attributes.Addresses))
        {
            Add(value);
        }

        foreach (var value in All(entry, attributes.ProxyAddresses))
        {
            var colon = value.IndexOf(':', StringComparison.Ordinal);
            if (colon < 0 || value.AsSpan(0, colon).Equals("smtp", StringComparison.OrdinalIgnoreCase))
            {
                Add(value[(colon + 1)..]);
            }
        }

        if (addresses.Count == 0)
        {
            return null;
        }

        var (surname, given, department) = (First(entry, attributes.Surname), First(entry, attributes.GivenName), First(entry, attributes.Department));
        var classes = entry.Values.GetValueOrDefault("objectClass") ?? [];
        if ((surname.Length == 0 && given.Length == 0) || classes.Exists(IsNoPerson))
        {
            // A contact works elsewhere: its department is none of ours.
            return new StaffMember("", "", addresses, classes.Contains("contact", StringComparer.OrdinalIgnoreCase) ? "" : department);
        }

        var full = surname.Length > 0 && given.Length > 0 ? $"{surname} {given}" : "";
        var shown = First(entry, attributes.Name);
        // Many directories have Latin letters in one of both and kanji in the other.
        var name = full.Length > 0 && (IsJapanese(full) || !IsJapanese(shown)) ? full : shown.Length > 0 ? shown : surname + given;
        var kana = First(entry, attributes.Kana) is { Length: > 0 } whole ? whole : $"{First(entry, attributes.SurnameKana)} {First(entry, attributes.GivenNameKana)}".Trim();
        if (kana.Length == 0)
        {
            kana = IsJapanese(name) && full.Length > 0 && !IsJapanese(full) ? full : IsJapanese(name) && !IsJapanese(shown) ? shown : "";
        }

        return new StaffMember(name, kana, addresses, department);

        void Add(string value)
        {
            var address = value.Trim().ToLowerInvariant();
            if (IsAddress(address) && addresses.Count < MaxAddresses && !addresses.Contains(address, StringComparer.Ordinal))
            {
                addresses.Add(address);
            }
        }
    }

    private static bool IsNoPerson(string objectClass) => objectClass.ToLowerInvariant() is
        "group" or "contact" or "computer" or "publicfolder" or "groupofnames" or "groupofuniquenames" or "posixgroup" or "msexchdynamicdistributionlist";

    private static bool IsAddress(string text)
    {
        var at = text.LastIndexOf('@');
        if (at <= 0 || at == text.Length - 1 || text.Length > MaxAddress)
        {
            return false;
        }

        foreach (var c in text)
        {
            if (c is '<' or '>' or '"' or ',' or ';' or ':' or '\\' or '(' or ')' || char.IsWhiteSpace(c) || char.IsControl(c) || char.IsSurrogate(c) || char.GetUnicodeCategory(c) == UnicodeCategory.Format)
            {
                return false;
            }
        }

        return text.IndexOf('@', StringComparison.Ordinal) == at;
    }

    private static IEnumerable<string> All(LdapEntry entry, string names) =>
        names.Split(' ', StringSplitOptions.RemoveEmptyEntries).SelectMany(n => entry.Values.GetValueOrDefault(n) ?? []);

    private static string First(LdapEntry entry, string names) => All(entry, names).Select(Clean).FirstOrDefault(v => v.Length is > 0 and <= MaxName) ?? "";

    /// <summary>One line without what turns or hides text: control characters and marks of direction.</summary>
    private static string Clean(string value)
    {
        if (value.Length > 10 * MaxName)
        {
            return "";
        }

        var text = new StringBuilder(value.Length);
        foreach (var c in value)
        {
            if (char.IsWhiteSpace(c) || char.IsControl(c))
            {
                if (text.Length > 0 && text[^1] != ' ')
                {
                    text.Append(' ');
                }
            }
            else if (char.GetUnicodeCategory(c) != UnicodeCategory.Format)
            {
                text.Append(c);
            }
        }

        return text.ToString().Trim();
    }

    private static bool IsJapanese(string text) => text.AsSpan().ContainsAnyExceptInRange('\0', '\u2FFF');
}

namespace Sekisho.Inspection.Senders;

/// <summary>A person, or a shared mailbox, of the hospital.</summary>
/// <param name="Name">As it is written, surname first and a blank before the given name; empty for a mailbox that is only a department's.</param>
/// <param name="Kana">The reading, in any kana, with the same blank; may be empty.</param>
/// <param name="Addresses">Mail addresses in lower case, private ones that are known included.</param>
/// <param name="Department">The department; may be empty.</param>
public sealed record StaffMember(string Name, string Kana, IReadOnlyList<string> Addresses, string Department);

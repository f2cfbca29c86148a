using System.Text;

namespace Sekisho.Inspection.Formats;

/// <summary>A password as the program that packed an archive took it.</summary>
/// <param name="Text">The password.</param>
/// <param name="IsShiftJis">True where its octets are those of CP932, as ZIP programs on a Japanese Windows take them; else what the format or its programs agree on (UTF-8 in ZIP).</param>
internal sealed record ArchivePassword(string Text, bool IsShiftJis = false)
{
    /// <summary>What a ZIP program makes of it.</summary>
    public byte[] Octets => (IsShiftJis ? Encoding.GetEncoding(932) : Encoding.UTF8).GetBytes(Text);
}

/// <summary>Tells whether a password opens a member of an archive, by unpacking it: no archive format says "wrong" for sure before.</summary>
internal static class ArchivePasswords
{
    private const long MaxTrial = 32 << 20;

    private static readonly uint[] CrcTable = [.. Enumerable.Range(0, 256).Select(static n =>
    {
        var value = (uint)n;
        for (var i = 0; i < 8; i++)
        {
            value = (value & 1) != 0 ? 0xEDB88320 ^ (value >> 1) : value >> 1;
        }

        return value;
    })];

    /// <summary>The encrypted member that is cheapest to try; null where the list itself is encrypted or nothing is.</summary>
    public static ArchiveMember? Smallest(Func<Stream> open, FileKind kind, ReadBudget budget)
    {
        using var stream = open();
        using var archive = ArchiveReader.Open(stream, kind, budget);
        ArchiveMember? best = null;
        while (archive.Next() is { } member)
        {
            if (member.IsEncrypted && member.Length != 0 && (best is null || Size(member) < Size(best)))
            {
                best = member;
            }
        }

        return best;

        // Octets of a few are guessed right too easily where the archive has no checksum.
        static long Size(ArchiveMember member) => member.Length < 16 ? member.Length + MaxTrial : member.Length;
    }

    /// <summary>The password in the form in which it unpacks the member whole, with the right checksum where one is declared; null where it does not.</summary>
    /// <param name="open">The archive.</param>
    /// <param name="kind">What it is.</param>
    /// <param name="target">Which member; null for the first one, where the list is encrypted.</param>
    /// <param name="password">What to try.</param>
    /// <param name="budget">Asked for time; what a trial unpacks is not booked.</param>
    public static ArchivePassword? Find(Func<Stream> open, FileKind kind, ArchiveMember? target, string password, ReadBudget budget)
    {
        // 7z and RAR say which octets a password has; ZIP does not.
        if (kind == FileKind.Zip && IsOfShiftJis(password) && new ArchivePassword(password, IsShiftJis: true) is var form && Fits(open, kind, target, form, budget))
        {
            return form;
        }

        form = new ArchivePassword(password);
        return Fits(open, kind, target, form, budget) ? form : null;
    }

    /// <summary>True where this form of a password unpacks the member, as <see cref="Find"/> says.</summary>
    public static bool Fits(Func<Stream> open, FileKind kind, ArchiveMember? target, ArchivePassword password, ReadBudget budget)
    {
        try
        {
            using var stream = open();
            var trial = budget.Trial(MaxTrial);
            using var archive = ArchiveReader.Open(stream, kind, trial, password);
            if (archive.IsListEncrypted)
            {
                return false;
            }

            while (archive.Next() is { } member)
            {
                if (target is not null && member.Index != target.Index)
                {
                    continue;
                }

                using var content = archive.OpenRead();
                return Reads(content, member, trial);
            }

            return false;
        }
        catch (InvalidDataException)
        {
            return false;
        }
    }

    private static bool IsOfShiftJis(string password)
    {
        if (Ascii.IsValid(password))
        {
            return false;
        }

        var encoding = Encoding.GetEncoding(932);
        return encoding.GetString(encoding.GetBytes(password)) == password;
    }

    private static bool Reads(Stream content, ArchiveMember member, ReadBudget trial)
    {
        var buffer = new byte[32 << 10];
        var crc = uint.MaxValue;
        var length = 0L;
        try
        {
            for (int got; (got = content.Read(buffer, 0, buffer.Length)) > 0; length += got)
            {
                foreach (var octet in buffer.AsSpan(0, got))
                {
                    crc = CrcTable[(byte)(crc ^ octet)] ^ (crc >> 8);
                }
            }
        }
        catch (InvalidDataException) when (trial.End == BudgetEnd.Unpacked)
        {
            return true; // So much does not come out of a wrong password.
        }

        return (member.Length < 0 || length == member.Length) && (member.Crc == 0 || ~crc == member.Crc) && length > 0;
    }
}

using System.Globalization;

namespace Sekisho.Inspection.Formats;

/// <summary>How the volumes of a split archive are numbered.</summary>
internal enum VolumeScheme
{
    /// <summary>Cut anywhere: <c>name.zip.001</c>, <c>name.7z.002</c>; from 1. <c>name.zip.aa</c> is 1, <c>name.zip.ab</c> is 2.</summary>
    Cut,

    /// <summary>Split ZIP (APPNOTE section 8): <c>name.z01</c> from 1, <c>name.zip</c> last.</summary>
    Zip,

    /// <summary>RAR: <c>name.part1.rar</c> from 1; the first may be a program, <c>name.part1.exe</c>.</summary>
    RarPart,

    /// <summary>RAR's old way: <c>name.rar</c> is 0, <c>name.r00</c> is 1, <c>name.s00</c> is 101.</summary>
    RarOld,

    /// <summary>ARJ: <c>name.arj</c> is 0, <c>name.a01</c> is 1.</summary>
    Arj,
}

/// <summary>What a file name tells of a volume.</summary>
/// <param name="Whole">The archive's name, folders included, such as <c>sub/name.zip</c>.</param>
/// <param name="Scheme">How volumes are numbered.</param>
/// <param name="Number">Which volume, see <see cref="VolumeScheme"/>; <see cref="Last"/> for the one that ends a split ZIP.</param>
internal readonly record struct VolumeName(string Whole, VolumeScheme Scheme, int Number)
{
    /// <summary>The number of a split ZIP's last volume, which does not tell it.</summary>
    public const int Last = int.MaxValue;

    private static readonly string[] Packed = [".zip", ".7z", ".rar", ".tar", ".gz", ".tgz", ".bz2", ".xz", ".zst", ".cab", ".lzh", ".iso", ".img"];

    /// <summary>Where counting begins.</summary>
    public int First => Scheme is VolumeScheme.RarOld or VolumeScheme.Arj ? 0 : 1;

    /// <summary>Reads a name. <c>name.zip</c> and <c>name.rar</c> count as volumes, too: whether they are any, their content says.</summary>
    /// <param name="name">A file name.</param>
    /// <returns>Null for the name of no volume.</returns>
    public static VolumeName? Parse(string name)
    {
        var dot = name.LastIndexOf('.');
        if (dot > 0 && name.Length - dot == 3 && IsCounted(name.AsSpan(dot + 1)) && IsPacked(name.AsSpan(0, dot)))
        {
            return new VolumeName(name[..dot], VolumeScheme.Cut, ((char.ToLowerInvariant(name[dot + 1]) - 'a') * 26) + char.ToLowerInvariant(name[dot + 2]) - 'a' + 1);
        }

        if (dot <= 0 || name[dot - 1] == '/' || name.Length - dot is < 4 or > 6)
        {
            return null;
        }

        var bare = name[..dot];
        var extension = name.AsSpan(dot + 1);
        if (extension.Length == 3 && Digits(extension) is >= 1 and var cut)
        {
            return new VolumeName(bare, VolumeScheme.Cut, cut);
        }

        if (extension.Equals("zip", StringComparison.OrdinalIgnoreCase))
        {
            return new VolumeName(name, VolumeScheme.Zip, Last);
        }

        var isProgram = extension.Equals("exe", StringComparison.OrdinalIgnoreCase);
        if (isProgram || extension.Equals("rar", StringComparison.OrdinalIgnoreCase))
        {
            var part = bare.LastIndexOf(".part", StringComparison.OrdinalIgnoreCase);
            return part > 0 && Digits(bare.AsSpan(part + 5)) is >= 1 and var number
                ? new VolumeName(bare[..part] + ".rar", VolumeScheme.RarPart, number)
                : isProgram ? null : new VolumeName(name, VolumeScheme.RarOld, 0);
        }

        if (extension.Equals("arj", StringComparison.OrdinalIgnoreCase))
        {
            return new VolumeName(name, VolumeScheme.Arj, 0);
        }

        var letter = char.ToLowerInvariant(extension[0]);
        var tail = Digits(extension[1..]);
        return letter == 'a' && extension.Length == 3 && tail >= 0 ? new VolumeName(bare + ".arj", VolumeScheme.Arj, tail)
            : letter == 'z' && tail >= 1 ? new VolumeName(bare + ".zip", VolumeScheme.Zip, tail)
            : letter is >= 'r' and <= 'y' && extension.Length == 3 && tail >= 0 ? new VolumeName(bare + ".rar", VolumeScheme.RarOld, ((letter - 'r') * 100) + tail + 1)
            : null;
    }

    /// <summary>Two letters that count, as <c>split</c> writes them: "aa" to "cz" are 78 volumes, and no packer's own ending but two is among them.</summary>
    private static bool IsCounted(ReadOnlySpan<char> letters) =>
        (letters[0] | 0x20) is >= 'a' and <= 'c' && char.IsAsciiLetter(letters[0]) && char.IsAsciiLetter(letters[1])
        && !letters.Equals("br", StringComparison.OrdinalIgnoreCase) && !letters.Equals("bz", StringComparison.OrdinalIgnoreCase);

    /// <summary>True for the name of an archive: two letters behind any other name are an extension like ".ai".</summary>
    private static bool IsPacked(ReadOnlySpan<char> name)
    {
        foreach (var ending in Packed)
        {
            if (name.EndsWith(ending, StringComparison.OrdinalIgnoreCase))
            {
                return true;
            }
        }

        return false;
    }

    private static int Digits(ReadOnlySpan<char> digits) =>
        digits.Length is >= 1 and <= 5 && int.TryParse(digits, NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : -1;
}

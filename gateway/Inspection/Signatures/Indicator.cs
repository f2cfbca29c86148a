namespace Sekisho.Inspection.Signatures;

/// <summary>What an <see cref="Indicator"/> is compared with.</summary>
public enum IndicatorKind : byte
{
    /// <summary>The MD5 hash of a file's content.</summary>
    Md5,

    /// <summary>The SHA-1 hash of a file's content.</summary>
    Sha1,

    /// <summary>The SHA-256 hash of a file's content.</summary>
    Sha256,

    /// <summary>The SHA-256 hash of a macro project's normalised code.</summary>
    MacroSha256,

    /// <summary>A link's address: exact, or by prefix (<see cref="Indicator.IsPrefix"/>).</summary>
    Url,

    /// <summary>A domain and everything below it.</summary>
    Domain,

    /// <summary>A mail address.</summary>
    Address,

    /// <summary>An IP address with a port that a link leads to; port 0 stands for every port.</summary>
    IpPort,

    /// <summary>An IP address: of the mail's sender, or one that a link leads to.</summary>
    Ip,

    /// <summary>A whole subject line.</summary>
    Subject,
}

/// <summary>Something known to be bad, and how that is known.</summary>
/// <param name="Kind">What it is.</param>
/// <param name="Value">Normalised: hashes in lower-case hexadecimal, hosts in ASCII.</param>
/// <param name="Source">Who says so, such as <c>urlhaus</c>.</param>
public sealed record Indicator(IndicatorKind Kind, string Value, string Source)
{
    /// <summary>When it was seen first, to the second; null where the source does not say.</summary>
    public DateTimeOffset? FirstSeen { get; init; }

    /// <summary>From when on it no longer counts; null for never.</summary>
    public DateTimeOffset? Expires { get; init; }

    /// <summary>Where more can be read, mostly an address; empty where the source does not say.</summary>
    public string Reference { get; init; } = "";

    /// <summary>Malware family and tags as the source names them, separated by commas; empty where it names none.</summary>
    public string Tags { get; init; } = "";

    /// <summary>True for a URL that also stands for every address that begins with it.</summary>
    public bool IsPrefix { get; init; }
}

/// <summary>The names of kinds, as they stand in our own CSV and in answers.</summary>
public static class IndicatorKinds
{
    private static readonly string[] Names = ["md5", "sha1", "sha256", "macro-sha256", "url", "domain", "email", "ip:port", "ip", "subject"];

    /// <summary>All kinds.</summary>
    public static IReadOnlyList<IndicatorKind> All { get; } = Enum.GetValues<IndicatorKind>();

    /// <summary>The name, such as <c>ip:port</c>.</summary>
    public static string Name(this IndicatorKind kind) => Names[(int)kind];

    /// <summary>The kind of a name, whatever its case; null for an unknown one.</summary>
    public static IndicatorKind? Find(ReadOnlySpan<char> name)
    {
        for (var i = 0; i < Names.Length; i++)
        {
            if (name.Equals(Names[i], StringComparison.OrdinalIgnoreCase))
            {
                return (IndicatorKind)i;
            }
        }

        return null;
    }

    /// <summary>Octets of a hash of this kind; 0 for what is no hash.</summary>
    public static int HashLength(this IndicatorKind kind) => kind switch
    {
        IndicatorKind.Md5 => 16,
        IndicatorKind.Sha1 => 20,
        IndicatorKind.Sha256 or IndicatorKind.MacroSha256 => 32,
        _ => 0,
    };
}

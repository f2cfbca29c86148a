using System.Globalization;

namespace Sekisho.Inspection.Senders;

/// <summary>A signature as its field says it (RFC 6376 section 3.5; RFC 8617 sections 4.1.2 and 4.1.3 for those of a chain).</summary>
internal sealed record DkimSignature
{
    private const int MostBase64 = 4096;

    /// <summary>Which field it stands in.</summary>
    public enum Kind
    {
        /// <summary>DKIM-Signature.</summary>
        Dkim,

        /// <summary>ARC-Message-Signature.</summary>
        ArcMessage,

        /// <summary>ARC-Seal.</summary>
        ArcSeal,
    }

    public required LetterField Field { get; init; }

    public string Domain { get; init; } = "";

    public string Selector { get; init; } = "";

    public string Algorithm { get; init; } = "";

    public bool IsEd25519 => Algorithm == "ed25519-sha256";

    public bool RelaxedHeader { get; init; }

    public bool RelaxedBody { get; init; }

    public byte[] BodyHash { get; init; } = [];

    public byte[] Signature { get; init; } = [];

    /// <summary>The first characters of <c>b=</c>, which tell signatures apart (RFC 6008).</summary>
    public string Mark { get; init; } = "";

    /// <summary>The signed fields' names in lower case, in the order given.</summary>
    public IReadOnlyList<string> Names { get; init; } = [];

    public long Length { get; init; } = long.MaxValue;

    public long? Expires { get; init; }

    /// <summary>Who signs, such as <c>@mail.example</c>.</summary>
    public string Identity { get; init; } = "";

    /// <summary>The seal's word on the chain before it; empty elsewhere.</summary>
    public string Chain { get; init; } = "";

    /// <summary>What is wrong with the field; null for nothing.</summary>
    public string? Fault { get; init; }

    /// <summary>What <see cref="Fault"/> makes of it.</summary>
    public DkimResult FaultResult { get; init; } = DkimResult.Neutral;

    /// <summary>Reads a signature field; never fails, see <see cref="Fault"/>.</summary>
    public static DkimSignature Parse(string value, LetterField field, Kind kind)
    {
        var found = new DkimSignature { Field = field };
        if (TagList.Parse(value) is not { } tags)
        {
            return found with { Fault = "the field's syntax is wrong" };
        }

        // What can be said of it is said even where something else is wrong.
        found = found with
        {
            Domain = tags["d"] is { } d && Domains.Ascii(d) is { } ascii ? ascii : "",
            Selector = tags["s"] is { } s && Domains.Ascii(s) is { } selector ? selector : "",
            Algorithm = tags["a"] ?? "",
            Mark = TagList.Joined(tags["b"] ?? "") is { Length: > 8 } mark ? mark[..8] : "",
        };
        DkimSignature Bad(string fault, DkimResult result = DkimResult.Neutral) => found with { Fault = fault, FaultResult = result };
        if (kind == Kind.Dkim && tags["v"] != "1")
        {
            return Bad("the version is not 1");
        }

        if (found.Domain.Length == 0 || found.Selector.Length == 0 || !found.Domain.Contains('.', StringComparison.Ordinal))
        {
            return Bad("no domain or no selector");
        }

        if (found.Algorithm is not ("rsa-sha256" or "ed25519-sha256"))
        {
            // RFC 8301 section 3.1.
            return found.Algorithm == "rsa-sha1" ? Bad("SHA-1 is not believed any more", DkimResult.Policy) : Bad("an unknown algorithm");
        }

        if (Octets(tags["b"]) is not { } signature)
        {
            return Bad("no signature");
        }

        found = found with { Signature = signature };
        if (!Number(tags["t"], out var made) || !Number(tags["x"], out var expires))
        {
            return Bad("a time is no number");
        }

        if (kind == Kind.ArcSeal)
        {
            return tags["h"] is not null ? Bad("a seal has no h=") : tags["cv"] is not ("none" or "pass" or "fail") ? Bad("no cv=") : found with { Chain = tags["cv"]!, RelaxedHeader = true };
        }

        if (Octets(tags["bh"]) is not { Length: 32 } bodyHash)
        {
            return Bad("no body hash");
        }

        var names = (tags["h"] ?? "").Split(':').Select(static n => n.Trim(' ', '\t', '\r', '\n').ToLowerInvariant()).ToArray();
        if (!names.Contains("from") || names.Contains("arc-seal"))
        {
            // RFC 6376 section 5.4; RFC 8617 section 4.1.2.
            return Bad("the From field is not signed, or a seal is", names.Contains("from") ? DkimResult.Neutral : DkimResult.PermError);
        }

        var (header, body) = tags["c"] switch
        {
            null or "simple" or "simple/simple" => (false, false),
            "relaxed" or "relaxed/simple" => (true, false),
            "simple/relaxed" => (false, true),
            "relaxed/relaxed" => (true, true),
            _ => ((bool?)null, false),
        };
        if (header is null)
        {
            return Bad("an unknown canonical form");
        }

        if (!Number(tags["l"], out var length) || (tags["q"] is { } queries && !queries.Split(':', StringSplitOptions.TrimEntries).Contains("dns/txt")))
        {
            return Bad("l= or q= is wrong");
        }

        found = found with { Names = names, RelaxedHeader = header.Value, RelaxedBody = body, BodyHash = bodyHash, Expires = expires, Length = length ?? long.MaxValue };
        if (kind == Kind.Dkim)
        {
            if (expires < made)
            {
                return Bad("it expires before it was made");
            }

            var identity = TagList.Joined(tags["i"] ?? "@" + found.Domain);
            var at = identity.LastIndexOf('@');
            if (at < 0 || Domains.Ascii(identity[(at + 1)..]) is not { } of || !Domains.IsOrBelow(of, found.Domain))
            {
                return Bad("i= is not within d=", DkimResult.PermError); // section 6.1.1
            }

            found = found with { Identity = $"{identity[..at]}@{of}" };
        }

        return found;
    }

    private static byte[]? Octets(string? base64)
    {
        if (base64 is null || base64.Length > MostBase64)
        {
            return null;
        }

        base64 = TagList.Joined(base64);
        var octets = new byte[(base64.Length / 4 * 3) + 3];
        return base64.Length > 0 && Convert.TryFromBase64String(base64, octets, out var length) ? octets[..length] : null;
    }

    /// <summary>True for a number or none at all.</summary>
    private static bool Number(string? text, out long? number)
    {
        number = null;
        if (text is null)
        {
            return true;
        }

        if (text.Length is 0 or > 76 || !text.All(char.IsAsciiDigit))
        {
            return false;
        }

        number = long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var value) ? value : long.MaxValue;
        return true;
    }
}

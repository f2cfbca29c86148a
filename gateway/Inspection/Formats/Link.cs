namespace Sekisho.Inspection.Formats;

/// <summary>Where a link stands.</summary>
public enum LinkPlace
{
    /// <summary>In running text.</summary>
    Text,

    /// <summary>Behind visible text or a picture that is clicked.</summary>
    Anchor,

    /// <summary>A form sends what is filled in there.</summary>
    Form,

    /// <summary>A picture, style or frame that is fetched when the text is shown.</summary>
    Resource,

    /// <summary>The page goes there by itself (meta refresh).</summary>
    Refresh,

    /// <summary>A link of a document, clicked there.</summary>
    Document,

    /// <summary>Something that is fetched when a document is opened: a template, an object, a web query, another workbook.</summary>
    Loaded,

    /// <summary>In a macro, a script or a command line, that a program would go to.</summary>
    Command,

    /// <summary>The body of a part stands there (message/external-body).</summary>
    ExternalBody,
}

/// <summary>One link: where it really leads, and how that is shown.</summary>
/// <param name="Target">The address, normalised: schemes and host in lower case, host in ASCII, wrappers taken off.</param>
/// <param name="Host">The host in ASCII (xn--…), or an IP address in its usual form; empty where the scheme has none (<c>data:</c>, <c>mailto:</c>).</param>
/// <param name="Written">As it stands in the text, at most 2,000 characters.</param>
public sealed record Link(string Target, string Host, string Written)
{
    /// <summary>The host as a browser may show it: Unicode for an internationalised name.</summary>
    public string ShownHost { get; init; } = Host;

    /// <summary>The visible text that covers it; null where the address itself is what is seen.</summary>
    public string? Text { get; init; }

    /// <summary>Where it stands.</summary>
    public LinkPlace Place { get; init; }

    /// <summary>Hosts of the redirectors that were wrapped around it, outermost first.</summary>
    public IReadOnlyList<string> Via { get; init; } = [];

    /// <summary>What stands before <c>@</c> in the address, often a host that it is not; null where nothing does.</summary>
    public string? UserInfo { get; init; }

    /// <summary>True where the host is an IP address, however it was written (RFC 3986 section 7.4).</summary>
    public bool IsAddress { get; init; }

    /// <summary>True where it was written so that it is not clicked by accident (<c>hxxp</c>, <c>[.]</c>).</summary>
    public bool IsDefanged { get; init; }
}

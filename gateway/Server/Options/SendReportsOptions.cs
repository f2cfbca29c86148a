namespace Sekisho.Options;

/// <summary>Settings of the DMARC aggregate reports (RFC 9990) that we send to the domains whose letters come in: once a day, to those whose record names an address for them.</summary>
public sealed class SendReportsOptions
{
    /// <summary>Count what DMARC says of letters from outside, and send reports. They tell a domain's owner which servers sent us how many letters in its name; no recipient and no content. Default: false.</summary>
    public bool Enabled { get; set; }

    /// <summary>The reports' sender, such as <c>dmarc-reports@hospital.example</c>: an address of its own, that somebody reads. SPF of its domain must allow the servers that hand the reports to the world, or nobody believes them. Must be given where <see cref="Enabled"/> is true.</summary>
    public string From { get; set; } = "";

    /// <summary>Who reports, such as "Sekisho Hospital". Empty is the domain of <see cref="From"/>. Default: empty.</summary>
    public string OrganisationName { get; set; } = "";

    /// <summary>How else to reach you, for those who read the reports: an address of a web page, or a telephone number. Default: empty.</summary>
    public string ContactInfo { get; set; } = "";
}

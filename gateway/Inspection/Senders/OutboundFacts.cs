namespace Sekisho.Inspection.Senders;

/// <summary>What the hospital's own people have sent to the outside within the last hour, the letter in question included; counted by whoever sees all letters.</summary>
/// <param name="Messages">Letters of <see cref="Sender"/> with a recipient outside.</param>
/// <param name="Recipients">Recipients outside, of all these letters together.</param>
/// <param name="MaxMessages">More letters than this are a burst.</param>
/// <param name="MaxRecipients">More recipients than this are a burst.</param>
/// <param name="Campaign">What this letter has in common with most others; null where it has nothing to compare.</param>
/// <param name="MaxCampaign">More distinct recipients outside than this are a campaign.</param>
public sealed record OutboundFacts(int Messages, int Recipients, int MaxMessages, int MaxRecipients, CampaignCount? Campaign, int MaxCampaign)
{
    /// <summary>Who was counted: of the address in MAIL FROM and those in From the one nearest to his limit, or the client in brackets where neither names anybody.</summary>
    public string Sender { get; init; } = "";

    /// <summary>True where the sender has sent more than he may.</summary>
    public bool IsBurst => Messages > MaxMessages || Recipients > MaxRecipients;

    /// <summary>True where the same thing has gone to more people than it may.</summary>
    public bool IsCampaign => Campaign is { } campaign && campaign.Recipients > MaxCampaign;
}

/// <summary>How far something that letters have in common has gone within the last hour.</summary>
/// <param name="Mark">What it is.</param>
/// <param name="Recipients">Distinct recipients outside.</param>
/// <param name="Senders">Distinct senders; counting ends at 20.</param>
public sealed record CampaignCount(CampaignMark Mark, int Recipients, int Senders);

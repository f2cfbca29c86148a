namespace Sekisho.Options;

/// <summary>Settings of the memory of conversations, which finds those that were stolen.</summary>
public sealed class ThreadOptions
{
    /// <summary>Remember conversations, as hashes under a secret key, and compare letters with them. Default: true.</summary>
    public bool Remember { get; set; } = true;

    /// <summary>How long after it began a conversation is remembered. Default: 400 days.</summary>
    public TimeSpan Retention { get; set; } = TimeSpan.FromDays(400);

    /// <summary>How long the memory only learns, before it says anything: until then greetings and other common words look like somebody's own. Default: 7 days.</summary>
    public TimeSpan LearnFirst { get; set; } = TimeSpan.FromDays(7);

    /// <summary>Letters remembered in one day at most. Default: 50,000.</summary>
    public int LettersADay { get; set; } = 50_000;
}

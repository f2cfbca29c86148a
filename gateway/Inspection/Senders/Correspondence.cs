namespace Sekisho.Inspection.Senders;

/// <summary>How the hospital and somebody outside have written to each other.</summary>
/// <param name="First">The first day either wrote, UTC.</param>
/// <param name="LastIn">The last day he wrote; null where he never did.</param>
/// <param name="LastOut">The last day somebody of ours wrote to him; null where nobody ever did.</param>
/// <param name="In">Letters from him, about: a crash may lose the last seconds.</param>
/// <param name="Out">Letters to him, about.</param>
public sealed record Contact(DateOnly First, DateOnly? LastIn, DateOnly? LastOut, int In, int Out)
{
    /// <summary>The last day either wrote.</summary>
    public DateOnly Last => LastIn is { } i && LastOut is { } o ? (i > o ? i : o) : LastIn ?? LastOut ?? First;
}

/// <summary>How far the way of a letter is from the ways its sender's letters have come.</summary>
public enum RouteChange
{
    /// <summary>It came as always, or with good proof, or too little is known to tell.</summary>
    None,

    /// <summary>Without proof from a network that is new; or from a known one, but without the proof that it always had.</summary>
    New,

    /// <summary>Without proof from a network that is new, after a long history of proven letters.</summary>
    Unproven,
}

/// <summary>What the correspondence ledger says of a letter's author and its recipients, as it stood when the letter came.</summary>
public sealed record Correspondence
{
    /// <summary>A way counts as usual only when it was first seen so many days ago: a harmless letter this morning must not open the way for one at noon.</summary>
    public const int DaysToSettle = 3;

    /// <summary>The author's address.</summary>
    public required string Address { get; init; }

    /// <summary>The day the letter came, UTC.</summary>
    public required DateOnly Today { get; init; }

    /// <summary>True while the ledger is too young to know whom the hospital knows.</summary>
    public bool IsWarmingUp { get; init; }

    /// <summary>What he and anybody of the hospital have exchanged; null where nothing was.</summary>
    public Contact? Contact { get; init; }

    /// <summary>The same of anybody of his domain.</summary>
    public Contact? Domain { get; init; }

    /// <summary>How many of the letter's recipients were looked up, at most 30.</summary>
    public int Recipients { get; init; }

    /// <summary>How many of them have exchanged letters with him.</summary>
    public int KnownRecipients { get; init; }

    /// <summary>The ways his letters have come, the usual few.</summary>
    public IReadOnlyList<UsualRoute> Routes { get; init; } = [];

    /// <summary>The ways letters of his domain have come, the usual few.</summary>
    public IReadOnlyList<UsualRoute> DomainRoutes { get; init; } = [];

    /// <summary>Which way this letter came; null where that is not known.</summary>
    public SenderRoute? Route { get; init; }

    /// <summary>True where nobody of the hospital has exchanged a letter with this address before, and the ledger is old enough to know.</summary>
    public bool IsFirstContact => Contact is null && !IsWarmingUp;

    /// <summary>True where somebody of the hospital has written to him: the strongest sign that he is no stranger.</summary>
    public bool WeWroteToHim => Contact is { Out: > 0 };

    /// <summary>True where he is known in the hospital, though to none of the recipients.</summary>
    public bool IsKnownToOthersOnly => Contact is not null && KnownRecipients == 0;

    /// <summary>Days since either wrote, 0 for a stranger.</summary>
    public int SilentDays => Contact is null ? 0 : Math.Max(0, Today.DayNumber - Contact.Last.DayNumber);

    /// <summary>How far this letter's way is from the usual ones: of the address, or of its domain where the address has too little history.</summary>
    public RouteChange RouteChange
    {
        get
        {
            var ofAddress = Contact is { In: >= 3 };
            if (Route is not { IsProven: false } way || (ofAddress ? Contact : Domain is { In: >= 10 } ? Domain : null) is not { } history)
            {
                return RouteChange.None; // A new provider that authenticates well is nobody's worry.
            }

            var usual = Settled(ofAddress ? Routes : DomainRoutes);
            var letters = usual.Sum(static r => (long)r.Letters);
            if (letters == 0 || usual.Any(r => way.Signer.Length > 0 && r.IsOfSameSigner))
            {
                return RouteChange.None;
            }

            var isKnownNetwork = usual.Concat(Settled(DomainRoutes)).Any(r => r.Network.Equals(way.Network));
            if (usual.Where(static r => r.IsProven).Sum(static r => (long)r.Letters) * 10 >= letters * 9)
            {
                return isKnownNetwork || !ofAddress || history.In < 10 || Today.DayNumber - history.First.DayNumber < 30 ? RouteChange.New : RouteChange.Unproven;
            }

            // Unproven letters from everywhere tell nothing; from one or two networks always, they do.
            return !isKnownNetwork && ofAddress && history.In >= 5 && usual.Select(static r => r.Network).Distinct().Count() <= 2 ? RouteChange.New : RouteChange.None;
        }
    }

    private List<UsualRoute> Settled(IReadOnlyList<UsualRoute> routes) => [.. routes.Where(r => Today.DayNumber - r.First.DayNumber >= DaysToSettle)];
}

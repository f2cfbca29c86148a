namespace Sekisho.Options;

/// <summary>Settings of the correspondence ledger: who writes to whom, learnt from the letters that go on; addresses stand in it as keyed hashes only.</summary>
public sealed class CorrespondenceOptions
{
    /// <summary>Days after which somebody is forgotten whom nobody has written to or heard of, 30 to 3,650; 0 keeps no ledger. Default: 730.</summary>
    public int KeepDays { get; set; } = 730;

    /// <summary>Days from the ledger's beginning in which nobody is called a stranger, 0 to 365. Default: 30.</summary>
    public int WarmUpDays { get; set; } = 30;
}

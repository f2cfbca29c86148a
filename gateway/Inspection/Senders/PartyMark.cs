namespace Sekisho.Inspection.Senders;

/// <summary>Finds somebody among those who took part in conversations that are remembered.</summary>
public static class PartyMark
{
    /// <summary>What stands for an address there; 0 for what is none.</summary>
    /// <param name="key">The secret of the memory.</param>
    /// <param name="address">Such as <c>Doctor@Clinic.example</c>.</param>
    public static long Of(ThreadKey key, string address) => Exchange.AddressOf(address) is { } plain ? key.Of(ThreadMark.Address, plain) : 0;
}

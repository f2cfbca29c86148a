using Sekisho.Options;

namespace Sekisho.Store;

/// <summary>Keeps letters: durable before 250, sealed at rest, claimed for delivery by one process at a time.</summary>
public sealed class MessageStore : IAsyncDisposable
{
    /// <summary>Opens the store: master key, migrations, writer. Throws <see cref="StoreException"/> with a text for the operator when it cannot.</summary>
    public static Task<MessageStore> OpenAsync(SekishoOptions options, Spool spool, TimeProvider time, CancellationToken cancel) => throw new NotImplementedException();

    /// <summary>Keeps a letter. When the task completes the letter survives a power cut; when it throws, the letter is not kept.</summary>
    public Task AcceptAsync(NewMessage message, CancellationToken cancel) => throw new NotImplementedException();

    /// <summary>Claims letters that are due, oldest first, for this process. Letters whose claim ran out (a crashed process) are due again.</summary>
    public Task<IReadOnlyList<DeliveryJob>> ClaimDueAsync(int most, CancellationToken cancel) => throw new NotImplementedException();

    /// <summary>When the next queued letter falls due; null when none waits.</summary>
    public Task<DateTimeOffset?> NextDueAsync(CancellationToken cancel) => throw new NotImplementedException();

    /// <summary>Writes how an attempt ended, with the notification it causes, in one transaction, and gives the claim back.</summary>
    public Task RecordAttemptAsync(Guid id, DeliveryOutcome outcome, CancellationToken cancel) => throw new NotImplementedException();

    /// <summary>Gives a claim back untried: the letter is due again at once.</summary>
    public Task UnclaimAsync(Guid id, CancellationToken cancel) => throw new NotImplementedException();

    /// <summary>The letter's octets, unsealed as they are read. Throws <see cref="StoreException"/> when the key is destroyed or the octets are damaged.</summary>
    public Task<Stream> OpenOctetsAsync(Guid id, CancellationToken cancel) => throw new NotImplementedException();

    /// <inheritdoc />
    public ValueTask DisposeAsync() => throw new NotImplementedException();
}

/// <summary>The store cannot do what was asked; the text says what the operator can do about it.</summary>
public sealed class StoreException(string message, Exception? inner = null) : Exception(message, inner);

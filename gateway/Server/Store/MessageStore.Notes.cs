namespace Sekisho.Store;

public sealed partial class MessageStore
{
    /// <summary>Enters in the audit log what somebody did to the gateway rather than to a letter. Durable when the task completes.</summary>
    /// <param name="actor">Who.</param>
    /// <param name="action">What, such as <c>signatures-update</c>.</param>
    /// <param name="target">To what; may be empty.</param>
    /// <param name="details">Names and values of the entry's details.</param>
    /// <param name="cancel">Gives up.</param>
    /// <exception cref="StoreException">It is not entered: do not do what could not be recorded.</exception>
    public Task NoteAsync(string actor, string action, string target, IReadOnlyList<(string Name, string? Value)> details, CancellationToken cancel) => _writer.RunAsync(
        async session =>
        {
            await Audit.AppendAsync(session, actor, action, target, VerdictJson.Detail([.. details])).ConfigureAwait(false);
            return true;
        },
        cancel: cancel);
}

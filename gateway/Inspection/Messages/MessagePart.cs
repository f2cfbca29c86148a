namespace Sekisho.Inspection.Messages;

/// <summary>One thing found in a letter.</summary>
public sealed class MessagePart : IDisposable
{
    /// <inheritdoc />
    public void Dispose() { }
}

/// <summary>Something that could not be looked at.</summary>
public sealed record ReadProblem(string Place, string Reason);

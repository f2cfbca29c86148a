namespace Sekisho.Inspection.Messages;

/// <summary>Opens a letter: MIME, archives, enclosed mail, documents, within limits.</summary>
public static class MessageReader
{
    /// <summary>Opens a letter. Hostile or broken octets become <see cref="ReadProblem"/>s, never exceptions; only <paramref name="cancel"/> throws (<see cref="OperationCanceledException"/>).</summary>
    /// <param name="envelope">What SMTP said.</param>
    /// <param name="octets">The letter, seekable; read many times, not closed. Must live as long as the result.</param>
    /// <param name="limits">How far to go.</param>
    /// <param name="time">Measures <see cref="ReadLimits.Time"/>.</param>
    /// <param name="cancel">Gives up altogether.</param>
    public static InboundMessage Read(Envelope envelope, Stream octets, ReadLimits limits, TimeProvider time, CancellationToken cancel) => throw new NotImplementedException();

    /// <summary>Opens a bare document as if it were the only attachment of a letter.</summary>
    public static InboundMessage ReadDocument(string name, Stream octets, ReadLimits limits, TimeProvider time, CancellationToken cancel) => throw new NotImplementedException();
}

namespace Sekisho.Store;

/// <summary>A letter's octets on their way through the line: small ones in pooled memory, larger ones sealed in a spool file that never holds plain text.</summary>
public sealed class MessageOctets : IAsyncDisposable, IDisposable
{
    /// <summary>Octets in the letter.</summary>
    public long Length => throw new NotImplementedException();

    /// <summary>A seekable, read-only view of the plain octets. Several may be open at once.</summary>
    public Stream OpenRead() => throw new NotImplementedException();

    /// <summary>Returns the memory or deletes the spool file.</summary>
    public void Dispose() => throw new NotImplementedException();

    /// <inheritdoc />
    public ValueTask DisposeAsync() => throw new NotImplementedException();
}

/// <summary>Takes a letter's octets as they arrive. Process-wide memory for letters in transit is bounded: what is above goes to the spool.</summary>
public sealed class OctetsWriter : IDisposable
{
    /// <summary>Octets so far.</summary>
    public long Length => throw new NotImplementedException();

    /// <summary>Appends octets. Synchronous: it writes to memory, or a sealed chunk to a spool file (page cache, no fsync).</summary>
    public void Write(ReadOnlySpan<byte> octets) => throw new NotImplementedException();

    /// <summary>Ends the letter. The writer is empty afterwards; the caller owns the result.</summary>
    public MessageOctets Complete() => throw new NotImplementedException();

    /// <summary>Drops what was written and not completed.</summary>
    public void Dispose() => throw new NotImplementedException();
}

/// <summary>Makes <see cref="OctetsWriter"/>s that share one memory budget and one spool folder.</summary>
public sealed class Spool : IDisposable
{
    /// <summary>Opens the spool folder (created with mode 0700; files left by a crash are deleted).</summary>
    /// <param name="folder">Where sealed spool files lie.</param>
    /// <param name="memoryBudget">Octets of letters in transit held in memory before further ones go to files. Default: 64 MiB.</param>
    public Spool(string folder, long memoryBudget = 64L << 20) => throw new NotImplementedException();

    /// <summary>A writer for one letter.</summary>
    public OctetsWriter NewWriter() => throw new NotImplementedException();

    /// <inheritdoc />
    public void Dispose() => throw new NotImplementedException();
}

using System.Security.Cryptography;

namespace Sekisho.Store;

/// <summary>Reads a kept letter's octets, chunk by chunk out of the database.</summary>
internal sealed class KeptOctets(Database database, Guid id, LetterKey key, long length, int chunkSize) : ChunkStream(length, chunkSize)
{
    private readonly UnsealBuffer _buffer = new(key, chunkSize);
    private readonly int _chunkSize = chunkSize;
    private byte[]? _first;

    /// <summary>Takes the first chunk, which came with the letter's row, and proves the key on it.</summary>
    /// <exception cref="StoreException">It is missing or damaged.</exception>
    public void Begin(byte[]? first)
    {
        _first = first;
        Open(0, first);
    }

    /// <inheritdoc />
    protected override ReadOnlyMemory<byte> Load(int chunk) => LoadAsync(chunk, CancellationToken.None).AsTask().GetAwaiter().GetResult();

    /// <inheritdoc />
    protected override async ValueTask<ReadOnlyMemory<byte>> LoadAsync(int chunk, CancellationToken cancel) =>
        Open(chunk, chunk == 0 && _first is not null ? _first : await FetchAsync(chunk, cancel).ConfigureAwait(false));

    /// <inheritdoc />
    protected override void Close(bool disposing)
    {
        if (disposing)
        {
            _buffer.Dispose();
        }
    }

    private Task<byte[]?> FetchAsync(int chunk, CancellationToken cancel) => database.ReadAsync(
        async session => (byte[]?)await session.ScalarAsync(
            "SELECT sealed FROM octets WHERE message_id = @id AND chunk = @chunk", Value.Id(id), Value.Number("chunk", chunk)).ConfigureAwait(false),
        cancel);

    private ReadOnlyMemory<byte> Open(int chunk, byte[]? box)
    {
        var plain = LetterKey.ChunkLength(Length, _chunkSize, chunk);
        if (box is null)
        {
            throw new StoreException($"Octets of letter {id} are gone: it was discarded, or its time was up.");
        }

        if (box.Length != plain + LetterKey.Overhead)
        {
            throw Damaged(chunk, null);
        }

        try
        {
            return _buffer.Open(chunk, box, plain);
        }
        catch (CryptographicException e)
        {
            throw Damaged(chunk, e);
        }
    }

    private StoreException Damaged(int chunk, Exception? cause) => new($"The octets of letter {id} are damaged (chunk {chunk}): they are not what was sealed.", cause);
}

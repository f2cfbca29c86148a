using System.Buffers;

namespace Sekisho.Store;

/// <summary>A nameless spool file of sealed chunks, under a key that becomes the letter's own when it is kept.</summary>
internal sealed class SealedFile(FileStream file, int chunkSize) : IDisposable
{
    private readonly LetterKey _key = LetterKey.Create();
    private int _chunks;

    /// <summary>The key that the chunks are sealed with.</summary>
    public LetterKey Key => _key;

    /// <summary>Plain octets a chunk; the last may be shorter.</summary>
    public int ChunkSize => chunkSize;

    /// <summary>Seals the next chunk at the end of the file.</summary>
    public void Append(ReadOnlySpan<byte> plain)
    {
        var size = plain.Length + LetterKey.Overhead;
        var box = ArrayPool<byte>.Shared.Rent(size);
        try
        {
            _key.Seal(_chunks, plain, box.AsSpan(0, size));
            RandomAccess.Write(file.SafeFileHandle, box.AsSpan(0, size), (long)_chunks * (chunkSize + LetterKey.Overhead));
            _chunks++;
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(box);
        }
    }

    /// <summary>Reads a sealed chunk as it is; the span's length says how much.</summary>
    /// <exception cref="EndOfStreamException">The file is shorter than it was.</exception>
    public void ReadSealed(int chunk, Span<byte> box)
    {
        var offset = (long)chunk * (chunkSize + LetterKey.Overhead);
        while (box.Length > 0)
        {
            var read = RandomAccess.Read(file.SafeFileHandle, box, offset);
            if (read == 0)
            {
                throw new EndOfStreamException("A spool file is shorter than what was written to it.");
            }

            box = box[read..];
            offset += read;
        }
    }

    /// <summary>Closes the file, which deletes it.</summary>
    public void Dispose()
    {
        file.Dispose();
        _key.Dispose();
    }
}

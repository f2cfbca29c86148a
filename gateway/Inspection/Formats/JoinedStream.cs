namespace Sekisho.Inspection.Formats;

/// <summary>Several files read as one, end to end: seekable, no octet copied; each is opened when first needed.</summary>
internal sealed class JoinedStream : SeekableView
{
    private readonly IReadOnlyList<Func<Stream>> pieces;
    private readonly Stream?[] opened;
    private readonly long[] starts;

    /// <summary>Joins files in their order.</summary>
    /// <param name="pieces">Each gives a seekable stream as long as declared; closed with this one.</param>
    /// <param name="lengths">Octets of each.</param>
    public JoinedStream(IReadOnlyList<Func<Stream>> pieces, IReadOnlyList<long> lengths)
    {
        this.pieces = pieces;
        opened = new Stream?[pieces.Count];
        starts = new long[pieces.Count];
        for (var i = 0; i < starts.Length; i++)
        {
            starts[i] = Length;
            Length += lengths[i];
        }
    }

    public override long Length { get; }

    /// <summary>The files, each as a stream of its own: formats with headers in every volume need them so.</summary>
    public IReadOnlyList<Stream> Volumes => [.. Enumerable.Range(0, pieces.Count).Select(Piece)];

    /// <summary>Where a file begins within the whole.</summary>
    /// <param name="index">From 0.</param>
    /// <exception cref="InvalidDataException">There is no such file.</exception>
    public long StartOf(int index) => index < starts.Length ? starts[index] : throw new InvalidDataException("The archive names a volume that is not there.");

    public override int Read(Span<byte> buffer)
    {
        if (Position >= Length || buffer.IsEmpty)
        {
            return 0;
        }

        // Of empty files the last one of several that begin at the same place counts.
        var index = Array.BinarySearch(starts, Position);
        index = index < 0 ? ~index - 1 : index;
        while (index + 1 < starts.Length && starts[index + 1] <= Position)
        {
            index++;
        }

        var end = index + 1 < starts.Length ? starts[index + 1] : Length;
        var piece = Piece(index);
        piece.Position = Position - starts[index];
        var got = piece.Read(buffer[..(int)Math.Min(buffer.Length, end - Position)]);
        Position += got;
        return got;
    }

    protected override void Dispose(bool disposing)
    {
        for (var i = 0; disposing && i < opened.Length; i++)
        {
            opened[i]?.Dispose();
            opened[i] = null;
        }

        base.Dispose(disposing);
    }

    private Stream Piece(int index) => opened[index] ??= pieces[index]();
}

namespace Sekisho.Inspection.Formats;

/// <summary>Reads packed streams that stand one behind the other in a file as one, as their own programs do (xz section 2, "Stream Padding"; bzip2's manual).</summary>
/// <param name="file">Seekable; stays open.</param>
/// <param name="magic">What each stream begins with.</param>
/// <param name="open">Begins a decoder where the file stands; it must read no octet beyond its stream's end.</param>
internal sealed class JoinedDecoder(Stream file, byte[] magic, Func<Stream> open) : ForwardStream
{
    private Stream? inner;
    private bool hasEnded;

    /// <exception cref="InvalidDataException">A stream is broken; decoders may throw others.</exception>
    public override int Read(Span<byte> buffer)
    {
        inner ??= open();
        while (!hasEnded && !buffer.IsEmpty)
        {
            var got = inner.Read(buffer);
            if (got > 0)
            {
                return got;
            }

            inner.Dispose();
            hasEnded = !IsMore();
            if (!hasEnded)
            {
                inner = open();
            }
        }

        return 0;
    }

    /// <inheritdoc />
    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            inner?.Dispose();
        }

        base.Dispose(disposing);
    }

    /// <summary>True where another stream follows, zeros before it or none; what else follows belongs to nobody.</summary>
    private bool IsMore()
    {
        var at = file.Position;
        var buffer = new byte[4096];
        int got;
        file.Position = at;
        while ((got = file.Read(buffer, 0, buffer.Length)) > 0)
        {
            var content = buffer.AsSpan(0, got).IndexOfAnyExcept((byte)0);
            if (content < 0)
            {
                at += got;
                continue;
            }

            at += content;
            file.Position = at;
            var head = new byte[magic.Length];
            var isMore = file.ReadAtLeast(head, head.Length, throwOnEndOfStream: false) == head.Length && head.AsSpan().SequenceEqual(magic);
            file.Position = at;
            return isMore;
        }

        return false;
    }
}

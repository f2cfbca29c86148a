using Sekisho.Inspection.Formats;
using MimeKit;
using MimeKit.Encodings;

namespace Sekisho.Inspection.Messages;

/// <summary>A seekable view of encoded octets: decodes as it goes and remembers the decoder's state every so often, so that going back is cheap and little memory is held.</summary>
internal sealed class DecodedView : SeekableView
{
    private const int Block = 48 << 10;

    private readonly Stream raw;
    private readonly IMimeDecoder? decoder;
    private readonly List<(long Decoded, long Raw, IMimeDecoder Decoder)> marks = [];
    private readonly byte[] input;
    private byte[] block = [];
    private long blockStart;
    private int blockLength;
    private long rawPosition;
    private IMimeDecoder? current;
    /// <summary>Views the octets of <paramref name="raw"/>, which is positioned at will and not closed.</summary>
    public DecodedView(Stream raw, ContentEncoding encoding, long length)
    {
        this.raw = raw;
        Length = length;
        decoder = NewDecoder(encoding);
        input = new byte[Block];
        current = decoder?.Clone();
    }

    public override long Length { get; }

    /// <summary>A decoder for a transfer encoding (RFC 2045 section 6); null where octets stand for themselves.</summary>
    public static IMimeDecoder? NewDecoder(ContentEncoding encoding) => encoding switch
    {
        ContentEncoding.Base64 => new Base64Decoder(),
        ContentEncoding.QuotedPrintable => new QuotedPrintableDecoder(),
        ContentEncoding.UUEncode => new UUDecoder(),
        _ => null,
    };

    public override int Read(Span<byte> buffer)
    {
        if (Position >= Length || buffer.IsEmpty)
        {
            return 0;
        }

        if (decoder is null)
        {
            raw.Position = Position;
            var read = raw.Read(buffer[..(int)Math.Min(buffer.Length, Length - Position)]);
            Position += read;
            return read;
        }

        while (Position < blockStart || Position >= blockStart + blockLength)
        {
            if (Position < blockStart)
            {
                GoBack();
            }

            if (!NextBlock())
            {
                return 0;
            }
        }

        var at = (int)(Position - blockStart);
        var part = Math.Min(buffer.Length, blockLength - at);
        block.AsSpan(at, part).CopyTo(buffer);
        Position += part;
        return part;
    }

    private void GoBack()
    {
        var index = marks.FindLastIndex(m => m.Decoded <= Position);
        (blockStart, rawPosition, current) = index < 0 ? (0, 0, decoder!.Clone()) : (marks[index].Decoded, marks[index].Raw, marks[index].Decoder.Clone());
        blockLength = 0;
    }

    private bool NextBlock()
    {
        var start = blockStart + blockLength;
        if (marks.Count == 0 || start > marks[^1].Decoded)
        {
            marks.Add((start, rawPosition, current!.Clone()));
        }

        raw.Position = rawPosition;
        var got = raw.Read(input, 0, input.Length);
        if (got == 0)
        {
            return false;
        }

        rawPosition += got;
        var room = current!.EstimateOutputLength(got);
        if (block.Length < room)
        {
            block = new byte[room];
        }

        blockStart = start;
        blockLength = current.Decode(input, 0, got, block);
        return true;
    }
}

/// <summary>A seekable view of what can only be unpacked forwards: going back means beginning again, and how often that may be is bounded.</summary>
internal sealed class ReplayView(Func<Stream> open, long length) : SeekableView
{
    private const int KeptBlock = 64 << 10;
    private const int KeptBlocks = 32;

    private readonly Dictionary<long, byte[]> kept = [];
    private readonly Queue<long> order = new();
    private Stream? inner;
    private long innerPosition;
    private long replayed;
    public override long Length => length;

    public override int Read(Span<byte> buffer)
    {
        if (Position >= length || buffer.IsEmpty)
        {
            return 0;
        }

        var number = Position / KeptBlock;
        var block = BlockAt(number);
        var at = (int)(Position % KeptBlock);
        var part = Math.Min(buffer.Length, block.Length - at);
        if (part <= 0)
        {
            return 0;
        }

        block.AsSpan(at, part).CopyTo(buffer);
        Position += part;
        return part;
    }

    protected override void Dispose(bool disposing)
    {
        inner?.Dispose();
        inner = null;
        base.Dispose(disposing);
    }

    private byte[] BlockAt(long number)
    {
        if (kept.TryGetValue(number, out var block))
        {
            return block;
        }

        var start = number * KeptBlock;
        if (inner is null || start < innerPosition)
        {
            inner?.Dispose();
            inner = open();
            innerPosition = 0;
        }

        while (true)
        {
            block = new byte[KeptBlock];
            var got = inner.ReadAtLeast(block, KeptBlock, throwOnEndOfStream: false);
            innerPosition += got;
            replayed += got;
            if (replayed > (20 * length) + (256L << 20))
            {
                throw new InvalidDataException("The file is read back and forth too often.");
            }

            block = got == KeptBlock ? block : block[..got];
            if (innerPosition > start || got < KeptBlock)
            {
                break;
            }
        }

        if (kept.Count >= KeptBlocks)
        {
            kept.Remove(order.Dequeue());
        }

        if (kept.TryAdd(number, block))
        {
            order.Enqueue(number);
        }

        return block;
    }
}

using System.Buffers;
using System.Text;
using Sekisho.Inspection.Senders;
using Sekisho.Store;

namespace Sekisho.Delivery;

/// <summary>A letter's octets as they go out: trace header in front, then what came in; small ones in one pooled block, large ones as a stream.</summary>
/// <remarks>Only Authentication-Results fields that came in under our own name are left out: whoever reads them behind us would believe them (RFC 8601 section 5).</remarks>
internal sealed class MessageContent : IDisposable
{
    /// <summary>Largest letter in octets that is held in one block. Longer ones are read twice: once to look, once to send.</summary>
    internal const int LargestBlock = 256 << 10;

    /// <summary>Octets free behind the block, for CRLF.CRLF.</summary>
    internal const int Tail = 5;

    private readonly Func<CancellationToken, ValueTask<Stream>> open;
    private readonly byte[] trace;
    private readonly long size;
    private IReadOnlyList<OctetRange> leftOut = [];
    private MessageScan scan;
    private byte[]? block;

    private MessageContent(byte[] trace, long size, Func<CancellationToken, ValueTask<Stream>> open)
    {
        this.trace = trace;
        this.size = size;
        this.open = open;
    }

    /// <summary>Octets in all, trace header included.</summary>
    public long Length => trace.Length + size - leftOut.Sum(static r => (long)r.Length);

    /// <summary>What was seen in the octets.</summary>
    public MessageScan Scan => scan;

    /// <summary>The whole letter with <see cref="Tail"/> writable octets behind it, or null when it is too long for one block.</summary>
    public byte[]? Block => block;

    /// <summary>Opens a letter and looks it over once.</summary>
    /// <param name="traceHeader">Header fields for the front, each with CRLF; may be empty.</param>
    /// <param name="size">Octets of the letter without them.</param>
    /// <param name="open">Opens the octets, seekable; may be called twice.</param>
    /// <param name="authservId">Our name in Authentication-Results fields.</param>
    /// <param name="cancel">Ends the wait.</param>
    /// <exception cref="StoreException">The store holds more or fewer octets than it said.</exception>
    public static async ValueTask<MessageContent> OpenAsync(string traceHeader, long size, Func<CancellationToken, ValueTask<Stream>> open, string authservId, CancellationToken cancel)
    {
        var content = new MessageContent(traceHeader.Length == 0 ? [] : Encoding.UTF8.GetBytes(traceHeader), size, open);
        try
        {
            if (content.Length <= LargestBlock)
            {
                await content.LoadAsync(authservId, cancel).ConfigureAwait(false);
            }
            else
            {
                await content.LookOverAsync(authservId, cancel).ConfigureAwait(false);
            }
        }
        catch
        {
            content.Dispose();
            throw;
        }

        return content;
    }

    /// <summary>The letter as a stream of chunks, trace header first. The memory handed out is good until the next one is asked for.</summary>
    public async IAsyncEnumerable<ReadOnlyMemory<byte>> ChunksAsync([System.Runtime.CompilerServices.EnumeratorCancellation] CancellationToken cancel)
    {
        if (block is not null)
        {
            yield return block.AsMemory(0, (int)Length);
            yield break;
        }

        if (trace.Length > 0)
        {
            yield return trace;
        }

        var chunk = ArrayPool<byte>.Shared.Rent(64 << 10);
        var stream = await open(cancel).ConfigureAwait(false);
        try
        {
            long sent = 0;
            int read;
            while ((read = await stream.ReadAsync(chunk, cancel).ConfigureAwait(false)) > 0)
            {
                if (sent + read > size)
                {
                    sent = -1;
                    break;
                }

                var kept = WithoutLeftOut(chunk.AsSpan(0, read), sent);
                sent += read;
                if (kept > 0)
                {
                    yield return chunk.AsMemory(0, kept);
                }
            }

            if (sent != size)
            {
                throw Damaged();
            }
        }
        finally
        {
            await stream.DisposeAsync().ConfigureAwait(false);
            ArrayPool<byte>.Shared.Return(chunk);
        }
    }

    /// <summary>Returns the block.</summary>
    public void Dispose()
    {
        if (block is { } used)
        {
            block = null;
            ArrayPool<byte>.Shared.Return(used);
        }
    }

    private async ValueTask LoadAsync(string authservId, CancellationToken cancel)
    {
        var total = (int)Length;
        block = ArrayPool<byte>.Shared.Rent(total + Tail);
        trace.CopyTo(block, 0);
        var stream = await open(cancel).ConfigureAwait(false);
        await using (stream.ConfigureAwait(false))
        {
            // One octet more than announced shows a letter that is longer than the store believes.
            var read = await stream.ReadAtLeastAsync(block.AsMemory(trace.Length, (int)size + 1), (int)size + 1, throwOnEndOfStream: false, cancel).ConfigureAwait(false);
            if (read != size)
            {
                throw Damaged();
            }
        }

        leftOut = AuthenticationResultsField.Forged(new MemoryStream(block, trace.Length, (int)size, writable: false), authservId);
        _ = WithoutLeftOut(block.AsSpan(trace.Length, (int)size), 0);
        scan.Add(block.AsSpan(0, (int)Length));
        scan.End();
    }

    private async ValueTask LookOverAsync(string authservId, CancellationToken cancel)
    {
        var stream = await open(cancel).ConfigureAwait(false);
        await using (stream.ConfigureAwait(false))
        {
            leftOut = AuthenticationResultsField.Forged(stream, authservId);
        }

        await foreach (var chunk in ChunksAsync(cancel).ConfigureAwait(false))
        {
            scan.Add(chunk.Span);
        }

        scan.End();
    }

    /// <summary>Moves what goes out to the front, over what does not.</summary>
    /// <param name="octets">A piece of the letter.</param>
    /// <param name="at">Where it stands in the letter.</param>
    /// <returns>How many octets of it go out.</returns>
    private int WithoutLeftOut(Span<byte> octets, long at)
    {
        var kept = 0;
        var from = 0;
        foreach (var range in leftOut)
        {
            var start = (int)Math.Clamp(range.Start - at, from, octets.Length);
            octets[from..start].CopyTo(octets[kept..]);
            kept += start - from;
            from = (int)Math.Clamp(range.Start + range.Length - at, start, octets.Length);
        }

        octets[from..].CopyTo(octets[kept..]);
        return kept + octets.Length - from;
    }

    private StoreException Damaged() => new($"the letter does not have the {size} octets that were kept");
}

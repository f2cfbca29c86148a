using System.IO.Compression;

namespace Sekisho.Inspection.Formats;

/// <summary>Reads a ZIP whose directory is lost or broken by its local headers alone, as repairing programs do: every member up to the break (APPNOTE section 4.3.7).</summary>
internal static class ZipSalvage
{
    private const int MaxMembers = 20_000;

    /// <summary>The members in the order in which they stand; the last one as far as it goes. Nothing is thrown for a broken one before it is read.</summary>
    /// <param name="file">Seekable; must stay open while members are read.</param>
    /// <param name="budget">Asked for time.</param>
    /// <exception cref="InvalidDataException">The budget is spent.</exception>
    public static IEnumerable<ArchiveItem> Members(Stream file, ReadBudget budget)
    {
        var at = 0L;
        for (var count = 0; count < MaxMembers; count++)
        {
            budget.Unpack(0);
            at = ZipStructure.Search(file, at, file.Length, "PK\u0003\u0004"u8);
            if (at < 0)
            {
                yield break;
            }

            if (ZipStructure.Local(file, at) is not { } header)
            {
                at += 4; // A folder, or four octets that only look like a header.
                continue;
            }

            var isLengthKnown = (header.Flags & 8) == 0 && header.Packed != uint.MaxValue;
            yield return Item(file, header, isLengthKnown);
            at = header.DataAt + (isLengthKnown ? header.Packed : 0);
        }
    }

    private static ArchiveItem Item(Stream file, ZipStructure.Header header, bool isLengthKnown) =>
        new(header.Name, isLengthKnown ? header.Length : -1, isLengthKnown ? header.Packed : -1, () =>
        {
            if ((header.Flags & 1) != 0)
            {
                throw new InvalidDataException("An encrypted member of an archive without a directory is not looked into.");
            }

            switch (header.Method)
            {
                case 0:
                    // Written as it came: its length stands behind it, or it ends where the next begins.
                    var end = isLengthKnown ? -1 : ZipStructure.Search(file, header.DataAt, file.Length, "PK\u0007\u0008"u8);
                    end = isLengthKnown || end >= 0 ? end : ZipStructure.Search(file, header.DataAt, file.Length, "PK\u0003\u0004"u8);
                    return new SliceStream(file, header.DataAt, isLengthKnown ? header.Packed : (end < 0 ? file.Length : end) - header.DataAt);
                case 8:
                    return new UpToBreak(new DeflateStream(new SliceStream(file, header.DataAt, isLengthKnown ? header.Packed : file.Length - header.DataAt), CompressionMode.Decompress));
                default:
                    throw new InvalidDataException($"Method {header.Method} of an archive without a directory is not looked into.");
            }
        })
        { IsEncrypted = (header.Flags & 1) != 0 };

    /// <summary>Ends where its source breaks off; that it does is told of the archive.</summary>
    private sealed class UpToBreak(DeflateStream inner) : ForwardStream
    {
        private bool hasBegun;
        private bool hasEnded;

        public override int Read(Span<byte> buffer)
        {
            if (hasEnded)
            {
                return 0;
            }

            try
            {
                var got = inner.Read(buffer);
                hasBegun |= got > 0;
                return got;
            }
            catch (InvalidDataException) when (hasBegun)
            {
                hasEnded = true;
                return 0;
            }
        }

        protected override void Dispose(bool disposing)
        {
            if (disposing)
            {
                inner.Dispose();
            }

            base.Dispose(disposing);
        }
    }
}

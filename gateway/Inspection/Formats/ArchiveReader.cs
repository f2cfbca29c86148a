using System.Text;
using SharpCompress.Archives;
using SharpCompress.Archives.Rar;
using SharpCompress.Archives.SevenZip;
using SharpCompress.Archives.Zip;
using SharpCompress.Common;
using SharpCompress.Compressors.BZip2;
using SharpCompress.Compressors.Xz;
using SharpCompress.Readers;
using SharpCompress.Readers.Tar;

namespace Sekisho.Inspection.Formats;

/// <summary>One member of an archive.</summary>
/// <param name="Index">Its place in the archive, from 0.</param>
/// <param name="Name">Its name as stored, folders included.</param>
/// <param name="IsEncrypted">True where it cannot be read without a password.</param>
/// <param name="Length">Octets unpacked as declared; -1 where the archive does not say. Not to be relied on.</param>
/// <param name="Packed">Octets packed as declared; -1 where the archive does not say.</param>
internal sealed record ArchiveMember(int Index, string Name, bool IsEncrypted, long Length, long Packed);

/// <summary>Reads archives member by member, forwards: ZIP, RAR, 7z, tar, and the one member of gzip, bzip2 and xz.</summary>
internal sealed class ArchiveReader : IDisposable
{
    /// <summary>Names without the UTF-8 flag (APPNOTE section 4.4.4, bit 11) are Shift_JIS in Japan; ASCII is the same in both.</summary>
    private static readonly IArchiveEncoding Names = NewNames();

    private readonly ReadBudget budget;
    private readonly IDisposable archive;
    private readonly IEnumerable<(IEntry? Entry, string Name, Func<Stream> Open)> list;
    private IEnumerator<(IEntry? Entry, string Name, Func<Stream> Open)> members;
    private int index = -1;

    private ArchiveReader(IDisposable archive, IEnumerable<(IEntry?, string, Func<Stream>)> members, ReadBudget budget)
    {
        this.archive = archive;
        list = members;
        this.members = members.GetEnumerator();
        this.budget = budget;
    }

    /// <summary>True where even the list of members is encrypted.</summary>
    public bool IsListEncrypted { get; private init; }

    /// <summary>Opens an archive.</summary>
    /// <param name="file">Seekable; stays open, must outlive the reader.</param>
    /// <param name="kind">What it was sniffed as; SharpCompress is not asked to guess, since it takes a disc image for an empty tar.</param>
    /// <param name="budget">Books what is unpacked.</param>
    /// <exception cref="InvalidDataException">It is broken.</exception>
    public static ArchiveReader Open(Stream file, FileKind kind, ReadBudget budget) => Guard(() =>
    {
        file.Position = 0;
        var options = new ReaderOptions { LeaveStreamOpen = true, ArchiveEncoding = Names };
        switch (kind)
        {
            case FileKind.Zip:
                {
                    var (start, declared) = ZipDirectory.Find(file);
                    var zip = ZipArchive.OpenArchive(start == 0 ? file : new OffsetStream(file, start), options);
                    return new ArchiveReader(zip, Directory(zip, declared), budget);
                }

            case FileKind.Rar:
            case FileKind.SevenZip:
                {
                    IArchive packed;
                    try
                    {
                        packed = kind == FileKind.Rar ? RarArchive.OpenArchive(file, options) : SevenZipArchive.OpenArchive(file, options);
                        if (kind == FileKind.Rar && packed.Entries.All(e => e.IsDirectory) && packed.IsEncrypted)
                        {
                            return new ArchiveReader(packed, [], budget) { IsListEncrypted = true };
                        }

                        _ = packed.Entries.Any();
                    }
                    catch (Exception e) when (IsPasswordAsked(e))
                    {
                        return new ArchiveReader(Stream.Null, [], budget) { IsListEncrypted = true };
                    }

                    // 7z and solid RAR can only be read forwards; an encrypted one is only listed.
                    var forwards = (kind == FileKind.SevenZip || packed.IsSolid) && !packed.Entries.Any(e => e.IsEncrypted);
                    return new ArchiveReader(packed, forwards ? Forwards(packed.ExtractAllEntries()) : Listed(packed), budget);
                }

            case FileKind.Tar:
                {
                    var tar = TarReader.OpenReader(file, options);
                    return new ArchiveReader(tar, Forwards(tar), budget);
                }

            case FileKind.Gzip:
                return Single(() => new System.IO.Compression.GZipStream(file, System.IO.Compression.CompressionMode.Decompress, leaveOpen: true));
            case FileKind.Bzip2:
                return Single(() => BZip2Stream.Create(file, SharpCompress.Compressors.CompressionMode.Decompress, false, leaveOpen: true));
            case FileKind.Xz:
                return Single(() => new XZStream(file));
            default:
                throw new InvalidDataException($"{kind} is not an archive that can be opened.");
        }

        ArchiveReader Single(Func<Stream> open) => new(Stream.Null, [(null, "", open)], budget);
    });

    /// <summary>The next member that is not a folder; null at the end.</summary>
    /// <exception cref="InvalidDataException">The archive is broken, or the budget spent.</exception>
    public ArchiveMember? Next() => Guard(() =>
    {
        budget.Unpack(0);
        if (!members.MoveNext())
        {
            return null;
        }

        index++;
        var (entry, name, _) = members.Current;
        return new ArchiveMember(index, name, entry?.IsEncrypted ?? false, entry?.Size ?? -1, entry?.CompressedSize ?? -1);
    });

    /// <summary>Begins again with the first member; a ZIP only, other archives are read forwards once.</summary>
    public void Rewind() => Guard(() =>
    {
        members.Dispose();
        members = list.GetEnumerator();
        index = -1;
        return true;
    });

    /// <summary>The unpacked octets of the member that <see cref="Next"/> gave last, forwards only, booked on the budget. Reading throws <see cref="InvalidDataException"/> only.</summary>
    public Stream OpenRead() => Guard(() => (Stream)new GuardedStream(members.Current.Open(), budget));

    /// <inheritdoc />
    public void Dispose()
    {
        try
        {
            members.Dispose();
            archive.Dispose();
        }
        catch (Exception e) when (IsHostile(e))
        {
            // What is broken may also close badly; there is nothing left to lose.
        }
    }

    private static IEnumerable<(IEntry?, string, Func<Stream>)> Forwards(IReader reader)
    {
        while (reader.MoveToNextEntry())
        {
            if (!reader.Entry.IsDirectory)
            {
                yield return (reader.Entry, reader.Entry.Key ?? "", reader.OpenEntryStream);
            }
        }
    }

    private static IEnumerable<(IEntry?, string, Func<Stream>)> Listed(IArchive archive) =>
        archive.Entries.Where(e => !e.IsDirectory).Select(e => ((IEntry?)e, e.Key ?? "", (Func<Stream>)e.OpenEntryStream));

    /// <summary>The members of a ZIP; fewer than its directory declares is a broken archive, not an empty one.</summary>
    private static IEnumerable<(IEntry?, string, Func<Stream>)> Directory(IArchive zip, int declared)
    {
        var count = 0;
        foreach (var entry in zip.Entries)
        {
            count++;
            if (!entry.IsDirectory)
            {
                yield return (entry, entry.Key ?? "", entry.OpenEntryStream);
            }
        }

        if (count < declared)
        {
            throw new InvalidDataException($"The archive declares {declared} members, and {count} are found.");
        }
    }

    private static bool IsPasswordAsked(Exception e) =>
        e is SharpCompress.Common.CryptographicException or System.Security.Cryptography.CryptographicException
        || e.Message.Contains("password", StringComparison.OrdinalIgnoreCase) || e.Message.Contains("encrypted", StringComparison.OrdinalIgnoreCase);

    private static ArchiveEncoding NewNames()
    {
        Encoding.RegisterProvider(CodePagesEncodingProvider.Instance);
        return new ArchiveEncoding { Default = Encoding.GetEncoding(932) };
    }

    private static T Guard<T>(Func<T> read)
    {
        try
        {
            return read();
        }
        catch (Exception e) when (IsHostile(e))
        {
            throw e as InvalidDataException ?? new InvalidDataException($"The archive is broken ({e.GetType().Name}).", e);
        }
    }

    /// <summary>Decoders meet hostile octets with exceptions of every kind, also with a declared dictionary that no memory can hold; only giving up passes.</summary>
    private static bool IsHostile(Exception e) => e is not OperationCanceledException;

    private sealed class GuardedStream(Stream inner, ReadBudget budget) : Stream
    {
        public override bool CanRead => true;

        public override bool CanSeek => false;

        public override bool CanWrite => false;

        public override long Length => throw new NotSupportedException();

        public override long Position
        {
            get => throw new NotSupportedException();
            set => throw new NotSupportedException();
        }

        public override int Read(byte[] buffer, int offset, int count)
        {
            int got;
            try
            {
                got = inner.Read(buffer, offset, Math.Min(count, 64 << 10));
            }
            catch (Exception e) when (IsHostile(e))
            {
                throw e as InvalidDataException ?? new InvalidDataException($"The archive is broken ({e.GetType().Name}).", e);
            }

            budget.Unpack(got);
            return got;
        }

        public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

        public override void Flush()
        {
        }

        public override void SetLength(long value) => throw new NotSupportedException();

        public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();

        protected override void Dispose(bool disposing)
        {
            if (disposing)
            {
                try
                {
                    inner.Dispose();
                }
                catch (Exception e) when (IsHostile(e))
                {
                    // An entry stream skips to its end when closed, and may find it broken.
                }
            }

            base.Dispose(disposing);
        }
    }
}

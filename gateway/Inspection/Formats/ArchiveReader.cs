using System.Runtime.CompilerServices;
using System.Text;
using SharpCompress.Archives;
using SharpCompress.Archives.Rar;
using SharpCompress.Archives.SevenZip;
using SharpCompress.Archives.Zip;
using SharpCompress.Common;
using SharpCompress.Compressors.BZip2;
using SharpCompress.Compressors.Xz;
using SharpCompress.Compressors.ZStandard;
using SharpCompress.Providers;
using SharpCompress.Providers.System;
using SharpCompress.Readers;

namespace Sekisho.Inspection.Formats;

/// <summary>One member of an archive.</summary>
/// <param name="Index">Its place in the archive, from 0.</param>
/// <param name="Name">Its name as stored, folders included.</param>
/// <param name="IsEncrypted">True where it cannot be read without a password.</param>
/// <param name="Length">Octets unpacked as declared; -1 where the archive does not say. Not to be relied on.</param>
/// <param name="Packed">Octets packed as declared; -1 where the archive does not say.</param>
/// <param name="Crc">The CRC-32 of its octets as declared; 0 where the archive does not say.</param>
internal sealed record ArchiveMember(int Index, string Name, bool IsEncrypted, long Length, long Packed, uint Crc);

/// <summary>Reads archives and disc images member by member, forwards; also the one member of gzip, bzip2, xz and zstd.</summary>
internal sealed class ArchiveReader : IDisposable
{
    /// <summary>Names without the UTF-8 flag (APPNOTE section 4.4.4, bit 11) are Shift_JIS in Japan; ASCII is the same in both.</summary>
    private static readonly IArchiveEncoding Names = new ArchiveEncoding { Default = Encoding.GetEncoding(932) };

    /// <summary>The same, with passwords whose every character stands for one octet: of others SharpCompress takes as many octets as they have characters.</summary>
    private static readonly IArchiveEncoding OctetPasswords = new ArchiveEncoding { Default = Encoding.GetEncoding(932), Password = Encoding.Latin1 };

    /// <summary>The runtime's own inflater is several times as fast as a managed one.</summary>
    private static readonly CompressionProviderRegistry Decoders = CompressionProviderRegistry.Default.With(new SystemDeflateCompressionProvider());

    private readonly ReadBudget budget;
    private readonly IDisposable archive;
    private readonly IEnumerable<ArchiveItem> list;
    private IEnumerator<ArchiveItem> members;
    private int index = -1;
    private Lazy<ZipStructure.Result>? structure;
    private StrongBox<string?>? fault;

    private ArchiveReader(IDisposable archive, IEnumerable<ArchiveItem> members, ReadBudget budget)
    {
        this.archive = archive;
        list = members;
        this.members = members.GetEnumerator();
        this.budget = budget;
    }

    /// <summary>The password it was opened with; null without one.</summary>
    public ArchivePassword? Password { get; private init; }

    /// <summary>True where even the list of members is encrypted.</summary>
    public bool IsListEncrypted { get; private init; }

    /// <summary>Octets behind the end of a ZIP or before its end record, where it was blown up with them; 0 else.</summary>
    public long Padding { get; private init; }

    /// <summary>What is broken about a ZIP of which members can be read all the same; null where nothing is. Whole once all members were given.</summary>
    public string? Fault => fault?.Value;

    /// <summary>What a ZIP's directory and its local headers do not agree on, in words.</summary>
    /// <exception cref="InvalidDataException">The budget is spent.</exception>
    public IReadOnlyList<string> Differences => structure is null ? [] : Guard(() => structure.Value.Differences);

    /// <summary>Opens an archive.</summary>
    /// <param name="file">Seekable; stays open, must outlive the reader.</param>
    /// <param name="kind">What it was sniffed as; SharpCompress is not asked to guess, since it takes a disc image for an empty tar.</param>
    /// <param name="budget">Books what is unpacked.</param>
    /// <param name="password">Opens what is encrypted; whether it is the right one shows in reading.</param>
    /// <exception cref="InvalidDataException">It is broken.</exception>
    public static ArchiveReader Open(Stream file, FileKind kind, ReadBudget budget, ArchivePassword? password = null) => Guard(() =>
    {
        file.Position = 0;
        var options = new ReaderOptions { LeaveStreamOpen = true, ArchiveEncoding = Names, Providers = Decoders, Password = password?.Text };
        switch (kind)
        {
            case FileKind.Zip:
                {
                    var whole = ZipDirectory.WithoutPadding(file, budget, out var padding);
                    whole = ZipDirectory.WithoutAppended(whole, budget, out var appended);
                    try
                    {
                        var (start, declared, gap) = ZipDirectory.Find(whole);
                        var sealedAt = password is null ? null : SealedPlaces(whole, password);
                        if (sealedAt is not null)
                        {
                            options = options with { ArchiveEncoding = OctetPasswords, Password = Encoding.Latin1.GetString(password!.Octets) };
                        }

                        var zip = ZipArchive.OpenArchive(start == 0 ? whole : new SliceStream(whole, start, long.MaxValue), options);
                        var structure = new Lazy<ZipStructure.Result>(() => appended is null ? ZipStructure.Read(whole, budget) : ZipStructure.Read(whole, appended, budget));
                        var fault = new StrongBox<string?>();
                        return new ArchiveReader(zip, Directory(zip, whole, declared, structure, fault, sealedAt is null ? null : (sealedAt, password!.Octets), budget), budget) { structure = structure, Password = password, fault = fault, Padding = padding + gap + (appended?.Length ?? 0) };
                    }
                    catch (Exception e) when (IsHostile(e) && budget.End == BudgetEnd.None)
                    {
                        // Its end is lost; what stands before it is read all the same.
                        return new ArchiveReader(Stream.Null, ZipSalvage.Members(whole, budget), budget) { Password = password, fault = new StrongBox<string?>(Words(e)), Padding = padding };
                    }
                }

            case FileKind.Rar:
            case FileKind.SevenZip:
                {
                    IArchive packed;
                    try
                    {
                        packed = kind == FileKind.SevenZip ? SevenZipArchive.OpenArchive(file, options)
                            : file is JoinedStream joined ? RarArchive.OpenArchive(joined.Volumes, options) : RarArchive.OpenArchive(file, options);
                        if (kind == FileKind.Rar && packed.Entries.All(e => e.IsDirectory) && packed.IsEncrypted)
                        {
                            return new ArchiveReader(packed, [], budget) { IsListEncrypted = true };
                        }

                        _ = packed.Entries.Any();
                    }
                    catch (NullReferenceException) when (kind == FileKind.SevenZip && SevenZipHeader.WithSubStreams(file, budget) is { } whole)
                    {
                        return Open(whole, kind, budget, password);
                    }
                    catch (Exception e) when (IsPasswordAsked(e))
                    {
                        return new ArchiveReader(Stream.Null, [], budget) { IsListEncrypted = true };
                    }

                    // 7z and solid RAR can only be read forwards; an encrypted one is only listed.
                    var forwards = (kind == FileKind.SevenZip || packed.IsSolid) && (password is not null || !packed.Entries.Any(e => e.IsEncrypted));
                    return new ArchiveReader(packed, forwards ? Forwards(packed.ExtractAllEntries()) : Listed(packed), budget) { Password = password };
                }

            case FileKind.Tar:
                return new ArchiveReader(Stream.Null, TarArchive.Members(file, budget), budget);
            case FileKind.Gzip:
                return Single(() => new System.IO.Compression.GZipStream(file, System.IO.Compression.CompressionMode.Decompress, leaveOpen: true), GzipHeader.Name(file));
            case FileKind.Bzip2:
                return Single(() => new JoinedDecoder(file, "BZh"u8.ToArray(), () => BZip2Stream.Create(file, SharpCompress.Compressors.CompressionMode.Decompress, false, leaveOpen: true)));
            case FileKind.Xz:
                return Single(() => new JoinedDecoder(file, [0xFD, (byte)'7', (byte)'z', (byte)'X', (byte)'Z', 0], () => new XZStream(file)));
            case FileKind.Zstd:
                return Single(() => new DecompressionStream(file, 0, true, true));
            case FileKind.Cab:
                return new ArchiveReader(Stream.Null, CabArchive.Members(file, budget), budget);
            case FileKind.Lzh:
                return new ArchiveReader(Stream.Null, LzhArchive.Members(file, budget), budget);
            case FileKind.Arj:
                return new ArchiveReader(Stream.Null, file is JoinedStream volumes ? ArjArchive.Members(volumes.Volumes, budget) : ArjArchive.Members(file, budget), budget);
            case FileKind.Iso:
                return new ArchiveReader(Stream.Null, DiscImage.Members(file, budget), budget);
            case FileKind.DiskImage:
                return new ArchiveReader(Stream.Null, DiskImage.Members(file, budget), budget);
            default:
                throw new InvalidDataException($"{kind} is not an archive that can be opened.");
        }

        ArchiveReader Single(Func<Stream> open, string name = "") => new(Stream.Null, [new ArchiveItem(name, -1, file.Length, () => { file.Position = 0; return open(); })], budget);
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
        var item = members.Current;
        return new ArchiveMember(index, item.Name, item.IsEncrypted, item.Length, item.Packed, item.Crc);
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

    private static IEnumerable<ArchiveItem> Forwards(IReader reader)
    {
        while (reader.MoveToNextEntry())
        {
            if (!reader.Entry.IsDirectory)
            {
                yield return Item(reader.Entry, reader.OpenEntryStream);
            }
        }
    }

    private static IEnumerable<ArchiveItem> Listed(IArchive archive) =>
        archive.Entries.Where(e => !e.IsDirectory).Select(e => Item(e, e.OpenEntryStream));

    private static ArchiveItem Item(IEntry entry, Func<Stream> open) =>
        new(entry.Key ?? "", entry.Size, entry.CompressedSize, open) { IsEncrypted = entry.IsEncrypted, Crc = (uint)entry.Crc };

    /// <summary>The members of a ZIP: those of its directory, then those that only local headers name. A directory that breaks off is a fault, not the end.</summary>
    private static IEnumerable<ArchiveItem> Directory(IArchive zip, Stream file, int declared, Lazy<ZipStructure.Result> structure, StrongBox<string?> fault, (List<(ZipStructure.Header Entry, long At)> Entries, byte[] Password)? own, ReadBudget budget)
    {
        var entries = new List<IArchiveEntry>();
        try
        {
            entries.AddRange(zip.Entries);
        }
        catch (Exception e) when (IsHostile(e) && budget.End == BudgetEnd.None)
        {
            fault.Value = Words(e);
        }

        if (entries.Count < declared)
        {
            fault.Value ??= $"The archive declares {declared} members, and {entries.Count} are found.";
        }

        if (fault.Value is not null)
        {
            foreach (var item in ZipSalvage.Members(file, budget))
            {
                yield return item;
            }

            yield break;
        }

        var sealedOnes = own is { } known && known.Entries.Count == entries.Count ? known.Entries : null;
        for (var i = 0; i < entries.Count; i++)
        {
            var entry = entries[i];
            if (entry.IsDirectory)
            {
                continue;
            }

            yield return sealedOnes?[i] is ({ Method: ZipAes.Method } header, var at)
                ? Item(entry, () => ZipAes.Open(file, at, header.Packed, own!.Value.Password))
                : Item(entry, entry.OpenEntryStream);
        }

        // What the directory does not name, and another program may unpack.
        foreach (var hidden in structure.Value.Hidden)
        {
            yield return hidden;
        }
    }

    /// <summary>The directory of a ZIP whose password has to be given as octets; null where SharpCompress makes the right ones of its text, which it does of ASCII, and of UTF-8 under AES.</summary>
    private static List<(ZipStructure.Header Entry, long At)>? SealedPlaces(Stream file, ArchivePassword password) =>
        !Ascii.IsValid(password.Text) && ZipStructure.Directory(file) is { } own && (password.IsShiftJis || own.Entries.All(e => e.Entry.Method != ZipAes.Method)) ? own.Entries : null;

    private static bool IsPasswordAsked(Exception e) =>
        e is SharpCompress.Common.CryptographicException or System.Security.Cryptography.CryptographicException
        || e.Message.Contains("password", StringComparison.OrdinalIgnoreCase) || e.Message.Contains("encrypted", StringComparison.OrdinalIgnoreCase);

    private static T Guard<T>(Func<T> read)
    {
        try
        {
            return read();
        }
        catch (Exception e) when (IsHostile(e))
        {
            throw e as InvalidDataException ?? new InvalidDataException(Words(e), e);
        }
    }

    private static string Words(Exception e) => e switch
    {
        InvalidDataException => e.Message,
        NotSupportedException or NotImplementedException => $"It is packed in a way that is not looked into ({e.Message}).",
        _ => $"The archive is broken ({e.GetType().Name}).",
    };

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
                throw e as InvalidDataException ?? new InvalidDataException(Words(e), e);
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

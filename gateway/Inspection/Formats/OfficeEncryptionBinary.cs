using System.Buffers.Binary;

namespace Sekisho.Inspection.Formats;

/// <summary>A workbook up to Excel 2003 behind a password: RC4, RC4 CryptoAPI, XOR obfuscation (MS-XLS section 2.4.117, MS-OFFCRYPTO sections 2.3.5 to 2.3.7).</summary>
internal sealed class OfficeEncryptionExcel : OfficeEncryption
{
    private const ushort FilePass = 0x002F;

    /// <summary>Octets at the beginning of a workbook within which FilePass is looked for.</summary>
    private const int Look = 256 << 10;

    /// <summary>The encrypted stream's path; null for a bare stream that is the whole file.</summary>
    private readonly string? stream;
    private readonly OfficeRc4? cipher;
    private readonly ushort xorKey;
    private readonly ushort xorVerifier;
    private byte[] pattern = [];

    private OfficeEncryptionExcel(string? stream, OfficeRc4? cipher, ushort xorKey, ushort xorVerifier) =>
        (this.stream, this.cipher, this.xorKey, this.xorVerifier) = (stream, cipher, xorKey, xorVerifier);

    public override bool IsSlow => false;

    /// <summary>The first encrypted workbook of the file: what comes out is looked at again, so others have their turn.</summary>
    public static OfficeEncryption? Find(CompoundFile file)
    {
        foreach (var entry in XlmProject.Workbooks(file))
        {
            var records = file.Read(entry, Look);
            if (PassOf(records) is { } pass && Read(entry.Path, records.AsSpan(pass)) is { } found)
            {
                return found;
            }
        }

        return null;
    }

    /// <summary>True where one of the file's workbooks is encrypted.</summary>
    public static bool Is(CompoundFile file) => XlmProject.Workbooks(file).Any(e => IsRaw(file.Read(e, Look)));

    /// <summary>True for a workbook stream that is encrypted.</summary>
    /// <param name="records">Its beginning.</param>
    public static bool IsRaw(ReadOnlySpan<byte> records) => PassOf(records) is not null;

    /// <summary>How a bare workbook stream is encrypted; null where it is not, or in a way that is not known here.</summary>
    /// <param name="records">Its beginning.</param>
    /// <exception cref="InvalidDataException">The description of the encryption is broken.</exception>
    public static OfficeEncryption? FindRaw(ReadOnlySpan<byte> records)
    {
        try
        {
            return PassOf(records) is { } pass ? Read(null, records[pass]) : null;
        }
        catch (ArgumentException e)
        {
            throw new InvalidDataException("The description of the encryption is broken.", e);
        }
    }

    /// <summary>Where a FilePass record's content lies: it stands before the sheets (BoundSheet8) and before the substream's end.</summary>
    private static Range? PassOf(ReadOnlySpan<byte> records)
    {
        for (var at = 0; at + 4 <= records.Length;)
        {
            var id = BinaryPrimitives.ReadUInt16LittleEndian(records[at..]);
            var length = BinaryPrimitives.ReadUInt16LittleEndian(records[(at + 2)..]);
            at += 4;
            if (id == FilePass)
            {
                return at..Math.Min(at + length, records.Length);
            }

            if (id is 0x000A or 0x0085)
            {
                return null;
            }

            at += length;
        }

        return null;
    }

    /// <summary>Up to BIFF5 the record has no type: key and verifier stand alone.</summary>
    private static OfficeEncryptionExcel? Read(string? stream, ReadOnlySpan<byte> pass) =>
        pass.Length == 4 ? Xor(stream, pass)
        : BinaryPrimitives.ReadUInt16LittleEndian(pass) == 0 ? Xor(stream, pass[2..])
        : OfficeRc4.Read(pass[2..]) is { } cipher ? new OfficeEncryptionExcel(stream, cipher, 0, 0) : null;

    protected override bool Matches(string password)
    {
        if (cipher is not null)
        {
            return cipher.Matches(password);
        }

        pattern = OfficeXor.Pattern(password, OfficeXor.ExcelRotation, out var key, out var verifier);
        return key == xorKey && verifier == xorVerifier;
    }

    protected override byte[] Open(byte[] image, ReadBudget budget)
    {
        if (stream is null)
        {
            Open(image);
            return image;
        }

        var file = CompoundFile.Open(new MemoryStream(image));
        var entry = file.Find(stream)!;
        var book = file.Read(entry, MaxLength);
        Open(book);
        file.Overwrite(entry, book);
        return image;
    }

    private void Open(byte[] book)
    {
        var rc4 = (Cipher: (Rc4?)null, Block: uint.MaxValue, Used: 0);
        for (var at = 0; at + 4 <= book.Length;)
        {
            var id = BinaryPrimitives.ReadUInt16LittleEndian(book.AsSpan(at));
            var length = Math.Min(BinaryPrimitives.ReadUInt16LittleEndian(book.AsSpan(at + 2)), book.Length - at - 4);
            at += 4;

            // These stay in the clear (MS-XLS section 2.2.10); of a sheet's entry only its place.
            var plain = id is 0x0809 or 0x0009 or 0x0209 or 0x0409 or FilePass or 0x0194 or 0x0195 or 0x00E1 or 0x0196 or 0x0138 ? length : id == 0x0085 ? Math.Min(4, length) : 0;
            for (var i = plain; i < length; i++)
            {
                var position = at + i;
                if (cipher is null)
                {
                    var value = book[position];
                    book[position] = (byte)(((value << 3) | (value >> 5)) ^ pattern[(position + length) & 15]);
                    continue;
                }

                var (block, within) = ((uint)(position >> 10), position & 1023);
                if (rc4.Cipher is null || rc4.Block != block)
                {
                    rc4 = (cipher.Block(block), block, 0);
                }

                rc4.Cipher!.Skip(within - rc4.Used);
                rc4.Cipher.Apply(book.AsSpan(position, 1));
                rc4.Used = within + 1;
            }

            if (id == FilePass)
            {
                // Its number is taken away and its length kept: nothing moves.
                BinaryPrimitives.WriteUInt16LittleEndian(book.AsSpan(at - 4), 0x0FF0); // no record has it
            }

            at += length;
        }
    }

    private static OfficeEncryptionExcel Xor(string? stream, ReadOnlySpan<byte> pass) =>
        new(stream, null, BinaryPrimitives.ReadUInt16LittleEndian(pass), BinaryPrimitives.ReadUInt16LittleEndian(pass[2..]));
}

/// <summary>A document of Word 97 to 2003 behind a password: RC4, RC4 CryptoAPI and XOR obfuscation (MS-DOC section 2.2.6).</summary>
internal sealed class OfficeEncryptionWord : OfficeEncryption
{
    /// <summary>Octets at the beginning of the WordDocument stream that stay in the clear.</summary>
    private const int ClearLength = 68;

    private readonly string table;
    private readonly OfficeRc4? cipher;
    private readonly uint xorVerifier;
    private byte[] pattern = [];

    private OfficeEncryptionWord(string table, OfficeRc4? cipher, uint xorVerifier) => (this.table, this.cipher, this.xorVerifier) = (table, cipher, xorVerifier);

    public override bool IsSlow => false;

    public static OfficeEncryption? Find(CompoundFile file)
    {
        var fib = file.Find("WordDocument") is { } entry ? file.Read(entry, 32) : [];
        if (fib.Length < 32)
        {
            return null;
        }

        // FibBase (MS-DOC section 2.5.2): which table stream, whether it is encrypted at all, and whether by XOR.
        var flags = BinaryPrimitives.ReadUInt16LittleEndian(fib.AsSpan(10));
        var table = (flags & 0x0200) != 0 ? "1Table" : "0Table";
        return (flags & 0x0100) == 0 ? null
            : (flags & 0x8000) != 0 ? new OfficeEncryptionWord(table, null, BinaryPrimitives.ReadUInt32LittleEndian(fib.AsSpan(14)))
            : file.Find(table) is { } keys && OfficeRc4.Read(file.Read(keys, 4096)) is { } cipher ? new OfficeEncryptionWord(table, cipher, 0) : null;
    }

    /// <summary>Of XOR the key stands in the upper half of the verifier (MS-OFFCRYPTO section 2.3.7.4).</summary>
    protected override bool Matches(string password)
    {
        if (cipher is not null)
        {
            return cipher.Matches(password);
        }

        pattern = OfficeXor.Pattern(password, OfficeXor.WordRotation, out var key, out var verifier);
        return xorVerifier == (uint)((key << 16) | verifier);
    }

    protected override byte[] Open(byte[] image, ReadBudget budget)
    {
        var file = CompoundFile.Open(new MemoryStream(image));
        foreach (var name in new[] { "WordDocument", table, "Data" })
        {
            if (file.Find(name) is not { IsStorage: false } entry)
            {
                continue;
            }

            var octets = file.Read(entry, MaxLength);
            var clear = name == "WordDocument" ? octets[..Math.Min(ClearLength, octets.Length)] : [];
            if (cipher is not null)
            {
                cipher.Apply(octets, 512);
            }
            else
            {
                OfficeXor.Apply(octets, pattern);
            }

            clear.CopyTo(octets, 0);
            if (clear.Length == ClearLength)
            {
                octets[11] &= 0x7E; // fEncrypted, fObfuscated
                octets.AsSpan(14, 4).Clear(); // lKey
            }

            file.Overwrite(entry, octets);
        }

        return image;
    }
}

/// <summary>A presentation of PowerPoint 97 to 2003 behind a password: RC4 CryptoAPI, each persist object by itself (MS-PPT section 2.3.7).</summary>
internal sealed class OfficeEncryptionPowerPoint : OfficeEncryption
{
    private const int MaxObjects = 100_000;
    private readonly OfficeRc4 cipher;
    private readonly Dictionary<uint, uint> objects;
    private readonly uint session;

    private OfficeEncryptionPowerPoint(OfficeRc4 cipher, Dictionary<uint, uint> objects, uint session) => (this.cipher, this.objects, this.session) = (cipher, objects, session);

    public override bool IsSlow => false;

    public static OfficeEncryption? Find(CompoundFile file)
    {
        if (file.Find("Current User") is not { } user || file.Find("PowerPoint Document") is not { } stream)
        {
            return null;
        }

        var edit = BinaryPrimitives.ReadUInt32LittleEndian(file.Read(user, 64).AsSpan(16));
        var slides = file.Read(stream, MaxLength);
        var objects = new Dictionary<uint, uint>();
        var session = 0u;
        for (var seen = new HashSet<uint>(); edit != 0 && seen.Add(edit) && seen.Count < 100;)
        {
            // UserEditAtom (MS-PPT section 2.3.3): the edit before, the directory, and at its end which object holds the keys.
            var atom = slides.AsSpan(checked((int)edit));
            var length = BinaryPrimitives.ReadInt32LittleEndian(atom[4..]);
            if (BinaryPrimitives.ReadUInt16LittleEndian(atom[2..]) != 0x0FF5)
            {
                break;
            }

            if (session == 0 && length >= 32)
            {
                session = BinaryPrimitives.ReadUInt32LittleEndian(atom[36..]);
            }

            ReadDirectory(slides.AsSpan(checked((int)BinaryPrimitives.ReadUInt32LittleEndian(atom[20..]))), objects);
            edit = BinaryPrimitives.ReadUInt32LittleEndian(atom[16..]);
        }

        return session != 0 && objects.TryGetValue(session, out var at) && OfficeRc4.Read(slides.AsSpan(checked((int)at + 8))) is { } cipher
            ? new OfficeEncryptionPowerPoint(cipher, objects, session) : null;
    }

    protected override bool Matches(string password) => cipher.Matches(password);

    protected override byte[] Open(byte[] image, ReadBudget budget)
    {
        var file = CompoundFile.Open(new MemoryStream(image));
        var entry = file.Find("PowerPoint Document")!;
        var slides = file.Read(entry, MaxLength);
        var done = new HashSet<uint>();
        foreach (var (id, offset) in objects)
        {
            if (id == session || (long)offset + 8 > slides.Length || !done.Add(offset))
            {
                continue;
            }

            budget.Unpack(0);
            var rc4 = cipher.Block(id);
            var header = slides.AsSpan((int)offset, 8);
            rc4.Apply(header);
            var length = BinaryPrimitives.ReadUInt32LittleEndian(header[4..]);
            budget.Unpack(Math.Min(length, slides.Length));
            rc4.Apply(slides.AsSpan((int)offset + 8, (int)Math.Min(length, slides.Length - offset - 8)));
        }

        file.Overwrite(entry, slides);
        if (file.Find("Current User") is { } user)
        {
            var octets = file.Read(user, 4096);
            BinaryPrimitives.WriteUInt32LittleEndian(octets.AsSpan(12), 0xE391C05F); // headerToken of a presentation in the clear
            file.Overwrite(user, octets);
        }

        return image;
    }

    /// <summary>PersistDirectoryAtom (MS-PPT section 2.3.4): runs of 20 bits of first number, 12 bits of count, then offsets. The latest edit comes first and wins.</summary>
    private static void ReadDirectory(ReadOnlySpan<byte> atom, Dictionary<uint, uint> objects)
    {
        var length = BinaryPrimitives.ReadInt32LittleEndian(atom[4..]);
        var entries = atom.Slice(8, Math.Min(length, atom.Length - 8));
        while (entries.Length >= 4)
        {
            var run = BinaryPrimitives.ReadUInt32LittleEndian(entries);
            entries = entries[4..];
            for (var i = 0u; i < run >> 20 && entries.Length >= 4 && objects.Count < MaxObjects; i++)
            {
                objects.TryAdd((run & 0xFFFFF) + i, BinaryPrimitives.ReadUInt32LittleEndian(entries));
                entries = entries[4..];
            }
        }
    }
}

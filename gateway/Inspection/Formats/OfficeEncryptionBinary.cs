using System.Buffers.Binary;

namespace Sekisho.Inspection.Formats;

/// <summary>A workbook of Excel 97 to 2003 behind a password: RC4, RC4 CryptoAPI, XOR obfuscation (MS-XLS section 2.4.117, MS-OFFCRYPTO sections 2.3.5 to 2.3.7).</summary>
internal sealed class OfficeEncryptionExcel : OfficeEncryption
{
    private const ushort FilePass = 0x002F;
    private readonly string stream;
    private readonly OfficeRc4? cipher;
    private readonly ushort xorKey;
    private readonly ushort xorVerifier;
    private byte[] pattern = [];

    private OfficeEncryptionExcel(string stream, OfficeRc4? cipher, ushort xorKey, ushort xorVerifier) =>
        (this.stream, this.cipher, this.xorKey, this.xorVerifier) = (stream, cipher, xorKey, xorVerifier);

    public override bool IsSlow => false;

    public static OfficeEncryption? Find(CompoundFile file)
    {
        var entry = file.Find("Workbook") ?? file.Find("Book");
        if (entry is null)
        {
            return null;
        }

        var records = file.Read(entry, 64 << 10);
        for (var at = 0; at + 4 <= records.Length;)
        {
            var length = BinaryPrimitives.ReadUInt16LittleEndian(records.AsSpan(at + 2));
            if (BinaryPrimitives.ReadUInt16LittleEndian(records.AsSpan(at)) == FilePass)
            {
                var pass = records.AsSpan(at + 4, length);

                // BIFF5 has no type: key and verifier stand alone.
                return pass.Length == 4 ? Xor(entry.Path, pass)
                    : BinaryPrimitives.ReadUInt16LittleEndian(pass) == 0 ? Xor(entry.Path, pass[2..])
                    : OfficeRc4.Read(pass[2..]) is { } cipher ? new OfficeEncryptionExcel(entry.Path, cipher, 0, 0) : null;
            }

            at += 4 + length;
        }

        return null;
    }

    protected override bool Matches(string password)
    {
        if (cipher is not null)
        {
            return cipher.Matches(password);
        }

        pattern = OfficeXor.Pattern(password, out var key, out var verifier);
        return key == xorKey && verifier == xorVerifier;
    }

    protected override byte[] Open(byte[] image, ReadBudget budget)
    {
        var file = CompoundFile.Open(new MemoryStream(image));
        var entry = file.Find(stream)!;
        var book = file.Read(entry, MaxLength);
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

        file.Overwrite(entry, book);
        return image;
    }

    private static OfficeEncryptionExcel Xor(string stream, ReadOnlySpan<byte> pass) =>
        new(stream, null, BinaryPrimitives.ReadUInt16LittleEndian(pass), BinaryPrimitives.ReadUInt16LittleEndian(pass[2..]));
}

/// <summary>A document of Word 97 to 2003 behind a password: RC4 and RC4 CryptoAPI (MS-DOC section 2.2.6).</summary>
internal sealed class OfficeEncryptionWord : OfficeEncryption
{
    /// <summary>Octets at the beginning of the WordDocument stream that stay in the clear.</summary>
    private const int ClearLength = 68;

    private readonly string table;
    private readonly OfficeRc4 cipher;

    private OfficeEncryptionWord(string table, OfficeRc4 cipher) => (this.table, this.cipher) = (table, cipher);

    public override bool IsSlow => false;

    public static OfficeEncryption? Find(CompoundFile file)
    {
        var fib = file.Find("WordDocument") is { } entry ? file.Read(entry, 32) : [];
        if (fib.Length < 32)
        {
            return null;
        }

        // FibBase (MS-DOC section 2.5.2): which table stream, and whether the key is XOR.
        var flags = BinaryPrimitives.ReadUInt16LittleEndian(fib.AsSpan(10));
        var table = (flags & 0x0200) != 0 ? "1Table" : "0Table";
        return (flags & 0x8000) == 0 && file.Find(table) is { } keys && OfficeRc4.Read(file.Read(keys, 4096)) is { } cipher ? new OfficeEncryptionWord(table, cipher) : null;
    }

    protected override bool Matches(string password) => cipher.Matches(password);

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
            cipher.Apply(octets, 512);
            clear.CopyTo(octets, 0);
            if (clear.Length == ClearLength)
            {
                octets[11] &= 0xFE; // fEncrypted
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

/// <summary>XOR obfuscation method 1 (MS-OFFCRYPTO section 2.3.7.2).</summary>
internal static class OfficeXor
{
    private static readonly byte[] Padding = [0xBB, 0xFF, 0xFF, 0xBA, 0xFF, 0xFF, 0xB9, 0x80, 0x00, 0xBE, 0x0F, 0x00, 0xBF, 0x0F, 0x00];

    private static readonly ushort[] Initial =
        [0xE1F0, 0x1D0F, 0xCC9C, 0x84C0, 0x110C, 0x0E10, 0xF1CE, 0x313E, 0x1872, 0xE139, 0xD40F, 0x84F9, 0x280C, 0xA96A, 0x4EC3];

    private static readonly ushort[] Matrix =
    [
        0xAEFC, 0x4DD9, 0x9BB2, 0x2745, 0x4E8A, 0x9D14, 0x2A09, 0x7B61, 0xF6C2, 0xFDA5, 0xEB6B, 0xC6F7, 0x9DCF, 0x2BBF,
        0x4563, 0x8AC6, 0x05AD, 0x0B5A, 0x16B4, 0x2D68, 0x5AD0, 0x0375, 0x06EA, 0x0DD4, 0x1BA8, 0x3750, 0x6EA0, 0xDD40,
        0xD849, 0xA0B3, 0x5147, 0xA28E, 0x553D, 0xAA7A, 0x44D5, 0x6F45, 0xDE8A, 0xAD35, 0x4A4B, 0x9496, 0x390D, 0x721A,
        0xEB23, 0xC667, 0x9CEF, 0x29FF, 0x53FE, 0xA7FC, 0x5FD9, 0x47D3, 0x8FA6, 0x0F6D, 0x1EDA, 0x3DB4, 0x7B68, 0xF6D0,
        0xB861, 0x60E3, 0xC1C6, 0x93AD, 0x377B, 0x6EF6, 0xDDEC, 0x45A0, 0x8B40, 0x06A1, 0x0D42, 0x1A84, 0x3508, 0x6A10,
        0xAA51, 0x4483, 0x8906, 0x022D, 0x045A, 0x08B4, 0x1168, 0x76B4, 0xED68, 0xCAF1, 0x85C3, 0x1BA7, 0x374E, 0x6E9C,
        0x3730, 0x6E60, 0xDCC0, 0xA9A1, 0x4363, 0x86C6, 0x1DAD, 0x3331, 0x6662, 0xCCC4, 0x89A9, 0x0373, 0x06E6, 0x0DCC,
        0x1021, 0x2042, 0x4084, 0x8108, 0x1231, 0x2462, 0x48C4,
    ];

    /// <summary>The sixteen octets that a password stands for, with its key and verifier; of a password 15 ASCII octets count.</summary>
    public static byte[] Pattern(string password, out ushort key, out ushort verifier)
    {
        var text = System.Text.Encoding.Latin1.GetBytes(password.Length > 15 ? password[..15] : password);
        verifier = 0;
        for (var i = text.Length; i >= 0; i--)
        {
            var octet = i == 0 ? (byte)text.Length : text[i - 1];
            verifier = (ushort)((((verifier & 0x4000) != 0 ? 1 : 0) | ((verifier << 1) & 0x7FFF)) ^ octet);
        }

        verifier ^= 0xCE4B;
        key = 0;
        if (text.Length == 0)
        {
            return new byte[16];
        }

        key = Initial[text.Length - 1];
        var element = 104;
        for (var i = text.Length - 1; i >= 0; i--)
        {
            for (var (bit, octet) = (0, text[i]); bit < 7; bit++, octet <<= 1)
            {
                key ^= (octet & 0x40) != 0 ? Matrix[element] : (ushort)0;
                element--;
            }
        }

        var pattern = new byte[16];
        for (var i = 0; i < 16; i++)
        {
            var octet = i < text.Length ? text[i] : Padding[i - text.Length];
            octet ^= (byte)((i & 1) == 0 ? key : key >> 8);
            pattern[i] = (byte)((octet >> 1) | (octet << 7));
        }

        return pattern;
    }
}

using System.Buffers.Binary;
using System.IO.Compression;
using System.Security.Cryptography;

namespace Sekisho.Inspection.Formats;

/// <summary>Opens members of a ZIP under WinZip's AES, whatever octets stand for the password (WinZip's AE-1 and AE-2, APPNOTE extra field 0x9901).</summary>
internal static class ZipAes
{
    /// <summary>The method that directory and local header give such a member.</summary>
    public const int Method = 99;

    private const int SealLength = 10;

    /// <summary>The unpacked octets of a member, forwards. Reading throws <see cref="InvalidDataException"/> where the seal at its end does not fit.</summary>
    /// <param name="file">The archive, seekable; must stay open.</param>
    /// <param name="at">Where the member's local header stands.</param>
    /// <param name="packed">Its octets in the archive, as the directory says.</param>
    /// <param name="password">The password's octets.</param>
    /// <exception cref="InvalidDataException">The password is wrong by its own check, the header is broken, or what is encrypted is packed by a method other than 0 and 8.</exception>
    public static Stream Open(Stream file, long at, long packed, ReadOnlySpan<byte> password)
    {
        var (strength, method, dataAt) = Header(file, at);
        int keyLength = 8 + (8 * strength), saltLength = keyLength / 2;
        var head = new byte[saltLength + 2];
        var data = packed - head.Length - SealLength;
        if (data < 0 || dataAt + packed > file.Length)
        {
            throw new InvalidDataException("The encrypted member is cut off.");
        }

        file.Position = dataAt;
        file.ReadExactly(head);
#pragma warning disable CA5379 // SHA-1 and a thousand rounds are what the format asks for
        var keys = Rfc2898DeriveBytes.Pbkdf2(password, head.AsSpan(0, saltLength), 1000, HashAlgorithmName.SHA1, (2 * keyLength) + 2);
#pragma warning restore CA5379
        if (!keys.AsSpan(2 * keyLength).SequenceEqual(head.AsSpan(saltLength)))
        {
            throw new InvalidDataException("The password is wrong.");
        }

        var seal = new byte[SealLength];
        file.Position = dataAt + packed - SealLength;
        file.ReadExactly(seal);
        var clear = new Clear(new SliceStream(file, dataAt + head.Length, data), keys.AsSpan(0, keyLength), keys.AsSpan(keyLength, keyLength), seal);
        return method switch
        {
            0 => clear,
            8 => new DeflateStream(clear, CompressionMode.Decompress),
            _ => Refused(clear, method),
        };
    }

    private static Stream Refused(Clear clear, int method)
    {
        clear.Dispose();
        throw new InvalidDataException($"Method {method} under AES is not looked into.");
    }

    /// <summary>Of a local header: how strong the encryption is (1 to 3), how the member is packed beneath, and where its octets begin.</summary>
    private static (int Strength, int Method, long DataAt) Header(Stream file, long at)
    {
        var head = new byte[30];
        if (at < 0 || at + head.Length > file.Length)
        {
            throw new InvalidDataException("The member's header is missing.");
        }

        file.Position = at;
        file.ReadExactly(head);
        int name = BinaryPrimitives.ReadUInt16LittleEndian(head.AsSpan(26)), length = BinaryPrimitives.ReadUInt16LittleEndian(head.AsSpan(28));
        var extraAt = at + head.Length + name;
        if (!head.AsSpan().StartsWith("PK\u0003\u0004"u8) || extraAt + length > file.Length)
        {
            throw new InvalidDataException("The member's header is broken.");
        }

        var extra = new byte[length];
        file.Position = extraAt;
        file.ReadExactly(extra);
        for (var i = 0; i + 4 <= length;)
        {
            var size = BinaryPrimitives.ReadUInt16LittleEndian(extra.AsSpan(i + 2));
            if (BinaryPrimitives.ReadUInt16LittleEndian(extra.AsSpan(i)) == 0x9901 && size >= 7 && i + 11 <= length && extra[i + 8] is >= 1 and <= 3)
            {
                return (extra[i + 8], BinaryPrimitives.ReadUInt16LittleEndian(extra.AsSpan(i + 9)), extraAt + length);
            }

            i += 4 + size;
        }

        throw new InvalidDataException("The member does not say how it is encrypted.");
    }

    /// <summary>AES in counter mode, the counter's lowest octet first and from 1; HMAC-SHA-1 over what is encrypted.</summary>
    private sealed class Clear : ForwardStream
    {
        private readonly SliceStream source;
        private readonly Aes aes;
        private readonly IncrementalHash hash;
        private readonly byte[] seal;
        private readonly byte[] mask = new byte[4096];
        private int maskAt;
        private ulong counter;
        private bool isChecked;

        public Clear(SliceStream source, ReadOnlySpan<byte> key, ReadOnlySpan<byte> sealKey, byte[] seal)
        {
            this.source = source;
            this.seal = seal;
            aes = Aes.Create();
            aes.Key = key.ToArray();
            hash = IncrementalHash.CreateHMAC(HashAlgorithmName.SHA1, sealKey);
            maskAt = mask.Length;
        }

        public override int Read(Span<byte> buffer)
        {
            var got = source.Read(buffer);
            hash.AppendData(buffer[..got]);
            for (var i = 0; i < got; i++)
            {
                if (maskAt == mask.Length)
                {
                    NextMask();
                }

                buffer[i] ^= mask[maskAt++];
            }

            if (source.Position == source.Length && !isChecked)
            {
                isChecked = true;
                if (!hash.GetHashAndReset().AsSpan(0, SealLength).SequenceEqual(seal))
                {
                    throw new InvalidDataException("The encrypted member was changed, or the password is wrong.");
                }
            }

            return got;
        }

        protected override void Dispose(bool disposing)
        {
            if (disposing)
            {
                aes.Dispose();
                hash.Dispose();
                source.Dispose();
            }

            base.Dispose(disposing);
        }

        private void NextMask()
        {
            mask.AsSpan().Clear();
            for (var at = 0; at < mask.Length; at += 16)
            {
                BinaryPrimitives.WriteUInt64LittleEndian(mask.AsSpan(at), ++counter);
            }

            aes.EncryptEcb(mask, mask, PaddingMode.None);
            maskAt = 0;
        }
    }
}

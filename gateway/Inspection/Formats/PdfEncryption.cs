using System.Buffers.Binary;
using System.Security.Cryptography;

namespace Sekisho.Inspection.Formats;

/// <summary>The standard security handler of PDF (ISO 32000-1 section 7.6, ISO 32000-2 section 7.6): RC4 and AES, crypt filters, user and owner password.</summary>
internal sealed class PdfEncryption
{
    private const int MaxFilters = 100;

    private readonly PdfPasswords? passwords;
    private readonly Dictionary<string, Method> named;
    private readonly Method streams;
    private readonly Method strings;
    private readonly Method files;
    private readonly bool isMetadataClear;
    private byte[]? key;

    private PdfEncryption(PdfPasswords? passwords, Dictionary<string, Method> named, Method streams, Method strings, Method files, bool isMetadataClear)
    {
        this.passwords = passwords;
        this.named = named;
        this.streams = streams;
        this.strings = strings;
        this.files = files;
        this.isMetadataClear = isMetadataClear;
    }

    private enum Method
    {
        /// <summary>Nothing is done.</summary>
        Identity,

        /// <summary>RC4 with a key for each object.</summary>
        Rc4,

        /// <summary>AES-128 with a key for each object.</summary>
        Aes128,

        /// <summary>AES-256 with the file's key.</summary>
        Aes256,

        /// <summary>Not known here, so that it stays shut.</summary>
        Unknown,
    }

    /// <summary>True where one try costs about a millisecond by design (revision 6).</summary>
    public bool IsSlow => passwords is { Revision: 6 };

    /// <summary>Reads an encryption dictionary. One of a handler or version not known gives what no password opens.</summary>
    /// <param name="encrypt">The dictionary that the trailer calls <c>Encrypt</c>; null where it is missing.</param>
    /// <param name="id">The first string of the trailer's <c>ID</c>; empty where there is none.</param>
    /// <param name="resolve">Follows a reference.</param>
    public static PdfEncryption Read(Dictionary<string, object?>? encrypt, byte[] id, Func<object?, object?> resolve)
    {
        var version = encrypt is null ? 0 : Number(resolve(encrypt.GetValueOrDefault("V")));
        if (encrypt is null || (resolve(encrypt.GetValueOrDefault("Filter")) as PdfName)?.Text is not "Standard" || version is not (1 or 2 or 4 or 5)
            || PdfPasswords.Read(encrypt, version, id, resolve) is not { } passwords)
        {
            return new PdfEncryption(null, [], Method.Unknown, Method.Unknown, Method.Unknown, false);
        }

        if (version < 4)
        {
            return new PdfEncryption(passwords, [], Method.Rc4, Method.Rc4, Method.Rc4, false);
        }

        var named = new Dictionary<string, Method>(StringComparer.Ordinal);
        foreach (var (name, value) in (resolve(encrypt.GetValueOrDefault("CF")) as Dictionary<string, object?> ?? []).Take(MaxFilters))
        {
            named[name] = resolve(value) is Dictionary<string, object?> filter
                ? (resolve(filter.GetValueOrDefault("CFM")) as PdfName)?.Text switch { null or "None" => Method.Identity, "V2" => Method.Rc4, "AESV2" => Method.Aes128, "AESV3" => Method.Aes256, _ => Method.Unknown }
                : Method.Unknown;
        }

        named["Identity"] = Method.Identity;
        Method Of(string entry, Method otherwise) => resolve(encrypt.GetValueOrDefault(entry)) is PdfName name ? named.GetValueOrDefault(name.Text, Method.Unknown) : otherwise;
        var streams = Of("StmF", Method.Identity);
        return new PdfEncryption(passwords, named, streams, Of("StrF", Method.Identity), Of("EFF", streams), passwords.IsMetadataClear);
    }

    /// <summary>True for the right password, the user's or the owner's. Keeps the key.</summary>
    public bool Try(string password)
    {
        key ??= passwords?.Key(password);
        return key is not null;
    }

    /// <summary>A string in the clear; null where that needs a key that is not there.</summary>
    /// <param name="octets">The string as it stands in the file.</param>
    /// <param name="number">The number of the object it stands in.</param>
    /// <param name="generation">That object's generation.</param>
    public byte[]? Text(byte[] octets, int number, int generation) => Open(strings, octets, number, generation);

    /// <summary>A stream's octets in the clear, its filters not yet undone; null where that needs a key that is not there.</summary>
    /// <param name="octets">The octets as they stand in the file.</param>
    /// <param name="item">The stream's object.</param>
    /// <param name="type">Its <c>Type</c>.</param>
    /// <param name="filter">The name that a <c>Crypt</c> filter of its own gives; null where it has none.</param>
    /// <param name="isFile">True for an embedded file.</param>
    public byte[]? Stream(ReadOnlySpan<byte> octets, PdfObject item, string? type, string? filter, bool isFile)
    {
        var method = type == "XRef" ? Method.Identity
            : filter is not null ? named.GetValueOrDefault(filter, Method.Unknown)
            : type == "Metadata" && isMetadataClear ? Method.Identity
            : isFile ? files : streams;
        return Open(method, octets, item.Number, item.Generation);
    }

    /// <summary>A whole number, 0 for anything else. Permissions are 32 bits that some write without a sign.</summary>
    internal static int Number(object? value) => value switch { int number => number, long number => unchecked((int)number), _ => 0 };

    private byte[]? Open(Method method, ReadOnlySpan<byte> octets, int number, int generation)
    {
        if (method == Method.Identity)
        {
            return octets.ToArray();
        }

        if (key is null || method == Method.Unknown)
        {
            return null;
        }

        if (method == Method.Aes256)
        {
            return key.Length == 32 ? DecryptAes(key, octets) : null;
        }

        // Algorithm 1: the object's number and generation are mixed into its key.
        Span<byte> mixed = stackalloc byte[key.Length + 9];
        key.CopyTo(mixed);
        var rest = mixed[key.Length..];
        BinaryPrimitives.WriteInt32LittleEndian(rest, number);
        BinaryPrimitives.WriteInt16LittleEndian(rest[3..], unchecked((short)generation));
        "sAlT"u8.CopyTo(rest[5..]);
        var own = MD5.HashData(mixed[..(key.Length + (method == Method.Aes128 ? 9 : 5))]).AsSpan(0, Math.Min(16, key.Length + 5));
        if (method == Method.Aes128)
        {
            return own.Length == 16 ? DecryptAes(own.ToArray(), octets) : null;
        }

        var clear = octets.ToArray();
        new Rc4(own).Apply(clear);
        return clear;
    }

    /// <summary>AES in CBC mode: the first block is the vector, the last octet tells how many were filled in. Whole blocks are taken as far as there are any.</summary>
    private static byte[] DecryptAes(byte[] key, ReadOnlySpan<byte> octets)
    {
        if (octets.Length < 32)
        {
            return [];
        }

        using var aes = Aes.Create();
        aes.Key = key;
        var clear = aes.DecryptCbc(octets[16..(octets.Length & ~15)], octets[..16], PaddingMode.None);
        var padding = clear[^1];
        return padding is > 0 and <= 16 ? clear[..^padding] : clear;
    }
}

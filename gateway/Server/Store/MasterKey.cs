using System.Security.Cryptography;

namespace Sekisho.Store;

/// <summary>The key that wraps every letter's key: in a file of mode 0600 or in the environment, never in the database.</summary>
/// <remarks>Several keys may be there at once, newest first, while a rotation is under way; which one wraps new letters is written in the database.</remarks>
internal sealed class MasterKey
{
    /// <summary>The environment variable that takes the file's place: base64 of 32 octets; several, newest first, with commas between.</summary>
    public const string Variable = "SEKISHO_MASTER_KEY";

    private const int NonceSize = 12;
    private const int TagSize = 16;
    private readonly string? _file;
    private Dictionary<string, byte[]> _keys = [];
    private List<string> _order = [];

    private MasterKey(string? file) => _file = file;

    /// <summary>The key's file; null when it comes from the environment.</summary>
    public string? File => _file;

    /// <summary>Names of the keys at hand, newest first.</summary>
    public IReadOnlyList<string> Ids => Volatile.Read(ref _order);

    /// <summary>Reads the key from the environment's text if there is one, else from the file.</summary>
    /// <param name="file">The key file.</param>
    /// <param name="environment">The value of <see cref="Variable"/>, or null.</param>
    /// <param name="mayCreate">True when the store is new: only then may a missing file be made.</param>
    /// <exception cref="StoreException">No key, a damaged one, or one that others can read.</exception>
    public static MasterKey Load(string file, string? environment, bool mayCreate)
    {
        if (!string.IsNullOrWhiteSpace(environment))
        {
            var fromEnvironment = new MasterKey(null);
            fromEnvironment.Take(environment.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries)
                .Select(text => Decode(text, $"The environment variable {Variable}")));
            return fromEnvironment;
        }

        var key = new MasterKey(file);
        try
        {
            if (!System.IO.File.Exists(file))
            {
                if (!mayCreate)
                {
                    throw new StoreException(
                        $"The master key file {file} is missing, and the store holds letters that need it. Bring it back from the backup, or copy it from the other gateway (mode 0600), or set {Variable}.");
                }

                DurableFile.Create(file, Line(RandomNumberGenerator.GetBytes(LetterKey.Size)));
            }

            key.Reload();
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new StoreException($"The master key file {file} cannot be read or made: {e.Message}", e);
        }

        return key;
    }

    /// <summary>A key's name: the begin of its SHA-256, so that a line of the file proves itself.</summary>
    public static string IdOf(ReadOnlySpan<byte> key)
    {
        Span<byte> marked = stackalloc byte[18 + LetterKey.Size];
        "sekisho master key"u8.CopyTo(marked);
        key.CopyTo(marked[18..]);
        Span<byte> hash = stackalloc byte[SHA256.HashSizeInBytes];
        SHA256.HashData(marked, hash);
        CryptographicOperations.ZeroMemory(marked);
        return Convert.ToHexStringLower(hash[..8]);
    }

    /// <summary>True when the named key is at hand; the file is read again first when it is not, since another process may have rotated.</summary>
    public bool Has(string id)
    {
        if (!Volatile.Read(ref _keys).ContainsKey(id) && _file is not null)
        {
            try
            {
                Reload();
            }
            catch (Exception e) when (e is IOException or UnauthorizedAccessException)
            {
                return false;
            }
        }

        return Volatile.Read(ref _keys).ContainsKey(id);
    }

    /// <summary>Wraps a key (nonce, sealed key, tag), bound to what <paramref name="bound"/> says it is for.</summary>
    public byte[] Wrap(string id, ReadOnlySpan<byte> key, ReadOnlySpan<byte> bound)
    {
        var box = new byte[NonceSize + key.Length + TagSize];
        RandomNumberGenerator.Fill(box.AsSpan(0, NonceSize));
        using var cipher = new AesGcm(Named(id), TagSize);
        cipher.Encrypt(box.AsSpan(0, NonceSize), key, box.AsSpan(NonceSize, key.Length), box.AsSpan(NonceSize + key.Length), bound);
        return box;
    }

    /// <summary>Unwraps a key.</summary>
    /// <exception cref="StoreException">The master key is not at hand, or the wrapped key or what it is bound to was changed.</exception>
    public byte[] Unwrap(string id, ReadOnlySpan<byte> box, ReadOnlySpan<byte> bound)
    {
        var key = new byte[Math.Max(0, box.Length - NonceSize - TagSize)];
        try
        {
            using var cipher = new AesGcm(Named(id), TagSize);
            cipher.Decrypt(box[..NonceSize], box[NonceSize..^TagSize], box[^TagSize..], key, bound);
            return key;
        }
        catch (Exception e) when (e is CryptographicException or ArgumentException)
        {
            throw new StoreException("A key in the store cannot be unwrapped: it, or the row it belongs to, was changed.", e);
        }
    }

    /// <summary>Puts a new key in front of the file and returns its name; the old ones stay. An unfinished rotation's key is taken up instead.</summary>
    public string AddNewest()
    {
        Reload();
        if (_order.Count < 2)
        {
            var key = RandomNumberGenerator.GetBytes(LetterKey.Size);
            DurableFile.Replace(_file!, Line(key) + string.Concat(_order.Select(id => Line(_keys[id]))));
            CryptographicOperations.ZeroMemory(key);
            Reload();
        }

        return _order[0];
    }

    /// <summary>Removes every key but one from the file. Nothing may be wrapped by the others any more.</summary>
    public void KeepOnly(string id)
    {
        DurableFile.Replace(_file!, Line(Named(id)));
        Reload();
    }

    private static string Line(byte[] key) => $"{IdOf(key)}:{Convert.ToBase64String(key)}\n";

    private static byte[] Decode(string text, string where)
    {
        var key = new byte[LetterKey.Size];
        return Convert.TryFromBase64String(text, key, out var written) && written == LetterKey.Size && text.Length == 44
            ? key
            : throw new StoreException($"{where} does not hold a key: base64 of 32 octets is expected (openssl rand -base64 32).");
    }

    private byte[] Named(string id) => Has(id)
        ? Volatile.Read(ref _keys)[id]
        : throw new StoreException(_file is null
            ? $"The store needs the master key {id}, and {Variable} does not hold it: add it behind the newest, with a comma between."
            : $"The store needs the master key {id}, and {_file} does not hold it: bring back the file that belongs to this store, or copy it from the gateway that rotated.");

    private void Reload()
    {
        if (!OperatingSystem.IsWindows())
        {
            var mode = System.IO.File.GetUnixFileMode(_file!);
            if ((mode & ~(DurableFile.PrivateFile | UnixFileMode.UserExecute)) != 0)
            {
                throw new StoreException($"The master key file {_file} can be read or written by others. Run: chmod 600 {_file}");
            }
        }

        var keys = new List<byte[]>();
        foreach (var line in System.IO.File.ReadAllLines(_file!))
        {
            if (line.Length == 0)
            {
                continue;
            }

            var colon = line.IndexOf(':', StringComparison.Ordinal);
            var key = Decode(line[(colon + 1)..], $"The master key file {_file}");
            // A bare key is what "head -c 32 /dev/urandom | base64" writes; a name in front guards against a mangled line.
            if (colon >= 0 && IdOf(key) != line[..colon])
            {
                throw new StoreException($"The master key file {_file} is damaged: a line's name does not fit its key. Bring it back from the backup.");
            }

            keys.Add(key);
        }

        if (keys.Count == 0)
        {
            throw new StoreException($"The master key file {_file} is empty. Bring it back from the backup.");
        }

        Take(keys);
    }

    private void Take(IEnumerable<byte[]> keys)
    {
        var named = new Dictionary<string, byte[]>();
        var order = new List<string>();
        foreach (var key in keys)
        {
            if (named.TryAdd(IdOf(key), key))
            {
                order.Add(IdOf(key));
            }
        }

        if (order.Count == 0)
        {
            throw new StoreException($"The environment variable {Variable} holds no key: base64 of 32 octets is expected (openssl rand -base64 32).");
        }

        Volatile.Write(ref _keys, named);
        Volatile.Write(ref _order, order);
    }
}

using System.IO.Compression;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using System.Text.Json.Serialization;
using Org.BouncyCastle.Crypto.Parameters;

namespace Sekisho.Signatures;

/// <summary>
/// A signed bundle: one zip with the files of a generation, <c>manifest.json</c> (path, SHA-256 and length of each) and <c>manifest.sig</c> (lines of key id
/// and Ed25519 signature over the manifest's octets), for networks without Internet.
/// </summary>
internal static class SignatureBundle
{
    private const string FormatName = "sekisho-signatures-1";
    private const string ManifestName = "manifest.json";
    private const string SignatureName = "manifest.sig";
    private const int MaxManifest = 8 << 20;

    private static readonly JsonSerializerOptions Json = new() { PropertyNamingPolicy = JsonNamingPolicy.CamelCase, UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow };

    /// <summary>True for a zip that has a manifest, signed or not.</summary>
    public static bool IsBundle(string file)
    {
        try
        {
            using var zip = ZipFile.OpenRead(file);
            return zip.GetEntry(ManifestName) is not null || zip.GetEntry(SignatureName) is not null;
        }
        catch (InvalidDataException)
        {
            return false;
        }
    }

    /// <summary>Writes a bundle of a folder's signatures.</summary>
    /// <returns>How many files are in it, and the key's id.</returns>
    public static (int Files, string KeyId) Write(string folder, string file, string keyFile, DateTimeOffset now)
    {
        var paths = SignatureFiles.In(folder);
        if (paths.Count == 0)
        {
            throw new SignatureException($"{folder} holds no signatures (yara/, indicators/, lists/).");
        }

        var next = file + ".new";
        string id;
        using (var zip = new ZipArchive(new FileStream(next, FileMode.Create), ZipArchiveMode.Create))
        {
            var entries = new List<ManifestFile>();
            foreach (var path in paths)
            {
                using var source = File.OpenRead(Path.Combine(folder, path));
                entries.Add(new ManifestFile(path, Convert.ToHexStringLower(SHA256.HashData(source)), source.Length));
                source.Position = 0;
                using var target = zip.CreateEntry(path).Open();
                source.CopyTo(target);
            }

            var manifest = JsonSerializer.SerializeToUtf8Bytes(new Manifest(FormatName, DateTimeOffset.FromUnixTimeSeconds(now.ToUnixTimeSeconds()), entries), Json);
            (id, var signature) = SignatureKeys.Sign(keyFile, manifest);
            using (var target = zip.CreateEntry(ManifestName).Open())
            {
                target.Write(manifest);
            }

            using var lines = zip.CreateEntry(SignatureName).Open();
            lines.Write(Encoding.ASCII.GetBytes($"{id} {Convert.ToBase64String(signature)}\n"));
        }

        File.Move(next, file, overwrite: true);
        return (paths.Count, id);
    }

    /// <summary>Checks a bundle's signature first, and then unpacks exactly what it signs.</summary>
    /// <param name="file">The bundle.</param>
    /// <param name="keys">Trusted keys by id.</param>
    /// <param name="take">Is given each path and a stream that must be read to its end.</param>
    /// <returns>When the bundle was made, and the id of the key that signed it.</returns>
    /// <exception cref="SignatureException">It is unsigned, signed by a stranger, or altered.</exception>
    public static (DateTimeOffset Created, string KeyId) Read(string file, IReadOnlyDictionary<string, Ed25519PublicKeyParameters> keys, Action<string, Stream> take)
    {
        try
        {
            using var zip = ZipFile.OpenRead(file);
            var octets = Small(zip, ManifestName, file);
            var keyId = CheckSignature(Small(zip, SignatureName, file), octets, keys, file);
            var manifest = JsonSerializer.Deserialize<Manifest>(octets, Json);
            if (manifest is not { Format: FormatName, Files: { Count: > 0 and <= SignatureFiles.MaxFiles } files } || files.Sum(f => Math.Max(0, f.Length)) > SignatureFiles.MaxOctets)
            {
                throw new SignatureException($"{file}: the manifest is of another format, empty or too large.");
            }

            if (zip.Entries.Count != files.Count + 2 || files.Select(f => f.Path).Distinct(StringComparer.Ordinal).Count() != files.Count)
            {
                throw new SignatureException($"{file}: the bundle holds other files than its manifest names. It was altered.");
            }

            foreach (var one in files)
            {
                Take(zip, one, file, take);
            }

            return (manifest.Created, keyId);
        }
        catch (Exception e) when (e is InvalidDataException or JsonException or ArgumentException or NotSupportedException)
        {
            throw new SignatureException($"{file}: the bundle is damaged: {e.Message}", e);
        }
    }

    private static void Take(ZipArchive zip, ManifestFile one, string file, Action<string, Stream> take)
    {
        if (one.Path is null || !SignatureFiles.IsGood(one.Path) || zip.GetEntry(one.Path) is not { } entry)
        {
            throw new SignatureException($"{file}: \"{Shown(one.Path)}\" stands in the manifest and is no file of the bundle.");
        }

        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        using var stream = new HashedStream(entry.Open(), hash, one.Length);
        take(one.Path, stream);
        if (stream.Count != one.Length || Convert.ToHexStringLower(hash.GetHashAndReset()) != one.Sha256)
        {
            throw new SignatureException($"{file}: {one.Path} is not what was signed. The bundle was altered.");
        }
    }

    private static string CheckSignature(byte[] lines, byte[] manifest, IReadOnlyDictionary<string, Ed25519PublicKeyParameters> keys, string file)
    {
        var strangers = new List<string>();
        foreach (var line in Encoding.ASCII.GetString(lines).Split('\n', StringSplitOptions.RemoveEmptyEntries).Take(10))
        {
            var words = line.Split(' ');
            var signature = new byte[64];
            if (words.Length != 2 || !Convert.TryFromBase64String(words[1].Trim(), signature, out var length) || length != 64)
            {
                throw new SignatureException($"{file}: {SignatureName} is damaged.");
            }

            if (!keys.TryGetValue(words[0], out var key))
            {
                strangers.Add(Shown(words[0]));
            }
            else if (SignatureKeys.Verify(key, manifest, signature))
            {
                return words[0];
            }
            else
            {
                throw new SignatureException($"{file}: the signature of key {words[0]} does not fit the manifest. The bundle was altered.");
            }
        }

        throw new SignatureException(strangers.Count == 0 ? $"{file}: the bundle is not signed."
            : $"{file}: signed by {string.Join(", ", strangers)}, which is not trusted here. Trust a key with: sekisho signatures key trust FILE.pub");
    }

    private static byte[] Small(ZipArchive zip, string name, string file)
    {
        if (zip.GetEntry(name) is not { } entry)
        {
            throw new SignatureException(name == SignatureName ? $"{file}: the bundle is not signed (no {SignatureName})." : $"{file}: this is no bundle (no {name}). Import a single feed with: sekisho signatures import FILE");
        }

        using var stream = entry.Open();
        using var octets = new MemoryStream();
        var buffer = new byte[16 << 10];
        int got;
        while ((got = stream.Read(buffer)) > 0)
        {
            octets.Write(buffer, 0, got);
            if (octets.Length > MaxManifest)
            {
                throw new SignatureException($"{file}: {name} is too large.");
            }
        }

        return octets.ToArray();
    }

    /// <summary>A stranger's words, short and safe for a terminal.</summary>
    private static string Shown(string? text) => string.Concat((text ?? "").Take(60).Select(c => char.IsControl(c) ? '\uFFFD' : c));

    private sealed record Manifest(string Format, DateTimeOffset Created, IReadOnlyList<ManifestFile> Files);

    private sealed record ManifestFile(string Path, string Sha256, long Length);

    /// <summary>Hashes what is read through it, and ends the reading when more comes than was signed.</summary>
    private sealed class HashedStream(Stream inner, IncrementalHash hash, long most) : Stream
    {
        public long Count { get; private set; }

        public override bool CanRead => true;

        public override bool CanSeek => false;

        public override bool CanWrite => false;

        public override long Length => throw new NotSupportedException();

        public override long Position { get => Count; set => throw new NotSupportedException(); }

        public override int Read(byte[] buffer, int offset, int count)
        {
            var got = inner.Read(buffer, offset, count);
            hash.AppendData(buffer, offset, got);
            Count += got;
            return Count <= most ? got : throw new InvalidDataException("a file is longer than was signed");
        }

        public override void Flush()
        {
        }

        public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

        public override void SetLength(long value) => throw new NotSupportedException();

        public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();

        protected override void Dispose(bool disposing)
        {
            inner.Dispose();
            base.Dispose(disposing);
        }
    }
}

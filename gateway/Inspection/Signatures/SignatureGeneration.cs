using System.Security.Cryptography;
using System.Text;

namespace Sekisho.Inspection.Signatures;

/// <summary>Makes one name of all files' contents, so that two sets can be told apart and an unchanged one be known again.</summary>
internal sealed class SignatureGeneration : IDisposable
{
    /// <summary>Feeds lie in a folder or one below.</summary>
    private const int MaxDepth = 1;

    private readonly IncrementalHash hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);

    /// <summary>Reads a file and takes it in.</summary>
    /// <exception cref="IOException">It cannot be read.</exception>
    /// <exception cref="UnauthorizedAccessException">It may not be read.</exception>
    public byte[] Read(string file)
    {
        var octets = File.ReadAllBytes(file);
        Add(Path.GetFileName(file), octets);
        return octets;
    }

    /// <summary>Takes a content in, under the name it works by.</summary>
    public void Add(string name, ReadOnlySpan<byte> content)
    {
        // Lengths in front: no two different lists of files run into the same octets.
        var octets = Encoding.UTF8.GetBytes(name);
        hash.AppendData(BitConverter.GetBytes(octets.Length));
        hash.AppendData(octets);
        hash.AppendData(BitConverter.GetBytes(content.Length));
        hash.AppendData(content);
    }

    /// <summary>Takes in which files a folder holds, how long they are and when they were written: of feeds, which may be large, that must do. What cannot be read is left out.</summary>
    public void AddStamps(string folder)
    {
        // Whoever reads the indicators has named these faults already.
        foreach (var file in SignatureFolder.Files(folder, MaxDepth, []).Select(f => new FileInfo(f)))
        {
            if (file.Exists)
            {
                Add(file.FullName, BitConverter.GetBytes(file.Length));
                Add("", BitConverter.GetBytes(file.LastWriteTimeUtc.Ticks));
            }
        }
    }

    /// <summary>The name: 16 hexadecimal digits of the SHA-256 so far.</summary>
    public override string ToString() => Convert.ToHexStringLower(hash.GetCurrentHash().AsSpan(0, 8));

    /// <inheritdoc />
    public void Dispose() => hash.Dispose();
}

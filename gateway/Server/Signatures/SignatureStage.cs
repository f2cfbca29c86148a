namespace Sekisho.Signatures;

/// <summary>A generation that is being filled.</summary>
internal sealed class SignatureStage
{
    private readonly SignatureHome home;
    private readonly GenerationFacts? before;

    public SignatureStage(SignatureHome home, string folder)
    {
        this.home = home;
        Folder = folder;
        before = home.Current > 0 ? home.Facts(home.Current) : null;
    }

    public string Folder { get; }

    /// <summary>Paths of imports, which survive updates.</summary>
    public HashSet<string> Own { get; } = new(StringComparer.Ordinal);

    public List<string> Notes { get; } = [];

    public List<(string Name, string? Value)> Details { get; } = [];

    public DateTimeOffset? BundleBefore => before?.BundleCreatedAt;

    /// <summary>Copies what is in force: everything, or only our own. Before the first generation, all that lies in the folder is our own.</summary>
    /// <returns>The paths of our own.</returns>
    public IReadOnlySet<string> Carry(bool onlyOwn)
    {
        var source = home.InForce;
        var files = Directory.Exists(source) ? SignatureFiles.In(source) : [];
        Own.UnionWith(home.Current > 0 ? before?.Own ?? [] : files);
        foreach (var path in files.Where(p => !onlyOwn || Own.Contains(p)))
        {
            SignatureFiles.TryCopy(Path.Combine(source, path), Folder, path);
        }

        return Own;
    }

    /// <summary>Copies a new file; our own of the same name stays in its place.</summary>
    public void Take(string from, string path, IReadOnlySet<string> kept, bool replaces)
    {
        if (replaces && !kept.Contains(path))
        {
            File.Delete(Path.Combine(Folder, path));
        }

        if (!SignatureFiles.TryCopy(from, Folder, path))
        {
            Notes.Add($"{path}: our own file of this name stays; the new one is left out");
        }
    }

    /// <summary>Writes a new file; our own of the same name stays in its place.</summary>
    public void Write(string path, Stream octets, IReadOnlySet<string> kept)
    {
        if (kept.Contains(path))
        {
            octets.CopyTo(Stream.Null);
            Notes.Add($"{path}: our own file of this name stays; the new one is left out");
            return;
        }

        var to = Path.Combine(Folder, path);
        Directory.CreateDirectory(Path.GetDirectoryName(to)!);
        using var file = new FileStream(to, FileMode.CreateNew);
        octets.CopyTo(file);
    }
}

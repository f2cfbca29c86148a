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

    /// <summary>
    /// Copies the generation in force: everything, or only our own. Before the first one there is nothing to copy: what was laid into the folder itself is read
    /// from there as ever, so that what is deleted there is gone.
    /// </summary>
    /// <returns>The paths of our own.</returns>
    public IReadOnlySet<string> Carry(bool onlyOwn)
    {
        if (home.Current == 0)
        {
            return Own;
        }

        var source = home.PathOf(home.Current);
        if (!Directory.Exists(source))
        {
            throw new SignatureException($"{source}, the generation in force, is not there; our own imports would be lost. Roll back, or remove the link \"current\".");
        }

        var files = SignatureFiles.In(source);
        Own.UnionWith(before?.Own ?? []);
        foreach (var path in files.Where(p => !onlyOwn || Own.Contains(p)))
        {
            SignatureFiles.TryCopy(Path.Combine(source, path), Folder, path);
        }

        return Own;
    }

    /// <summary>Removes what was carried into a folder, but for our own: what its source withdrew is not to stay.</summary>
    public void Clear(string folder, IReadOnlySet<string> kept)
    {
        foreach (var path in SignatureFiles.In(Folder).Where(p => p.StartsWith(folder, StringComparison.Ordinal) && !kept.Contains(p)))
        {
            File.Delete(Path.Combine(Folder, path));
        }
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

namespace Sekisho.Signatures;

/// <summary>The files of a signature folder: which count, and how they are copied.</summary>
internal static class SignatureFiles
{
    /// <summary>Files in one folder or bundle.</summary>
    public const int MaxFiles = 20_000;

    /// <summary>Octets of all of them.</summary>
    public const long MaxOctets = 2L << 30;

    /// <summary>Paths, relative to the folder and with <c>/</c>, of all that lies in <c>yara/</c>, <c>indicators/</c> and <c>lists/</c>, down to one folder below (MISP feeds).</summary>
    /// <exception cref="SignatureException">There are too many, or one cannot be taken.</exception>
    public static IReadOnlyList<string> In(string folder)
    {
        var files = new List<string>();
        var options = new EnumerationOptions { RecurseSubdirectories = true, MaxRecursionDepth = 1, AttributesToSkip = FileAttributes.ReparsePoint, IgnoreInaccessible = false };
        foreach (var room in SignatureHome.Rooms.Select(r => Path.Combine(folder, r)).Where(Directory.Exists))
        {
            foreach (var file in Directory.EnumerateFiles(room, "*", options).Order(StringComparer.Ordinal))
            {
                var path = Path.GetRelativePath(folder, file).Replace('\\', '/');
                if (Path.GetFileName(path) is not (['.', ..] or "README.md") && RegularFile.Is(file))
                {
                    files.Add(IsGood(path) ? path : throw new SignatureException($"{file}: no name for a signature file."));
                    if (files.Count > MaxFiles)
                    {
                        throw new SignatureException($"{folder}: more than {MaxFiles:N0} files.");
                    }
                }
            }
        }

        return files;
    }

    /// <summary>Names of the regular files directly in a folder: no links, which could lead to what is nobody's business, and no pipes, which never end.</summary>
    public static IEnumerable<string> Directly(string folder, string pattern) =>
        Directory.EnumerateFiles(folder, pattern, new EnumerationOptions { AttributesToSkip = FileAttributes.ReparsePoint, IgnoreInaccessible = false })
            .Where(RegularFile.Is).Select(f => Path.GetFileName(f)).Order(StringComparer.Ordinal);

    /// <summary>True for a path that stays within a generation: a room, at most one folder, a name.</summary>
    public static bool IsGood(string path)
    {
        var pieces = path.Split('/');
        return pieces.Length is 2 or 3 && SignatureHome.Rooms.Contains(pieces[0]) && path.Length <= 300
            && pieces.All(p => p.Length > 0 && p[0] != '.' && !p.Any(c => char.IsControl(c) || c is '\\' or ':' or '*' or '?' or '"' or '<' or '>' or '|'));
    }

    /// <summary>Copies a file into a stage; one that is there already stays, and false is returned.</summary>
    public static bool TryCopy(string from, string stage, string path)
    {
        var to = Path.Combine(stage, path);
        Directory.CreateDirectory(Path.GetDirectoryName(to)!);
        if (File.Exists(to))
        {
            return false;
        }

        File.Copy(from, to);
        return true;
    }
}

namespace Sekisho.Inspection.Signatures;

/// <summary>Reads the <c>indicators/</c> of signature folders: every file in them, and every MISP feed in a folder of its own.</summary>
internal static class IndicatorFolder
{
    /// <summary>The indicators of several folders together. A file that cannot be used becomes a fault, and the rest is in force without it.</summary>
    public static IndicatorSet Load(IReadOnlyList<string> folders, WordList sharedHosts, List<SignatureFault> faults)
    {
        var builder = new IndicatorBuilder(sharedHosts);
        var feeds = new List<FeedReport>();
        foreach (var folder in folders.Select(f => Path.Combine(f, "indicators")))
        {
            foreach (var path in SignatureFolder.Entries(folder, faults))
            {
                if (Path.GetFileName(path) is ['.', ..] or "README.md" || (Directory.Exists(path) && (!SignatureFolder.IsOpen(path, faults) || !File.Exists(Path.Combine(path, "manifest.json")))))
                {
                    continue;
                }

                try
                {
                    feeds.Add(Read(path, builder));
                }
                catch (Exception e) when (e is IOException or UnauthorizedAccessException or InvalidDataException)
                {
                    faults.Add(new SignatureFault(path, e.Message));
                }
            }
        }

        return feeds.Count == 0 ? IndicatorSet.Empty : builder.Build(feeds);
    }

    private static FeedReport Read(string path, IndicatorBuilder builder)
    {
        if (Directory.Exists(path))
        {
            return FeedFile.ReadMisp(path, builder, new FeedLimits(), TimeProvider.System);
        }

        using var stream = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.Read, bufferSize: 0);
        return FeedFile.Read(path, stream, builder);
    }
}

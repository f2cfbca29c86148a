namespace Sekisho.Inspection.Signatures;

/// <summary>Looks into signature folders: one that does not exist is empty, one that may not be looked into is a <see cref="SignatureFault"/> and not silence.</summary>
internal static class SignatureFolder
{
    /// <summary>True for a folder that is there, links followed. What is there and cannot be entered, or a link that leads to no folder, becomes a fault.</summary>
    public static bool IsOpen(string folder, List<SignatureFault> faults)
    {
        if (!IsThere(folder, faults))
        {
            return false;
        }

        try
        {
            // Asking for what lies in it needs the right to enter; whether that exists is of no interest.
            _ = File.GetAttributes(Path.Combine(folder, "yara"));
            return true;
        }
        catch (Exception e) when (e is FileNotFoundException or DirectoryNotFoundException)
        {
            return true;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            faults.Add(new SignatureFault(folder, $"The folder may not be entered: {e.Message}"));
            return false;
        }
    }

    /// <summary>The files of a folder and of those in it, in the order of their paths. Each folder that cannot be listed becomes a fault, and the rest is taken.</summary>
    /// <param name="folder">The folder; one that does not exist is empty.</param>
    /// <param name="depth">How many folders deep; links are followed, a circle of them not for ever.</param>
    /// <param name="faults">Takes what cannot be listed.</param>
    public static List<string> Files(string folder, int depth, List<SignatureFault> faults)
    {
        var files = new List<string>();
        Walk(folder, depth, files, faults);
        files.Sort(StringComparer.Ordinal);
        return files;
    }

    /// <summary>What stands directly in a folder, in order; nothing, and a fault, where it cannot be listed.</summary>
    public static IReadOnlyList<string> Entries(string folder, List<SignatureFault> faults)
    {
        try
        {
            return IsThere(folder, faults) ? [.. Directory.EnumerateFileSystemEntries(folder).Order(StringComparer.Ordinal)] : [];
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            faults.Add(new SignatureFault(folder, e.Message));
            return [];
        }
    }

    private static void Walk(string folder, int depth, List<string> files, List<SignatureFault> faults)
    {
        foreach (var path in Entries(folder, faults))
        {
            if (!Directory.Exists(path))
            {
                files.Add(path);
            }
            else if (depth > 0)
            {
                Walk(path, depth - 1, files, faults);
            }
        }
    }

    /// <summary>Unlike <see cref="Directory.Exists"/>, tells "is not there" from "may not be seen".</summary>
    private static bool IsThere(string folder, List<SignatureFault> faults)
    {
        try
        {
            var attributes = File.GetAttributes(folder);
            if (Directory.Exists(folder))
            {
                return true;
            }

            if (attributes.HasFlag(FileAttributes.ReparsePoint))
            {
                faults.Add(new SignatureFault(folder, "The link leads to no folder, or to one that may not be reached."));
            }
        }
        catch (Exception e) when (e is FileNotFoundException or DirectoryNotFoundException)
        {
            // Nothing there.
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            faults.Add(new SignatureFault(folder, e.Message));
        }

        return false;
    }
}

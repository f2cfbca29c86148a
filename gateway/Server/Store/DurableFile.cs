using System.Runtime.InteropServices;
using System.Text;

namespace Sekisho.Store;

/// <summary>Writes small private files so that a power cut leaves the old content or the new, never a part.</summary>
internal static class DurableFile
{
    /// <summary>Mode 0600.</summary>
    public const UnixFileMode PrivateFile = UnixFileMode.UserRead | UnixFileMode.UserWrite;

    /// <summary>Makes a folder, and those above it, with mode 0700. One that is there stays as it is.</summary>
    public static void MakeFolder(string path)
    {
        if (OperatingSystem.IsWindows())
        {
            Directory.CreateDirectory(path);
        }
        else if (!Directory.Exists(path))
        {
            // .NET gives the mode to the last folder only.
            if (Path.GetDirectoryName(Path.GetFullPath(path)) is { } above)
            {
                MakeFolder(above);
            }

            Directory.CreateDirectory(path, PrivateFile | UnixFileMode.UserExecute);
        }
    }

    /// <summary>Opens a file for reading and writing, unbuffered; one that is made gets mode 0600.</summary>
    public static FileStream Open(string path, FileMode mode, FileShare share = FileShare.None, FileOptions options = FileOptions.None)
    {
        var how = new FileStreamOptions { Mode = mode, Access = FileAccess.ReadWrite, Share = share, BufferSize = 0, Options = options };
        if (!OperatingSystem.IsWindows())
        {
            how.UnixCreateMode = PrivateFile;
        }

        return new FileStream(path, how);
    }

    /// <summary>Replaces a file's content (mode 0600), durable when the call returns.</summary>
    public static void Replace(string path, string text)
    {
        var next = path + ".new";
        File.Delete(next);
        Create(next, text);
        File.Move(next, path, overwrite: true);
        SyncFolder(path);
    }

    /// <summary>Writes a file that must not be there yet (mode 0600), durable when the call returns.</summary>
    /// <exception cref="IOException">It is there already, or cannot be written.</exception>
    public static void Create(string path, string text)
    {
        using (var file = Open(path, FileMode.CreateNew))
        {
            file.Write(Encoding.UTF8.GetBytes(text));
            file.Flush(flushToDisk: true);
        }

        SyncFolder(path);
    }

    // .NET opens no folders, and a rename is durable only when the folder is synchronised.
    internal static void SyncFolder(string path)
    {
        if (OperatingSystem.IsWindows())
        {
            return;
        }

        var folder = OpenFolder(Encoding.UTF8.GetBytes(Path.GetDirectoryName(Path.GetFullPath(path)) + "\0"), 0);
        if (folder >= 0)
        {
            _ = Sync(folder);
            _ = Close(folder);
        }
    }

    [DllImport("libc", EntryPoint = "open", SetLastError = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int OpenFolder(byte[] path, int flags);

    [DllImport("libc", EntryPoint = "fsync", SetLastError = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int Sync(int descriptor);

    [DllImport("libc", EntryPoint = "close", SetLastError = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int Close(int descriptor);
}

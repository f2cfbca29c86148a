namespace Sekisho.Housekeeping;

/// <summary>The folder that holds all state, closed to other users.</summary>
public static class HomeFolder
{
    /// <summary>Creates it with mode 0700 where it is missing.</summary>
    /// <exception cref="IOException">It cannot be created.</exception>
    public static void Create(string home)
    {
        try
        {
            Directory.CreateDirectory(home, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new IOException($"The home folder {home} cannot be created: {e.Message} Name another with --home DIR or SEKISHO_HOME.", e);
        }
    }

    /// <summary>Takes the folder for one running gateway until the result is disposed or the process ends; the command line needs no such lock.</summary>
    /// <exception cref="IOException">Another gateway runs on it.</exception>
    public static IDisposable Take(string home)
    {
        try
        {
            return new FileStream(Path.Combine(home, "serve.lock"), FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
        }
        catch (IOException e)
        {
            throw new IOException($"Another gateway runs on {home}. Stop it, or give this one a home of its own with --home DIR.", e);
        }
    }

    /// <summary>Free space in MiB on the disk that holds the folder.</summary>
    public static long FreeMegabytes(string home) => new DriveInfo(home).AvailableFreeSpace >> 20;
}

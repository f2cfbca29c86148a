namespace Sekisho.Store;

/// <summary>Makes <see cref="OctetsWriter"/>s that share one memory budget and one spool folder.</summary>
public sealed class Spool : IDisposable
{
    private const string Extension = ".spool";
    private readonly string _folder;
    private long _free;
    private int _disposed;

    /// <summary>Opens the spool folder (created with mode 0700; files left by a crash are deleted).</summary>
    /// <param name="folder">Where sealed spool files lie.</param>
    /// <param name="memoryBudget">Octets of letters in transit held in memory before further ones go to files. Default: 64 MiB.</param>
    /// <exception cref="StoreException">The folder cannot be made or used.</exception>
    public Spool(string folder, long memoryBudget = 64L << 20)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(memoryBudget);
        _folder = Path.GetFullPath(folder);
        _free = memoryBudget;
        try
        {
            DurableFile.MakeFolder(_folder);
            foreach (var left in Directory.EnumerateFiles(_folder, "*" + Extension))
            {
                // Another process of this home may have it open: its name is gone then anyway, the octets stay with its handle.
                File.Delete(left);
            }
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new StoreException($"The spool folder {_folder} cannot be used: {e.Message}", e);
        }
    }

    /// <summary>Octets of the memory budget that are not lent out.</summary>
    public long FreeMemory => Volatile.Read(ref _free);

    /// <summary>A writer for one letter. It costs nothing before its first octet.</summary>
    /// <exception cref="ObjectDisposedException">The spool is closed.</exception>
    public OctetsWriter NewWriter()
    {
        ObjectDisposedException.ThrowIf(Volatile.Read(ref _disposed) != 0, this);
        return new OctetsWriter(this);
    }

    /// <summary>Takes no further letters; those under way keep what they have.</summary>
    public void Dispose() => Interlocked.Exchange(ref _disposed, 1);

    /// <summary>Takes octets out of the budget, or leaves it alone and says no.</summary>
    internal bool TryTake(int octets)
    {
        var free = Volatile.Read(ref _free);
        while (free >= octets)
        {
            var seen = Interlocked.CompareExchange(ref _free, free - octets, free);
            if (seen == free)
            {
                return true;
            }

            free = seen;
        }

        return false;
    }

    /// <summary>Takes octets although the budget may be used up: the one small buffer that each sending connection needs in any case.</summary>
    internal void Take(int octets) => Interlocked.Add(ref _free, -octets);

    /// <summary>Gives octets back to the budget.</summary>
    internal void Give(int octets) => Interlocked.Add(ref _free, octets);

    /// <summary>A new file, mode 0600, whose name is gone at once: when the process dies nothing is left behind.</summary>
    internal FileStream NewFile()
    {
        var path = Path.Combine(_folder, Guid.NewGuid().ToString("N") + Extension);
        var file = DurableFile.Open(
            path,
            FileMode.CreateNew,
            FileShare.ReadWrite | FileShare.Delete,
            OperatingSystem.IsWindows() ? FileOptions.DeleteOnClose : FileOptions.None);
        if (!OperatingSystem.IsWindows())
        {
            File.Delete(path);
        }

        return file;
    }
}

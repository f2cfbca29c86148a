using System.Diagnostics;

namespace Sekisho.Server.Tests.Store;

/// <summary>A test that fills a small disk; skipped where none can be mounted (it takes root's rights).</summary>
internal sealed class SmallDiskFactAttribute : FactAttribute
{
    private static readonly Lazy<bool> Possible = new(static () =>
    {
        var folder = Path.Combine(Path.GetTempPath(), "sekisho-disk-" + Guid.NewGuid().ToString("N"));
        var mounted = Mount(folder);
        Unmount(folder);
        Directory.Delete(folder);
        return mounted;
    });

    public SmallDiskFactAttribute()
    {
        if (!Possible.Value)
        {
            Skip = "No small disk can be mounted: it takes root's rights.";
        }
    }

    /// <summary>Mounts a disk of 3 MiB over a folder.</summary>
    public static bool Mount(string folder)
    {
        Directory.CreateDirectory(folder);
        return Environment.UserName == "root" && Run("mount", "-t", "tmpfs", "-o", "size=3m,mode=0700", "tmpfs", folder);
    }

    /// <summary>Takes it away again.</summary>
    public static void Unmount(string folder) => Run("umount", "-l", folder);

    private static bool Run(string program, params string[] arguments)
    {
        using var process = Process.Start(new ProcessStartInfo(program, arguments) { RedirectStandardError = true })!;
        process.WaitForExit();
        return process.ExitCode == 0;
    }
}

using System.Runtime.InteropServices;

namespace Sekisho.Signatures;

/// <summary>Tells files from pipes, sockets and devices, which .NET opens like files and then waits for, or reads for ever.</summary>
internal static class RegularFile
{
    /// <summary>True for a regular file, links followed; true also where the system cannot be asked, so that opening it says what is wrong.</summary>
    public static bool Is(string path)
    {
        // statx because its layout is the same on every processor (man 2 statx): stx_mode stands at octet 28.
        const int WorkingDirectory = -100;
        const uint Type = 1;
        const int FormatMask = 0xF000;
        const int Regular = 0x8000;
        var stat = new byte[256];
        return !OperatingSystem.IsLinux()
            || statx(WorkingDirectory, path, 0, Type, stat) != 0
            || (BitConverter.ToUInt16(stat, 28) & FormatMask) == Regular;
    }

    [DllImport("libc", EntryPoint = "statx", SetLastError = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int statx(int folder, [MarshalAs(UnmanagedType.LPUTF8Str)] string path, int flags, uint mask, byte[] stat);
}

namespace Sekisho.Inspection.Formats;

/// <summary>Kinds of file that are treated alike.</summary>
public static class KindGroups
{
    /// <summary>True for compiled programs and what Windows runs like one.</summary>
    public static bool IsProgram(this FileKind kind) => kind is FileKind.WindowsProgram or FileKind.UnixProgram or FileKind.MacProgram or FileKind.WindowsInstaller
        or FileKind.ExcelAddIn or FileKind.ShellSettings or FileKind.RegistryEntries
        or FileKind.JavaClass or FileKind.JavaArchive or FileKind.Shortcut or FileKind.CompiledHelp;

    /// <summary>True for scripts that Windows runs on a double click.</summary>
    public static bool IsScript(this FileKind kind) => kind is FileKind.JavaScript or FileKind.VbScript or FileKind.EncodedScript or FileKind.WindowsScript
        or FileKind.HtmlApplication or FileKind.BatchFile or FileKind.PowerShell;

    /// <summary>True for archives that can be opened here.</summary>
    public static bool IsArchive(this FileKind kind) => kind is FileKind.Zip or FileKind.Rar or FileKind.SevenZip or FileKind.Gzip or FileKind.Bzip2 or FileKind.Xz or FileKind.Tar
        or FileKind.Zstd or FileKind.Cab or FileKind.Iso or FileKind.DiskImage or FileKind.Lzh or FileKind.Arj;

    /// <summary>True for containers that no reader here can open.</summary>
    public static bool IsClosedContainer(this FileKind kind) => kind is FileKind.Ace or FileKind.ClosedContainer;

    /// <summary>True for ZIP-based documents.</summary>
    public static bool IsPackage(this FileKind kind) => kind is (>= FileKind.WordOpenXml and <= FileKind.OpenXml) or FileKind.OpenDocument;

    /// <summary>True for packages whose content type says that they may hold macros.</summary>
    public static bool IsMacroEnabled(this FileKind kind) => kind is FileKind.WordOpenXmlMacro or FileKind.ExcelOpenXmlMacro or FileKind.PowerPointOpenXmlMacro or FileKind.VisioOpenXmlMacro;

    /// <summary>True for compound files of every kind (MS-CFB).</summary>
    public static bool IsCompound(this FileKind kind) => kind is FileKind.CompoundFile or FileKind.Word or FileKind.Excel or FileKind.PowerPoint or FileKind.Visio
        or FileKind.OutlookMessage or FileKind.EncryptedOffice or FileKind.WindowsInstaller;
}

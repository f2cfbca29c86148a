namespace Sekisho.Inspection.Formats;

/// <summary>What a file is by its content, whatever it calls itself.</summary>
public enum FileKind
{
    /// <summary>Nothing is recognised.</summary>
    Unknown,

    /// <summary>No octets at all.</summary>
    Empty,

    /// <summary>Plain text.</summary>
    Text,

    /// <summary>HTML or a fragment of it.</summary>
    Html,

    /// <summary>XML of no closer kind.</summary>
    Xml,

    /// <summary>Word 2003 XML or a flat OPC package: one XML file that may carry binary data.</summary>
    WordXml,

    /// <summary>A raster image: JPEG, PNG, GIF, BMP, TIFF, WebP, HEIF, EMF and WMF.</summary>
    Image,

    /// <summary>An SVG image, which may carry script.</summary>
    Svg,

    /// <summary>Sound or film.</summary>
    Media,

    /// <summary>PDF (ISO 32000).</summary>
    Pdf,

    /// <summary>Rich Text Format.</summary>
    Rtf,

    /// <summary>A compound file (MS-CFB) of no closer kind.</summary>
    CompoundFile,

    /// <summary>Word 97-2003 (MS-DOC).</summary>
    Word,

    /// <summary>Excel 97-2003 (MS-XLS).</summary>
    Excel,

    /// <summary>PowerPoint 97-2003 (MS-PPT).</summary>
    PowerPoint,

    /// <summary>Visio 2003 (compound file).</summary>
    Visio,

    /// <summary>An Outlook item (MS-OXMSG).</summary>
    OutlookMessage,

    /// <summary>An Office document encrypted as a whole (MS-OFFCRYPTO, stream EncryptedPackage).</summary>
    EncryptedOffice,

    /// <summary>A workbook stream without a compound file around it (Excel 2 to 4, or newer).</summary>
    ExcelRaw,

    /// <summary>Word, Office Open XML, without macros by its content type.</summary>
    WordOpenXml,

    /// <summary>Word, Office Open XML, macro-enabled.</summary>
    WordOpenXmlMacro,

    /// <summary>Excel, Office Open XML, without macros by its content type.</summary>
    ExcelOpenXml,

    /// <summary>Excel, Office Open XML, macro-enabled.</summary>
    ExcelOpenXmlMacro,

    /// <summary>Excel binary workbook (MS-XLSB), which may hold macros or not.</summary>
    ExcelBinary,

    /// <summary>PowerPoint, Office Open XML, without macros by its content type.</summary>
    PowerPointOpenXml,

    /// <summary>PowerPoint, Office Open XML, macro-enabled.</summary>
    PowerPointOpenXmlMacro,

    /// <summary>Visio, Office Open XML, without macros.</summary>
    VisioOpenXml,

    /// <summary>Visio, Office Open XML, macro-enabled.</summary>
    VisioOpenXmlMacro,

    /// <summary>An Open Packaging Conventions package of another kind (XPS, add-ins).</summary>
    OpenXml,

    /// <summary>OpenDocument (ISO 26300).</summary>
    OpenDocument,

    /// <summary>Office's ActiveMime wrapping of a compound file.</summary>
    ActiveMime,

    /// <summary>A OneNote section or notebook (MS-ONESTORE).</summary>
    OneNote,

    /// <summary>A Microsoft Access database (Jet or ACE).</summary>
    Access,

    /// <summary>A SYLK sheet (.slk).</summary>
    SymbolicLink,

    /// <summary>An Excel web query (.iqy).</summary>
    WebQuery,

    /// <summary>A ZIP archive.</summary>
    Zip,

    /// <summary>A RAR archive, version 4 or 5.</summary>
    Rar,

    /// <summary>A 7z archive.</summary>
    SevenZip,

    /// <summary>gzip.</summary>
    Gzip,

    /// <summary>bzip2.</summary>
    Bzip2,

    /// <summary>xz.</summary>
    Xz,

    /// <summary>Zstandard (RFC 8878).</summary>
    Zstd,

    /// <summary>tar.</summary>
    Tar,

    /// <summary>A Windows cabinet.</summary>
    Cab,

    /// <summary>An ISO 9660 or UDF disc image.</summary>
    Iso,

    /// <summary>A disk image: raw (IMG), or a virtual disk (VHD, VHDX, VMDK).</summary>
    DiskImage,

    /// <summary>An LZH/LHA archive.</summary>
    Lzh,

    /// <summary>An ACE archive.</summary>
    Ace,

    /// <summary>An ARJ archive.</summary>
    Arj,

    /// <summary>An archive, a disk or a volume of a kind that no reader here opens: WIM, cpio, LZMA alone, lzip, compress, LZ4, QCOW, VDI, ext, NTFS and their like.</summary>
    ClosedContainer,

    /// <summary>A letter (RFC 5322), MHTML included.</summary>
    Mail,

    /// <summary>TNEF (MS-OXTNEF, winmail.dat).</summary>
    Tnef,

    /// <summary>A cryptographic message (CMS, RFC 5652; PKCS #7): S/MIME, a signed file, a signature, certificates.</summary>
    Cms,

    /// <summary>A Windows or DOS program or library (MZ).</summary>
    WindowsProgram,

    /// <summary>An Excel add-in library (XLL): a Windows library that exports xlAutoOpen.</summary>
    ExcelAddIn,

    /// <summary>An ELF program or library.</summary>
    UnixProgram,

    /// <summary>A Mach-O program or library.</summary>
    MacProgram,

    /// <summary>A Windows installer package or patch (MSI).</summary>
    WindowsInstaller,

    /// <summary>A compiled Java class.</summary>
    JavaClass,

    /// <summary>A Java archive with compiled classes.</summary>
    JavaArchive,

    /// <summary>A Windows shortcut (MS-SHLLINK).</summary>
    Shortcut,

    /// <summary>An Internet shortcut (.url).</summary>
    InternetShortcut,

    /// <summary>A small file of Windows settings that starts or fetches something when opened: SettingContent-ms, library-ms, searchConnector-ms, MSC, SCF, JNLP, ClickOnce.</summary>
    ShellSettings,

    /// <summary>Entries for the Windows registry (.reg).</summary>
    RegistryEntries,

    /// <summary>Compiled HTML help (CHM).</summary>
    CompiledHelp,

    /// <summary>JavaScript or JScript.</summary>
    JavaScript,

    /// <summary>VBScript.</summary>
    VbScript,

    /// <summary>A script encoded by Windows Script Encoder (JSE, VBE).</summary>
    EncodedScript,

    /// <summary>A Windows script file or scriptlet (WSF, WSC, SCT).</summary>
    WindowsScript,

    /// <summary>An HTML application (HTA).</summary>
    HtmlApplication,

    /// <summary>A Windows batch file.</summary>
    BatchFile,

    /// <summary>A PowerShell script.</summary>
    PowerShell,

    /// <summary>A Unix script with a #! line.</summary>
    ShellScript,
}

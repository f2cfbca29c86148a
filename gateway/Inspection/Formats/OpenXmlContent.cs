using System.Text;

namespace Sekisho.Inspection.Formats;

/// <summary>Tells ZIP packages apart by the parts they declare (ECMA-376 part 2 section 7.2, ISO 26300-2 section 3.3).</summary>
internal static class OpenXmlContent
{
    /// <summary>The name of the part that declares all others.</summary>
    public const string ContentTypes = "[Content_Types].xml";

    /// <summary>The kind of an Open Packaging Conventions package.</summary>
    /// <param name="contentTypes">The octets of <c>[Content_Types].xml</c>.</param>
    public static FileKind KindOf(ReadOnlySpan<byte> contentTypes)
    {
        var text = AsText(contentTypes);
        bool Has(string mark) => text.Contains(mark, StringComparison.OrdinalIgnoreCase);

        // Only the types of main parts (".main+xml", or ".main" for binary ones) speak of the package itself: others may stand for what is embedded.
        if (Has("ms-word.document.macroEnabledTemplate.main") || Has("ms-word.document.macroEnabled.main") || Has("ms-word.template.macroEnabledTemplate.main"))
        {
            return FileKind.WordOpenXmlMacro;
        }

        if (Has("ms-powerpoint.presentation.macroEnabled.main") || Has("ms-powerpoint.slideshow.macroEnabled.main") || Has("ms-powerpoint.template.macroEnabled.main") || Has("ms-powerpoint.addin.macroEnabled.main"))
        {
            return FileKind.PowerPointOpenXmlMacro;
        }

        if (Has("ms-excel.sheet.macroEnabled.main") || Has("ms-excel.template.macroEnabled.main") || Has("ms-excel.addin.macroEnabled.main"))
        {
            return FileKind.ExcelOpenXmlMacro;
        }

        if (Has("ms-excel.sheet.binary.macroEnabled.main"))
        {
            return FileKind.ExcelBinary;
        }

        if (Has("ms-visio.drawing") || Has("ms-visio.stencil") || Has("ms-visio.template"))
        {
            return Has("macroEnabled") ? FileKind.VisioOpenXmlMacro : FileKind.VisioOpenXml;
        }

        return Has("wordprocessingml.document.main") || Has("wordprocessingml.template.main") ? FileKind.WordOpenXml
            : Has("presentationml.presentation.main") || Has("presentationml.slideshow.main") || Has("presentationml.template.main") ? FileKind.PowerPointOpenXml
            : Has("spreadsheetml.sheet.main") || Has("spreadsheetml.template.main") ? FileKind.ExcelOpenXml : FileKind.OpenXml;
    }

    /// <summary>True where the manifest of an OpenDocument package names encrypted parts (ISO 26300-2 section 4.8.2).</summary>
    public static bool IsEncryptedManifest(ReadOnlySpan<byte> manifest) => AsText(manifest).Contains("encryption-data", StringComparison.OrdinalIgnoreCase);

    private static string AsText(ReadOnlySpan<byte> xml) =>
        xml.Length > 1 && (xml[0] == 0 || xml[1] == 0 || xml[0] is 0xFF or 0xFE) ? Encoding.Latin1.GetString(xml).Replace("\0", "", StringComparison.Ordinal) : Encoding.Latin1.GetString(xml);
}

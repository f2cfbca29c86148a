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

        if (Has("ms-word.document.macroEnabled") || Has("ms-word.template.macroEnabled"))
        {
            return FileKind.WordOpenXmlMacro;
        }

        if (Has("ms-excel.sheet.binary.macroEnabled"))
        {
            return FileKind.ExcelBinary;
        }

        if (Has("ms-excel.sheet.macroEnabled") || Has("ms-excel.template.macroEnabled") || Has("ms-excel.addin.macroEnabled"))
        {
            return FileKind.ExcelOpenXmlMacro;
        }

        if (Has("ms-powerpoint.") && (Has("presentation.macroEnabled") || Has("slideshow.macroEnabled") || Has("template.macroEnabled") || Has("addin.macroEnabled")))
        {
            return FileKind.PowerPointOpenXmlMacro;
        }

        if (Has("ms-visio."))
        {
            return Has("macroEnabled") ? FileKind.VisioOpenXmlMacro : FileKind.VisioOpenXml;
        }

        return Has("wordprocessingml") ? FileKind.WordOpenXml
            : Has("spreadsheetml") ? FileKind.ExcelOpenXml
            : Has("presentationml") ? FileKind.PowerPointOpenXml : FileKind.OpenXml;
    }

    /// <summary>True where the manifest of an OpenDocument package names encrypted parts (ISO 26300-2 section 4.8.2).</summary>
    public static bool IsEncryptedManifest(ReadOnlySpan<byte> manifest) => AsText(manifest).Contains("encryption-data", StringComparison.OrdinalIgnoreCase);

    private static string AsText(ReadOnlySpan<byte> xml) =>
        xml.Length > 1 && (xml[0] == 0 || xml[1] == 0 || xml[0] is 0xFF or 0xFE) ? Encoding.Latin1.GetString(xml).Replace("\0", "", StringComparison.Ordinal) : Encoding.Latin1.GetString(xml);
}

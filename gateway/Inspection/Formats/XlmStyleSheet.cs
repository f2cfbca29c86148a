using System.Globalization;
using System.Xml;

namespace Sekisho.Inspection.Formats;

/// <summary>Reads the cell formats of an Office Open XML workbook (ECMA-376 part 1 section 18.8).</summary>
internal static class XlmStyleSheet
{
    private const int MaxStyles = 65_536;

    /// <summary>The palette that Excel begins with, from colour 1 to 56.</summary>
    private static readonly string[] Palette = (
        "000000 FFFFFF FF0000 00FF00 0000FF FFFF00 FF00FF 00FFFF 800000 008000 000080 808000 800080 008080 C0C0C0 808080 9999FF 993366 FFFFCC CCFFFF 660066 FF8080 0066CC CCCCFF 000080 FF00FF FFFF00 00FFFF " +
        "800080 800000 008080 0000FF 00CCFF CCFFFF CCFFCC FFFF99 99CCFF FF99CC CC99FF FFCC99 3366FF 33CCCC 99CC00 FFCC00 FF9900 FF6600 666699 969696 003366 339966 003300 333300 993300 993366 333399 333333").Split(' ');

    private static readonly string[] Patterns =
        ["none", "solid", "mediumGray", "darkGray", "lightGray", "darkHorizontal", "darkVertical", "darkDown", "darkUp", "darkGrid", "darkTrellis", "lightHorizontal", "lightVertical", "lightDown", "lightUp", "lightGrid", "lightTrellis", "gray125", "gray0625"];

    private static readonly string[] Horizontals = ["general", "left", "center", "right", "fill", "justify", "centerContinuous"];
    private static readonly string[] Verticals = ["top", "center", "bottom", "justify"];

    /// <summary>The formats in the order in which cells count them (<c>cellXfs</c>).</summary>
    /// <exception cref="XmlException">The part is broken.</exception>
    public static List<XlmStyle> Read(XmlReader xml)
    {
        var (fonts, fills, styles) = (new List<XlmStyle>(), new List<XlmStyle>(), new List<XlmStyle>());
        var formats = new Dictionary<int, string>();
        var list = "";
        while (xml.Read() && styles.Count < MaxStyles && fonts.Count < MaxStyles && fills.Count < MaxStyles && formats.Count < MaxStyles)
        {
            if (xml.NodeType == XmlNodeType.EndElement && xml.LocalName is "fonts" or "fills" or "cellXfs")
            {
                list = "";
            }

            if (xml.NodeType != XmlNodeType.Element)
            {
                continue;
            }

            switch (xml.LocalName)
            {
                case "fonts" or "fills" or "cellXfs" when !xml.IsEmptyElement:
                    list = xml.LocalName;
                    break;
                case "numFmt" when list.Length == 0:
                    formats[Number(xml, "numFmtId")] = xml.GetAttribute("formatCode") ?? "";
                    break;
                case "font" when list == "fonts":
                    fonts.Add(new XlmStyle());
                    break;
                case "fill" when list == "fills":
                    fills.Add(new XlmStyle());
                    break;
                case "xf" when list == "cellXfs":
                    var font = fonts.ElementAtOrDefault(Number(xml, "fontId")) ?? new XlmStyle();
                    var fill = fills.ElementAtOrDefault(Number(xml, "fillId")) ?? font;
                    var format = Number(xml, "numFmtId");
                    styles.Add(font with { NumberFormat = formats.GetValueOrDefault(format) ?? BiffLook.BuiltIn(format), Pattern = fill.Pattern, Fore = fill.Fore, Back = fill.Back });
                    break;
                case var part when list == "fonts" && fonts.Count > 0:
                    fonts[^1] = Font(fonts[^1], part, xml);
                    break;
                case var part when list == "fills" && fills.Count > 0:
                    fills[^1] = part switch
                    {
                        "patternFill" => fills[^1] with { Pattern = Math.Max(0, Array.IndexOf(Patterns, xml.GetAttribute("patternType"))) },
                        "fgColor" => fills[^1] with { Fore = Color(xml) },
                        "bgColor" => fills[^1] with { Back = Color(xml) },
                        _ => fills[^1],
                    };
                    break;
                case "alignment" when list == "cellXfs" && styles.Count > 0:
                    styles[^1] = styles[^1] with
                    {
                        Horizontal = Math.Max(0, Array.IndexOf(Horizontals, xml.GetAttribute("horizontal"))) + 1,
                        Vertical = Array.IndexOf(Verticals, xml.GetAttribute("vertical")) is >= 0 and var at ? at + 1 : 3,
                        IsWrapped = IsTrue(xml.GetAttribute("wrapText")),
                    };
                    break;
                case "protection" when list == "cellXfs" && styles.Count > 0:
                    styles[^1] = styles[^1] with { IsLocked = IsTrue(xml.GetAttribute("locked") ?? "1"), IsHidden = IsTrue(xml.GetAttribute("hidden")) };
                    break;
            }
        }

        return styles;
    }

    private static XlmStyle Font(XlmStyle font, string part, XmlReader xml) => part switch
    {
        "name" => font with { FontName = xml.GetAttribute("val") ?? "" },
        "sz" => font with { FontSize = double.TryParse(xml.GetAttribute("val"), NumberStyles.Float, CultureInfo.InvariantCulture, out var size) && double.IsFinite(size) ? size : 0 },
        "b" => font with { IsBold = IsTrue(xml.GetAttribute("val") ?? "1") },
        "i" => font with { IsItalic = IsTrue(xml.GetAttribute("val") ?? "1") },
        "strike" => font with { IsStruck = IsTrue(xml.GetAttribute("val") ?? "1") },
        "u" => font with { IsUnderlined = xml.GetAttribute("val") is not "none" },
        "color" => font with { FontColor = Color(xml) },
        _ => font,
    };

    private static int Color(XmlReader xml) =>
        xml.GetAttribute("indexed") is not null ? XlmLook.Color(Number(xml, "indexed"))
        : xml.GetAttribute("rgb") is { Length: 8 } rgb ? Array.FindIndex(Palette, c => rgb.EndsWith(c, StringComparison.OrdinalIgnoreCase)) is >= 0 and var at ? at + 1 : -1
        : IsTrue(xml.GetAttribute("auto")) ? 0 : -1;

    private static bool IsTrue(string? text) => text is "1" or "true";

    private static int Number(XmlReader xml, string attribute) => int.TryParse(xml.GetAttribute(attribute), NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : 0;
}

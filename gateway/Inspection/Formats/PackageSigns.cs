using System.Globalization;
using System.Text;

namespace Sekisho.Inspection.Formats;

/// <summary>Finds what an Office Open XML package reaches out to and starts: external relationships, fields, ribbons, controls (ECMA-376).</summary>
internal static class PackageSigns
{
    private const int MaxFieldDepth = 50;

    /// <summary>True for the XML members worth reading: relationships everywhere, all of Word's own, and those that tell what they are at their beginning.</summary>
    /// <param name="name">The member's name.</param>
    /// <param name="head">Its first octets.</param>
    /// <param name="package">The package's kind.</param>
    public static bool Wants(string name, ReadOnlySpan<byte> head, FileKind package) =>
        name.EndsWith(".rels", StringComparison.OrdinalIgnoreCase) || package is FileKind.WordOpenXml or FileKind.WordOpenXmlMacro or FileKind.OpenXml
        || head.IndexOf("ustomUI"u8) >= 0 || head.IndexOf("xternalLink"u8) >= 0 || head.IndexOf(":ocx"u8) >= 0 || head.IndexOf("<ocx"u8) >= 0
        || IsWide(head);

    /// <summary>True for the beginning of XML in UTF-16, with a mark (FF FE, FE FF) or without (XML 1.0 appendix F).</summary>
    public static bool IsWide(ReadOnlySpan<byte> head) =>
        head.Length > 3 && ((head[0] == 0xFF && head[1] == 0xFE) || (head[0] == 0xFE && head[1] == 0xFF) || (head[0] == 0) != (head[1] == 0));

    /// <summary>Looks through one XML member, or a whole package in one XML file.</summary>
    /// <param name="xml">UTF-8 or UTF-16.</param>
    /// <param name="found">Where signs go.</param>
    public static void Find(ReadOnlySpan<byte> xml, CarrierContents found)
    {
        if (!MayHold(xml))
        {
            return;
        }

        var fields = new Stack<StringBuilder>();
        var isInstruction = false;
        var scanner = new MarkupScanner(TextOf.Markup(xml));
        while (scanner.Next())
        {
            if (isInstruction && fields.Count > 0 && fields.Peek().Length < 4000)
            {
                fields.Peek().Append(scanner.Text[..Math.Min(scanner.Text.Length, 4000)]);
            }

            var name = scanner.LocalName;
            if (name.Equals("instrText", StringComparison.Ordinal))
            {
                isInstruction = !scanner.IsEnd;
                if (fields.Count == 0)
                {
                    fields.Push(new StringBuilder());
                }

                continue;
            }

            isInstruction = false;
            if (scanner.IsEnd || name.IsEmpty)
            {
                continue;
            }

            if (name.Equals("fldChar", StringComparison.Ordinal))
            {
                FieldMark(scanner.Attribute("fldCharType") ?? "", fields, found);
            }
            else
            {
                Element(scanner, name, found);
            }
        }

        while (fields.Count > 0)
        {
            EndField(fields, found);
        }
    }

    /// <summary>False for what cannot hold any element that is looked for: neither names of elements nor of attributes can be written otherwise, and most parts have none of these.</summary>
    private static bool MayHold(ReadOnlySpan<byte> xml) =>
        xml.Length < 4 || IsWide(xml)
        || xml.IndexOf("TargetMode"u8) >= 0 || xml.IndexOf("instrText"u8) >= 0 || xml.IndexOf("fldChar"u8) >= 0 || xml.IndexOf("fldSimple"u8) >= 0 || xml.IndexOf("attachedTemplate"u8) >= 0
        || xml.IndexOf("ddeLink"u8) >= 0 || xml.IndexOf("LEObject"u8) >= 0 || xml.IndexOf("leObject"u8) >= 0 || xml.IndexOf("customUI"u8) >= 0 || xml.IndexOf("ocx"u8) >= 0;

    private static void FieldMark(string type, Stack<StringBuilder> fields, CarrierContents found)
    {
        if (type.Equals("begin", StringComparison.OrdinalIgnoreCase) && fields.Count < MaxFieldDepth)
        {
            fields.Push(new StringBuilder());
        }
        else if (type.Equals("end", StringComparison.OrdinalIgnoreCase) && fields.Count > 0)
        {
            EndField(fields, found);
        }
    }

    /// <summary>A field within a field gives its result to the outer one: <c>{ QUOTE 68 68 69 }</c> stands for "DDE".</summary>
    private static void EndField(Stack<StringBuilder> fields, CarrierContents found)
    {
        var text = System.Net.WebUtility.HtmlDecode(fields.Pop().ToString()).Trim();
        var isQuote = text.StartsWith("QUOTE", StringComparison.OrdinalIgnoreCase);
        if (isQuote)
        {
            text = Quoted(text);
        }

        if (fields.TryPeek(out var outer))
        {
            if (outer.Length < 4000)
            {
                outer.Append(text);
            }

            if (isQuote)
            {
                return;
            }
        }

        DataExchange.Field(found, text);
    }

    private static string Quoted(string text)
    {
        var result = new StringBuilder();
        foreach (var word in text[5..].Split(' ', StringSplitOptions.RemoveEmptyEntries))
        {
            result.Append(int.TryParse(word, NumberStyles.None, CultureInfo.InvariantCulture, out var code) && code is > 0 and < 0xD800 ? ((char)code).ToString() : word.Trim('"'));
        }

        return result.ToString();
    }

    private static void Element(scoped in MarkupScanner scanner, ReadOnlySpan<char> name, CarrierContents found)
    {
        switch (name)
        {
            case "Relationship" when "External".Equals(scanner.Attribute("TargetMode"), StringComparison.OrdinalIgnoreCase):
                Relationship(scanner.Attribute("Type") ?? "", (scanner.Attribute("Target") ?? "").Trim(), found);
                break;
            case "fldSimple":
                DataExchange.Field(found, scanner.Attribute("instr"));
                break;
            case "attachedTemplate" when scanner.Attribute("val") is { } template:
                found.NoteRemote(SignKind.RemoteTemplate, template); // Word 2003 XML names it here.
                break;
            case "ddeLink":
                DataExchange.Note(found, $"{scanner.Attribute("ddeService")}|{scanner.Attribute("ddeTopic")}");
                break;
            case "OLEObject" or "oleObject" when scanner.Attribute("ProgID") is { } program && program.StartsWith("Equation.", StringComparison.OrdinalIgnoreCase) && !program.StartsWith("Equation.DSMT", StringComparison.OrdinalIgnoreCase):
                found.Note(SignKind.EquationObject, program);
                break;
            case "customUI" when scanner.Attribute("onLoad") is { Length: > 0 } macro:
                found.Note(SignKind.CustomUiLoad, $"onLoad calls {macro}");
                break;
            case "ocx" when scanner.Attribute("classid") is { } classId:
                found.Note(SignKind.ActiveXControl, classId);
                break;
        }
    }

    /// <summary>What Office does with a relationship is told by the last word of its type (ECMA-376 part 1 annex A, both namespaces).</summary>
    private static void Relationship(string type, string target, CarrierContents found)
    {
        var slash = type.LastIndexOf('/');
        switch (type[(slash + 1)..])
        {
            case "attachedTemplate":
                found.NoteRemote(SignKind.RemoteTemplate, target);
                break;
            case "oleObject" or "frame" or "subDocument" or "aFChunk" or "package":
                found.NoteRemote(SignKind.RemoteObject, target);
                break;
            case "externalLinkPath" or "xlPathMissing" or "xlStartup" or "xlExternalLinkPath":
                found.NoteRemote(SignKind.ExternalLink, target);
                break;
            default:
                // An ordinary link to a page that answers with a template or a script is no link (CVE-2021-40444, CVE-2022-30190).
                found.NoteRemote(RemoteTargets.IsWeb(target) && !target.StartsWith("http", StringComparison.OrdinalIgnoreCase) && !target.StartsWith("ftp:", StringComparison.OrdinalIgnoreCase)
                    ? SignKind.RemoteObject : SignKind.Link, target);
                break;
        }
    }
}

using System.IO.Compression;
using System.Text;

namespace Sekisho.SampleMaker.Waves;

/// <summary>What a VBA project is put into.</summary>
public enum MacroHost
{
    /// <summary>Word 97-2003.</summary>
    Doc,

    /// <summary>Word with macros, Office Open XML.</summary>
    Docm,

    /// <summary>Excel 97-2003.</summary>
    Xls,

    /// <summary>Excel with macros, Office Open XML.</summary>
    Xlsm,

    /// <summary>A Word document embedded in RTF.</summary>
    Rtf,

    /// <summary>A web archive with ActiveMime, named <c>.doc</c>.</summary>
    Mht,

    /// <summary>Flat OPC: a package as one XML file.</summary>
    FlatOpc,
}

/// <summary>One module of a project: its procedures one by one, so that they can change places.</summary>
/// <param name="Name">The module's name.</param>
/// <param name="Head">Declarations before the first procedure.</param>
/// <param name="Procedures">The procedures, each with its end line.</param>
public sealed record MacroModule(string Name, string Head, IReadOnlyList<string> Procedures)
{
    /// <summary>The whole source.</summary>
    public string Source => Head + string.Concat(Procedures);
}

/// <summary>A macro document before it is written: its source, what it keeps in forms, what it shows.</summary>
/// <param name="Modules">Its modules; the first is the document's own.</param>
/// <param name="Names">The names that the author chose, all of them changeable.</param>
public sealed record MacroSample(IReadOnlyList<MacroModule> Modules, IReadOnlyList<string> Names)
{
    /// <summary>Text boxes of <c>UserForm1</c>: name, tag, value and group name.</summary>
    public IReadOnlyList<(string Name, string Tag, string Value, string Group)> Boxes { get; init; } = [];

    /// <summary>What the document says to its reader; the picture of many waves is text here.</summary>
    public string Shown { get; init; } = "";

    /// <summary>Octets of the lure picture (Word's <c>Data</c> stream).</summary>
    public byte[] Picture { get; init; } = [];

    /// <summary>Windows code page of the sources.</summary>
    public int CodePage { get; init; } = 1252;

    /// <summary>The usual extension for a host.</summary>
    public static string Extension(MacroHost host) => host switch
    {
        MacroHost.Docm => "docm",
        MacroHost.Xls => "xls",
        MacroHost.Xlsm => "xlsm",
        MacroHost.FlatOpc => "xml",
        _ => "doc",
    };

    /// <summary>The document's octets.</summary>
    public byte[] Write(MacroHost host) => host switch
    {
        MacroHost.Docm => Package("word", "document", "application/vnd.ms-word.document.macroEnabled.main+xml", WordText()),
        MacroHost.Xls => Compound("Workbook", "_VBA_PROJECT_CUR").ToArray(),
        MacroHost.Xlsm => Package("xl", "workbook", "application/vnd.ms-excel.sheet.macroEnabled.main+xml",
            "<workbook xmlns=\"http://schemas.openxmlformats.org/spreadsheetml/2006/main\"><sheets/></workbook>"),
        MacroHost.Rtf => Encoding.ASCII.GetBytes("{\\rtf1\\ansi " + Ascii() + "{\\object\\objemb{\\*\\objclass Word.Document.8}{\\*\\objdata "
            + CarrierWriter.RtfObject("Word.Document.8", Compound("WordDocument", "Macros").ToArray()) + "}}}"),
        MacroHost.Mht => Encoding.ASCII.GetBytes("MIME-Version: 1.0\r\nContent-Type: multipart/related; boundary=\"b\"\r\n\r\n--b\r\nContent-Type: text/html\r\n\r\n"
            + $"<html><body>{Ascii()}</body></html>\r\n--b\r\nContent-Location: file:///C:/0001/editdata.mso\r\nContent-Transfer-Encoding: base64\r\nContent-Type: application/x-mso\r\n\r\n"
            + Convert.ToBase64String(ActiveMime(), Base64FormattingOptions.InsertLineBreaks) + "\r\n--b--\r\n"),
        MacroHost.FlatOpc => Encoding.UTF8.GetBytes("<?xml version=\"1.0\" encoding=\"UTF-8\" standalone=\"yes\"?><?mso-application progid=\"Word.Document\"?><pkg:package xmlns:pkg=\"http://schemas.microsoft.com/office/2006/xmlPackage\">"
            + $"<pkg:part pkg:name=\"/word/document.xml\"><pkg:xmlData>{WordText()}</pkg:xmlData></pkg:part>"
            + $"<pkg:part pkg:name=\"/word/vbaProject.bin\"><pkg:binaryData>{Convert.ToBase64String(Project())}</pkg:binaryData></pkg:part></pkg:package>"),
        _ => Compound("WordDocument", "Macros").ToArray(),
    };

    /// <summary>The project as a file of its own.</summary>
    public byte[] Project()
    {
        var file = new CompoundFileWriter();
        AddProject(file, "");
        return file.ToArray();
    }

    private CompoundFileWriter Compound(string main, string storage)
    {
        // The text stands in the main stream, ANSI where all of it is ASCII, else UTF-16 (MS-DOC section 2.4.1).
        var text = System.Text.Ascii.IsValid(Shown) ? Encoding.ASCII.GetBytes(Shown) : Encoding.Unicode.GetBytes(Shown);
        var stream = new byte[Math.Max(5000, 2048 + text.Length)];
        text.CopyTo(stream, 1536);
        var file = new CompoundFileWriter();
        if (main == "Workbook")
        {
            var book = new XlmWorkbookWriter();
            book.Text(book.AddSheet("Sheet1", isMacro: false), 0, 0, Shown.Length > 250 ? Shown[..250] : Shown);
            file.Add("Workbook", book.ToStream());
        }
        else
        {
            file.Add(main, stream).Add("1Table", new byte[400]);
            if (Picture.Length > 0)
            {
                file.Add("Data", Picture);
            }
        }

        AddProject(file, storage);
        return file;
    }

    private void AddProject(CompoundFileWriter file, string storage)
    {
        var project = new VbaProjectWriter(CodePage);
        foreach (var module in Modules)
        {
            project.Add(module.Name, module.Source);
        }

        project.AddTo(file, storage);
        if (Boxes.Count > 0)
        {
            FormWriter.AddForm(file, storage.Length == 0 ? "UserForm1" : storage + "/UserForm1", [.. Boxes]);
        }
    }

    private byte[] Package(string folder, string main, string type, string content)
    {
        const string Relations = "http://schemas.openxmlformats.org/officeDocument/2006/relationships";
        var members = new List<(string, byte[])>
        {
            ("[Content_Types].xml", Xml($"<Types xmlns=\"http://schemas.openxmlformats.org/package/2006/content-types\"><Override PartName=\"/{folder}/vbaProject.bin\" ContentType=\"application/vnd.ms-office.vbaProject\"/>"
                + $"<Override PartName=\"/{folder}/{main}.xml\" ContentType=\"{type}\"/></Types>")),
            ("_rels/.rels", Xml($"<Relationships xmlns=\"http://schemas.openxmlformats.org/package/2006/relationships\"><Relationship Id=\"rId1\" Type=\"{Relations}/officeDocument\" Target=\"{folder}/{main}.xml\"/></Relationships>")),
            ($"{folder}/{main}.xml", Xml(content)),
            ($"{folder}/_rels/{main}.xml.rels", Xml("<Relationships xmlns=\"http://schemas.openxmlformats.org/package/2006/relationships\"><Relationship Id=\"rId1\" Type=\"http://schemas.microsoft.com/office/2006/relationships/vbaProject\" Target=\"vbaProject.bin\"/></Relationships>")),
            ($"{folder}/vbaProject.bin", Project()),
        };
        if (folder == "xl")
        {
            members.Add(("xl/sharedStrings.xml", Xml($"<sst xmlns=\"http://schemas.openxmlformats.org/spreadsheetml/2006/main\"><si><t>{Escape(Shown)}</t></si></sst>")));
        }

        if (Picture.Length > 0)
        {
            members.Add(($"{folder}/media/image1.png", Picture));
        }

        return ZipWriter.Plain([.. members]);
    }

    private string WordText() => $"<w:document xmlns:w=\"http://schemas.openxmlformats.org/wordprocessingml/2006/main\"><w:body>{string.Concat(Shown.Split('\r').Select(l => $"<w:p><w:r><w:t>{Escape(l)}</w:t></w:r></w:p>"))}</w:body></w:document>";

    private string Ascii() => new([.. Shown.Where(c => c is >= ' ' and < '\u007F' and not ('{' or '}' or '\\' or '<'))]);

    private byte[] ActiveMime()
    {
        using var packed = new MemoryStream();
        packed.Write("ActiveMime"u8);
        packed.Write(new byte[0x32 - 10]);
        using (var zlib = new ZLibStream(packed, CompressionMode.Compress, leaveOpen: true))
        {
            zlib.Write(Project());
        }

        return packed.ToArray();
    }

    private static string Escape(string text) => text.Replace("&", "&amp;", StringComparison.Ordinal).Replace("<", "&lt;", StringComparison.Ordinal);

    private static byte[] Xml(string text) => Encoding.UTF8.GetBytes("<?xml version=\"1.0\" encoding=\"UTF-8\" standalone=\"yes\"?>\n" + text);
}

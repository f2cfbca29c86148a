using System.IO.Compression;
using System.Text;

namespace Sekisho.SampleMaker;

/// <summary>Writes harmless carriers for tests: shortcuts, PDFs, RTF, OneNote sections, OLE packages, Outlook items.</summary>
public static class CarrierWriter
{
    /// <summary>A shortcut (MS-SHLLINK) to a target given by its environment block, with arguments.</summary>
    /// <param name="target">What it starts.</param>
    /// <param name="arguments">With what.</param>
    /// <param name="appended">Octets behind its end.</param>
    public static byte[] Shortcut(string target, string arguments, byte[]? appended = null)
    {
        var header = new byte[76];
        header[0] = 76;
        new Guid("00021401-0000-0000-C000-000000000046").ToByteArray().CopyTo(header, 4);
        header[20] = 0x20 | 0x80 | 0x40; // Arguments, icon, UTF-16.
        header[21] = 0x02; // Environment block.
        var block = new byte[788];
        BitConverter.GetBytes(788).CopyTo(block, 0);
        BitConverter.GetBytes(0xA0000001).CopyTo(block, 4);
        Encoding.ASCII.GetBytes(target).CopyTo(block, 8);
        Encoding.Unicode.GetBytes(target).CopyTo(block, 268);
        return [.. header, .. Counted(arguments), .. Counted(@"C:\Windows\notepad.exe"), .. block, 0, 0, 0, 0, .. appended ?? []];
    }

    /// <summary>A PDF of these objects, numbered from 1, without a cross-reference table.</summary>
    public static byte[] Pdf(params string[] objects) =>
        Encoding.Latin1.GetBytes("%PDF-1.7\n" + string.Concat(objects.Select((o, i) => $"{i + 1} 0 obj\n{o}\nendobj\n")) + "trailer\n<< /Root 1 0 R >>\n%%EOF\n");

    /// <summary>A PDF stream object, deflated, as text for <see cref="Pdf"/>.</summary>
    /// <param name="entries">What else stands in its dictionary.</param>
    /// <param name="content">Its octets.</param>
    public static string PdfStream(string entries, byte[] content)
    {
        using var packed = new MemoryStream();
        using (var zlib = new ZLibStream(packed, CompressionLevel.Optimal, leaveOpen: true))
        {
            zlib.Write(content);
        }

        return $"<< {entries} /Filter /FlateDecode /Length {packed.Length} >>\nstream\n{Encoding.Latin1.GetString(packed.ToArray())}\nendstream";
    }

    /// <summary>An OLE 1 object (MS-OLEDS section 2.2.5) in hexadecimal, as RTF holds it.</summary>
    public static string RtfObject(string name, byte[] content) =>
        Convert.ToHexStringLower([1, 5, 0, 0, 2, 0, 0, 0, .. Ansi(name), 0, 0, 0, 0, 0, 0, 0, 0, .. BitConverter.GetBytes(content.Length), .. content]);

    /// <summary>What a packager stores in <c>\1Ole10Native</c>.</summary>
    public static byte[] Package(string label, string path, byte[] content)
    {
        byte[] body = [2, 0, .. Zero(label), .. Zero(path), 0, 0, 3, 0, .. BitConverter.GetBytes(path.Length + 1), .. Zero(path), .. BitConverter.GetBytes(content.Length), .. content];
        return [.. BitConverter.GetBytes(body.Length), .. body];
    }

    /// <summary>A piece of a OneNote section with one embedded file, its name and its extension (MS-ONESTORE).</summary>
    public static byte[] OneNote(string name, byte[] content)
    {
        var id = new Guid("11112222-3333-4444-5555-666677778888");
        var section = new List<byte>(new byte[1024]);
        new Guid("7B5C52E4-D88C-4DA7-AEB1-5378D02996D3").ToByteArray().CopyTo(System.Runtime.InteropServices.CollectionsMarshal.AsSpan(section));
        var file = section.Count;
        section.AddRange([.. new Guid("BDE316E7-2665-4511-A4C4-8D4D0B7A9EAC").ToByteArray(), .. BitConverter.GetBytes((long)content.Length), .. new byte[12], .. content]);
        // A property set of two: a Boolean, and the name.
        var text = Encoding.Unicode.GetBytes(name + "\0");
        section.AddRange([2, 0, 0x05, 0x1C, 0x00, 0x08, 0x9C, 0x1D, 0x00, 0x1C, .. BitConverter.GetBytes(text.Length), .. text]);
        var extension = name[name.LastIndexOf('.')..];
        section.AddRange([.. Encoding.Unicode.GetBytes($"<ifndf>{{{id:D}}}"), .. BitConverter.GetBytes(extension.Length), .. Encoding.Unicode.GetBytes(extension)]);
        // FileDataStoreObjectReferenceFND: id 0x094, place of four octets, length of four.
        section.AddRange([.. BitConverter.GetBytes(0x094u | (28u << 10) | (1u << 23)), .. BitConverter.GetBytes(file), .. BitConverter.GetBytes(36 + content.Length), .. id.ToByteArray()]);
        section.AddRange([.. Encoding.Unicode.GetBytes("https://link.test/page"), 0, 0]);
        return [.. section];
    }

    /// <summary>An Outlook item (MS-OXMSG) with a subject, a sender and bodies; it encloses another one.</summary>
    public static byte[] OutlookItem(string subject, string text, string html) =>
        new CompoundFileWriter()
            .Add("__properties_version1.0", new byte[32])
            .Add("__substg1.0_0037001F", Encoding.Unicode.GetBytes(subject))
            .Add("__substg1.0_0C1F001F", Encoding.Unicode.GetBytes("alice@sender.test"))
            .Add("__substg1.0_1000001F", Encoding.Unicode.GetBytes(text))
            .Add("__substg1.0_10130102", Encoding.UTF8.GetBytes(html))
            .Add("__attach_version1.0_#00000000/__substg1.0_3701000D/__substg1.0_1000001F", Encoding.Unicode.GetBytes("enclosed text"))
            .ToArray();

    /// <summary>A Word document (ECMA-376) with relationships and body of one's own.</summary>
    /// <param name="relationships">Relationship elements of the main part.</param>
    /// <param name="body">What stands in <c>w:body</c>.</param>
    public static byte[] WordPackage(string relationships, string body) => ZipWriter.Plain(
        ("[Content_Types].xml", Encoding.UTF8.GetBytes("<Types><Override PartName=\"/word/document.xml\" ContentType=\"application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml\"/></Types>")),
        ("word/document.xml", Encoding.UTF8.GetBytes($"<?xml version=\"1.0\"?><w:document xmlns:w=\"http://schemas.openxmlformats.org/wordprocessingml/2006/main\"><w:body>{body}</w:body></w:document>")),
        ("word/_rels/document.xml.rels", Encoding.UTF8.GetBytes($"<?xml version=\"1.0\"?><Relationships xmlns=\"http://schemas.openxmlformats.org/package/2006/relationships\">{relationships}</Relationships>")));

    private static byte[] Counted(string text) => [.. BitConverter.GetBytes((ushort)text.Length), .. Encoding.Unicode.GetBytes(text)];

    private static byte[] Ansi(string text) => [.. BitConverter.GetBytes(text.Length + 1), .. Zero(text)];

    private static byte[] Zero(string text) => [.. Encoding.Latin1.GetBytes(text), 0];
}

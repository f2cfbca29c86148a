using System.Text;

namespace Sekisho.SampleMaker;

/// <summary>Writes VBA forms (MS-OFORMS) for tests: a form with text boxes and a label.</summary>
public static class FormWriter
{
    /// <summary>Puts a form into a compound file.</summary>
    /// <param name="file">A document or a VBA project.</param>
    /// <param name="storage">The form's storage, such as <c>Macros/UserForm1</c>.</param>
    /// <param name="boxes">Text boxes: name, tag, value and group name, each empty for none.</param>
    public static CompoundFileWriter AddForm(CompoundFileWriter file, string storage, params (string Name, string Tag, string Value, string Group)[] boxes)
    {
        using var form = new MemoryStream();
        using var objects = new MemoryStream();
        using var sites = new MemoryStream();
        foreach (var (name, tag, value, group) in boxes)
        {
            var control = Morph(value, group);
            objects.Write(control);
            sites.Write(Site(name, tag, control.Length));
        }

        // The form itself: flags that say there is no class table, and a caption.
        Block(form, 4, [.. BitConverter.GetBytes((1u << 6) | (1u << 19)), .. BitConverter.GetBytes(0x8004u), .. Count("Form"), .. Text("Form")]);
        form.Write(BitConverter.GetBytes(boxes.Length));
        form.Write(BitConverter.GetBytes((int)sites.Length + 4));
        form.Write([0, (byte)(0x80 | boxes.Length), 1, 0]);
        form.Write(sites.ToArray());
        return file.Add(storage + "/f", form.ToArray()).Add(storage + "/o", objects.ToArray())
            .Add(storage + "/\u0003VBFrame", Encoding.Latin1.GetBytes("VERSION 5.00\r\nBegin {C62A69F0-16DC-11CE-9E98-00AA00574A4F} UserForm1 \r\n   Caption         =   \"Hello form\"\r\nEnd\r\n"));
    }

    private static byte[] Site(string name, string tag, int size)
    {
        using var output = new MemoryStream();
        var mask = 1u | (tag.Length > 0 ? 2u : 0) | (1u << 5) | (1u << 6) | (1u << 7) | (1u << 8);
        var data = new List<byte>(BitConverter.GetBytes(mask));
        data.AddRange(Count(name));
        if (tag.Length > 0)
        {
            data.AddRange(Count(tag));
        }

        data.AddRange(BitConverter.GetBytes(size));
        data.AddRange([1, 0, 23, 0]);
        data.AddRange(Text(name));
        data.AddRange(Text(tag));
        data.AddRange(new byte[8]);
        Block(output, 0, [.. data]);
        return output.ToArray();
    }

    private static byte[] Morph(string value, string group)
    {
        using var output = new MemoryStream();
        var mask = 1uL | (1uL << 4) | (1uL << 8) | (1uL << 9) | (value.Length > 0 ? 1uL << 22 : 0) | (group.Length > 0 ? 1uL << 32 : 0);
        var data = new List<byte>(BitConverter.GetBytes(mask));
        data.AddRange(new byte[4]);       // various bits
        data.AddRange([1, 0, 0x2A, 0]);   // border, padding, password character
        if (value.Length > 0)
        {
            data.AddRange(Count(value));
        }

        if (group.Length > 0)
        {
            data.AddRange(Count(group));
        }

        data.AddRange(new byte[8]);
        data.AddRange(Text(value));
        data.AddRange(Text(group));
        Block(output, 2, [.. data]);
        return output.ToArray();
    }

    private static void Block(Stream output, byte version, byte[] content)
    {
        output.Write([0, version]);
        output.Write(BitConverter.GetBytes((ushort)content.Length));
        output.Write(content);
    }

    private static byte[] Count(string text) => BitConverter.GetBytes((uint)text.Length | 0x80000000);

    private static byte[] Text(string text) => [.. Encoding.Latin1.GetBytes(text), .. new byte[-text.Length & 3]];
}

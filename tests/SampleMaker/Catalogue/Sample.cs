namespace Sekisho.SampleMaker.Catalogue;

/// <summary>One trick, or one honest thing that looks like it.</summary>
/// <param name="Name">Words joined by hyphens: the name of its file, and of its expected result.</param>
/// <param name="Shows">What it shows, in a sentence.</param>
/// <param name="Octets">Makes it; the same octets each time.</param>
/// <param name="Extension">Without a dot: <c>eml</c> for a letter; else the file is inspected as a bare document of that extension.</param>
public sealed record Sample(string Name, string Shows, Func<byte[]> Octets, string Extension = "eml")
{
    /// <summary>A letter of plain words with one attachment.</summary>
    public static Sample Attached(string name, string shows, string fileName, Func<byte[]> content) =>
        new(name, shows, () => LetterWriter.WithAttachments("資料送付", "いつもお世話になっております。資料をお送りします。", (fileName, content())));

    /// <summary>A letter of plain words with one text as its attachment, in UTF-8.</summary>
    public static Sample Attached(string name, string shows, string fileName, string content) =>
        Attached(name, shows, fileName, () => System.Text.Encoding.UTF8.GetBytes(content));
}

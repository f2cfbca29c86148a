using System.Text;

namespace Sekisho.SampleMaker.Waves;

/// <summary>Code that does nothing, as the builders of each year strewed it in, and the ways they took strings apart.</summary>
internal static class VbaJunk
{
    private static readonly string[] Functions = ["Sin", "Cos", "Log", "Tan", "Atn", "Hex", "CDbl", "Oct", "Sqr", "CLng", "Fix", "Rnd", "ChrW", "CByte"];

    private static readonly string[] Comments =
        ["Tools, Grocery & Music", "Rustic Frozen Chips", "Handcrafted Steel Gloves", "intuitive", "Regional Markets Coordinator", "24/7 synthesizing", "Principal", "Kentucky Way", "back-end", "Direct Division Agent"];

    /// <summary>Select Case over arithmetic (2019 and 2020).</summary>
    public static string SelectCase(Chance c)
    {
        var name = c.Name();
        var text = new StringBuilder($"   Select Case {name}\r\n");
        for (var i = 0; i < c.Number(1, 3); i++)
        {
            text.Append($"      Case {c.Number(1000, 999999999)}\r\n         {c.Name()} = {c.Pick(Functions)}({c.Number(1, 99999)}) + {c.Pick(Functions)}({c.Name()} / {c.Number(2, 999)})\r\n");
            text.Append($"         {c.Name()} = {c.Name()} - {c.Pick(Functions)}({c.Number(1, 9999999)} * {c.Name()})\r\n");
        }

        return text.Append("   End Select\r\n").ToString();
    }

    /// <summary>A loop over the document's revisions, of which there are none, with a comment of words thrown together (September 2019).</summary>
    public static string While(Chance c)
    {
        var name = c.Name();
        return $"'{c.Pick(Comments)} {c.Word()}\r\nDim {name} As Integer\r\n{name} = 1\r\nWhile {name} <= ActiveDocument.Revisions.Count\r\n   Debug.Print ActiveDocument.Revisions({name}).Range.Text & \"{c.Pick(Comments)}\"\r\n   {name} = {name} + 1\r\nWend\r\n";
    }

    /// <summary>Do loops and tangled arithmetic (2020).</summary>
    public static string Loop(Chance c)
    {
        var (name, other) = (c.Name(), c.Name());
        return $"   Do While {name} < {c.Number(2, 40)}\r\n      {name} = {name} + {c.Number(1, 4)}\r\n      {other} = {c.Pick(Functions)}({name} + {c.Number(3, 99999)}) Mod {c.Number(2, 77)}\r\n   Loop\r\n";
    }

    /// <summary>Plain arithmetic with names that nothing uses (2018).</summary>
    public static string Dead(Chance c) =>
        $"{c.Name()} = {c.Number(1, 99999)} * {c.Pick(Functions)}({c.Number(1, 9999)}) + {c.Name()} / {c.Number(1, 999)}\r\nIf {c.Name()} = {c.Number(1, 99999)} Then {c.Name()} = {c.Pick(Functions)}({c.Number(1, 99)})\r\n";

    /// <summary>So many pieces of junk.</summary>
    public static string Many(Chance c, int count, Func<Chance, string> kind) => string.Concat(Enumerable.Range(0, count).Select(_ => kind(c)));

    /// <summary>A string put together of pieces by <c>+</c>.</summary>
    public static string Pieces(Chance c, string text)
    {
        var pieces = new List<string>();
        for (var at = 0; at < text.Length;)
        {
            var length = Math.Min(text.Length - at, c.Number(2, 7));
            pieces.Add(c.Percent(15) && length == 2 ? $"ChrW({(int)text[at]}) + Chr({(int)text[at + 1]})" : $"\"{text.Substring(at, length).Replace("\"", "\"\"", StringComparison.Ordinal)}\"");
            at += length;
        }

        return string.Join(" + ", pieces);
    }

    /// <summary>A text with a separator strewn in, which Split and Join or Replace take out again.</summary>
    public static string Strewn(Chance c, string text, string separator)
    {
        var strewn = new StringBuilder();
        foreach (var letter in text)
        {
            strewn.Append(letter);
            if (c.Percent(60))
            {
                strewn.Append(separator);
            }
        }

        return strewn.ToString();
    }
}

using System.Text;

namespace Sekisho.Inspection.Formats;

/// <summary>Looks through text files that a program acts upon: sheets in text form (CSV, SYLK), web queries, Internet shortcuts, cards and calendars.</summary>
internal static class TextCarriers
{
    private static readonly string[] MacroFunctions = ["EXEC(", "CALL(", "REGISTER(", "FOPEN(", "RUN("];

    /// <summary>A CSV or any other text: cells that Excel takes for formulas, and the links of cards (RFC 6350) and calendars (RFC 5545).</summary>
    public static void Plain(ReadOnlySpan<byte> octets, CarrierContents found)
    {
        var isCard = octets[..Math.Min(octets.Length, 512)].IndexOf("BEGIN:V"u8) >= 0;
        if (!isCard && !octets.Contains((byte)'|') && (octets.Length < 2 || octets[1] != 0))
        {
            return; // Most texts end here.
        }

        var text = TextOf.Markup(octets);
        if (isCard)
        {
            // A line that begins with a blank goes on with the one before.
            var whole = text.Replace("\r\n ", "", StringComparison.Ordinal).Replace("\r\n\t", "", StringComparison.Ordinal).Replace("\n ", "", StringComparison.Ordinal).Replace("\n\t", "", StringComparison.Ordinal);
            Links(whole, found);
            CardFiles.Find(whole, found);
        }

        foreach (var line in text.AsSpan().EnumerateLines())
        {
            if (line.Contains('|'))
            {
                foreach (var range in line.SplitAny(",;\t"))
                {
                    Cell(line[range], found);
                }

                Cell(line, found);
            }
        }
    }

    /// <summary>SYLK: cell records "C;...;E" hold formulas; a sheet of macros says so ("O;E") or names them ("NN;N").</summary>
    public static void Sylk(ReadOnlySpan<byte> octets, CarrierContents found)
    {
        foreach (var line in TextOf.Markup(octets).AsSpan().EnumerateLines())
        {
            var record = line.TrimStart();
            if (record.StartsWith("C;", StringComparison.Ordinal) || record.StartsWith("F;", StringComparison.Ordinal))
            {
                var at = record.IndexOf(";E", StringComparison.Ordinal);
                if (at >= 0)
                {
                    var formula = "=" + record[(at + 2)..].Trim().ToString();
                    Cell(formula, found);
                    if (Array.Exists(MacroFunctions, f => formula.Contains(f, StringComparison.OrdinalIgnoreCase)))
                    {
                        found.Note(SignKind.SheetMacro, formula);
                    }
                }
            }
            else if (record.StartsWith("NN;", StringComparison.Ordinal) && record.Contains("auto_", StringComparison.OrdinalIgnoreCase))
            {
                found.Note(SignKind.SheetMacro, record.ToString());
            }
        }
    }

    /// <summary>A web query: "WEB", a version, the address, what is sent with it.</summary>
    public static void Query(ReadOnlySpan<byte> octets, CarrierContents found)
    {
        var number = 0;
        foreach (var line in TextOf.Markup(octets).AsSpan().EnumerateLines())
        {
            if (!line.IsWhiteSpace() && ++number == 3)
            {
                found.Note(SignKind.WebQuery, line.Trim().ToString());
                return;
            }
        }
    }

    /// <summary>An Internet shortcut: where it leads and where its icon is fetched from.</summary>
    public static void Shortcut(ReadOnlySpan<byte> octets, CarrierContents found)
    {
        foreach (var line in TextOf.Markup(octets).AsSpan().EnumerateLines())
        {
            var equals = line.IndexOf('=');
            if (equals <= 0)
            {
                continue;
            }

            var value = line[(equals + 1)..].Trim().ToString();
            switch (line[..equals].Trim())
            {
                case var key when key.Equals("URL", StringComparison.OrdinalIgnoreCase):
                    found.Note(RemoteTargets.IsRemote(value) && !value.StartsWith("http", StringComparison.OrdinalIgnoreCase) ? SignKind.RemoteObject : SignKind.Link, value);
                    break;
                case var key when key.Equals("IconFile", StringComparison.OrdinalIgnoreCase) || key.Equals("WorkingDirectory", StringComparison.OrdinalIgnoreCase):
                    if (!value.StartsWith("http", StringComparison.OrdinalIgnoreCase))
                    {
                        found.NoteRemote(SignKind.RemoteObject, value);
                    }

                    break;
            }
        }
    }

    /// <summary><c>=program|topic!item</c>, also behind other signs that begin a formula.</summary>
    private static void Cell(ReadOnlySpan<char> cell, CarrierContents found)
    {
        cell = cell.Trim(" \t\"'\uFEFF");
        if (cell.Length < 5 || cell[0] is not ('=' or '+' or '-' or '@'))
        {
            return;
        }

        var bar = cell.IndexOf('|');
        if (bar <= 1 || cell[(bar + 1)..].IndexOf('!') < 0 || !(char.IsAsciiLetterOrDigit(cell[bar - 1]) || cell[bar - 1] == '\''))
        {
            return;
        }

        DataExchange.Note(found, cell[..Math.Min(cell.Length, 1000)].ToString());
    }

    private static void Links(string text, CarrierContents found)
    {
        for (var at = 0; (at = text.IndexOf("http", at, StringComparison.OrdinalIgnoreCase)) >= 0;)
        {
            var rest = text.AsSpan(at);
            if (!rest.StartsWith("http://", StringComparison.OrdinalIgnoreCase) && !rest.StartsWith("https://", StringComparison.OrdinalIgnoreCase))
            {
                at += 4;
                continue;
            }

            var end = rest.IndexOfAny(" \t\r\n\"<>\\");
            var link = end < 0 ? rest : rest[..end];
            found.Note(SignKind.Link, link[..Math.Min(link.Length, 2000)].ToString());
            at += link.Length;
        }
    }
}

using System.Globalization;
using System.Text;

namespace Sekisho.Inspection.Formats;

/// <summary>Writes cell addresses, values and sheet names as Excel shows them, and knows the names that start by themselves.</summary>
internal static class XlmText
{
    /// <summary>Letters of other scripts that look like the ones in <c>AUTO_OPEN</c> and its like, and what they look like.</summary>
    private const string LookAlikes = "АAТTОOРPЕEСCІIѴVΑAΤTΟOΡPΕEΝNΙIՕOԚQ";

    /// <summary>Such as <c>AB12</c>; row and column from 0.</summary>
    public static string Cell(int row, int column) => Column(column) + (row + 1).ToString(CultureInfo.InvariantCulture);

    /// <summary>Such as <c>AB</c>; from 0.</summary>
    public static string Column(int column)
    {
        var text = "";
        for (var rest = Math.Clamp(column, 0, 0xFFFF) + 1; rest > 0; rest = (rest - 1) / 26)
        {
            text = (char)('A' + ((rest - 1) % 26)) + text;
        }

        return text;
    }

    /// <summary>A sheet's name as it stands before the exclamation mark, in quotes.</summary>
    public static string Sheet(string name) => $"'{name.Replace("'", "''", StringComparison.Ordinal)}'";

    /// <summary>A string constant in a formula.</summary>
    public static string Quote(string text) => $"\"{text.Replace("\"", "\"\"", StringComparison.Ordinal)}\"";

    /// <summary>A number as Excel turns it into text: at most 15 digits.</summary>
    public static string Number(double value) => value.ToString("G15", CultureInfo.InvariantCulture);

    /// <summary>An error constant by its code (MS-XLS section 2.5.10).</summary>
    public static string Error(int code) => code switch
    {
        0x00 => "#NULL!",
        0x07 => "#DIV/0!",
        0x0F => "#VALUE!",
        0x17 => "#REF!",
        0x1D => "#NAME?",
        0x24 => "#NUM!",
        _ => "#N/A",
    };

    /// <summary>A number packed into 30 bits (MS-XLS section 2.5.217, MS-XLSB section 2.5.122).</summary>
    public static double Packed(uint rk)
    {
        var value = (rk & 2) != 0 ? (int)rk >> 2 : BitConverter.UInt64BitsToDouble((ulong)(rk & ~3u) << 32);
        return (rk & 1) != 0 ? value / 100 : value;
    }

    /// <summary>The English name of a built-in name by its code (MS-XLS section 2.5.66).</summary>
    public static string BuiltIn(int code)
    {
        string[] names = ["Consolidate_Area", "Auto_Open", "Auto_Close", "Extract", "Database", "Criteria", "Print_Area", "Print_Titles", "Recorder", "Data_Form", "Auto_Activate", "Auto_Deactivate", "Sheet_Title", "_FilterDatabase"];
        return code < names.Length ? names[code] : $"_{code}";
    }

    /// <summary>
    /// When a name starts a macro. Excel looks at how the name begins and overlooks case and characters without a shape; so does this, and it
    /// takes letters of other scripts for what they look like, since nobody writes them there by chance.
    /// </summary>
    public static XlmStart StartOf(string name)
    {
        var plain = new StringBuilder(32);
        foreach (var c in name.Length > 1000 ? name[..1000] : name)
        {
            if (c <= ' ' || char.GetUnicodeCategory(c) is UnicodeCategory.Format or UnicodeCategory.Control or UnicodeCategory.NonSpacingMark or UnicodeCategory.EnclosingMark or UnicodeCategory.SpaceSeparator)
            {
                continue;
            }

            var upper = Compatible(c);
            foreach (var each in upper)
            {
                if (char.GetUnicodeCategory(each) is not UnicodeCategory.NonSpacingMark)
                {
                    var capital = char.ToUpperInvariant(each);
                    var like = LookAlikes.IndexOf(capital, StringComparison.Ordinal);
                    plain.Append(capital > 0x7F && like >= 0 && like % 2 == 0 ? LookAlikes[like + 1] : capital);
                }
            }
        }

        var text = plain.ToString();
        text = text.StartsWith("_XLNM.", StringComparison.Ordinal) ? text[6..] : text;
        return text.StartsWith("AUTO_OPEN", StringComparison.Ordinal) ? XlmStart.Open
            : text.StartsWith("AUTO_CLOSE", StringComparison.Ordinal) ? XlmStart.Close
            : text.StartsWith("AUTO_ACTIVATE", StringComparison.Ordinal) ? XlmStart.Activate
            : text.StartsWith("AUTO_DEACTIVATE", StringComparison.Ordinal) ? XlmStart.Deactivate : XlmStart.None;
    }

    private static string Compatible(char c)
    {
        try
        {
            return c < 0x80 || char.IsSurrogate(c) ? c.ToString() : c.ToString().Normalize(NormalizationForm.FormKD);
        }
        catch (ArgumentException)
        {
            return c.ToString(); // U+FFFE and its like have no normal form.
        }
    }
}

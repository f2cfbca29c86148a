namespace Sekisho.Inspection.Formats;

/// <summary>Tells JavaScript of a PDF that reaches out, saves a file or attacks the reader from such as prints, counts and checks what is filled in.</summary>
internal static class PdfScripts
{
    /// <summary>A field so wide is no layout: the old overflow of <c>util.printf</c> needed thousands.</summary>
    private const int WidestField = 3;

    /// <summary>Methods of the Acrobat JavaScript API that leave the document, and those that attacks on old readers called.</summary>
    private static readonly string[] Acting =
    [
        "launchURL", "getURL", "submitForm", "mailForm", "mailMsg", "mailDoc", "exportDataObject", "importDataObject", "createDataObject", "openDataObject", "openDoc", "saveAs(", "SOAP.request", "SOAP.connect", "Net.HTTP",
        "newPlayer", "collectEmailInfo", "getIcon(", "customDictionaryOpen", "unescape(", "eval(", "addScript(",
    ];

    /// <summary>What it does, in the script's own word; null for a script that stays with the document.</summary>
    /// <param name="script">Its source.</param>
    public static string? Acts(string script)
    {
        var word = Array.Find(Acting, a => script.Contains(a, StringComparison.OrdinalIgnoreCase));
        return word?.TrimEnd('(') ?? (script.Contains("printf", StringComparison.OrdinalIgnoreCase) && HasWideField(script) ? "printf" : null);
    }

    private static bool HasWideField(string script)
    {
        for (var at = 0; (at = script.IndexOf('%', at)) >= 0;)
        {
            var start = ++at;
            while (at < script.Length && char.IsAsciiDigit(script[at]))
            {
                at++;
            }

            if (at - start > WidestField)
            {
                return true;
            }
        }

        return false;
    }
}

namespace Sekisho.Inspection.Formats;

/// <summary>Finds the scripts of an XFA form (XFA 3.3), the XML that a PDF may hold in place of its fields.</summary>
internal static class XfaScripts
{
    private const int MaxScripts = 1000;

    /// <summary>Activities that nobody has to click for (XFA 3.3 part 2, "event").</summary>
    private static readonly string[] Automatic = ["initialize", "ready", "docReady", "docClose", "preOpen", "postOpen", "preSave", "postSave", "prePrint", "postPrint", "indexChange"];

    /// <summary>The scripts in order, at most 1,000, each with what starts it by itself; null for one that a person starts.</summary>
    /// <param name="xml">The form's packets, one behind the other.</param>
    public static List<(string? Trigger, string Script)> Find(ReadOnlySpan<byte> xml)
    {
        var found = new List<(string? Trigger, string Script)>();
        var scanner = new MarkupScanner(TextOf.Markup(xml));
        string? trigger = null;
        while (found.Count < MaxScripts && scanner.Next())
        {
            switch (scanner.LocalName)
            {
                case "event":
                    var activity = scanner.IsEnd ? null : scanner.Attribute("activity") ?? "click";
                    trigger = Array.Find(Automatic, a => a.Equals(activity, StringComparison.OrdinalIgnoreCase));
                    break;
                case "calculate" or "validate" or "variables":
                    trigger = scanner.IsEnd ? null : scanner.LocalName.ToString();
                    break;
                case "script" when !scanner.IsEnd && !scanner.Attributes.EndsWith("/"):
                    var text = scanner.RawText(scanner.Name.ToString()).Trim();
                    if (text.StartsWith("<![CDATA["))
                    {
                        text = text.EndsWith("]]>") ? text[9..^3] : text[9..];
                    }

                    if (!text.IsEmpty)
                    {
                        found.Add((trigger, System.Net.WebUtility.HtmlDecode(text.ToString())));
                    }

                    break;
            }
        }

        return found;
    }
}

using System.Net;

namespace Sekisho.Inspection.Formats;

/// <summary>Looks through the XML files that Windows acts on when they are opened: libraries and search connectors lead to a folder elsewhere, settings shortcuts start a program.</summary>
internal static class ShellSettingsFile
{
    private const int MaxElements = 100;
    private const int LongestValue = 4_000;

    /// <summary>Notes the folders (<c>url</c>, <c>iconReference</c>) and the commands (<c>DeepLink</c>, <c>Icon</c>); of a desktop command (SCF), its icon.</summary>
    /// <param name="octets">The file.</param>
    /// <param name="found">Where signs go.</param>
    public static void Find(ReadOnlySpan<byte> octets, CarrierContents found)
    {
        var text = TextOf.Markup(octets.StartsWith((ReadOnlySpan<byte>)[0xEF, 0xBB, 0xBF]) ? octets[3..] : octets);
        if (!text.AsSpan().TrimStart().StartsWith("<", StringComparison.Ordinal))
        {
            TextCarriers.Shortcut(octets, found);
            return;
        }

        foreach (var name in (ReadOnlySpan<string>)["url", "DeepLink", "iconReference", "Icon"])
        {
            foreach (var value in Values(text, name))
            {
                // Its own grammar: "@%windir%\x.dll,-1", a path, a command line, an address.
                if (name == "DeepLink")
                {
                    found.Note(SignKind.ShortcutCommand, ShellLink.Squeeze(value));
                    CommandLinks.Note(found, value);
                }

                found.NoteRemote(SignKind.RemoteObject, value);
            }
        }
    }

    /// <summary>The contents of the elements of this name, whatever their namespace, entities decoded.</summary>
    private static List<string> Values(string text, string name)
    {
        var values = new List<string>();
        for (var at = 0; values.Count < MaxElements && (at = text.IndexOf(name, at, StringComparison.OrdinalIgnoreCase)) > 0;)
        {
            var isElement = text[at - 1] is '<' or ':';
            at += name.Length;
            if (!isElement || at >= text.Length || text[at] is not ('>' or ' ' or '\t' or '\r' or '\n'))
            {
                continue;
            }

            var start = text.IndexOf('>', at) + 1;
            var end = start == 0 ? -1 : text.IndexOf('<', start);
            if (end < 0)
            {
                break;
            }

            var value = text.AsSpan(start, end - start);
            if (value.StartsWith("<![CDATA[", StringComparison.Ordinal) || (value.IsEmpty && text.AsSpan(start).StartsWith("<![CDATA[", StringComparison.Ordinal)))
            {
                start += 9;
                end = text.IndexOf("]]>", start, StringComparison.Ordinal);
                value = end < 0 ? [] : text.AsSpan(start, end - start);
            }

            var plain = WebUtility.HtmlDecode(value[..Math.Min(value.Length, LongestValue)].Trim().ToString());
            if (plain.Length > 0)
            {
                values.Add(plain);
            }

            at = Math.Max(at, start);
        }

        return values;
    }
}

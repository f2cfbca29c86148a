using System.Globalization;
using System.Text;
using Sekisho.Inspection.Formats;
using Sekisho.Inspection.Messages;

namespace Sekisho.Cli;

/// <summary>Draws what is inside a letter for a person: one line a part, containers above what they contain.</summary>
internal static class ScanTree
{
    private const int MaxLines = 20;
    private const int MaxName = 100;

    /// <summary>The tree, a line each; nothing in it can steer a terminal.</summary>
    public static IReadOnlyList<string> Lines(InboundMessage message)
    {
        var lines = new List<string>();
        if (message.Mime is { } mime)
        {
            lines.Add($"letter {Quoted(message.Text.Subject)} from {Safe(mime.From.ToString())}");
        }

        var told = new HashSet<ReadProblem>();
        var byPlace = message.Problems.ToLookup(p => p.Place, StringComparer.Ordinal);
        Problems(lines, byPlace[""], "  ", told);
        foreach (var part in message.Parts)
        {
            var indent = new string(' ', 2 + (2 * Math.Min(Depth(part), 40)));
            lines.Add(indent + Line(part));
            foreach (var project in part.Vba)
            {
                foreach (var module in project.Modules)
                {
                    lines.Add($"{indent}  * VBA module {Safe(module.Name)}, {Number(module.Source.Length)} characters");
                }
            }

            foreach (var sheet in part.Xlm?.MacroSheets ?? [])
            {
                lines.Add($"{indent}  * XLM sheet {Safe(sheet.Name)}, {sheet.Visibility}, {Number(sheet.Cells.Count)} cells");
            }

            Cut(lines, part.Xlm?.Actions, $"{indent}  * XLM ", a => a.ToString());
            Cut(lines, [.. part.Signs.Where(s => s.Kind != SignKind.Link)], $"{indent}  * ", s => $"{s.Kind}: {s.Evidence}");
            Cut(lines, part.Texts, $"{indent}  * ", t => $"{t.Kind} {t.Name}, {Number(t.Text.Length)} characters");
            var links = part.Links;
            foreach (var link in links.Take(MaxLines))
            {
                lines.Add($"{indent}  > {Safe(link.Target)}{(link.ShownHost == link.Host ? "" : $" ({Safe(link.ShownHost)})")}{(string.IsNullOrEmpty(link.Text) ? "" : $" under {Quoted(link.Text)}")}{(link.Via.Count == 0 ? "" : $" through {Safe(string.Join(", ", link.Via))}")}{(link.Place is LinkPlace.Loaded or LinkPlace.Command or LinkPlace.Form or LinkPlace.Refresh or LinkPlace.ExternalBody ? $" ({link.Place})" : "")}");
            }

            if (links.Count > MaxLines)
            {
                lines.Add($"{indent}  > and {Number(links.Count - MaxLines)} more links");
            }

            Problems(lines, byPlace[part.Path], indent + "  ", told);
            // A MIME part's own number is the place of what is wrong with its header.
            Problems(lines, byPlace[NumberOf(part)], indent + "  ", told);
        }

        foreach (var problem in message.Problems.Where(p => !told.Contains(p)))
        {
            lines.Add($"  ! {Safe(problem.Place)}: {problem.Reason}: {Safe(problem.Text)}");
        }

        return lines;
    }

    /// <summary>A line each of the first ones, and how many there are more.</summary>
    private static void Cut<T>(List<string> lines, IReadOnlyList<T>? things, string lead, Func<T, string> text)
    {
        foreach (var thing in things?.Take(MaxLines) ?? [])
        {
            lines.Add(lead + Safe(text(thing)));
        }

        if (things?.Count > MaxLines)
        {
            lines.Add($"{lead}and {Number(things.Count - MaxLines)} more");
        }
    }

    private static string Line(MessagePart part)
    {
        var container = part.Container?.Path;
        var path = container is not null && part.Path.StartsWith(container + "/", StringComparison.Ordinal) ? part.Path[(container.Length + 1)..] : part.Path;
        var line = new StringBuilder($"{Safe(path)}  [{part.Kind}, {(part.IsSealed && part.Kind == FileKind.Mail ? "enclosed" : part.IsSealed ? "sealed" : Number(part.Length) + " octets")}");
        if (part.IsBody)
        {
            line.Append(", body");
        }

        if (part.DeclaredType.Length > 0 && !Fits(part))
        {
            line.Append(CultureInfo.InvariantCulture, $", declared {Safe(part.DeclaredType)}");
        }

        line.Append(']');
        foreach (var name in part.Names.Where(n => n.Length > 0 && n != part.Name))
        {
            line.Append(CultureInfo.InvariantCulture, $" also named {Quoted(name)}");
        }

        return line.ToString();
    }

    /// <summary>True where the declared type says what the content is, or says nothing.</summary>
    private static bool Fits(MessagePart part) => part.DeclaredType switch
    {
        "application/octet-stream" => true,
        "text/plain" => part.Kind is FileKind.Text or FileKind.Empty,
        "text/html" => part.Kind is FileKind.Html or FileKind.Empty,
        "text/xml" or "application/xml" => part.Kind is FileKind.Xml,
        "message/rfc822" => part.Kind is FileKind.Mail,
        "application/pdf" => part.Kind is FileKind.Pdf,
        "application/zip" or "application/x-zip-compressed" => part.Kind is FileKind.Zip,
        _ => part.DeclaredType.StartsWith("image/", StringComparison.Ordinal) && part.Kind is FileKind.Image,
    };

    private static void Problems(List<string> lines, IEnumerable<ReadProblem> problems, string indent, HashSet<ReadProblem> told)
    {
        foreach (var problem in problems)
        {
            if (told.Add(problem))
            {
                lines.Add($"{indent}! {problem.Reason}: {Safe(problem.Text)}");
            }
        }
    }

    private static string NumberOf(MessagePart part) =>
        part.Name.Length > 0 && part.Path.EndsWith("/" + part.Name, StringComparison.Ordinal) ? part.Path[..^(part.Name.Length + 1)] : part.Path;

    private static int Depth(MessagePart part)
    {
        var depth = 0;
        for (var container = part.Container; container is not null; container = container.Container)
        {
            depth++;
        }

        return depth;
    }

    private static string Number(long value) => value.ToString("N0", CultureInfo.InvariantCulture);

    private static string Quoted(string text) => $"\"{Safe(text)}\"";

    /// <summary>Control and direction characters become U+FFFD, long text is cut.</summary>
    private static string Safe(string text)
    {
        var cut = text.Length > MaxName * 2 ? string.Concat(text.AsSpan(0, MaxName * 2), "…") : text;
        return string.Create(cut.Length, cut, static (span, source) =>
        {
            for (var i = 0; i < span.Length; i++)
            {
                var c = source[i];
                span[i] = char.IsControl(c) || CharUnicodeInfo.GetUnicodeCategory(c) is UnicodeCategory.Format or UnicodeCategory.LineSeparator or UnicodeCategory.ParagraphSeparator ? '\uFFFD' : c;
            }
        });
    }
}

namespace Sekisho.Inspection.Senders;

/// <summary>A list of tags, as signatures and keys are written: <c>a=1; b=2</c> (RFC 6376 section 3.2).</summary>
internal sealed class TagList
{
    private readonly Dictionary<string, string> tags = new(StringComparer.Ordinal);

    private TagList()
    {
    }

    /// <summary>The tag that comes first; empty for none.</summary>
    public string First { get; private set; } = "";

    /// <summary>A tag's value without white space around it; null where it is not given.</summary>
    public string? this[string name] => tags.GetValueOrDefault(name);

    /// <summary>Reads a list; null where its syntax is wrong: a piece without <c>=</c>, a bad name, a name given twice.</summary>
    public static TagList? Parse(string text)
    {
        var list = new TagList();
        var rest = text.AsSpan();
        while (true)
        {
            var end = rest.IndexOf(';');
            var piece = (end < 0 ? rest : rest[..end]).Trim(" \t\r\n");
            if (piece.IsEmpty)
            {
                // One semicolon may end the list; an empty tag between others may not stand.
                return end < 0 && list.tags.Count > 0 ? list : null;
            }

            var equals = piece.IndexOf('=');
            var name = equals <= 0 ? [] : piece[..equals].TrimEnd(" \t\r\n");
            if (!IsName(name) || !list.tags.TryAdd(name.ToString(), piece[(equals + 1)..].TrimStart(" \t\r\n").ToString()))
            {
                return null;
            }

            if (list.tags.Count == 1)
            {
                list.First = name.ToString();
            }

            if (end < 0)
            {
                return list;
            }

            rest = rest[(end + 1)..];
        }
    }

    /// <summary>A text without its white space.</summary>
    public static string Joined(string text) => text.AsSpan().IndexOfAny(" \t\r\n") < 0 ? text : string.Concat(text.Where(static c => c is not (' ' or '\t' or '\r' or '\n')));

    private static bool IsName(ReadOnlySpan<char> name)
    {
        if (name.Length == 0 || !char.IsAsciiLetter(name[0]))
        {
            return false;
        }

        foreach (var c in name)
        {
            if (!char.IsAsciiLetterOrDigit(c) && c != '_')
            {
                return false;
            }
        }

        return true;
    }
}

namespace Sekisho.Store;

/// <summary>Makes text that every database takes: a letter's subject may hold what PostgreSQL refuses.</summary>
internal static class Words
{
    /// <summary>NUL and halves of surrogate pairs become U+FFFD.</summary>
    public static string Clean(string text)
    {
        for (var i = 0; i < text.Length; i++)
        {
            if (text[i] == '\0' || char.IsSurrogate(text[i]))
            {
                return Replace(text);
            }
        }

        return text;
    }

    /// <summary>The same for text that may be missing.</summary>
    public static string? CleanOrNull(string? text) => text is null ? null : Clean(text);

    private static string Replace(string text) => string.Create(text.Length, text, static (span, source) =>
    {
        for (var i = 0; i < source.Length; i++)
        {
            if (char.IsHighSurrogate(source[i]) && i + 1 < source.Length && char.IsLowSurrogate(source[i + 1]))
            {
                span[i] = source[i];
                span[i + 1] = source[++i];
            }
            else
            {
                span[i] = source[i] == '\0' || char.IsSurrogate(source[i]) ? '\uFFFD' : source[i];
            }
        }
    });
}

using Sekisho.Inspection.Formats;

namespace Sekisho.Inspection.Signatures;

/// <summary>A rule that matches, and where.</summary>
/// <param name="Rule">The rule.</param>
/// <param name="Strings">Its strings that were found, at most eight, each at its first place; none where the condition needs none.</param>
public sealed record YaraMatch(CompiledRule Rule, IReadOnlyList<YaraStringMatch> Strings);

/// <summary>Where a rule's string stands.</summary>
/// <param name="Name">Such as <c>$url</c>.</param>
/// <param name="Offset">Octets from the beginning of what was scanned.</param>
public sealed record YaraStringMatch(string Name, long Offset);

/// <summary>What one scan came to.</summary>
/// <param name="Matches">The rules that match, at most 200 of each set.</param>
/// <param name="Fault">Why it was not looked to the end; null where it was.</param>
public sealed record YaraResult(IReadOnlyList<YaraMatch> Matches, string? Fault)
{
    /// <summary>Looked to the end, found nothing.</summary>
    public static readonly YaraResult Nothing = new([], null);
}

/// <summary>What rules may ask about the part beside its content.</summary>
/// <param name="FileName"><c>file_name</c>: its name; empty where it has none.</param>
/// <param name="FileType"><c>file_type</c>: what it is by content (a <see cref="FileKind"/>'s name), or what was made of it: <c>vba</c>, <c>xlm</c>, <c>property</c>, <c>command</c>, <c>text</c>.</param>
/// <param name="PartPath"><c>part_path</c>: where it is in the letter.</param>
public readonly record struct YaraNames(string FileName, string FileType, string PartPath)
{
    /// <summary>The external variables: ours, then the names that rules of the scanner THOR and its followers use.</summary>
    internal IEnumerable<(string Name, string Value)> All()
    {
        // NUL ends a text in C.
        var name = FileName.Replace('\0', ' ');
        var path = PartPath.Replace('\0', ' ');
        yield return ("file_name", name);
        yield return ("file_type", FileType);
        yield return ("part_path", path);
        yield return ("filename", name);
        yield return ("filepath", path);
        yield return ("extension", FileNames.Extension(name) is { Length: > 0 } extension ? "." + extension.ToLowerInvariant() : "");
        yield return ("filetype", FileType.ToUpperInvariant());
    }
}

/// <summary>A rule as it was compiled: its name and what is written beside its condition.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Space">Its namespace: the folder it was loaded from and its file within it, such as <c>signatures/eicar_test_file.yar</c>.</param>
/// <param name="Tags">Its tags.</param>
/// <param name="Metas">Its metas in order, a name may come twice: <see cref="string"/>, <see cref="long"/> or <see cref="bool"/> each.</param>
public sealed record CompiledRule(string Name, string Space, IReadOnlyList<string> Tags, IReadOnlyList<KeyValuePair<string, object>> Metas)
{
    /// <summary>A meta that is a text; null where there is none.</summary>
    public string? Word(string meta) => Metas.FirstOrDefault(m => m.Key == meta && m.Value is string).Value as string;

    /// <summary>A meta that is a whole number; null where there is none.</summary>
    public long? Number(string meta) => Metas.FirstOrDefault(m => m.Key == meta && m.Value is long).Value as long?;

    internal static CompiledRule Read(nint rule) => new(LibYara.NameOf(rule), LibYara.SpaceOf(rule), LibYara.TagsOf(rule), LibYara.MetasOf(rule));
}

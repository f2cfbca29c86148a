using System.Text.RegularExpressions;

namespace Sekisho.Inspection.Signatures;

/// <summary>A file of YARA rules, read and not yet compiled.</summary>
/// <param name="Path">Where it lies.</param>
/// <param name="Space">The namespace of its rules: names need to be unique within one file only.</param>
/// <param name="Source">Its octets, UTF-8.</param>
internal sealed partial record YaraFile(string Path, string Space, byte[] Source)
{
    /// <summary>Octets of one file; a larger one is refused.</summary>
    public const int MaxLength = 32 << 20;

    private const int MaxDepth = 8;

    private static readonly byte[] Mark = [0xEF, 0xBB, 0xBF];

    /// <summary>Reads every <c>*.yar</c> and <c>*.yara</c> in a folder and its folders, in the order of their names. One that cannot be read becomes a fault.</summary>
    /// <param name="folder">The folder; one that does not exist is empty.</param>
    /// <param name="space">What begins the namespaces.</param>
    /// <param name="faults">Takes what cannot be read.</param>
    public static List<YaraFile> Read(string folder, string space, List<SignatureFault> faults)
    {
        var files = new List<YaraFile>();
        foreach (var path in SignatureFolder.Files(folder, MaxDepth, faults).Where(p => System.IO.Path.GetExtension(p) is ".yar" or ".yara"))
        {
            try
            {
                if (new FileInfo(path).Length > MaxLength)
                {
                    faults.Add(new SignatureFault(path, $"The file is larger than {MaxLength >> 20} MiB."));
                    continue;
                }

                var octets = File.ReadAllBytes(path);
                files.Add(new YaraFile(path, $"{space}/{System.IO.Path.GetRelativePath(folder, path).Replace('\\', '/')}", octets.AsSpan().StartsWith(Mark) ? octets[Mark.Length..] : octets));
            }
            catch (Exception e) when (e is IOException or UnauthorizedAccessException)
            {
                faults.Add(new SignatureFault(path, e.Message));
            }
        }

        return files;
    }

    /// <summary>True where every rule of the file asks about Windows programs, so that it has nothing to say of other content.</summary>
    public bool AsksForProgramsOnly
    {
        get
        {
            var text = System.Text.Encoding.UTF8.GetString(Source);
            if (!Import().IsMatch(text))
            {
                return false;
            }

            // From one head to the next. What looks like a head and is none, or the other way round, makes the file a general one: slower, not blind.
            var heads = Head().Matches(text);
            for (var i = 0; i < heads.Count; i++)
            {
                var rule = text[heads[i].Index..(i + 1 < heads.Count ? heads[i + 1].Index : text.Length)];
                if (Condition().Matches(rule) is not [var condition] || !Use().IsMatch(rule[condition.Index..]))
                {
                    return false;
                }
            }

            return heads.Count > 0;
        }
    }

    /// <summary>True for UTF-8 without NUL, which would end the text for libyara.</summary>
    public bool IsText => !Source.AsSpan().Contains((byte)0) && System.Text.Unicode.Utf8.IsValid(Source);

    /// <summary>Why it cannot be used, found by compiling it alone; null where it can.</summary>
    /// <exception cref="YaraException">There is no memory.</exception>
    public string? Error()
    {
        using var compiler = new YaraCompiler();
        return compiler.Add(Source, Space);
    }

    [GeneratedRegex("""^[ \t]*import[ \t]+"(pe|dotnet)"[ \t]*""", RegexOptions.Multiline | RegexOptions.NonBacktracking)]
    private static partial Regex Import();

    [GeneratedRegex(@"\brule\s+\w+\s*(:[\w\s]*)?\{", RegexOptions.NonBacktracking)]
    private static partial Regex Head();

    [GeneratedRegex(@"\bcondition\s*:", RegexOptions.NonBacktracking)]
    private static partial Regex Condition();

    [GeneratedRegex(@"\b(pe|dotnet)\.\w", RegexOptions.NonBacktracking)]
    private static partial Regex Use();
}

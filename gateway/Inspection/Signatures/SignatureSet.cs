using System.Collections.Frozen;

namespace Sekisho.Inspection.Signatures;

/// <summary>A file of a signature folder that could not be used; the rest is in force without it.</summary>
/// <param name="File">Its path.</param>
/// <param name="Reason">Why, in one English sentence.</param>
public sealed record SignatureFault(string File, string Reason);

/// <summary>All that is known beforehand: one immutable snapshot of rules, indicators and lists, swapped whole on reload.</summary>
public sealed class SignatureSet
{
    private static readonly Lazy<SignatureSet> OfProgram = new(() => Load([Path.Combine(AppContext.BaseDirectory, "signatures")]));

    private readonly FrozenDictionary<string, WordList> lists;

    private SignatureSet(FrozenDictionary<string, WordList> lists, IndicatorSet indicators, IReadOnlyList<SignatureFault> faults, YaraRules yara, string generation)
    {
        this.lists = lists;
        Indicators = indicators;
        Faults = faults;
        Yara = yara;
        Generation = generation;
    }

    /// <summary>Knows nothing.</summary>
    public static SignatureSet Empty { get; } = new(FrozenDictionary<string, WordList>.Empty, IndicatorSet.Empty, [], YaraRules.None, "");

    /// <summary>What is shipped beside the program. Read when first asked for.</summary>
    public static SignatureSet Shipped => OfProgram.Value;

    /// <summary>Knows these rules and nothing else.</summary>
    internal static SignatureSet Of(YaraRules rules) => new(FrozenDictionary<string, WordList>.Empty, IndicatorSet.Empty, [], rules, "");

    /// <summary>Files that were left out, and why.</summary>
    public IReadOnlyList<SignatureFault> Faults { get; }

    /// <summary>Known bad hashes, addresses and the rest of <c>indicators/</c>.</summary>
    public IndicatorSet Indicators { get; }

    /// <summary>The YARA rules of <c>yara/</c>, with its folders.</summary>
    public YaraRules Yara { get; }

    /// <summary>Names the content of all files together: the same files, the same 16 hexadecimal digits. Empty for <see cref="Empty"/>.</summary>
    public string Generation { get; }

    /// <summary>A list of <c>lists/</c> by its file name without <c>.txt</c>; an empty one where there is no such file.</summary>
    public WordList List(string name) => lists.TryGetValue(name, out var list) ? list : WordList.Empty;

    /// <summary>The usual passwords, likeliest first, as <c>lists/passwords.txt</c> has them, capitals and all; null where there is no such file.</summary>
    public IReadOnlyList<string>? Passwords { get; private init; }

    /// <summary>Reads folders of the shape that signatures/README.md shows. A file or folder that cannot be read becomes a <see cref="SignatureFault"/>.</summary>
    /// <param name="folders">In order; a list of a later folder replaces one of the same name. A folder that does not exist is empty.</param>
    /// <param name="yaraTime">How long YARA rules may look at one part, in whole seconds; null takes <see cref="YaraRules.DefaultTime"/>.</param>
    public static SignatureSet Load(IReadOnlyList<string> folders, TimeSpan? yaraTime = null)
    {
        using var generation = new SignatureGeneration();
        var yara = new List<YaraFile>();
        var lists = new Dictionary<string, WordList>(StringComparer.Ordinal);
        IReadOnlyList<string>? passwords = null;
        var faults = new List<SignatureFault>();
        folders = [.. folders.Where(f => SignatureFolder.IsOpen(f, faults))];
        foreach (var folder in folders)
        {
            foreach (var file in SignatureFolder.Files(Path.Combine(folder, "lists"), 0, faults).Where(f => Path.GetExtension(f) == ".txt"))
            {
                try
                {
                    using var stream = new MemoryStream(generation.Read(file));
                    lists[Path.GetFileNameWithoutExtension(file)] = WordList.Read(stream);
                    if (Path.GetFileName(file) == "passwords.txt")
                    {
                        stream.Position = 0;
                        passwords = Messages.PasswordSearch.Read(stream);
                    }
                }
                catch (Exception e) when (e is IOException or UnauthorizedAccessException or InvalidDataException)
                {
                    faults.Add(new SignatureFault(file, e.Message));
                }
            }

            yara.AddRange(YaraFile.Read(Path.Combine(folder, "yara"), Path.GetFileName(Path.TrimEndingDirectorySeparator(folder)), faults));
        }

        var indicators = IndicatorFolder.Load(folders, lists.GetValueOrDefault("shared-hosts", WordList.Empty), faults);
        foreach (var folder in folders)
        {
            generation.AddStamps(Path.Combine(folder, "indicators"));
        }

        yara.ForEach(f => generation.Add(f.Space, f.Source));
        var rules = YaraRules.Compile(yara, faults, yaraTime ?? YaraRules.DefaultTime);
        return new SignatureSet(lists.ToFrozenDictionary(StringComparer.Ordinal), indicators, faults, rules, generation.ToString()) { Passwords = passwords };
    }
}

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

    private SignatureSet(FrozenDictionary<string, WordList> lists, IndicatorSet indicators, IReadOnlyList<SignatureFault> faults)
    {
        this.lists = lists;
        Indicators = indicators;
        Faults = faults;
    }

    /// <summary>Knows nothing.</summary>
    public static SignatureSet Empty { get; } = new(FrozenDictionary<string, WordList>.Empty, IndicatorSet.Empty, []);

    /// <summary>What is shipped beside the program. Read when first asked for.</summary>
    public static SignatureSet Shipped => OfProgram.Value;

    /// <summary>Files that were left out, and why.</summary>
    public IReadOnlyList<SignatureFault> Faults { get; }

    /// <summary>Known bad hashes, addresses and the rest of <c>indicators/</c>.</summary>
    public IndicatorSet Indicators { get; }

    /// <summary>A list of <c>lists/</c> by its file name without <c>.txt</c>; an empty one where there is no such file.</summary>
    public WordList List(string name) => lists.TryGetValue(name, out var list) ? list : WordList.Empty;

    /// <summary>Reads folders of the shape that signatures/README.md shows. A file that cannot be used becomes a <see cref="SignatureFault"/>.</summary>
    /// <param name="folders">In order; a list of a later folder replaces one of the same name. A folder that does not exist is empty.</param>
    public static SignatureSet Load(IReadOnlyList<string> folders)
    {
        var lists = new Dictionary<string, WordList>(StringComparer.Ordinal);
        var faults = new List<SignatureFault>();
        foreach (var folder in folders)
        {
            foreach (var file in FilesOf(Path.Combine(folder, "lists"), "*.txt"))
            {
                try
                {
                    using var stream = new FileStream(file, FileMode.Open, FileAccess.Read, FileShare.Read);
                    lists[Path.GetFileNameWithoutExtension(file)] = WordList.Read(stream);
                }
                catch (Exception e) when (e is IOException or UnauthorizedAccessException or InvalidDataException)
                {
                    faults.Add(new SignatureFault(file, e.Message));
                }
            }
        }

        var indicators = IndicatorFolder.Load(folders, lists.GetValueOrDefault("shared-hosts", WordList.Empty), faults);
        return new SignatureSet(lists.ToFrozenDictionary(StringComparer.Ordinal), indicators, faults);
    }

    private static IEnumerable<string> FilesOf(string folder, string pattern) =>
        Directory.Exists(folder) ? Directory.EnumerateFiles(folder, pattern).Order(StringComparer.Ordinal) : [];
}

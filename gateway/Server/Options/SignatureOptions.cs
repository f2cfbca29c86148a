using Sekisho.Inspection.Signatures;

namespace Sekisho.Options;

/// <summary>Settings of what is known beforehand: YARA rules and lists.</summary>
public sealed class SignatureOptions
{
    /// <summary>Folders of the shape of <c>signatures/</c>, read after the shipped ones and <c>HOME/signatures</c>. Default: none.</summary>
    public List<string> Folders { get; set; } = [];

    /// <summary>How long YARA rules may look at one part of a letter, in whole seconds; the letter's own time (<c>Limits:Time</c>) ends it sooner. Default: 2 seconds.</summary>
    public TimeSpan YaraTimeout { get; set; } = YaraRules.DefaultTime;

    /// <summary>How often the folders are looked at for changes. What has changed is read at the second look that finds it the same. Default: 5 seconds.</summary>
    public TimeSpan PollInterval { get; set; } = TimeSpan.FromSeconds(5);

    /// <summary>All folders in the order they are read: beside the program, in the home folder, what <c>sekisho signatures update</c> brought, <see cref="Folders"/>.</summary>
    /// <param name="home">The home folder.</param>
    public IReadOnlyList<string> All(string home) => [Path.Combine(AppContext.BaseDirectory, "signatures"), Path.Combine(home, "signatures"), Path.Combine(home, "signatures", "current"), .. Folders];

    /// <summary>Reads them all. What cannot be read, a folder as well as a file, stands among the set's faults.</summary>
    /// <param name="home">The home folder.</param>
    public SignatureSet Load(string home) => SignatureSet.Load(All(home), YaraTimeout);
}

using System.Globalization;
using Sekisho.Inspection.Signatures;
using Sekisho.Store;

namespace Sekisho.Signatures;

/// <summary>What a change of the signatures brought.</summary>
/// <param name="Generation">The generation now in force.</param>
/// <param name="From">Where it came from.</param>
/// <param name="Before">Indicators before.</param>
/// <param name="After">Indicators now; both without the shipped ones.</param>
/// <param name="Files">Files of the generation.</param>
/// <param name="Notes">What the operator should know: values left out, files kept in place of new ones.</param>
public sealed record SignatureChange(int Generation, string From, int Before, int After, int Files, IReadOnlyList<string> Notes);

/// <summary>Changes the signatures in force: a new generation is filled, checked as a whole, recorded, and put in force in one step.</summary>
/// <param name="home">The folder.</param>
/// <param name="store">For the audit log.</param>
/// <param name="time">The clock.</param>
/// <param name="actor">Who does it.</param>
public sealed class SignatureUpdate(SignatureHome home, MessageStore store, TimeProvider time, string actor)
{
    /// <summary>Feeds with fewer indicators may shrink as they like.</summary>
    private const int SmallFeed = 20;

    /// <summary>Takes a folder with <c>yara/</c>, <c>indicators/</c>, <c>lists/</c> (or the folder of one MISP feed) in place of all but our own imports.</summary>
    /// <exception cref="SignatureException">It was refused; what was in force stays so.</exception>
    public Task<SignatureChange> FromFolderAsync(string folder, bool force, CancellationToken cancel) => ChangeAsync("signatures-update", folder, force, stage =>
    {
        var misp = File.Exists(Path.Combine(folder, "manifest.json"));
        if (misp && !SignatureFiles.Directly(folder, "manifest.json").Any())
        {
            throw new SignatureException($"{folder}/manifest.json is a link, or no file.");
        }

        if (!misp && !SignatureHome.Rooms.Any(r => Directory.Exists(Path.Combine(folder, r))))
        {
            throw new SignatureException($"{folder} has none of the folders yara/, indicators/ and lists/, and no manifest.json of a MISP feed.");
        }

        var kept = stage.Carry(onlyOwn: !misp);
        var name = misp ? $"indicators/{Path.GetFileName(Path.TrimEndingDirectorySeparator(Path.GetFullPath(folder)))}/" : "";
        if (misp)
        {
            stage.Clear(name, kept);
        }

        foreach (var path in misp ? SignatureFiles.Directly(folder, "*.json") : SignatureFiles.In(folder))
        {
            stage.Take(Path.Combine(folder, path), name + path, kept, replaces: false);
        }

        return stage.BundleBefore;
    }, cancel);

    /// <summary>Takes a signed bundle in place of all but our own imports.</summary>
    /// <param name="file">The bundle.</param>
    /// <param name="from">Where it came from, for the record.</param>
    /// <param name="moreKeys">Key files to trust beside those in <c>trusted-keys/</c>.</param>
    /// <param name="force">Takes also an older, a broken or a much smaller one; never an unsigned or altered one.</param>
    /// <param name="cancel">Gives up.</param>
    /// <exception cref="SignatureException">It was refused; what was in force stays so.</exception>
    public Task<SignatureChange> FromBundleAsync(string file, string from, IReadOnlyList<string> moreKeys, bool force, CancellationToken cancel) => ChangeAsync("signatures-update", from, force, stage =>
    {
        var kept = stage.Carry(onlyOwn: true);
        var (created, keyId) = SignatureBundle.Read(file, SignatureKeys.Trusted(home, moreKeys), (path, octets) => stage.Write(path, octets, kept));
        stage.Details.Add(("key", keyId));
        if (stage.BundleBefore is { } before && created < before && !force)
        {
            throw new SignatureException(string.Create(CultureInfo.InvariantCulture, $"{from}: made {created:yyyy-MM-dd HH:mm:ss} UTC, older than the bundle in force ({before:yyyy-MM-dd HH:mm:ss}). Somebody may want old signatures back; --force takes it all the same."));
        }

        return created;
    }, cancel);

    /// <summary>Takes one feed beside what is in force.</summary>
    /// <param name="file">The feed.</param>
    /// <param name="name">Its name among the indicators; a feed of the same name is replaced.</param>
    /// <param name="from">Where it came from, for the record.</param>
    /// <param name="own">True for an import, which survives updates.</param>
    /// <param name="force">Takes also a broken or a much smaller one.</param>
    /// <param name="cancel">Gives up.</param>
    /// <exception cref="SignatureException">It was refused; what was in force stays so.</exception>
    public Task<SignatureChange> FromFeedAsync(string file, string name, string from, bool own, bool force, CancellationToken cancel) => ChangeAsync(own ? "signatures-import" : "signatures-update", from, force, stage =>
    {
        var kept = stage.Carry(onlyOwn: false);
        var path = "indicators/" + name;
        if (!SignatureFiles.IsGood(path))
        {
            throw new SignatureException($"\"{name}\" is no name for a feed.");
        }

        stage.Take(file, path, own ? new HashSet<string>() : kept, replaces: true);
        if (own)
        {
            stage.Own.Add(path);
        }

        return stage.BundleBefore;
    }, cancel);

    /// <summary>Puts an earlier generation in force again.</summary>
    /// <param name="to">Its number; 0 for the one before that in force.</param>
    /// <param name="cancel">Gives up.</param>
    /// <exception cref="SignatureException">There is none, or it cannot be loaded.</exception>
    public async Task<SignatureChange> RollBackAsync(int to, CancellationToken cancel)
    {
        using var sole = home.Lock();
        var current = home.Current;
        var target = to > 0 ? to : home.Generations.LastOrDefault(g => g < current);
        if (target == 0 || target == current || !home.Generations.Contains(target))
        {
            throw new SignatureException(to > 0 ? $"There is no other generation {to} in {home.Folder}. There are: {string.Join(", ", home.Generations)}" : $"There is no generation before the one in force ({current}) in {home.Folder}.");
        }

        var (before, after) = (Load(home.InForce), Load(home.PathOf(target)));
        await store.NoteAsync(actor, "signatures-rollback", "", [("from", $"{current}"), ("to", $"{target}"), ("indicators", $"{after.Count}")], cancel).ConfigureAwait(false);
        home.Switch(target);
        return new SignatureChange(target, $"generation {target}", before.Count, after.Count, SignatureFiles.In(home.PathOf(target)).Count, [.. after.Faults]);
    }

    private async Task<SignatureChange> ChangeAsync(string action, string from, bool force, Func<SignatureStage, DateTimeOffset?> fill, CancellationToken cancel)
    {
        using var sole = home.Lock();
        var stage = new SignatureStage(home, home.Stage());
        try
        {
            var bundle = fill(stage);
            cancel.ThrowIfCancellationRequested();
            var files = SignatureFiles.In(stage.Folder);
            if (files.Count == 0)
            {
                throw new SignatureException($"{from} holds no signatures.");
            }

            // What lies in the folder itself stays in force beside the generations, and is not replaced.
            var (before, after) = (home.Current > 0 ? Load(home.InForce) : Loaded.Nothing, Load(stage.Folder));
            var wrong = after.Faults.Concat(Shrunk(before, after)).ToList();
            if (wrong.Count > 0 && !force)
            {
                throw new SignatureException($"{from}: refused, the signatures in force stay so.\n{string.Join('\n', wrong.Take(20).Select(w => "  " + w))}\n  (--force takes what can be used all the same)");
            }

            var number = home.Next;
            home.Install(stage.Folder, number, new GenerationFacts(from, time.GetUtcNow(), bundle, [.. stage.Own.Order(StringComparer.Ordinal)]));
            await store.NoteAsync(
                actor, action, "", [("generation", $"{number}"), ("from", from), ("files", $"{files.Count}"), ("before", $"{before.Count}"), ("after", $"{after.Count}"), ("force", force ? "yes" : null), .. stage.Details], cancel).ConfigureAwait(false);
            home.Switch(number);
            return new SignatureChange(number, from, before.Count, after.Count, files.Count, [.. stage.Notes, .. wrong, .. after.Problems]);
        }
        finally
        {
            if (Directory.Exists(stage.Folder))
            {
                Directory.Delete(stage.Folder, recursive: true);
            }
        }
    }

    private static IEnumerable<string> Shrunk(Loaded before, Loaded after)
    {
        foreach (var (file, count) in before.Feeds.Where(f => f.Value >= SmallFeed))
        {
            var now = after.Feeds.GetValueOrDefault(file);
            if (now * 10L < count)
            {
                yield return string.Create(CultureInfo.InvariantCulture, $"{file}: {now:N0} indicators where {count:N0} are in force: it shrank by more than 90 %");
            }
        }
    }

    private static Loaded Load(string folder)
    {
        // With what is shipped, as the gateway loads it: its list of hosts that everybody uses decides with.
        var set = SignatureSet.Load([SignatureHome.Shipped, folder]);
        var inside = folder + Path.DirectorySeparatorChar;
        string Name(string file) => Path.GetRelativePath(folder, file).Replace('\\', '/').Replace("/manifest.json", "", StringComparison.Ordinal);
        var feeds = set.Indicators.Feeds.Where(f => f.File.StartsWith(inside, StringComparison.Ordinal)).ToList();
        return new Loaded(
            feeds.ToDictionary(f => Name(f.File), f => f.Taken, StringComparer.Ordinal),
            [.. set.Faults.Where(f => f.File.StartsWith(inside, StringComparison.Ordinal)).Select(f => Plain(f.Reason, f.File) is var reason && reason.StartsWith(Name(f.File), StringComparison.Ordinal) ? reason : $"{Name(f.File)}: {reason}")],
            [.. feeds.SelectMany(f => f.Problems.Select(p => Plain(p, f.File)))]);

        string Plain(string text, string file) => text.Replace(file, Name(file), StringComparison.Ordinal);
    }

    private sealed record Loaded(IReadOnlyDictionary<string, int> Feeds, IReadOnlyList<string> Faults, IReadOnlyList<string> Problems)
    {
        public static Loaded Nothing { get; } = new(new Dictionary<string, int>(), [], []);

        public int Count => Feeds.Values.Sum();
    }
}

using System.Diagnostics;
using System.Globalization;
using Sekisho.Fuzz;

// dotnet run -c Release --project tests/Fuzz -- [--seconds N] [--seed S] [--crashes FOLDER] [--corpus FOLDER] [TARGET...]
var seconds = 10.0;
var seed = 1;
var crashes = "crashes";
var corpus = Environment.GetEnvironmentVariable("SEKISHO_CORPUS");
var names = new List<string>();
for (var i = 0; i < args.Length; i++)
{
    switch (args[i])
    {
        case "--seconds":
            seconds = double.Parse(args[++i], CultureInfo.InvariantCulture);
            break;
        case "--seed":
            seed = int.Parse(args[++i], CultureInfo.InvariantCulture);
            break;
        case "--crashes":
            crashes = args[++i];
            break;
        case "--corpus":
            corpus = args[++i];
            break;
        default:
            names.Add(args[i]);
            break;
    }
}

var unknown = names.Where(n => Targets.All.All(t => t.Name != n)).ToList();
if (unknown.Count > 0)
{
    Console.Error.WriteLine($"Unknown: {string.Join(", ", unknown)}. Known: {string.Join(", ", Targets.All.Select(t => t.Name))}.");
    return 2;
}

const long MemoryBound = 512L << 20; // octets that one run may allocate
var hangLimit = TimeSpan.FromSeconds(5);
var failures = 0;
var total = 0L;
Console.WriteLine($"seed {seed}, {seconds} s a target, hang limit {hangLimit.TotalSeconds} s, memory bound {MemoryBound >> 20} MiB a run");
foreach (var target in Targets.All.Where(t => names.Count == 0 || names.Contains(t.Name)))
{
    var random = new Random(seed);
    var mutator = new Mutator(random);
    var seeds = target.Seeds().ToList();
    if (corpus is not null && Directory.Exists(corpus))
    {
        seeds.AddRange(target.CorpusPattern.SelectMany(p => Directory.EnumerateFiles(corpus, p, SearchOption.AllDirectories).Order(StringComparer.Ordinal))
            .Where(f => new FileInfo(f).Length < 300_000).Take(400).Select(File.ReadAllBytes));
    }

    var runs = 0L;
    var found = 0;
    var slowest = TimeSpan.Zero;
    var most = 0L;
    var clock = Stopwatch.StartNew();
    byte[]? current = null;
    var startedAt = 0L;
    // A run that hangs cannot be stopped from within: a watcher keeps the input and ends the program.
    using var watcher = new Timer(_ =>
    {
        var began = Interlocked.Read(ref startedAt);
        if (began != 0 && Stopwatch.GetElapsedTime(began) > hangLimit * 2 && current is { } octets)
        {
            Save(target.Name, octets, "hang");
            Console.Error.WriteLine($"{target.Name}: a run hangs; given up.");
            Environment.Exit(1);
        }
    }, null, 1000, 1000);

    while (clock.Elapsed.TotalSeconds < seconds && found < 5)
    {
        var octets = runs < seeds.Count ? seeds[(int)runs] : mutator.Spoil(seeds[random.Next(seeds.Count)], seeds[random.Next(seeds.Count)]);
        current = octets;
        var allocated = GC.GetAllocatedBytesForCurrentThread();
        var began = Stopwatch.GetTimestamp();
        Interlocked.Exchange(ref startedAt, began);
        try
        {
            target.Run(octets);
        }
        catch (InvalidDataException)
        {
            // The one allowed exception.
        }
        catch (Exception e)
        {
            found++;
            Save(target.Name, octets, e.GetType().Name);
            Console.Error.WriteLine($"{target.Name}: {e}");
        }

        Interlocked.Exchange(ref startedAt, 0);
        var took = Stopwatch.GetElapsedTime(began);
        allocated = GC.GetAllocatedBytesForCurrentThread() - allocated;
        slowest = took > slowest ? took : slowest;
        most = Math.Max(most, allocated);
        if (took > hangLimit)
        {
            found++;
            Save(target.Name, octets, "slow");
            Console.Error.WriteLine($"{target.Name}: a run took {took}.");
        }

        if (allocated > MemoryBound)
        {
            found++;
            Save(target.Name, octets, "memory");
            Console.Error.WriteLine($"{target.Name}: a run allocated {allocated >> 20} MiB.");
        }

        runs++;
    }

    total += runs;
    failures += found;
    Console.WriteLine($"{target.Name,-16} {runs,9} runs, {seeds.Count,4} seeds, slowest {slowest.TotalMilliseconds,6:F0} ms, most {most >> 10,7} KiB, {(found == 0 ? "good" : $"{found} FAILED")}");
}

Console.WriteLine($"{total} runs, {failures} failures");
return failures == 0 ? 0 : 1;

void Save(string target, byte[] octets, string why)
{
    Directory.CreateDirectory(crashes);
    var path = Path.Combine(crashes, $"{target}-{why}-{Convert.ToHexStringLower(System.Security.Cryptography.SHA256.HashData(octets))[..12]}.bin");
    File.WriteAllBytes(path, octets);
    Console.Error.WriteLine($"saved {path}");
}

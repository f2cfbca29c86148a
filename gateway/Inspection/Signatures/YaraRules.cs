using System.Collections.Concurrent;
using System.Collections.Frozen;
using Microsoft.Extensions.Caching.Memory;

namespace Sekisho.Inspection.Signatures;

/// <summary>A compiled set of YARA rules, safe to use from many threads at once. Its memory is freed when nobody refers to it any more and the last scan has ended.</summary>
/// <remarks>
/// Rules that ask about Windows programs (<c>import "pe"</c>, <c>"dotnet"</c>) are a set of their own that runs on content beginning with MZ only:
/// their module costs half a millisecond on any content. A file of several rules counts among them only when each of its rules asks so.
/// What rules found in a content is remembered with it, for as long as this set is in force; a scan that did not come to its end is not.
/// </remarks>
public sealed class YaraRules
{
    /// <summary>How long one part may be scanned, unless said otherwise.</summary>
    public static readonly TimeSpan DefaultTime = TimeSpan.FromSeconds(2);

    /// <summary>Octets of content from which its result is remembered: less is scanned sooner than looked up.</summary>
    public const int LeastRemembered = 1024;

    /// <summary>Results remembered at most.</summary>
    public const int MostRemembered = 20_000;

    private readonly Set? general;
    private readonly Set? programs;
    private readonly int seconds;
    private readonly MemoryCache results = new(new MemoryCacheOptions { SizeLimit = MostRemembered, TrackStatistics = true });

    private YaraRules(Set? general, Set? programs, TimeSpan time, string? fault)
    {
        this.general = general;
        this.programs = programs;
        seconds = (int)Math.Clamp(Math.Ceiling(time.TotalSeconds), 1, 3600);
        Fault = fault;
        Rules = [.. general?.Rules ?? [], .. programs?.Rules ?? []];
    }

    /// <summary>Has no rules and looks for nothing.</summary>
    public static YaraRules None { get; } = new(null, null, DefaultTime, null);

    /// <summary>Why none of the rules that there are can be used: libyara is missing or is not the one that is understood. Null where they can, and where there are none.</summary>
    public string? Fault { get; }

    /// <summary>The rules in force, private ones left out.</summary>
    public IReadOnlyList<CompiledRule> Rules { get; }

    /// <summary>Scans answered from memory.</summary>
    internal long Remembered => results.GetCurrentStatistics()?.TotalHits ?? 0;

    /// <summary>Compiles rule files. One that cannot be used is named with line and reason and left out.</summary>
    /// <param name="files">The files.</param>
    /// <param name="faults">Takes those left out, and why.</param>
    /// <param name="time">How long one scan may take, in whole seconds, 1 second to 1 hour.</param>
    /// <param name="library">The library's name.</param>
    internal static YaraRules Compile(IReadOnlyList<YaraFile> files, List<SignatureFault> faults, TimeSpan time, string library = LibYara.Library)
    {
        if (files.Count == 0)
        {
            return None;
        }

        if ((library == LibYara.Library ? YaraSelfTest.Fault : YaraSelfTest.Examine(library)) is { } fault)
        {
            faults.Add(new SignatureFault(library, $"{fault} {files.Count} YARA rule files are not used."));
            return new YaraRules(null, null, time, fault);
        }

        try
        {
            var kinds = files.ToLookup(f => f.AsksForProgramsOnly);
            return new YaraRules(Set.Of(kinds[false], faults), Set.Of(kinds[true], faults), time, null);
        }
        catch (YaraException e)
        {
            faults.Add(new SignatureFault(library, e.Message));
            return new YaraRules(null, null, time, e.Message);
        }
    }

    /// <summary>Runs the rules over a content.</summary>
    /// <param name="content">Private memory.</param>
    /// <param name="names">What rules may ask beside it.</param>
    /// <param name="left">The letter's time that is left; the scan ends with it, rounded up to a second.</param>
    public YaraResult Scan(ReadOnlySpan<byte> content, YaraNames names, TimeSpan? left = null)
    {
        var isProgram = content.Length >= 2 && content[0] == 'M' && content[1] == 'Z';
        if ((general is null && (programs is null || !isProgram)) || content.IsEmpty)
        {
            return YaraResult.Nothing;
        }

        Key? key = content.Length >= LeastRemembered ? new Key(ContentMark.Of(content), names) : null;
        if (key is not null && results.TryGetValue<YaraResult>(key, out var known) && known is not null)
        {
            return known;
        }

        var most = left is { } rest ? (int)Math.Clamp(Math.Ceiling(rest.TotalSeconds), 1, seconds) : seconds;
        var result = general?.Scan(content, names, most) ?? YaraResult.Nothing;
        if (isProgram && programs?.Scan(content, names, most) is { } more)
        {
            result = result == YaraResult.Nothing ? more : new YaraResult([.. result.Matches, .. more.Matches], result.Fault ?? more.Fault);
        }

        if (key is not null && result.Fault is null)
        {
            results.Set(key, result, new MemoryCacheEntryOptions { Size = 1 });
        }

        return result;
    }

    /// <summary>What a result hangs on.</summary>
    private sealed record Key(UInt128 Content, YaraNames Names)
    {
        public override int GetHashCode() => Content.GetHashCode();
    }

    /// <summary>Rules that were compiled together, and scanners for them that are free at the moment.</summary>
    private sealed class Set
    {
        private const int FailuresTogether = 20;

        private static readonly int MostIdle = Environment.ProcessorCount * 2;

        private readonly YaraRulesHandle rules;
        private readonly FrozenDictionary<nint, CompiledRule> known;
        private readonly ConcurrentBag<YaraScanner> idle = [];

        private Set(YaraRulesHandle rules)
        {
            this.rules = rules;
            known = rules.List();
        }

        public IEnumerable<CompiledRule> Rules => known.Values.OrderBy(r => r.Space, StringComparer.Ordinal).ThenBy(r => r.Name, StringComparer.Ordinal);

        /// <summary>Compiles files together, each in a namespace of its own, and begins anew without one that fails: a compiler that met an error is of no more use.</summary>
        public static Set? Of(IEnumerable<YaraFile> files, List<SignatureFault> faults)
        {
            var left = new List<YaraFile>();
            foreach (var file in files)
            {
                if (file.IsText)
                {
                    left.Add(file);
                }
                else
                {
                    faults.Add(new SignatureFault(file.Path, "The file is no UTF-8 text."));
                }
            }

            for (var failures = 0; left.Count > 0; failures++)
            {
                if (failures == FailuresTogether)
                {
                    // So many that each is sooner looked at by itself.
                    left.RemoveAll(file => Failed(file, file.Error()));
                }

                using var compiler = new YaraCompiler();
                if (left.FindIndex(file => Failed(file, compiler.Add(file.Source, file.Space))) is >= 0 and var broken)
                {
                    left.RemoveAt(broken);
                }
                else if (left.Count > 0)
                {
                    return new Set(compiler.Build());
                }
            }

            return null;

            bool Failed(YaraFile file, string? error)
            {
                if (error is not null)
                {
                    faults.Add(new SignatureFault(file.Path, error));
                }

                return error is not null;
            }
        }

        public YaraResult Scan(ReadOnlySpan<byte> content, YaraNames names, int seconds)
        {
            if (!idle.TryTake(out var scanner))
            {
                scanner = new YaraScanner(rules, known);
            }

            var isSound = false;
            try
            {
                var matches = scanner.Scan(content, names, seconds, out var code);
                isSound = code == LibYara.Success;
                var fault = isSound ? null : code == LibYara.ScanTimeout ? $"The rules did not come to an end in {seconds} s." : $"The rules could not be run to their end (libyara's error {code}).";
                return fault is null && matches.Count == 0 ? YaraResult.Nothing : new YaraResult(matches, fault);
            }
            finally
            {
                if (isSound && idle.Count < MostIdle)
                {
                    idle.Add(scanner);
                }
                else
                {
                    scanner.Dispose();
                }
            }
        }
    }
}

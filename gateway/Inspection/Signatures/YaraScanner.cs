using System.Collections.Frozen;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace Sekisho.Inspection.Signatures;

/// <summary>Runs compiled rules over memory, one scan at a time; made once and used again, since making one costs more than a small scan.</summary>
internal sealed unsafe class YaraScanner : IDisposable
{
    /// <summary>Matching rules that one scan tells; more say nothing more.</summary>
    public const int MaxMatches = 200;

    private const int MaxStrings = 8;

    private readonly YaraScannerHandle handle;
    private readonly FrozenDictionary<nint, CompiledRule> known;
    private YaraNames? told;

    /// <param name="rules">Held until this scanner is freed.</param>
    /// <param name="known">The rules by their address, see <see cref="YaraRulesHandle.List"/>.</param>
    /// <exception cref="YaraException">There is no memory.</exception>
    public YaraScanner(YaraRulesHandle rules, FrozenDictionary<nint, CompiledRule> known)
    {
        this.known = known;
        handle = new YaraScannerHandle(rules);
    }

    /// <summary>Scans memory of this process.</summary>
    /// <param name="content">Must not be shared with another process, which might shorten it.</param>
    /// <param name="names">What the rules' external variables are told.</param>
    /// <param name="seconds">Time, 1 or more.</param>
    /// <param name="code">libyara's answer: <see cref="LibYara.Success"/>, or why it did not come to the end.</param>
    /// <returns>The rules that match, at most <see cref="MaxMatches"/>; those met before it ended where <paramref name="code"/> is an error.</returns>
    public IReadOnlyList<YaraMatch> Scan(ReadOnlySpan<byte> content, YaraNames names, int seconds, out int code)
    {
        if (names != told)
        {
            foreach (var (name, value) in names.All())
            {
                YaraException.ThrowUnless(LibYara.SetString(handle, name, value), $"set {name}");
            }

            told = names;
        }

        LibYara.SetTimeout(handle, seconds);
        var collector = new Collector(known);
        code = Run(content, LibYara.FastMode | LibYara.NoTryCatch | LibYara.ReportMatching, collector);
        return collector.Matches;
    }

    /// <inheritdoc />
    public void Dispose() => handle.Dispose();

    private int Run(ReadOnlySpan<byte> content, int flags, Collector collector)
    {
        LibYara.SetFlags(handle, flags);
        var user = GCHandle.Alloc(collector);
        try
        {
            LibYara.SetScannerCallback(handle, &OnMessage, GCHandle.ToIntPtr(user));
            fixed (byte* octets = content)
            {
                var code = LibYara.Scan(handle, octets, (nuint)content.Length);
                return collector.Failure is { } failure ? throw failure : code;
            }
        }
        finally
        {
            user.Free();
        }
    }

    [UnmanagedCallersOnly(CallConvs = [typeof(CallConvCdecl)])]
    private static int OnMessage(nint context, int message, nint data, nint user)
    {
        const int Continue = 0;
        const int Error = 2;
        Collector? collector = null;
        try
        {
            collector = (Collector)GCHandle.FromIntPtr(user).Target!;
            if (message == LibYara.RuleMatching)
            {
                collector.Take(context, data);
            }

            return Continue;
        }
        catch (Exception e)
        {
            // Nothing may be thrown through libyara's frames: it is thrown behind them.
            if (collector is not null)
            {
                collector.Failure = e;
            }

            return Error;
        }
    }

    /// <summary>Takes up what one scan tells.</summary>
    private sealed class Collector(FrozenDictionary<nint, CompiledRule> known)
    {
        private List<YaraMatch>? matches;

        public Exception? Failure { get; set; }

        public IReadOnlyList<YaraMatch> Matches => matches ?? (IReadOnlyList<YaraMatch>)[];

        public void Take(nint context, nint rule)
        {
            matches ??= [];
            if (matches.Count < MaxMatches && known.TryGetValue(rule, out var found))
            {
                matches.Add(new YaraMatch(found, LibYara.StringsOf(context, rule, MaxStrings)));
            }
        }
    }
}

using BenchmarkDotNet.Configs;
using BenchmarkDotNet.Jobs;
using BenchmarkDotNet.Running;
using BenchmarkDotNet.Toolchains.InProcess.Emit;
using Sekisho.Benchmarks;

// `latency ...` measures a running gateway from outside (tests/Benchmarks/relay calls it); everything else is BenchmarkDotNet's.
if (args is ["latency", ..])
{
    return await Latency.RunAsync(args[1..]);
}

// `indicators` weighs and times a million of them.
if (args is ["indicators"])
{
    return IndicatorLoad.Run();
}

// `ledger [PAIRS] [POSTGRES]` fills a correspondence ledger and times look-ups in it.
if (args is ["ledger", ..])
{
    return await LedgerLoad.RunAsync(args is [_, var pairs, ..] ? int.Parse(pairs, System.Globalization.CultureInfo.InvariantCulture) : 5_000_000, args is [_, _, var postgres] ? postgres : "");
}

// `threads [N]` fills the memory of conversations and times it.
if (args is ["threads", ..])
{
    return await ThreadLoad.RunAsync(args.Length > 1 ? int.Parse(args[1], System.Globalization.CultureInfo.InvariantCulture) : 1_000_000);
}

// `corpus DIR` times the macro documents of the corpus.
if (args is ["corpus", var corpus])
{
    return CorpusSpeed.Run(corpus);
}

// In this process: BenchmarkDotNet's own builds look for a project file named as the assembly.
var config = DefaultConfig.Instance.AddJob(Job.ShortRun.WithToolchain(InProcessEmitToolchain.Instance)).WithOptions(ConfigOptions.DisableLogFile);
BenchmarkSwitcher.FromAssembly(typeof(FindingBenchmarks).Assembly).Run(args, config);
return 0;

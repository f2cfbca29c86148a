using BenchmarkDotNet.Running;
using Sekisho.Benchmarks;

// `latency ...` measures a running gateway from outside (tests/Benchmarks/relay calls it); everything else is BenchmarkDotNet's.
if (args is ["latency", ..])
{
    return await Latency.RunAsync(args[1..]);
}

BenchmarkSwitcher.FromAssembly(typeof(FindingBenchmarks).Assembly).Run(args);
return 0;

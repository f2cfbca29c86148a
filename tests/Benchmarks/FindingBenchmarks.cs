using BenchmarkDotNet.Attributes;
using Sekisho.Inspection.Detection;

namespace Sekisho.Benchmarks;

/// <summary>Every finding of every letter passes here: text as it should be must cost no allocation.</summary>
[MemoryDiagnoser]
public class FindingBenchmarks
{
    private static readonly FindingKind Kind = new("BENCHMARK", 1, "A finding.", "所見");

    /// <summary>Evidence in ordinary words, the usual case.</summary>
    [Benchmark(Baseline = true)]
    public Finding Plain() => Kind.At("2/invoice.zip/invoice.doc", "AutoOpen calls Shell with powershell -enc");

    /// <summary>Evidence with a bidirectional override in it, which is replaced.</summary>
    [Benchmark]
    public Finding Disguised() => Kind.At("2/請求書\u202Efdp.exe", "name with \u202E in it");
}

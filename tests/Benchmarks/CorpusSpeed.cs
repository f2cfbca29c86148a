using System.Diagnostics;
using Sekisho.Inspection.Detection;
using Sekisho.Inspection.Messages;
using Sekisho.Inspection.Senders;
using Sekisho.Inspection.Signatures;

namespace Sekisho.Benchmarks;

/// <summary>Times the opening and the inspection of every macro document of the corpus, beside what olevba took by the corpus' own list (another machine).</summary>
internal static class CorpusSpeed
{
    private const int Rounds = 5;

    /// <summary>Passes over the whole corpus before anything is timed: a gateway runs for weeks, and is not measured while its code is still being compiled.</summary>
    private const int WarmUps = 40;

    /// <summary>Prints medians.</summary>
    /// <param name="corpus">The corpus' folder.</param>
    /// <returns>The exit code.</returns>
    public static int Run(string corpus)
    {
        var documents = File.ReadLines(Path.Combine(corpus, "OLEVBA.csv")).Skip(1).Select(line => line.Split(','))
            .Where(fields => fields.Length > 9 && (fields[3] == "1" || fields[4] == "1") && double.TryParse(fields[9], System.Globalization.CultureInfo.InvariantCulture, out _))
            .Select(fields => (Kind: fields[1], Name: Path.GetFileName(fields[0]), Octets: File.ReadAllBytes(Path.Combine(corpus, fields[0]["corpus/".Length..])), Olevba: double.Parse(fields[9], System.Globalization.CultureInfo.InvariantCulture)))
            .ToList();
        var signatures = SignatureSet.Shipped;
        List<double> opening = [], inspecting = [], ratios = [], wholeRatios = [];
        for (var round = 0; round < WarmUps; round++)
        {
            foreach (var document in documents)
            {
                using var message = MessageReader.ReadDocument(document.Name, new MemoryStream(document.Octets), new ReadLimits(), TimeProvider.System, CancellationToken.None);
                _ = Detectors.Inspect(Detectors.All, new InspectionContext(message, SenderFacts.Unknown, signatures));
            }
        }

        foreach (var document in documents)
        {
            double open = double.MaxValue, whole = double.MaxValue;
            for (var round = 0; round < Rounds; round++)
            {
                var started = Stopwatch.GetTimestamp();
                using var message = MessageReader.ReadDocument(document.Name, new MemoryStream(document.Octets), new ReadLimits(), TimeProvider.System, CancellationToken.None);
                open = Math.Min(open, Stopwatch.GetElapsedTime(started).TotalMilliseconds);
                _ = Detectors.Inspect(Detectors.All, new InspectionContext(message, SenderFacts.Unknown, signatures));
                whole = Math.Min(whole, Stopwatch.GetElapsedTime(started).TotalMilliseconds);
            }

            opening.Add(open);
            inspecting.Add(whole);
            ratios.Add(document.Olevba / open);
            wholeRatios.Add(document.Olevba / whole);
        }

        Console.WriteLine($"{documents.Count} macro documents; median of the best of {Rounds}, after {WarmUps} passes");
        Console.WriteLine($"olevba (its list)        {Median(documents.Select(d => d.Olevba)):0.00} ms");
        Console.WriteLine($"opening                  {Median(opening):0.000} ms   {Median(ratios):0} times");
        Console.WriteLine($"opening and inspecting   {Median(inspecting):0.000} ms   {Median(wholeRatios):0} times");
        foreach (var kind in documents.Select((d, i) => (d.Kind, Open: opening[i], Ratio: ratios[i])).GroupBy(d => d.Kind).OrderByDescending(g => g.Count()))
        {
            Console.WriteLine($"  {kind.Key,-22} {kind.Count(),4}   {Median(kind.Select(k => k.Open)):0.000} ms   {Median(kind.Select(k => k.Ratio)):0} times");
        }

        return 0;
    }

    private static double Median(IEnumerable<double> values)
    {
        var sorted = values.Order().ToList();
        return sorted.Count == 0 ? 0 : sorted[sorted.Count / 2];
    }
}

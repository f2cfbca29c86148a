using Sekisho.Inspection.Formats;

namespace Sekisho.Inspection.Tests;

/// <summary>Compares the compiled form of every macro in the corpus with its source, line by line.</summary>
public class VbaPCodeCorpusTests
{
    [CorpusFact]
    public void CompiledForms_SayWhatTheSourcesSay()
    {
        int modules = 0, lines = 0, whole = 0, same = 0;
        var instructions = new List<VbaInstruction>();
        foreach (var name in File.ReadLines(Path.Combine(Repository.Corpus!, "OLEVBA.csv")).Skip(1).Select(l => l.Split(',')).Where(f => f[3] == "1").Select(f => f[0]["corpus/".Length..]))
        {
            using var message = Letters.OpenDocument(Path.GetFileName(name), File.ReadAllBytes(Path.Combine(Repository.Corpus!, name)));
            foreach (var module in message.Parts.SelectMany(p => p.Vba).SelectMany(p => p.Modules))
            {
                Assert.True(module.Stomping is null, $"{name}, {module.Name}: {module.Stomping}");
                if (module.Cache is not { } cache)
                {
                    continue;
                }

                modules++;
                var source = Lines(module.Source);
                var compiled = module.PCode!.Split("\r\n");
                for (var i = 0; i < cache.LineCount; i++)
                {
                    var line = cache.Line(i, out _);
                    if (line.IsEmpty)
                    {
                        continue;
                    }

                    lines++;
                    whole += VbaPCode.Split(line, cache.Is64, instructions) ? 1 : 0;
                    same += i < source.Count && Bare(source[i]) == Bare(compiled[i]) ? 1 : 0;
                }
            }
        }

        Assert.InRange(modules, 579, int.MaxValue);
        Assert.Equal(lines, whole);
        // The others are declarations, whose types are not followed, and numbers written with a type character.
        Assert.InRange((double)same / lines, 0.95, 1);
    }

    /// <summary>Lines as they are compiled: without attributes, continued ones joined.</summary>
    private static List<string> Lines(string source)
    {
        var lines = new List<string>();
        var held = "";
        foreach (var line in source.ReplaceLineEndings("\n").Split('\n'))
        {
            if (line.TrimStart().StartsWith("Attribute ", StringComparison.Ordinal))
            {
                continue;
            }

            held += line;
            if (line.EndsWith(" _", StringComparison.Ordinal))
            {
                held = held[..^1];
                continue;
            }

            lines.Add(held);
            held = "";
        }

        return lines;
    }

    private static string Bare(string line) => string.Concat(line.Where(c => !char.IsWhiteSpace(c) && c != ':')).ToUpperInvariant();
}

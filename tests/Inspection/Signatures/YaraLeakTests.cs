using System.Diagnostics;
using System.Text;
using Sekisho.Inspection.Signatures;

namespace Sekisho.Inspection.Tests.Signatures;

/// <summary>Runs alone: it measures the memory of the process.</summary>
[CollectionDefinition("memory", DisableParallelization = true)]
[Collection("memory")]
public sealed class YaraLeakTests
{
    private static readonly YaraNames Names = new("a.doc", "Word", "1/a.doc");

    /// <summary>Thousands of scanners and dozens of sets come and go; the process does not grow with them, and no set outlives its last user.</summary>
    [Fact]
    public void NothingLeaks()
    {
        var source = Encoding.UTF8.GetBytes(string.Concat(Enumerable.Range(0, 100).Select(i => $"rule r{i} {{ strings: $a = \"marker-{i}-end\" $b = /x{i}[a-f]{{3,9}}y/ condition: any of them }}\n")));
        using var compiler = new YaraCompiler();
        Assert.Null(compiler.Add(source, "x"));
        using (var rules = compiler.Build())
        {
            var list = rules.List();
            var content = new byte[2000];
            "marker-7-end"u8.CopyTo(content.AsSpan(9));
            void Scan(int times)
            {
                for (var i = 0; i < times; i++)
                {
                    using var scanner = new YaraScanner(rules, list);
                    Assert.Single(scanner.Scan(content, Names, 5, out _));
                }
            }

            Scan(500);
            DoesNotGrow(() => Scan(5000));
        }

        // The first rounds let the heaps grow to what one round needs.
        Rounds(4);
        var alive = YaraRulesHandle.Alive;
        DoesNotGrow(() => Rounds(8));
        Assert.Equal(alive, YaraRulesHandle.Alive);

        // What leaks grows each time; the heap of the tests before us only once in a while.
        static void DoesNotGrow(Action work)
        {
            const int Most = 20 << 20;
            var grown = new List<long>();
            while (grown.Count < 3 && !grown.Exists(static g => g <= Most))
            {
                Collect();
                var before = Resident();
                work();
                Collect();
                grown.Add(Resident() - before);
            }

            Assert.True(grown.Exists(static g => g <= Most), $"It grew by {string.Join(", ", grown)} octets.");
        }

        void Rounds(int times)
        {
            for (var i = 0; i < times; i++)
            {
                Compile(10);
                Collect();
            }
        }

        void Compile(int times)
        {
            for (var i = 0; i < times; i++)
            {
                var set = YaraRules.Compile([new YaraFile("x.yar", "x", source)], [], YaraRules.DefaultTime);
                Assert.Single(set.Scan("marker-3-end"u8, Names).Matches);
            }
        }

        static void Collect()
        {
            for (var i = 0; i < 3; i++)
            {
                GC.Collect();
                GC.WaitForPendingFinalizers();
            }
        }

        static long Resident()
        {
            using var process = Process.GetCurrentProcess();
            return process.WorkingSet64;
        }
    }
}

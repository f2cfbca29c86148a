namespace Sekisho.Inspection.Tests;

/// <summary>Where the project and its neighbours lie.</summary>
internal static class Repository
{
    /// <summary>The folder with Gateway.sln, found by walking up.</summary>
    public static string Root { get; } = FindRoot();

    /// <summary>The test corpus: <c>SEKISHO_CORPUS</c>, else <c>../shared/corpus</c>; null where it is absent.</summary>
    public static string? Corpus
    {
        get
        {
            var folder = Environment.GetEnvironmentVariable("SEKISHO_CORPUS") is { Length: > 0 } named ? named : Path.Combine(Root, "..", "shared", "corpus");
            return File.Exists(Path.Combine(folder, "OLEVBA.csv")) ? Path.GetFullPath(folder) : null;
        }
    }

    /// <summary>The conformance suites: <c>SEKISHO_SUITES</c>, else <c>../shared/suites</c>; null where they are absent.</summary>
    public static string? Suites
    {
        get
        {
            var folder = Environment.GetEnvironmentVariable("SEKISHO_SUITES") is { Length: > 0 } named ? named : Path.Combine(Root, "..", "shared", "suites");
            return Directory.Exists(Path.Combine(folder, "pyspf")) ? Path.GetFullPath(folder) : null;
        }
    }

    private static string FindRoot()
    {
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            if (File.Exists(Path.Combine(folder.FullName, "Gateway.sln")))
            {
                return folder.FullName;
            }
        }

        throw new InvalidOperationException("Gateway.sln is nowhere above the tests.");
    }
}

/// <summary>A test that wants the corpus and is skipped, with a word why, where it is absent.</summary>
[AttributeUsage(AttributeTargets.Method)]
internal sealed class CorpusFactAttribute : FactAttribute
{
    public CorpusFactAttribute()
    {
        if (Repository.Corpus is null)
        {
            Skip = "The corpus is neither in ../shared/corpus nor where SEKISHO_CORPUS says.";
        }
    }
}

/// <summary>A test that wants the conformance suites and is skipped, with a word why, where they are absent.</summary>
[AttributeUsage(AttributeTargets.Method)]
internal sealed class SuiteFactAttribute : FactAttribute
{
    public SuiteFactAttribute()
    {
        if (Repository.Suites is null)
        {
            Skip = "The suites are neither in ../shared/suites nor where SEKISHO_SUITES says.";
        }
    }
}

namespace Sekisho.Server.Tests;

/// <summary>Where the repository is: tests that read its data read it there, not a copy that a deleted file outlives.</summary>
internal static class Repository
{
    /// <summary>The folder of Gateway.sln.</summary>
    internal static string Top { get; } = Find();

    private static string Find()
    {
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            if (File.Exists(Path.Combine(folder.FullName, "Gateway.sln")))
            {
                return folder.FullName;
            }
        }

        throw new DirectoryNotFoundException("the tests must run within the repository");
    }
}

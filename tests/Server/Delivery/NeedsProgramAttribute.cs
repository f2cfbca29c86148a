namespace Sekisho.Server.Tests.Delivery;

/// <summary>A test that needs a program of the system. Without it the test fails, so that nobody believes it ran; SEKISHO_TESTS_QUICK=1 skips it instead.</summary>
internal sealed class NeedsProgramAttribute : FactAttribute
{
    public NeedsProgramAttribute(string program, string package)
    {
        if (Environment.GetEnvironmentVariable("SEKISHO_TESTS_QUICK") == "1" && !Found(program))
        {
            Skip = $"{program} is missing; Debian's package {package} has it";
        }
    }

    /// <summary>Throws with a word on what to install when the program is missing.</summary>
    public static string Path(string program, string package) =>
        Places(program).FirstOrDefault(File.Exists) ?? throw new FileNotFoundException($"{program} is missing; Debian's package {package} has it");

    private static bool Found(string program) => Places(program).Any(File.Exists);

    private static IEnumerable<string> Places(string program) => ((string[])["/usr/sbin", "/usr/bin", "/usr/local/sbin"]).Select(folder => System.IO.Path.Combine(folder, program));
}

using System.Runtime.InteropServices;
using Sekisho.Inspection.Signatures;

namespace Sekisho.Inspection.Tests.Signatures;

/// <summary>What may not be looked into is named, and the rest is in force.</summary>
public sealed class SignatureFolderTests : IDisposable
{
    private const UnixFileMode Open = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute
        | UnixFileMode.GroupRead | UnixFileMode.GroupExecute | UnixFileMode.OtherRead | UnixFileMode.OtherExecute;

    private readonly DirectoryInfo folder = Directory.CreateTempSubdirectory("sekisho-signatures-");

    public SignatureFolderTests()
    {
        File.SetUnixFileMode(folder.FullName, Open);
        folder.CreateSubdirectory("lists");
        folder.CreateSubdirectory("yara/closed");
        folder.CreateSubdirectory("indicators/misp");
        File.WriteAllText(In("lists", "bait.txt"), "invoice\n");
        File.WriteAllText(In("yara/closed", "quince.yar"), "rule quince { condition: filesize == 6 }");
        File.WriteAllText(In("yara", "zeta.yar"), "rule zeta { condition: filesize == 7 }");
        File.WriteAllText(In("indicators", "own.txt"), "bad.example\n");
    }

    public void Dispose()
    {
        foreach (var closed in new[] { "", "yara/closed", "indicators", "indicators/misp" })
        {
            File.SetUnixFileMode(Path.Combine(folder.FullName, closed), Open);
        }

        folder.Delete(recursive: true);
    }

    [Theory]
    [InlineData("yara/closed", 1, 1, 1)]
    [InlineData("indicators/misp", 1, 2, 1)]
    [InlineData("indicators", 1, 2, 0)]
    [InlineData("", 0, 0, 0)]
    public void AClosedFolder_IsAFault_AndTheRestIsInForce(string closed, int lists, int rules, int indicators)
    {
        File.SetUnixFileMode(Path.Combine(folder.FullName, closed), UnixFileMode.None);
        var set = AsSomebody(() => SignatureSet.Load([folder.FullName]));
        Assert.Equal(Path.TrimEndingDirectorySeparator(Path.Combine(folder.FullName, closed)), Assert.Single(set.Faults).File);
        Assert.Equal((lists, rules, indicators), (set.List("bait").Entries.Count, set.Yara.Rules.Count, set.Indicators.Count));
    }

    [Fact]
    public void ALinkThatCannotBeEntered_IsAFault()
    {
        var link = Path.Combine(folder.FullName, "current");
        File.CreateSymbolicLink(link, "000001");
        Assert.Equal(link, Assert.Single(SignatureSet.Load([link]).Faults).File);
        Directory.CreateDirectory(In("000001", "yara"));
        Assert.Empty(AsSomebody(() => SignatureSet.Load([link])).Faults);
        File.SetUnixFileMode(Path.Combine(folder.FullName, "000001"), UnixFileMode.None);
        Assert.Equal(link, Assert.Single(AsSomebody(() => SignatureSet.Load([link])).Faults).File);
        File.SetUnixFileMode(Path.Combine(folder.FullName, "000001"), Open);
        Assert.Empty(SignatureSet.Load([Path.Combine(folder.FullName, "none")]).Faults);
    }

    /// <summary>Root may read everything: on a thread of its own it is nobody to the file system (man 2 setfsuid).</summary>
    private static T AsSomebody<T>(Func<T> read)
    {
        var result = default(T)!;
        Exception? thrown = null;
        var thread = new Thread(() =>
        {
            var before = setfsuid(65534) == 0;
            try
            {
                result = read();
            }
            catch (Exception e)
            {
                thrown = e;
            }
            finally
            {
                if (before)
                {
                    _ = setfsuid(0);
                }
            }
        });
        thread.Start();
        thread.Join();
        return thrown is null ? result : throw new InvalidOperationException("Reading failed.", thrown);
    }

    [DllImport("libc", EntryPoint = "setfsuid")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int setfsuid(int user);

    private string In(string room, string name) => Path.Combine(folder.FullName, room, name);
}

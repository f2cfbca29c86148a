using Sekisho.Options;

namespace Sekisho.Server.Tests.Options;

public sealed class OptionsLoaderTests : IDisposable
{
    private readonly string _home = Directory.CreateTempSubdirectory("sekisho-options-").FullName;

    public void Dispose() => Directory.Delete(_home, recursive: true);

    public static TheoryData<string> BadConfigurations()
    {
        var data = new TheoryData<string>();
        foreach (var file in Directory.GetFiles(Repository.Folder("tests/bad-config"), "*.json").Order(StringComparer.Ordinal))
        {
            data.Add(Path.GetFileNameWithoutExtension(file));
        }

        return data;
    }

    /// <summary>Each bad configuration names all its faults. <c>UPDATE_EXPECTED=1</c> writes the answers anew; review the difference.</summary>
    [Theory]
    [MemberData(nameof(BadConfigurations))]
    public void EveryFaultIsNamedWithAnExample(string name)
    {
        var folder = Repository.Folder("tests/bad-config");
        File.Copy(Path.Combine(folder, name + ".json"), Path.Combine(_home, OptionsLoader.FileName));
        var (_, faults) = OptionsLoader.Read(_home);
        Assert.NotEmpty(faults);
        var actual = string.Concat(faults.Select(f => f.Replace(_home + Path.DirectorySeparatorChar, "", StringComparison.Ordinal) + "\n"));
        var expected = Path.Combine(folder, name + ".expected");
        if (Environment.GetEnvironmentVariable("UPDATE_EXPECTED") == "1")
        {
            File.WriteAllText(expected, actual);
        }

        Assert.Equal(File.ReadAllText(expected), actual);
    }

    [Fact]
    public void NothingSetIsGood()
    {
        var options = OptionsLoader.Load(_home);
        Assert.Equal(["127.0.0.1:2525"], options.Smtp.Listen);
        Assert.Equal(["hospital.test"], options.Smtp.RelayDomains);
        Assert.Equal(Path.Combine(_home, "maildir"), options.Delivery.Maildir);
        Assert.Equal(5, options.Delivery.RetrySchedule.Count);
    }

    /// <summary>A path in the home's settings is meant from there, not from wherever the gateway is started.</summary>
    [Fact]
    public void RelativePathsBeginAtHome()
    {
        File.WriteAllText(Path.Combine(_home, "staff.csv"), "高橋 太郎,たかはし たろう,takahashi@hospital.test,外科\n");
        Directory.CreateDirectory(Path.Combine(_home, "rules"));
        File.WriteAllText(Path.Combine(_home, OptionsLoader.FileName), """{ "Senders": { "StaffFile": "staff.csv" }, "Signatures": { "Folders": [ "rules", "/" ] } }""");
        var options = OptionsLoader.Load(_home);
        Assert.Equal(Path.Combine(_home, "staff.csv"), options.Senders.StaffFile);
        Assert.Equal([Path.Combine(_home, "rules"), "/"], options.Signatures.Folders);
        Assert.Null(options.Smtp.CertificateFile);
    }

    [Fact]
    public void SwitchesWinOverTheFile()
    {
        File.WriteAllText(Path.Combine(_home, OptionsLoader.FileName), """{ "Web": { "Listen": "127.0.0.1:1" }, "Smtp": { "MaxRecipients": 7 } }""");
        var options = OptionsLoader.Load(_home, new Dictionary<string, string?> { ["Web:Listen"] = "127.0.0.1:2" });
        Assert.Equal("127.0.0.1:2", options.Web.Listen);
        Assert.Equal(7, options.Smtp.MaxRecipients);
    }

    [Theory]
    [InlineData("127.0.0.1:25", true)]
    [InlineData("[::1]:25", true)]
    [InlineData("*:25", true)]
    [InlineData("0.0.0.0:0", true)]
    [InlineData("::1:25", false)]
    [InlineData("25", false)]
    [InlineData("localhost:25", false)]
    [InlineData("127.0.0.1:", false)]
    [InlineData("127.0.0.1:99999", false)]
    [InlineData("", false)]
    public void EndPointsAreRead(string text, bool good) => Assert.Equal(good, OptionsCheck.TryEndPoint(text, out _));
}

using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Time.Testing;
using Sekisho.Inspection.Senders;
using Sekisho.Options;
using Sekisho.Server.Tests.Delivery;
using Sekisho.Staff;

namespace Sekisho.Server.Tests.Staff;

/// <summary>The directory comes and goes, and what it said stays.</summary>
public sealed class StaffServiceTests : IDisposable
{
    private readonly string _home = Directory.CreateTempSubdirectory("sekisho-staff-").FullName;
    private readonly FakeTimeProvider _time = new(new DateTimeOffset(2026, 4, 1, 9, 0, 0, TimeSpan.Zero));
    private readonly List<string> _log = [];

    public void Dispose() => Directory.Delete(_home, recursive: true);

    [NeedsProgram(Slapd.Program, "slapd")]
    public async Task WhatWasReadStaysInForceWhileTheDirectoryIsDown()
    {
        using var slapd = new Slapd(StaffLdif.People(30));
        var options = Options(slapd.Options());
        var (service, book) = Service(options);
        Assert.Null(service.Knows("u1@hospital.test"));
        await service.RefreshAsync(default);
        Assert.True(service.Knows("U1.Alias@hospital.test"));
        Assert.False(service.Knows("stranger@hospital.test"));
        Assert.NotNull(book.Current.Staff.Find("佐藤 太郎", []));
        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(DirectoryRecord.FileIn(_home)));

        slapd.Kill();
        _time.Advance(TimeSpan.FromMinutes(15));
        await service.RefreshAsync(default);
        var since = _time.GetUtcNow();
        _time.Advance(TimeSpan.FromMinutes(1));
        await service.RefreshAsync(default);
        Assert.Equal((DirectoryFault.Unreachable, since), (service.Record.Kind, service.Record.FailingSince));
        Assert.True(service.Knows("u1@hospital.test"));
        Assert.False(service.Knows("stranger@hospital.test")); // what was read 16 minutes ago can still be believed
        Assert.Contains("failing since 2026-04-01 09:15:00Z", Assert.Single(_log, l => l.Contains("failing", StringComparison.Ordinal)), StringComparison.Ordinal);

        // A start without the directory: the people of the last reading, and the fault that was.
        _time.Advance(TimeSpan.FromMinutes(20));
        var (second, later) = Service(options);
        Assert.True(second.Knows("u1@hospital.test"));
        Assert.Null(second.Knows("stranger@hospital.test")); // he may have been added since
        Assert.Equal(since, second.Record.FailingSince);
        Assert.Equal(30, later.Current.Staff.Members.Count);
        Assert.Equal(30, HouseholdBook.ReadAll(options).Staff.Members.Count);

        slapd.Start();
        await second.RefreshAsync(default);
        Assert.Equal((null, null), (second.Record.Fault, second.Record.FailingSince));
        Assert.False(second.Knows("stranger@hospital.test"));
    }

    [NeedsProgram(Slapd.Program, "slapd")]
    public async Task ADirectoryThatLosesNearlyEverybodyIsNotBelieved()
    {
        using var slapd = new Slapd(StaffLdif.People(30));
        var options = Options(slapd.Options());
        var (service, _) = Service(options);
        await service.RefreshAsync(default);
        (service.Record with { Members = [.. Enumerable.Range(0, 300).Select(i => new StaffMember("", "", [$"x{i}@hospital.test"], ""))] }).Save(_home);

        var (second, _) = Service(options);
        await second.RefreshAsync(default);
        Assert.Equal((DirectoryFault.Shrunk, 300), (second.Record.Kind, second.Record.Members.Count));
        Assert.True(second.Knows("x7@hospital.test"));
        Assert.Contains("300 → 30", second.Record.Fault, StringComparison.Ordinal);
        Assert.Equal(30, (await second.Record.RefreshAsync(options.Staff, believe: true, _time, default)).Members.Count);

        // One more than a tenth is believed; nobody never is, whatever was asked.
        (second.Record with { Members = [.. second.Record.Members.Take(299)] }).Save(_home);
        var (third, _) = Service(options);
        await third.RefreshAsync(default);
        Assert.Equal((null, 30), (third.Record.Kind, third.Record.Members.Count));
        options.Staff.BaseDns = ["ou=empty,dc=hospital,dc=test"];
        await third.RefreshAsync(default);
        Assert.Equal((DirectoryFault.Shrunk, 30), (third.Record.Kind, third.Record.Members.Count));
    }

    /// <summary>The rounds of the service itself: the first at the start, what the command line kept is taken at the next tick.</summary>
    [NeedsProgram(Slapd.Program, "slapd")]
    public async Task TheServiceReadsInRoundsAndTakesWhatTheCommandLineKept()
    {
        using var slapd = new Slapd(StaffLdif.People(30));
        var options = Options(slapd.Options());
        options.Staff.RefreshEvery = TimeSpan.FromHours(1);
        var (service, _) = Service(options);
        await service.StartAsync(default);
        await EventuallyAsync(() => service.Record.ReadAt is not null && File.Exists(DirectoryRecord.FileIn(_home)));
        var first = service.Record.ReadAt;

        File.SetLastWriteTimeUtc(DirectoryRecord.FileIn(_home), DateTime.UtcNow.AddMinutes(-5));
        await EventuallyAsync(() => { _time.Advance(TimeSpan.FromSeconds(5)); return _time.GetUtcNow() > first + TimeSpan.FromMinutes(1); });
        (service.Record with { Members = [new StaffMember("", "", ["new@hospital.test"], "")] }).Save(_home);
        await EventuallyAsync(() => { _time.Advance(TimeSpan.FromSeconds(5)); return service.Knows("new@hospital.test") == true; });

        await EventuallyAsync(() => { _time.Advance(TimeSpan.FromMinutes(5)); return service.Record.ReadAt >= first + TimeSpan.FromHours(1); });
        Assert.Equal(30, service.Record.Members.Count);
        await service.StopAsync(default);
    }

    [Theory]
    [InlineData("{")]
    [InlineData("null")]
    [InlineData("{}")]
    [InlineData("""{"source":"x","entries":1,"members":[{"name":null,"kana":"","addresses":[],"department":""}]}""")]
    [InlineData("""{"source":"x","entries":1,"members":[null]}""")]
    public void WhatIsDamagedIsNotTaken(string kept)
    {
        File.WriteAllText(DirectoryRecord.FileIn(_home), kept);
        var (service, _) = Service(Options(new StaffOptions { Servers = ["ldap://directory.invalid"] }));
        Assert.Null(service.Knows("u1@hospital.test"));
        Assert.Contains(_log, l => l.Contains("cannot be used", StringComparison.Ordinal));
    }

    [Fact]
    public void WithoutServersTheStaffFileIsTheDirectory()
    {
        var options = Options(new StaffOptions());
        options.Senders.StaffFile = Path.Combine(_home, "staff.csv");
        File.WriteAllText(options.Senders.StaffFile, "田中 太郎,タナカ タロウ,tanaka@hospital.test,内科\n");
        var (service, _) = Service(options);
        Assert.True(service.Knows("TANAKA@hospital.test"));
        Assert.False(service.Knows("x@hospital.test"));
    }

    [Fact]
    public void FileAndDirectoryAreJoinedByAddressAndName()
    {
        StaffMember[] file = [new("田中 太郎", "", ["tanaka@hospital.test", "taro@private.test"], ""), new("佐藤 花子", "サトウ ハナコ", ["ward3@hospital.test"], "看護部")];
        StaffMember[] directory = [new("田中太郎", "タナカ タロウ", ["tanaka@hospital.test", "t.tanaka@hospital.test"], "内科"), new("鈴木 一郎", "", ["ward3@hospital.test"], "看護部"), new("", "", ["all@hospital.test"], "")];
        var joined = StaffJoin.Of(file, directory);
        Assert.Equal(4, joined.Count);
        Assert.Equal(("田中 太郎", "タナカ タロウ", "内科"), (joined[0].Name, joined[0].Kana, joined[0].Department));
        Assert.Equal(["tanaka@hospital.test", "taro@private.test", "t.tanaka@hospital.test"], joined[0].Addresses);

        Assert.Equal("高橋 花子", Assert.Single(StaffJoin.Of([new("高橋 花子", "", ["t@hospital.test"], "")], [new("髙橋花子", "", ["t@hospital.test"], "")])).Name);
        Assert.Equal("Takahashi Hanako", Assert.Single(StaffJoin.Of([new("Takahashi Hanako", "", ["t@hospital.test"], "")], [new("髙橋 花子", "タカハシ ハナコ", ["t@hospital.test"], "")])).Name);
    }

    /// <summary>SIGHUP reads settings and staff file anew; the directory's people stay.</summary>
    [Fact]
    public void OtherSettingsKeepTheDirectorysPeople()
    {
        var options = Options(new StaffOptions());
        var book = new HouseholdBook(HouseholdBook.Read(options)) { Directory = [new StaffMember("田中 太郎", "", ["tanaka@hospital.test"], "")] };
        options.Smtp.RelayDomains = ["other.test"];
        book.Current = HouseholdBook.Read(options);
        Assert.True(book.Current.IsOwn("other.test"));
        Assert.Single(book.Current.Staff.At("tanaka@hospital.test"));
        book.Directory = [];
        Assert.Empty(book.Current.Staff.Members);
    }

    private (StaffService Service, HouseholdBook Book) Service(SekishoOptions options)
    {
        var book = new HouseholdBook(HouseholdBook.Read(options));
        return (new StaffService(options, book, _time, new ListLogger(_log)), book);
    }

    private SekishoOptions Options(StaffOptions staff) => new() { Home = _home, Smtp = { RelayDomains = ["hospital.test"] }, Staff = staff };

    private static async Task EventuallyAsync(Func<bool> holds)
    {
        for (var tries = 0; !holds(); tries++)
        {
            Assert.True(tries < 400, "it did not come about");
            await Task.Delay(25);
        }
    }

    private sealed class ListLogger(List<string> lines) : ILogger<StaffService>
    {
        public IDisposable? BeginScope<TState>(TState state) where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => true;

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
        {
            lock (lines)
            {
                lines.Add(formatter(state, exception));
            }
        }
    }
}

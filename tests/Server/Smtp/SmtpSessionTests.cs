using System.Buffers;
using System.IO.Pipelines;
using System.Net;
using System.Text;
using Microsoft.Extensions.Time.Testing;
using Sekisho.Options;
using Sekisho.Smtp;
using Sekisho.Store;

namespace Sekisho.Server.Tests.Smtp;

/// <summary>What takes a clock that tests can turn.</summary>
public sealed class SmtpSessionTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("sekisho-session-").FullName;
    private readonly Spool _spool;
    private readonly FakeTimeProvider _time = new();

    public SmtpSessionTests() => _spool = new Spool(_folder);

    public void Dispose()
    {
        _spool.Dispose();
        Directory.Delete(_folder, recursive: true);
    }

    [Theory]
    [InlineData(31, 50, true)]
    [InlineData(29, 50, false)]
    [InlineData(31, 4000, false)]
    public async Task ALetterThatTricklesIsCutOffOnceItsGraceIsOver(int seconds, int octets, bool cut)
    {
        var options = new SekishoOptions { Smtp = { HostName = "gate.test", RelayDomains = ["hospital.test"], MinDataRate = 100 } };
        var door = new SmtpDoor(options, _spool, _time, new SmtpMetrics(), (_, octets, _) =>
        {
            octets.Dispose();
            return Task.FromResult(new SmtpReply(250, "2.0.0 Kept"));
        });
        var input = new Pipe();
        var output = new Pipe();
        var session = new SmtpSession(door, input.Reader, output.Writer, IPAddress.Loopback).RunAsync();
        await SayAsync(input, "HELO a\r\nMAIL FROM:<a@b.test>\r\nRCPT TO:<n@hospital.test>\r\nDATA\r\n");
        Assert.Contains("354", await HearAsync(output, "354"), StringComparison.Ordinal);
        await SayAsync(input, new string('x', octets));
        await Task.Delay(100);
        _time.Advance(TimeSpan.FromSeconds(seconds));
        await SayAsync(input, cut ? "y" : "y\r\n.\r\nQUIT\r\n");
        var answer = await HearAsync(output, cut ? "421" : "221");
        Assert.Equal(cut, answer.Contains("421 4.4.2 Data arrives too slowly", StringComparison.Ordinal));
        Assert.Equal(!cut, answer.Contains("250 2.0.0 Kept", StringComparison.Ordinal));
        input.Writer.Complete();
        await session.WaitAsync(TimeSpan.FromSeconds(10));
    }

    private static async Task SayAsync(Pipe pipe, string text)
    {
        pipe.Writer.Write(Encoding.ASCII.GetBytes(text));
        await pipe.Writer.FlushAsync();
    }

    private static async Task<string> HearAsync(Pipe pipe, string until)
    {
        var heard = new StringBuilder();
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(10));
        while (!heard.ToString().Contains(until, StringComparison.Ordinal))
        {
            var result = await pipe.Reader.ReadAsync(patience.Token);
            heard.Append(Encoding.ASCII.GetString(result.Buffer.ToArray()));
            pipe.Reader.AdvanceTo(result.Buffer.End);
        }

        return heard.ToString();
    }
}

using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using Sekisho.Delivery;
using Xunit.Abstractions;

namespace Sekisho.Server.Tests.Delivery;

/// <summary>Measures the way out against smtp-sink. Runs only when SEKISHO_TESTS_SPEED=1: a figure taken beside other tests means nothing.</summary>
public sealed class DeliverySpeedTests(ITestOutputHelper output)
{
    [SpeedFact]
    public async Task LettersASecondOverTwentyConnections()
    {
        using var probe = new TcpListener(IPAddress.Loopback, 0);
        probe.Start();
        var port = ((IPEndPoint)probe.LocalEndpoint).Port;
        probe.Stop();
        using var sink = Process.Start("smtp-sink", [.. Environment.IsPrivilegedProcess ? (string[])["-u", "nobody"] : [], "127.0.0.1:" + port, "200"]);
        try
        {
            await Task.Delay(500);
            var letter = new byte[12_000];
            for (var i = 0; i < letter.Length; i++)
            {
                letter[i] = (i % 78) switch { 76 => (byte)'\r', 77 => (byte)'\n', _ => (byte)'x' };
            }

            await using var way = new WayOut(Letters.To("127.0.0.1:" + port));
            await SendAsync(way, letter, 2000);
            for (var round = 0; round < 3; round++)
            {
                const int Count = 10_000;
                var (clock, cpu, memory) = (Stopwatch.StartNew(), Environment.CpuUsage.TotalTime, GC.GetTotalAllocatedBytes());
                await SendAsync(way, letter, Count);
                output.WriteLine(
                    $"{Count / clock.Elapsed.TotalSeconds:F0} letters/s, {(Environment.CpuUsage.TotalTime - cpu).TotalMicroseconds / Count:F0} us CPU and {(GC.GetTotalAllocatedBytes() - memory) / Count} octets allocated a letter");
            }
        }
        finally
        {
            sink.Kill();
        }
    }

    private static async Task SendAsync(WayOut way, byte[] letter, int count)
    {
        using var room = new SemaphoreSlim(200);
        var all = new List<Task>(count);
        for (var i = 0; i < count; i++)
        {
            await room.WaitAsync();
            all.Add(OneAsync());
        }

        await Task.WhenAll(all);

        async Task OneAsync()
        {
            try
            {
                var replies = await way.SendAsync(Letters.Envelope(), letter);
                Assert.True(replies[0].Kind == ReplyKind.Delivered, replies[0].Text);
            }
            finally
            {
                room.Release();
            }
        }
    }
}

/// <summary>A test that runs only on request.</summary>
internal sealed class SpeedFactAttribute : FactAttribute
{
    public SpeedFactAttribute()
    {
        if (Environment.GetEnvironmentVariable("SEKISHO_TESTS_SPEED") != "1")
        {
            Skip = "SEKISHO_TESTS_SPEED=1 runs it";
        }
    }
}

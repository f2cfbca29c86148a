using System.Diagnostics;
using System.Globalization;
using System.Net.Sockets;
using System.Text;
using Sekisho.Crash;
using Sekisho.Options;

namespace Sekisho.Server.Tests.Smtp;

/// <summary>Runs alone: these tests measure memory and time.</summary>
[CollectionDefinition("Stress", DisableParallelization = true)]
public sealed class StressCollection;

/// <summary>What a hostile or a thousand slow clients may cost: bounded memory, and others are served on.</summary>
[Collection("Stress")]
public sealed class SmtpStressTests
{
    private const long Mebibyte = 1 << 20;

    /// <summary>A command line of 200 MB without an end is cut off; its octets are not gathered.</summary>
    [Fact]
    public async Task EndlessCommandLine_IsCutOffWithinBoundedMemory()
    {
        await using var host = await StartAsync();
        await SendOneAsync(host);
        var before = host.PeakResidentOctets;
        using var client = await Client.ConnectAsync(host);
        Assert.StartsWith("220", await client.ReplyAsync(), StringComparison.Ordinal);
        var cut = false;
        var block = new byte[64 << 10];
        block.AsSpan().Fill((byte)'x');
        try
        {
            for (var sent = 0L; sent < 200 * Mebibyte; sent += block.Length)
            {
                await client.Stream.WriteAsync(block).AsTask().WaitAsync(TimeSpan.FromSeconds(20));
            }

            // Swallowed to the end it may be; carried out or gathered it may not.
            await client.Stream.WriteAsync("\r\n"u8.ToArray());
            Assert.Matches("^(500|421) ", await client.ReplyAsync());
        }
        catch (IOException)
        {
            cut = true;
        }

        var grown = host.PeakResidentOctets - before;
        Assert.True(cut || grown < 64 * Mebibyte, "neither cut off nor bounded");
        Assert.True(grown < 64 * Mebibyte, $"memory grew by {grown / Mebibyte} MiB");
        await SendOneAsync(host);
    }

    /// <summary>190 MB against a limit of 60 MB: read to the end, refused with 552, never gathered; the session lives.</summary>
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task LetterFarOverTheLimit_IsRefusedWithinBoundedMemory(bool chunked)
    {
        await using var host = await StartAsync(options => options.Smtp.MaxMessageSize = 60 * Mebibyte);
        await SendOneAsync(host);
        var before = host.PeakResidentOctets;
        using var client = await Client.ConnectAsync(host);
        await client.EnvelopeAsync();
        var line = Encoding.ASCII.GetBytes(new string('x', 76) + "\r\n");
        var block = new byte[line.Length * 1000];
        for (var i = 0; i < 1000; i++)
        {
            line.CopyTo(block, i * line.Length);
        }

        var blocks = (int)(190 * Mebibyte / block.Length);
        if (chunked)
        {
            await client.SendAsync($"BDAT {(long)blocks * block.Length} LAST\r\n");
        }
        else
        {
            Assert.StartsWith("354", await client.SayAsync("DATA"), StringComparison.Ordinal);
        }

        for (var i = 0; i < blocks; i++)
        {
            await client.Stream.WriteAsync(block).AsTask().WaitAsync(TimeSpan.FromSeconds(60));
        }

        if (!chunked)
        {
            await client.SendAsync(".\r\n");
        }

        Assert.StartsWith("552 5.3.4 ", await client.ReplyAsync(), StringComparison.Ordinal);
        var grown = host.PeakResidentOctets - before;
        Assert.True(grown < 160 * Mebibyte, $"memory grew by {grown / Mebibyte} MiB");
        Assert.StartsWith("250", await client.SayAsync("NOOP"), StringComparison.Ordinal);
        await SendOneAsync(host);
    }

    /// <summary>A thousand clients that drip their letters octet by octet delay nobody else.</summary>
    [Fact]
    public async Task ThousandSlowClients_DelayNobody()
    {
        await using var host = await StartAsync(options =>
        {
            options.Smtp.MaxConnections = 5000;
            options.Smtp.MaxConnectionsPerAddress = 5000;
            options.Smtp.MaxConnectionsPerNetwork = 5000;
        });
        await SendOneAsync(host);
        var slow = new List<Client>();
        using var stop = new CancellationTokenSource();
        try
        {
            for (var n = 0; n < 1000; n++)
            {
                slow.Add(await Client.ConnectAsync(host));
            }

            await Task.WhenAll(slow.Select(async client =>
            {
                await client.EnvelopeAsync();
                Assert.StartsWith("354", await client.SayAsync("DATA"), StringComparison.Ordinal);
            }));
            var dripping = Task.Run(async () =>
            {
                while (!stop.IsCancellationRequested)
                {
                    foreach (var client in slow)
                    {
                        await client.SendAsync("x");
                    }

                    await Task.Delay(50);
                }
            });

            var longest = TimeSpan.Zero;
            for (var n = 0; n < 30; n++)
            {
                var started = Stopwatch.GetTimestamp();
                await SendOneAsync(host);
                var took = Stopwatch.GetElapsedTime(started);
                longest = took > longest ? took : longest;
            }

            await stop.CancelAsync();
            await dripping;
            Assert.True(longest < TimeSpan.FromSeconds(5), $"a letter took {longest.TotalSeconds:0.0} s");

            // Slow is not wrong: their letters are taken in the end.
            foreach (var client in slow.Take(10))
            {
                Assert.StartsWith("250", await client.SayAsync("\r\n."), StringComparison.Ordinal);
            }
        }
        finally
        {
            slow.ForEach(client => client.Dispose());
        }
    }

    /// <summary>Three thousand connections at once are held, each answered; memory stays in proportion; all gone, new ones are served.</summary>
    [Fact]
    public async Task ThreeThousandConnections_AreHeld()
    {
        await using var host = await StartAsync(options =>
        {
            options.Smtp.MaxConnections = 4000;
            options.Smtp.MaxConnectionsPerAddress = 4000;
            options.Smtp.MaxConnectionsPerNetwork = 4000;
        });
        await SendOneAsync(host);
        var before = host.ResidentOctets;
        var clients = new List<Client>();
        try
        {
            for (var n = 0; n < 3000; n++)
            {
                var client = await Client.ConnectAsync(host);
                clients.Add(client);
                Assert.StartsWith("220", await client.ReplyAsync(), StringComparison.Ordinal);
            }

            foreach (var client in clients)
            {
                Assert.StartsWith("250", await client.SayAsync("EHLO many.test"), StringComparison.Ordinal);
            }

            var each = (host.ResidentOctets - before) / clients.Count;
            Assert.True(each < 100 << 10, $"a waiting connection costs {each >> 10} KiB");
            await SendOneAsync(host);
        }
        finally
        {
            clients.ForEach(client => client.Dispose());
        }

        await SendOneAsync(host);
    }

    /// <summary>Connections that say nothing, or break off in the middle, free their places.</summary>
    [Fact]
    public async Task HalfOpenConnections_FreeTheirPlaces()
    {
        await using var host = await StartAsync(options =>
        {
            options.Smtp.MaxConnections = 20;
            options.Smtp.CommandTimeout = TimeSpan.FromSeconds(2);
            options.Smtp.DataTimeout = TimeSpan.FromSeconds(2);
        });
        for (var round = 0; round < 3; round++)
        {
            var silent = new List<Client>();
            for (var n = 0; n < 20; n++)
            {
                silent.Add(await Client.ConnectAsync(host));
            }

            // Every place is taken by someone who says nothing more; a third of them broke off with a reset.
            for (var n = 0; n < silent.Count; n++)
            {
                await silent[n].ReplyAsync();
                if (n % 3 == 0)
                {
                    silent[n].Reset();
                }
                else if (n % 3 == 1)
                {
                    await silent[n].SendAsync("EHLO half");
                }
            }

            var started = Stopwatch.GetTimestamp();
            while (true)
            {
                using var next = await Client.ConnectAsync(host);
                if ((await next.ReplyAsync()).StartsWith("220", StringComparison.Ordinal))
                {
                    break;
                }

                Assert.True(Stopwatch.GetElapsedTime(started) < TimeSpan.FromSeconds(20), "the places of silent clients were not freed");
                await Task.Delay(50);
            }

            silent.ForEach(client => client.Dispose());
            await Task.Delay(200);
        }

        await SendOneAsync(host);
    }

    /// <summary>Clients that ask and never read are cut off, sockets and all: what is closed but not taken would stay in the system for ever.</summary>
    [Fact]
    public async Task ClientsThatDoNotRead_AreCutOff()
    {
        await using var host = await StartAsync(options =>
        {
            options.Smtp.CommandTimeout = TimeSpan.FromSeconds(1);
            options.Smtp.MaxIdleCommands = 1_000_000;
        });
        using var client = await Client.ConnectAsync(host);
        await client.ReplyAsync();
        var flood = string.Concat(Enumerable.Repeat("EHLO a\r\n", 10_000));
        var cut = await Assert.ThrowsAnyAsync<IOException>(async () =>
        {
            while (true)
            {
                await client.SendAsync(flood).WaitAsync(TimeSpan.FromSeconds(40));
            }
        });
        Assert.Equal(SocketError.ConnectionReset, (cut.InnerException as SocketException)?.SocketErrorCode);
        await SendOneAsync(host);
    }

    private static Task<SmtpHost> StartAsync(Action<SekishoOptions>? settings = null)
    {
        var options = new SekishoOptions();
        settings?.Invoke(options);
        return SmtpHost.StartAsync(options);
    }

    private static async Task SendOneAsync(SmtpHost host)
    {
        var id = Guid.NewGuid().ToString("N", CultureInfo.InvariantCulture);
        using var client = await Client.ConnectAsync(host);
        await client.EnvelopeAsync();
        Assert.StartsWith("354", await client.SayAsync("DATA"), StringComparison.Ordinal);
        Assert.StartsWith("250", await client.SayAsync($"From: alice@sender.test\r\nSubject: {id}\r\n\r\nHello.\r\n."), StringComparison.Ordinal);
        while (await host.NextLetterAsync(TimeSpan.FromSeconds(30)) is { } letter)
        {
            if (Encoding.Latin1.GetString(letter.Octets).Contains(id, StringComparison.Ordinal))
            {
                return;
            }
        }

        Assert.Fail("a letter that was answered 250 did not come out");
    }

    private sealed class Client : IDisposable
    {
        private readonly Socket socket;
        private readonly LineReader reader;

        private Client(Socket socket)
        {
            this.socket = socket;
            Stream = new NetworkStream(socket, ownsSocket: true);
            reader = new LineReader(Stream, 1024);
        }

        internal NetworkStream Stream { get; }

        internal static async Task<Client> ConnectAsync(SmtpHost host)
        {
            var socket = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
            await socket.ConnectAsync(host.EndPoint);
            return new Client(socket);
        }

        internal async Task EnvelopeAsync()
        {
            Assert.StartsWith("220", await ReplyAsync(), StringComparison.Ordinal);
            Assert.StartsWith("250", await SayAsync("EHLO stress.test"), StringComparison.Ordinal);
            Assert.StartsWith("250", await SayAsync("MAIL FROM:<alice@sender.test>"), StringComparison.Ordinal);
            Assert.StartsWith("250", await SayAsync("RCPT TO:<nurse@hospital.test>"), StringComparison.Ordinal);
        }

        internal Task SendAsync(string text) => Stream.WriteAsync(Encoding.ASCII.GetBytes(text)).AsTask();

        internal async Task<string> SayAsync(string line)
        {
            await SendAsync(line + "\r\n");
            return await ReplyAsync();
        }

        internal async Task<string> ReplyAsync()
        {
            while (true)
            {
                var line = await reader.ReadLineAsync(CancellationToken.None).AsTask().WaitAsync(TimeSpan.FromSeconds(60));
                if (line is null)
                {
                    return "";
                }

                if (line.Length > 3 && line[3] != '-')
                {
                    return Encoding.ASCII.GetString(line);
                }
            }
        }

        /// <summary>Breaks off with RST instead of FIN.</summary>
        internal void Reset()
        {
            socket.LingerState = new LingerOption(true, 0);
            socket.Close();
        }

        public void Dispose() => Stream.Dispose();
    }
}

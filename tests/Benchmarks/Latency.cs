using System.Collections.Concurrent;
using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text;
using Sekisho.Crash;

namespace Sekisho.Benchmarks;

/// <summary>
/// What the gateway adds to one letter's way: time from the first octet of MAIL to the whole letter at the next hop, less the same straight to
/// the next hop, at a steady rate. Letters are sent when they are due, whether or not earlier ones have arrived, so that a stall is not hidden.
/// </summary>
internal static class Latency
{
    private const string Field = "X-Latency: ";

    internal static async Task<int> RunAsync(string[] args)
    {
        if (args is not [var portText, var sinkText, var rateText, var lettersText, var file])
        {
            Console.WriteLine("Usage: latency GATEWAY-PORT SINK-PORT LETTERS-A-SECOND LETTERS FILE   (the gateway's next hop must be SINK-PORT of this machine)");
            return 2;
        }

        var (port, sinkPort, rate, letters) = (Number(portText), Number(sinkText), double.Parse(rateText, CultureInfo.InvariantCulture), Number(lettersText));
        var body = (await File.ReadAllTextAsync(file, Encoding.Latin1)).ReplaceLineEndings("\r\n").Replace("\r\n.", "\r\n..", StringComparison.Ordinal);
        var arrived = new ConcurrentDictionary<string, long>();
        await using var sink = new NextHop(
            letter =>
            {
                var text = Encoding.Latin1.GetString(letter.Octets, 0, Math.Min(letter.Octets.Length, 16384));
                var at = text.IndexOf(Field, StringComparison.Ordinal);
                arrived.TryAdd(text.Substring(at + Field.Length, 32), letter.At);
            },
            port: sinkPort);

        // The first letters warm up both ways and are not counted.
        await MeasureAsync(sinkPort, 50, Math.Min(200, letters), body, arrived);
        await MeasureAsync(port, 50, Math.Min(200, letters), body, arrived);
        var direct = await MeasureAsync(sinkPort, rate, letters, body, arrived);
        var through = await MeasureAsync(port, rate, letters, body, arrived);
        Console.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"at {rate:0}/s: straight p50 {At(direct, 0.5):0.00} ms, p99 {At(direct, 0.99):0.00} ms; through the gateway p50 {At(through, 0.5):0.00} ms, p99 {At(through, 0.99):0.00} ms; added p50 {At(through, 0.5) - At(direct, 0.5):0.00} ms, p99 {At(through, 0.99) - At(direct, 0.99):0.00} ms; missing {letters - through.Count}"));
        return through.Count == letters ? 0 : 1;
    }

    private static async Task<IReadOnlyList<double>> MeasureAsync(int port, double rate, int letters, string body, ConcurrentDictionary<string, long> arrived)
    {
        var sent = new ConcurrentDictionary<string, long>();
        var idle = new ConcurrentBag<Connection>();
        var running = new List<Task>();
        var started = Stopwatch.GetTimestamp();
        for (var n = 0; n < letters; n++)
        {
            var due = TimeSpan.FromSeconds(n / rate);
            while (Stopwatch.GetElapsedTime(started) < due)
            {
                await Task.Delay(1);
            }

            running.Add(SendAsync());
        }

        await Task.WhenAll(running);
        for (var waits = 0; waits < 600 && !sent.Keys.All(arrived.ContainsKey); waits++)
        {
            await Task.Delay(50);
        }

        foreach (var connection in idle)
        {
            connection.Dispose();
        }

        return [.. sent.Where(letter => arrived.ContainsKey(letter.Key)).Select(letter => Stopwatch.GetElapsedTime(letter.Value, arrived[letter.Key]).TotalMilliseconds).Order()];

        async Task SendAsync()
        {
            var id = Guid.NewGuid().ToString("N");
            if (!idle.TryTake(out var connection))
            {
                connection = await Connection.OpenAsync(port);
            }

            sent[id] = Stopwatch.GetTimestamp();
            await connection.SayAsync("MAIL FROM:<alice@sender.test>\r\nRCPT TO:<bob@hospital.test>\r\nDATA\r\n", 3);
            await connection.SayAsync($"{Field}{id}\r\n{body}\r\n.\r\n", 1);
            idle.Add(connection);
        }
    }

    private static double At(IReadOnlyList<double> sorted, double share) => sorted.Count == 0 ? double.NaN : sorted[(int)(share * (sorted.Count - 1))];

    private static int Number(string text) => int.Parse(text, CultureInfo.InvariantCulture);

    private sealed class Connection : IDisposable
    {
        private readonly NetworkStream stream;
        private readonly LineReader reader;

        private Connection(Socket socket)
        {
            stream = new NetworkStream(socket, ownsSocket: true);
            reader = new LineReader(stream, 1024);
        }

        internal static async Task<Connection> OpenAsync(int port)
        {
            var socket = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
            await socket.ConnectAsync(IPAddress.Loopback, port);
            var connection = new Connection(socket);
            await connection.SayAsync("", 1); // who talks before the greeting is refused
            await connection.SayAsync("EHLO bench.test\r\n", 1);
            return connection;
        }

        internal async Task SayAsync(string text, int replies)
        {
            await stream.WriteAsync(Encoding.Latin1.GetBytes(text));
            while (replies > 0)
            {
                var line = await reader.ReadLineAsync(CancellationToken.None) ?? throw new EndOfStreamException("the connection was closed");
                if (line[0] is not ((byte)'2' or (byte)'3'))
                {
                    throw new InvalidDataException($"refused: {Encoding.Latin1.GetString(line)}");
                }

                replies -= line[3] == '-' ? 0 : 1;
            }
        }

        public void Dispose() => stream.Dispose();
    }
}

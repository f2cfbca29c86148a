using System.Buffers.Binary;
using System.Net;
using System.Net.Sockets;
using System.Text;

namespace Sekisho.Inspection.Tests.Senders;

/// <summary>A name server on loopback, UDP and TCP, that answers by the first label of the question with what no honest server says.</summary>
internal sealed class LyingDns : IDisposable
{
    private readonly Socket udp;
    private readonly Socket tcp;
    private readonly CancellationTokenSource end = new();
    private int asked;

    public LyingDns()
    {
        (udp, tcp) = Bound();
        tcp.Listen(100);
        EndPoint = (IPEndPoint)tcp.LocalEndPoint!;
        _ = DatagramsAsync();
        _ = StreamsAsync();
    }

    public IPEndPoint EndPoint { get; }

    /// <summary>Questions that came, repeated datagrams included.</summary>
    public int Asked => Volatile.Read(ref asked);

    public void Dispose()
    {
        end.Cancel();
        udp.Dispose();
        tcp.Dispose();
        end.Dispose();
    }

    /// <summary>The same port for both; another program may have one half of it.</summary>
    private static (Socket Udp, Socket Tcp) Bound()
    {
        for (var tries = 0; ; tries++)
        {
            var udp = new Socket(AddressFamily.InterNetwork, SocketType.Dgram, ProtocolType.Udp);
            var tcp = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
            try
            {
                tcp.Bind(new IPEndPoint(IPAddress.Loopback, 0));
                udp.Bind(tcp.LocalEndPoint!);
                udp.ReceiveBufferSize = 4 << 20;
                return (udp, tcp);
            }
            catch (SocketException) when (tries < 20)
            {
                udp.Dispose();
                tcp.Dispose();
            }
        }
    }

    private async Task DatagramsAsync()
    {
        var buffer = new byte[4096];
        try
        {
            while (true)
            {
                var got = await udp.ReceiveFromAsync(buffer, new IPEndPoint(IPAddress.Any, 0), end.Token);
                var question = buffer[..got.ReceivedBytes];
                _ = Task.Run(async () =>
                {
                    if (await AnswerAsync(question, overTcp: false) is { } answer)
                    {
                        await udp.SendToAsync(answer, got.RemoteEndPoint, end.Token);
                    }
                });
            }
        }
        catch (Exception e) when (e is SocketException or ObjectDisposedException or OperationCanceledException)
        {
        }
    }

    private async Task StreamsAsync()
    {
        try
        {
            while (true)
            {
                var peer = await tcp.AcceptAsync(end.Token);
                _ = Task.Run(async () =>
                {
                    using var stream = new NetworkStream(peer, ownsSocket: true);
                    var length = new byte[2];
                    try
                    {
                        while (true)
                        {
                            await stream.ReadExactlyAsync(length, end.Token);
                            var question = new byte[BinaryPrimitives.ReadUInt16BigEndian(length)];
                            await stream.ReadExactlyAsync(question, end.Token);
                            if (await AnswerAsync(question, overTcp: true) is not { } answer)
                            {
                                return;
                            }

                            await stream.WriteAsync((byte[])[(byte)(answer.Length >> 8), (byte)answer.Length, .. answer], end.Token);
                        }
                    }
                    catch (Exception e) when (e is IOException or ObjectDisposedException or OperationCanceledException)
                    {
                    }
                });
            }
        }
        catch (Exception e) when (e is SocketException or ObjectDisposedException or OperationCanceledException)
        {
        }
    }

    private async Task<byte[]?> AnswerAsync(byte[] query, bool overTcp)
    {
        Interlocked.Increment(ref asked);
        var at = 12;
        List<string> labels = [];
        while (query[at] != 0)
        {
            labels.Add(Encoding.ASCII.GetString(query, at + 1, query[at]));
            at += query[at] + 1;
        }

        var type = BinaryPrimitives.ReadUInt16BigEndian(query.AsSpan(at + 1));
        var question = query[12..(at + 5)];
        var name = string.Join('.', labels).ToLowerInvariant();
        byte[] Message(int flags, params byte[][] answers) =>
            [query[0], query[1], (byte)(flags >> 8), (byte)flags, 0, 1, (byte)(answers.Length >> 8), (byte)answers.Length, 0, 0, 0, 0, .. question, .. answers.SelectMany(a => a)];
        byte[] Record(byte[] owner, int of, byte[] data, int ttl = 60) =>
            [.. owner, (byte)(of >> 8), (byte)of, 0, 1, (byte)(ttl >> 24), (byte)(ttl >> 16), (byte)(ttl >> 8), (byte)ttl, (byte)(data.Length >> 8), (byte)data.Length, .. data];
        byte[] asWritten = [0xC0, 12];
        const int Ok = 0x8180, Truncated = 0x8380;
        if (labels.Exists(l => l.StartsWith("silent", StringComparison.OrdinalIgnoreCase)))
        {
            return null;
        }

        switch (labels[0].ToLowerInvariant().TrimEnd('0', '1', '2', '3', '4', '5', '6', '7', '8', '9'))
        {
            case "good":
                return Message(Ok, Record(asWritten, 16, Text("v=spf1 ", "-all")));
            case "authentic":
                return Message(Ok | 0x20, Record(asWritten, 16, Text("signed")));
            case "octets":
                return Message(Ok, Record(asWritten, 16, [6, 0x93, 0xFA, (byte)'\\', (byte)'"', (byte)';', 0]));
            case "slow":
                await Task.Delay(300, end.Token);
                return Message(Ok, Record(asWritten, 16, Text("late")));
            case "servfail":
                return Message(0x8182);
            case "refused":
                return Message(0x8185);
            case "noname":
                return Message(0x8183);
            case "nodata":
                return Message(Ok);
            case "truncated":
                return overTcp ? Message(Ok, Record(asWritten, 16, Text("whole"))) : Message(Truncated);
            case "truncated-ever":
                return Message(Truncated);
            case "tcponly":
                return overTcp ? Message(Ok, Record(asWritten, 16, Text("by tcp"))) : null;
            case "lies": // an address where text was asked for, text of another name, a CNAME that leads nowhere
                return Message(Ok, Record(asWritten, 1, [192, 0, 2, 1]), Record(Name("other.example"), 16, Text("poison")), Record(Name("third.example"), 5, Name("lies.example")));
            case "wrong-size": // an address of three octets, a TXT string longer than its record
                return Message(Ok, Record(asWritten, type, type == 1 ? [1, 2, 3] : [200, 1]));
            case "garbage":
                return [query[0], query[1], .. RandomOctets(name)];
            case "self": // a name that points at itself
                return Message(Ok, Record([0xC0, (byte)(12 + question.Length), 0], 16, Text("x")));
            case "loop":
                return Message(Ok, Record(asWritten, 5, Name("b.loop.example")), Record(Name("b.loop.example"), 5, question[..^4]));
            case "chain":
                return Message(Ok, [.. Enumerable.Range(0, 30).Select(i => Record(i == 0 ? asWritten : Name($"c{i}.example"), 5, Name($"c{i + 1}.example"))), Record(Name("c30.example"), 16, Text("end"))]);
            case "alias":
                return Message(Ok, Record(Name("target.example"), 16, Text("found")), Record(asWritten, 5, Name("Target.Example")));
            case "strings": // 10,000 strings in one record
                return overTcp ? Message(Ok, Record(asWritten, 16, [.. Enumerable.Range(0, 10_000).SelectMany(_ => (byte[])[5, 97, 97, 97, 97, 97])])) : Message(Truncated);
            case "empty-strings":
                return overTcp ? Message(Ok, Record(asWritten, 16, new byte[10_000])) : Message(Truncated);
            case "records":
                return overTcp ? Message(Ok, [.. Enumerable.Range(0, 2000).Select(i => Record(asWritten, 16, Text("r" + i)))]) : Message(Truncated);
            case "forever":
                return Message(Ok, Record(asWritten, 16, Text("kept"), int.MaxValue));
            default:
                return Message(0x8183);
        }
    }

    private static byte[] RandomOctets(string name)
    {
        var octets = new byte[200];
        new Random(name.Length).NextBytes(octets);
        octets[0] |= 0x80;
        return octets;
    }

    private static byte[] Text(params string[] strings) => [.. strings.SelectMany(s => (byte[])[(byte)s.Length, .. Encoding.ASCII.GetBytes(s)])];

    private static byte[] Name(string name) => [.. name.Split('.').SelectMany(l => (byte[])[(byte)l.Length, .. Encoding.ASCII.GetBytes(l)]), 0];
}

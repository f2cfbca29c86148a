using System.Buffers.Binary;
using System.Net;
using System.Net.Sockets;
using System.Text;
using DnsClient;

namespace Sekisho.Server.Tests.Delivery;

/// <summary>A name server on a real socket that knows a handful of records: <c>"mx example.test" -> "10 mail.example.test"</c>. An unknown name does not exist; <c>"!2"</c> answers with that code.</summary>
internal sealed class FakeDns : IDisposable
{
    private readonly UdpClient socket = new(new IPEndPoint(IPAddress.Loopback, 0));
    private readonly Dictionary<string, string[]> records;

    public FakeDns(Dictionary<string, string[]> records)
    {
        this.records = records;
        _ = ServeAsync();
    }

    public IPEndPoint EndPoint => (IPEndPoint)socket.Client.LocalEndPoint!;

    public LookupClient Client() => new(new LookupClientOptions(new NameServer((IPEndPoint)socket.Client.LocalEndPoint!))
    {
        UseCache = false, ThrowDnsErrors = false, Timeout = TimeSpan.FromSeconds(1), Retries = 0,
    });

    public void Dispose() => socket.Dispose();

    private async Task ServeAsync()
    {
        try
        {
            while (true)
            {
                var query = await socket.ReceiveAsync();
                await socket.SendAsync(Answer(query.Buffer), query.RemoteEndPoint);
            }
        }
        catch (Exception e) when (e is SocketException or ObjectDisposedException)
        {
        }
    }

    private byte[] Answer(byte[] query)
    {
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
        var key = (type switch { 15 => "mx ", 28 => "aaaa ", _ => "a " }) + name;
        var known = records.TryGetValue(key, out var found);
        var code = known && found is [['!', .. var number]] ? int.Parse(number) : known || records.Keys.Any(k => k.EndsWith(' ' + name, StringComparison.Ordinal)) ? 0 : 3;
        string[] data = known && code == 0 ? found! : [];
        List<byte> answer = [query[0], query[1], 0x81, (byte)(0x80 | code), 0, 1, 0, (byte)data.Length, 0, 0, 0, 0, .. question];
        foreach (var record in data)
        {
            byte[] rdata = type == 15 ? [.. Preference(record), .. Name(record.Split(' ')[1])] : IPAddress.Parse(record).GetAddressBytes();
            answer.AddRange([0xc0, 12, 0, (byte)type, 0, 1, 0, 0, 0, 60, 0, (byte)rdata.Length, .. rdata]);
        }

        return [.. answer];
    }

    private static byte[] Preference(string record)
    {
        var value = int.Parse(record.Split(' ')[0]);
        return [(byte)(value >> 8), (byte)value];
    }

    private static byte[] Name(string name) =>
        [.. name.Split('.', StringSplitOptions.RemoveEmptyEntries).SelectMany(l => (byte[])[(byte)l.Length, .. Encoding.ASCII.GetBytes(l)]), 0];
}

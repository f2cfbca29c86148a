using System.Net;
using System.Net.Sockets;

namespace Sekisho.Server.Tests.Staff;

/// <summary>A listener that takes every connection, says what it is told to and then nothing more.</summary>
internal sealed class SilentServer : IDisposable
{
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly List<TcpClient> _clients = [];

    /// <param name="octets">What it sends to each, once the client has sent something; null sends nothing at all.</param>
    public SilentServer(Func<IEnumerable<byte[]>>? octets = null)
    {
        _listener.Start();
        _ = AcceptAsync(octets);
    }

    public string Url => $"ldap://127.0.0.1:{((IPEndPoint)_listener.LocalEndpoint).Port}";

    public int Connections => _clients.Count;

    public void Dispose()
    {
        _listener.Stop();
        _clients.ForEach(c => c.Dispose());
    }

    private async Task AcceptAsync(Func<IEnumerable<byte[]>>? octets)
    {
        try
        {
            while (true)
            {
                var client = await _listener.AcceptTcpClientAsync();
                _clients.Add(client);
                if (octets is not null)
                {
                    _ = SendAsync(client, octets());
                }
            }
        }
        catch (Exception e) when (e is SocketException or ObjectDisposedException or InvalidOperationException)
        {
            // The test is over.
        }
    }

    private static async Task SendAsync(TcpClient client, IEnumerable<byte[]> all)
    {
        try
        {
            await client.GetStream().ReadExactlyAsync(new byte[1]);
            foreach (var octets in all)
            {
                await client.GetStream().WriteAsync(octets);
            }
        }
        catch (Exception e) when (e is IOException or ObjectDisposedException or InvalidOperationException)
        {
            // The client has heard enough.
        }
    }
}

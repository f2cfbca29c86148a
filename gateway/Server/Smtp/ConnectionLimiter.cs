using System.Net;
using System.Net.Sockets;
using Sekisho.Options;

namespace Sekisho.Smtp;

/// <summary>Counts open connections in all, by address and by network, so that one client cannot take every place.</summary>
public sealed class ConnectionLimiter
{
    private readonly Lock _lock = new();
    private readonly Dictionary<IPAddress, int> _byAddress = [];
    private readonly Dictionary<IPAddress, int> _byNetwork = [];

    /// <summary>Open connections.</summary>
    public int Count { get; private set; }

    /// <summary>Takes a place. Give it back with <see cref="Leave"/> only when this returned true.</summary>
    /// <param name="address">The client's address.</param>
    /// <param name="options">The limits in force.</param>
    /// <param name="exempt">True for trusted networks: only the limit in all counts.</param>
    public bool TryEnter(IPAddress address, SmtpOptions options, bool exempt)
    {
        var network = NetworkOf(address);
        lock (_lock)
        {
            var ofAddress = _byAddress.GetValueOrDefault(address);
            var ofNetwork = _byNetwork.GetValueOrDefault(network);
            if (Count >= options.MaxConnections
                || (!exempt && (ofAddress >= options.MaxConnectionsPerAddress || ofNetwork >= options.MaxConnectionsPerNetwork)))
            {
                return false;
            }

            Count++;
            _byAddress[address] = ofAddress + 1;
            _byNetwork[network] = ofNetwork + 1;
            return true;
        }
    }

    /// <summary>Gives a place back.</summary>
    public void Leave(IPAddress address)
    {
        lock (_lock)
        {
            Count--;
            Decrement(_byAddress, address);
            Decrement(_byNetwork, NetworkOf(address));
        }
    }

    private static void Decrement(Dictionary<IPAddress, int> counts, IPAddress key)
    {
        if (counts.GetValueOrDefault(key) is var n and > 1)
        {
            counts[key] = n - 1;
        }
        else
        {
            counts.Remove(key);
        }
    }

    /// <summary>The /24 of an IPv4 address or the /64 of an IPv6 address: what one customer of a provider usually holds.</summary>
    private static IPAddress NetworkOf(IPAddress address)
    {
        Span<byte> octets = stackalloc byte[16];
        address.TryWriteBytes(octets, out var length);
        if (address.AddressFamily == AddressFamily.InterNetwork)
        {
            octets[3] = 0;
        }
        else
        {
            octets[8..].Clear();
        }

        return new IPAddress(octets[..length]);
    }
}

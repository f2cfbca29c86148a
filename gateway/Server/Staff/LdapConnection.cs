using System.Buffers.Binary;
using System.Formats.Asn1;
using System.Net.Security;
using System.Net.Sockets;
using System.Runtime.CompilerServices;
using System.Security.Authentication;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using Sekisho.Options;

namespace Sekisho.Staff;

/// <summary>One connection to a directory (LDAPv3, RFC 4511): TLS, simple bind, paged search. Bounded in octets, and in time for each answer.</summary>
/// <remarks>Ours, because Debian's libldap under .NET's own waits for ever for a silent server's answer to a bind, and knows no file of authorities of one connection's own.</remarks>
internal sealed class LdapConnection : IAsyncDisposable
{
    /// <summary>Entries a page; Active Directory gives 1,000 at most.</summary>
    public const int PageSize = 500;

    /// <summary>Octets of one message, so of one entry; more ends the connection.</summary>
    public const int MaxMessage = 4 << 20;

    /// <summary>Octets of all answers.</summary>
    public const long MaxOctets = 512L << 20;

    private const string StartTlsName = "1.3.6.1.4.1.1466.20037";
    private const int Success = 0;

    private readonly string _where;
    private readonly TimeSpan _timeout;
    private readonly TimeProvider _time;
    private readonly byte[] _head = new byte[6];
    private Stream _stream;
    private Stream _reading = Stream.Null;
    private long _octets;
    private int _id;

    private LdapConnection(Stream stream, string where, TimeSpan timeout, TimeProvider time) =>
        (_stream, _where, _timeout, _time) = (stream, where, timeout, time);

    /// <summary>Connects, with TLS where the settings ask for it.</summary>
    /// <exception cref="DirectoryException">It does not come about.</exception>
    public static async Task<LdapConnection> OpenAsync(LdapServer server, StaffOptions options, TimeProvider time, CancellationToken cancel)
    {
        var where = server.ToString();
        var socket = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        var connection = new LdapConnection(Stream.Null, where, options.Timeout, time);
        try
        {
            await connection.WithinAsync(token => socket.ConnectAsync(server.Host, server.Port, token), cancel);
            connection._stream = new NetworkStream(socket, ownsSocket: true);
            connection._reading = connection._stream; // unbuffered: what stands behind the answer to StartTLS must not count as said under TLS
            if (!server.Tls && options.StartTls)
            {
                await connection.StartTlsAsync(cancel);
            }

            if (server.Tls || options.StartTls)
            {
                await connection.SecureAsync(server.Host, options.CaFile, cancel);
            }

            connection._reading = new BufferedStream(connection._stream, 16 << 10);
            return connection;
        }
        catch (Exception e)
        {
            socket.Dispose();
            await connection.DisposeAsync();
            if (e is SocketException)
            {
                throw new DirectoryException(DirectoryFault.Unreachable, where, e.Message);
            }

            throw;
        }
    }

    /// <summary>Signs on by name and password; without a name does nothing, for a connection begins without one.</summary>
    /// <exception cref="DirectoryException">The server says no.</exception>
    public async Task BindAsync(string name, string password, CancellationToken cancel)
    {
        if (name.Length == 0)
        {
            return;
        }

        var answer = await AskAsync(
            writer =>
            {
                using (writer.PushSequence(new Asn1Tag(TagClass.Application, 0, true)))
                {
                    writer.WriteInteger(3);
                    writer.WriteOctetString(Encoding.UTF8.GetBytes(name));
                    writer.WriteOctetString(Encoding.UTF8.GetBytes(password), new Asn1Tag(TagClass.ContextSpecific, 0));
                }
            },
            LdapAnswer.Bind, cancel);
        if (answer.Code != Success)
        {
            throw Refused(answer);
        }
    }

    /// <summary>Searches below a base, page by page (RFC 2696).</summary>
    /// <exception cref="DirectoryException">The search cannot be made or does not come to its end.</exception>
    public async IAsyncEnumerable<LdapEntry> SearchAsync(string searchBase, string filter, IReadOnlyList<string> attributes, [EnumeratorCancellation] CancellationToken cancel)
    {
        byte[] cookie = [];
        do
        {
            var from = cookie;
            await SendAsync(writer => WriteSearch(writer, searchBase, filter, attributes), writer => WritePaging(writer, from), cancel);
            cookie = [];
            for (var done = false; !done;)
            {
                var answer = await NextAsync(cancel);
                switch (answer.Kind)
                {
                    case LdapAnswer.Entry:
                        yield return answer.Entry!;
                        break;
                    case LdapAnswer.Reference:
                        break; // Active Directory names its other partitions there.
                    case LdapAnswer.Done:
                        if (answer.Code != Success)
                        {
                            throw Refused(answer);
                        }

                        (cookie, done) = (answer.Cookie, true);
                        break;
                    default:
                        throw new DirectoryException(DirectoryFault.Broken, _where, $"{answer.Kind} was answered to a search");
                }
            }
        }
        while (cookie.Length > 0);
    }

    /// <inheritdoc />
    public ValueTask DisposeAsync() => _stream.DisposeAsync();

    private static void WriteSearch(AsnWriter writer, string searchBase, string filter, IReadOnlyList<string> attributes)
    {
        using (writer.PushSequence(new Asn1Tag(TagClass.Application, 3, true)))
        {
            writer.WriteOctetString(Encoding.UTF8.GetBytes(searchBase));
            writer.WriteEncodedValue([0x0A, 1, 2]); // the whole subtree
            writer.WriteEncodedValue([0x0A, 1, 0]); // aliases are not followed
            writer.WriteInteger(0); // no limits of ours: a search cut short would look like people who left
            writer.WriteInteger(0);
            writer.WriteBoolean(false);
            LdapFilter.Write(filter, writer);
            using (writer.PushSequence())
            {
                foreach (var attribute in attributes)
                {
                    writer.WriteOctetString(Encoding.ASCII.GetBytes(attribute));
                }
            }
        }
    }

    private static void WritePaging(AsnWriter writer, byte[] cookie)
    {
        var value = new AsnWriter(AsnEncodingRules.BER);
        using (value.PushSequence())
        {
            value.WriteInteger(PageSize);
            value.WriteOctetString(cookie);
        }

        using (writer.PushSequence(new Asn1Tag(TagClass.ContextSpecific, 0, true)))
        using (writer.PushSequence())
        {
            writer.WriteOctetString(Encoding.ASCII.GetBytes(LdapMessage.PagedResults));
            writer.WriteOctetString(value.Encode());
        }
    }

    private async Task StartTlsAsync(CancellationToken cancel)
    {
        var answer = await AskAsync(
            writer =>
            {
                using (writer.PushSequence(new Asn1Tag(TagClass.Application, 23, true)))
                {
                    writer.WriteOctetString(Encoding.ASCII.GetBytes(StartTlsName), new Asn1Tag(TagClass.ContextSpecific, 0));
                }
            },
            LdapAnswer.Extended, cancel);
        if (answer.Code != Success)
        {
            throw new DirectoryException(DirectoryFault.NoStartTls, _where, answer.Text);
        }
    }

    private async Task SecureAsync(string host, string? authorities, CancellationToken cancel)
    {
        var (errors, chainSays) = (SslPolicyErrors.None, "");
        var tls = new SslStream(_stream);
        _stream = tls;
        var how = new SslClientAuthenticationOptions
        {
            TargetHost = host,
#pragma warning disable CA5398 // RFC 8996 ends TLS 1.0 and 1.1; letting the system choose would let an old system choose them.
            EnabledSslProtocols = SslProtocols.Tls12 | SslProtocols.Tls13,
#pragma warning restore CA5398
            RemoteCertificateValidationCallback = (_, _, chain, found) =>
            {
                errors = found;
                chainSays = string.Join(", ", chain?.ChainStatus.Select(s => s.StatusInformation.Trim()).Where(s => s.Length > 0).Distinct() ?? []);
                return found == SslPolicyErrors.None;
            },
        };
        try
        {
            // A hospital's own authority seldom says where its list of revocations is.
            how.CertificateChainPolicy = new X509ChainPolicy { RevocationMode = X509RevocationMode.NoCheck };
            if (authorities is { Length: > 0 })
            {
                how.CertificateChainPolicy.TrustMode = X509ChainTrustMode.CustomRootTrust;
                how.CertificateChainPolicy.CustomTrustStore.ImportFromPemFile(authorities);
            }
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or CryptographicException)
        {
            throw new DirectoryException(DirectoryFault.Files, _where, e.Message);
        }

        try
        {
            await WithinAsync(token => new ValueTask(tls.AuthenticateAsClientAsync(how, token)), cancel);
        }
        catch (Exception e) when (e is AuthenticationException or DirectoryException { Fault: DirectoryFault.Unreachable })
        {
            throw new DirectoryException(DirectoryFault.Tls, _where, errors == SslPolicyErrors.None ? e.Message : chainSays.Length > 0 ? $"{errors}: {chainSays}" : errors.ToString());
        }
    }

    private async Task<LdapMessage> AskAsync(Action<AsnWriter> request, LdapAnswer expected, CancellationToken cancel)
    {
        await SendAsync(request, null, cancel);
        var answer = await NextAsync(cancel);
        return answer.Kind == expected ? answer : throw new DirectoryException(DirectoryFault.Broken, _where, $"{answer.Kind} instead of {expected}");
    }

    private Task SendAsync(Action<AsnWriter> request, Action<AsnWriter>? controls, CancellationToken cancel)
    {
        var writer = new AsnWriter(AsnEncodingRules.BER);
        using (writer.PushSequence())
        {
            writer.WriteInteger(++_id);
            request(writer);
            controls?.Invoke(writer);
        }

        return WithinAsync(
            async token =>
            {
                await _stream.WriteAsync(writer.Encode(), token);
                await _stream.FlushAsync(token);
            },
            cancel);
    }

    /// <summary>The next answer to the request that was sent last.</summary>
    private async Task<LdapMessage> NextAsync(CancellationToken cancel)
    {
        byte[] octets = [];
        await WithinAsync(async token => octets = await ReadAsync(token), cancel);
        try
        {
            var answer = LdapMessage.Read(octets);
            return answer.Id == _id ? answer
                : answer.Id == 0 ? throw new DirectoryException(DirectoryFault.Refused, _where, $"the server hung up: {answer.Code} {answer.Text}")
                : throw new DirectoryException(DirectoryFault.Broken, _where, "an answer to what was not asked");
        }
        catch (InvalidDataException e)
        {
            throw new DirectoryException(DirectoryFault.Broken, _where, e.Message);
        }
    }

    private async ValueTask<byte[]> ReadAsync(CancellationToken cancel)
    {
        await _reading.ReadExactlyAsync(_head.AsMemory(0, 2), cancel);
        var more = _head[1] < 0x80 ? 0 : _head[1] & 0x7F;
        if (_head[0] != 0x30 || more > 4 || _head[1] == 0x80)
        {
            throw new DirectoryException(DirectoryFault.Broken, _where);
        }

        await _reading.ReadExactlyAsync(_head.AsMemory(2, more), cancel);
        var number = new byte[4];
        _head.AsSpan(2, more).CopyTo(number.AsSpan(4 - more));
        var length = more == 0 ? _head[1] : BinaryPrimitives.ReadUInt32BigEndian(number);
        if (length > MaxMessage || (_octets += length) > MaxOctets)
        {
            throw new DirectoryException(DirectoryFault.TooLarge, _where);
        }

        var octets = new byte[2 + more + (int)length];
        _head.AsSpan(0, 2 + more).CopyTo(octets);
        await _reading.ReadExactlyAsync(octets.AsMemory(2 + more), cancel);
        return octets;
    }

    /// <summary>Does one thing within the time that the settings give it.</summary>
    private async Task WithinAsync(Func<CancellationToken, ValueTask> work, CancellationToken cancel)
    {
        using var alarm = new CancellationTokenSource(_timeout, _time);
        using var both = CancellationTokenSource.CreateLinkedTokenSource(cancel, alarm.Token);
        try
        {
            await work(both.Token);
        }
        catch (OperationCanceledException) when (!cancel.IsCancellationRequested)
        {
            throw new DirectoryException(DirectoryFault.Silent, _where, $"{_timeout.TotalSeconds:0} s");
        }
        catch (Exception e) when (e is IOException or ObjectDisposedException)
        {
            throw new DirectoryException(DirectoryFault.Unreachable, _where, e.InnerException is SocketException s ? s.Message : e is EndOfStreamException ? "the server hung up" : e.Message);
        }
    }

    /// <summary>What a result code (RFC 4511 appendix A) means for whoever looks after the directory.</summary>
    private DirectoryException Refused(LdapMessage answer) => new(
        answer.Code switch
        {
            3 or 4 or 11 => DirectoryFault.ServerLimit,
            8 or 13 => DirectoryFault.NeedsTls,
            10 or 32 or 34 => DirectoryFault.NoSuchBase,
            // Active Directory says operationsError to a search before a bind.
            1 or 50 => DirectoryFault.NotAllowed,
            48 or 49 => DirectoryFault.Password,
            _ => DirectoryFault.Refused,
        },
        _where, $"{answer.Code}{(answer.Text.Length > 0 ? " " : "")}{answer.Text}");
}

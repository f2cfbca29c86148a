using System.Net.Security;
using System.Net.Sockets;
using System.Security.Authentication;
using System.Text;
using Sekisho.Options;

namespace Sekisho.Server.Tests.Smtp;

/// <summary>STARTTLS as a client sees it: which versions, and a letter through each.</summary>
public sealed class TlsTests : IAsyncLifetime
{
    private SmtpHost _host = null!;

    public async Task InitializeAsync() => _host = await SmtpHost.StartAsync(new SekishoOptions { Smtp = { CertificateFile = "self-signed" } });

    public async Task DisposeAsync() => await _host.DisposeAsync();

    [Theory]
    [InlineData(SslProtocols.Tls12, "Tls12")]
    [InlineData(SslProtocols.Tls13, "Tls13")]
    public async Task ALetterComesThroughEachVersion(SslProtocols version, string inReceived)
    {
        using var client = new TcpClient();
        await using var tls = await HandshakeAsync(client, version);
        using var reader = new StreamReader(tls);
        foreach (var command in (string[])["EHLO client.test", "MAIL FROM:<doctor@clinic.test>", "RCPT TO:<nurse@hospital.test>", "DATA"])
        {
            await SayAsync(tls, reader, command);
        }

        Assert.StartsWith("250 2.0.0", await SayAsync(tls, reader, "Subject: x\r\n\r\nbody\r\n."), StringComparison.Ordinal);
        var letter = await _host.NextLetterAsync(TimeSpan.FromSeconds(10));
        Assert.NotNull(letter);
        var header = Encoding.UTF8.GetString(letter.Octets);
        Assert.Contains($"({inReceived} TLS_", header, StringComparison.Ordinal);
        Assert.Contains("with ESMTPS id", header, StringComparison.Ordinal);
    }

    /// <summary>Asked of the settings, since this machine's own TLS library may refuse to try the old versions (RFC 8996).</summary>
    [Fact]
    public void OlderVersionsAreNotOffered()
    {
        using var spool = new Sekisho.Store.Spool(Path.Combine(_host.Home, "spool-of-the-test"));
        var options = OptionsLoader.Load(_host.Home);
        var door = new Sekisho.Smtp.SmtpDoor(options, spool, TimeProvider.System, new Sekisho.Smtp.SmtpMetrics(), (_, _, _) => throw new NotSupportedException());
        Assert.Equal(SslProtocols.Tls12 | SslProtocols.Tls13, door.Tls!.EnabledSslProtocols);
    }

    [Fact]
    public async Task AClientThatNeverEndsItsHandshakeDoesNotHoldTheOthersUp()
    {
        var stalled = new List<TcpClient>();
        for (var i = 0; i < 20; i++)
        {
            var client = new TcpClient();
            await client.ConnectAsync(_host.EndPoint);
            var reader = new StreamReader(client.GetStream());
            await reader.ReadLineAsync();
            await SayAsync(client.GetStream(), reader, "EHLO client.test");
            await SayAsync(client.GetStream(), reader, "STARTTLS");
            stalled.Add(client);
        }

        Assert.StartsWith("250", await _host.SendAsync(Letters.Clean()), StringComparison.Ordinal);
        stalled.ForEach(c => c.Dispose());
    }

    private static async Task<string> SayAsync(Stream stream, StreamReader reader, string line)
    {
        await stream.WriteAsync(Encoding.ASCII.GetBytes(line + "\r\n"));
        while (true)
        {
            var reply = await reader.ReadLineAsync() ?? "";
            if (reply.Length < 4 || reply[3] != '-')
            {
                return reply;
            }
        }
    }

    private async Task<SslStream> HandshakeAsync(TcpClient client, SslProtocols version)
    {
        await client.ConnectAsync(_host.EndPoint);
        var reader = new StreamReader(client.GetStream());
        await reader.ReadLineAsync();
        await SayAsync(client.GetStream(), reader, "EHLO client.test");
        Assert.StartsWith("220 2.0.0", await SayAsync(client.GetStream(), reader, "STARTTLS"), StringComparison.Ordinal);
        var tls = new SslStream(client.GetStream(), leaveInnerStreamOpen: false);
        await tls.AuthenticateAsClientAsync(new SslClientAuthenticationOptions
        {
            TargetHost = "gate.test",
            EnabledSslProtocols = version,
#pragma warning disable CA5359 // the certificate was made a moment ago by this test
            RemoteCertificateValidationCallback = static (_, _, _, _) => true,
#pragma warning restore CA5359
        });
        return tls;
    }
}

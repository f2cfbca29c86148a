using System.Diagnostics;
using System.Net;
using System.Net.Sockets;

namespace Sekisho.Server.Tests.Delivery;

/// <summary>A real Postfix of a test's own, which takes letters for one domain into one Maildir and nothing else.</summary>
internal sealed class PostfixServer : IDisposable
{
    private readonly string folder = Directory.CreateTempSubdirectory("postfix").FullName;
    private bool started;

    /// <summary>Where the letters lie that it took.</summary>
    public string Kept => Path.Combine(folder, "mail", "ward", "new");

    public void Dispose()
    {
        if (started)
        {
            Run("postfix", "-c", Path.Combine(folder, "etc"), "stop");
        }

        Directory.Delete(folder, recursive: true);
    }

    /// <summary>Starts it.</summary>
    /// <param name="domain">The domain that it takes letters for.</param>
    /// <returns>Its port.</returns>
    public int Start(string domain = "hospital.test")
    {
        using var probe = new TcpListener(IPAddress.Loopback, 0);
        probe.Start();
        var port = ((IPEndPoint)probe.LocalEndpoint).Port;
        probe.Stop();
        foreach (var sub in (string[])["etc", "queue", "data", "mail"])
        {
            Directory.CreateDirectory(Path.Combine(folder, sub));
        }

        // Its daemons run as other users and must be able to come in.
        Run("chmod", "755", folder);
        Run("chown", "postfix", Path.Combine(folder, "data"));
        Run("chown", "nobody", Path.Combine(folder, "mail"));
        var (certificate, key) = (Path.Combine(folder, "etc", "cert.pem"), Path.Combine(folder, "etc", "key.pem"));
        using (var rsa = System.Security.Cryptography.X509Certificates.RSACertificateExtensions.GetRSAPrivateKey(FakeNextHop.Certificate)!)
        {
            File.WriteAllText(certificate, FakeNextHop.Certificate.ExportCertificatePem());
            File.WriteAllText(key, rsa.ExportPkcs8PrivateKeyPem());
        }

        Run("chmod", "600", key);
        File.WriteAllText(Path.Combine(folder, "etc", "main.cf"), $"""
            compatibility_level = 3.6
            queue_directory = {folder}/queue
            data_directory = {folder}/data
            myhostname = postfix.test
            mydestination =
            mynetworks =
            inet_interfaces = 127.0.0.1
            inet_protocols = ipv4
            local_header_rewrite_clients =
            virtual_mailbox_domains = {domain}
            virtual_mailbox_base = {folder}/mail
            virtual_mailbox_maps = static:ward/
            virtual_uid_maps = static:65534
            virtual_gid_maps = static:65534
            smtpd_relay_restrictions = reject_unauth_destination
            smtpd_tls_security_level = may
            smtpd_tls_cert_file = {certificate}
            smtpd_tls_key_file = {key}
            smtpd_tls_received_header = yes
            maillog_file = {folder}/log
            maillog_file_prefixes = {Path.GetTempPath()}
            """);
        File.WriteAllText(Path.Combine(folder, "etc", "master.cf"), $"""
            127.0.0.1:{port} inet n - n - - smtpd
            cleanup unix n - n - 0 cleanup
            qmgr unix n - n 300 1 qmgr
            tlsmgr unix - - n 1000? 1 tlsmgr
            rewrite unix - - n - - trivial-rewrite
            bounce unix - - n - 0 bounce
            defer unix - - n - 0 bounce
            trace unix - - n - 0 bounce
            proxymap unix - - n - - proxymap
            error unix - - n - - error
            virtual unix - n n - - virtual
            anvil unix - - n - 1 anvil
            postlog unix-dgram n - n - 1 postlogd
            """);
        File.WriteAllText(Path.Combine(folder, "etc", "dynamicmaps.cf"), "");
        started = true;
        Run("postfix", "-c", Path.Combine(folder, "etc"), "start");
        return port;
    }

    private static void Run(string program, params string[] arguments)
    {
        using var process = Process.Start(new ProcessStartInfo(program, arguments) { RedirectStandardError = true, RedirectStandardOutput = true })!;
        var said = process.StandardError.ReadToEnd();
        process.WaitForExit();
        Assert.True(process.ExitCode == 0, $"{program} {string.Join(' ', arguments)}: {said}");
    }
}

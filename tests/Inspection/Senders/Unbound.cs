using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using System.Text;

namespace Sekisho.Inspection.Tests.Senders;

/// <summary>A real name server (Debian's unbound) on loopback that answers from a zone of our own.</summary>
internal sealed class Unbound : IDisposable
{
    private const string Program = "/usr/sbin/unbound";

    private readonly DirectoryInfo folder = Directory.CreateTempSubdirectory("sekisho-unbound-");
    private readonly Process process;

    /// <summary>Starts it with the lines of a <see cref="Inspection.Senders.ZoneFile"/>; those with SERVFAIL are left out.</summary>
    public Unbound(string zone)
    {
        if (!File.Exists(Program))
        {
            throw new FileNotFoundException("unbound is missing; Debian's package unbound has it");
        }

        // A port that is free now may be somebody's a moment later: then another one.
        for (var tries = 0; ; tries++)
        {
            EndPoint = new IPEndPoint(IPAddress.Loopback, FreePort());
            File.WriteAllText(Path.Combine(folder.FullName, "unbound.conf"), Configuration(zone));
            process = Process.Start(new ProcessStartInfo(Program, ["-d", "-p", "-c", Path.Combine(folder.FullName, "unbound.conf")]) { RedirectStandardError = true, RedirectStandardOutput = true })!;
            if (Starts() is not { } fault)
            {
                return;
            }

            process.Kill();
            process.Dispose();
            if (tries == 5 || !fault.Contains("in use", StringComparison.Ordinal))
            {
                throw new InvalidOperationException($"unbound did not start: {fault}");
            }
        }
    }

    public IPEndPoint EndPoint { get; }

    public void Dispose()
    {
        process.Kill();
        process.WaitForExit();
        process.Dispose();
        folder.Delete(recursive: true);
    }

    private string Configuration(string zone)
    {
        var config = new StringBuilder($"""
            server:
              interface: 127.0.0.1
              port: {EndPoint.Port}
              do-ip6: no
              use-syslog: no
              logfile: "{folder.FullName}/log"
              pidfile: ""
              chroot: ""
              username: ""
              directory: "{folder.FullName}"
              num-threads: 1
              do-not-query-localhost: no
              local-zone: "." static

            """);
        foreach (var line in zone.Split('\n').Select(l => l.Trim()).Where(l => l.Length > 0 && !l.Contains("SERVFAIL")))
        {
            var words = line.Split(' ', 3);
            config.Append("  local-data: '").Append(words[0]).Append(words[0].EndsWith('.') ? "" : ".").Append(" 60 IN ").Append(words[1]).Append(' ').Append(Quoted(words[1], words[2])).Append("'\n");
        }

        return config.Append("remote-control:\n  control-enable: no\n").ToString();
    }

    /// <summary>Waits until it answers; what it says where it ends instead.</summary>
    private string? Starts()
    {
        for (var tries = 0; tries < 200; tries++)
        {
            if (process.HasExited)
            {
                return process.StandardError.ReadToEnd();
            }

            if (Answers())
            {
                return null;
            }

            Thread.Sleep(50);
        }

        return "silent";
    }

    /// <summary>Text longer than 255 octets comes in several strings.</summary>
    private static string Quoted(string type, string data)
    {
        if (type != "TXT")
        {
            return data;
        }

        var text = data.Trim().Trim('"');
        return string.Join(' ', text.Chunk(200).Select(c => $"\"{new string(c)}\""));
    }

    private static int FreePort()
    {
        using var probe = new TcpListener(IPAddress.Loopback, 0); // it is asked over both, and ports of TCP are the rarer ones
        probe.Start();
        return ((IPEndPoint)probe.LocalEndpoint).Port;
    }

    private bool Answers()
    {
        using var probe = new UdpClient();
        probe.Client.ReceiveTimeout = 200;
        try
        {
            probe.Connect(EndPoint);
            probe.Send([0, 1, 1, 0, 0, 1, 0, 0, 0, 0, 0, 0, 1, (byte)'x', 0, 0, 1, 0, 1]);
            IPEndPoint? from = null;
            return probe.Receive(ref from).Length > 0;
        }
        catch (SocketException)
        {
            return false;
        }
    }
}

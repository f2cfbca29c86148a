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

        EndPoint = new IPEndPoint(IPAddress.Loopback, FreePort());
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

        File.WriteAllText(Path.Combine(folder.FullName, "unbound.conf"), config.Append("remote-control:\n  control-enable: no\n").ToString());
        process = Process.Start(new ProcessStartInfo(Program, ["-d", "-p", "-c", Path.Combine(folder.FullName, "unbound.conf")]) { RedirectStandardError = true, RedirectStandardOutput = true })!;
        for (var tries = 0; !Answers(); tries++)
        {
            if (process.HasExited || tries > 200)
            {
                throw new InvalidOperationException($"unbound did not start: {(process.HasExited ? process.StandardError.ReadToEnd() : "silent")}");
            }

            Thread.Sleep(50);
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
        using var probe = new UdpClient(new IPEndPoint(IPAddress.Loopback, 0));
        return ((IPEndPoint)probe.Client.LocalEndPoint!).Port;
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

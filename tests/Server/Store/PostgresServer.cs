using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using Npgsql;

namespace Sekisho.Server.Tests.Store;

/// <summary>A PostgreSQL server of the tests' own: a fresh cluster in a temporary folder on a free loopback port, gone when the tests end.</summary>
internal sealed class PostgresServer
{
    private static readonly Lazy<PostgresServer> One = new(static () => new PostgresServer());

    private readonly string _folder = Path.Combine(Path.GetTempPath(), "sekisho-pg-" + Guid.NewGuid().ToString("N")[..12]);
    private readonly int _port = FreePort();

    public PostgresServer()
    {
        Directory.CreateDirectory(_folder);
        if (IsRoot)
        {
            // The server refuses to run as root.
            Run("chown", "postgres", _folder);
        }

        RunAsServer("initdb", "-D", Data, "-U", "sekisho", "-A", "trust", "-E", "UTF8", "--locale=C.UTF-8", "--no-sync");
        RemoveWhenTestsEnd();
        Start();
    }

    /// <summary>The server all tests share, each with a database of its own.</summary>
    public static PostgresServer Shared => One.Value;

    /// <summary>The folder of the server's programs, or null when it is not installed.</summary>
    public static string? Programs { get; } = FindPrograms();

    private static bool IsRoot => Environment.UserName == "root";

    private string Data => Path.Combine(_folder, "data");

    /// <summary>A new, empty database's connection string.</summary>
    public string NewDatabase()
    {
        var name = "t" + Guid.NewGuid().ToString("N");
        using var connection = new NpgsqlConnection(ConnectionString("postgres"));
        connection.Open();
        using var command = connection.CreateCommand();
        command.CommandText = $"CREATE DATABASE {name} TEMPLATE template0";
        command.ExecuteNonQuery();
        return ConnectionString(name);
    }

    /// <summary>Starts it. Without fsync: the tests crash the server, not the machine.</summary>
    public void Start() =>
        RunAsServer("pg_ctl", "-D", Data, "-l", Path.Combine(_folder, "log"), "-w", "-o", $"-p {_port} -c listen_addresses=127.0.0.1 -k {_folder} -c max_connections=200 -c fsync=off", "start");

    /// <summary>Stops it the hard way: connections break, nothing is finished.</summary>
    public void Crash() => RunAsServer("pg_ctl", "-D", Data, "-w", "-m", "immediate", "stop");

    /// <summary>Stops it and deletes what it wrote.</summary>
    public void Remove()
    {
        try
        {
            Crash();
        }
        catch (InvalidOperationException)
        {
            // It is not running.
        }

        Directory.Delete(_folder, recursive: true);
    }

    // A watcher of its own: it tidies up even when the test process is killed.
    private void RemoveWhenTestsEnd()
    {
        var stop = $"while kill -0 {Environment.ProcessId} 2>/dev/null; do sleep 1; done; [ -f {Data}/postmaster.pid ] && kill -QUIT $(head -1 {Data}/postmaster.pid); for i in 1 2 3 4 5; do sleep 1; rm -rf {_folder} && break; done";
        Process.Start(new ProcessStartInfo("setsid", ["sh", "-c", $"({stop}) >/dev/null 2>&1 </dev/null &"]))!.WaitForExit();
    }

    private static string? FindPrograms()
    {
        if (!Directory.Exists("/usr/lib/postgresql"))
        {
            return null;
        }

        return Directory.GetDirectories("/usr/lib/postgresql").Select(static version => Path.Combine(version, "bin"))
            .Where(static bin => File.Exists(Path.Combine(bin, "initdb"))).OrderDescending().FirstOrDefault();
    }

    private static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }

    private static void Run(string program, params string[] arguments)
    {
        var start = new ProcessStartInfo(program, arguments) { RedirectStandardOutput = true, RedirectStandardError = true, WorkingDirectory = Path.GetTempPath() };
        using var process = Process.Start(start)!;

        // The server inherits the pipes and keeps them open: wait for the program, not for the end of its output.
        var said = new System.Text.StringBuilder();
        process.ErrorDataReceived += (_, line) => said.AppendLine(line.Data);
        process.OutputDataReceived += static (_, _) => { };
        process.BeginErrorReadLine();
        process.BeginOutputReadLine();
        if (!process.WaitForExit(TimeSpan.FromSeconds(60)) || process.ExitCode != 0)
        {
            throw new InvalidOperationException($"{program} {string.Join(' ', arguments)} failed: {said}");
        }
    }

    private string ConnectionString(string database) => $"Host=127.0.0.1;Port={_port};Username=sekisho;Database={database};Include Error Detail=true";

    private void RunAsServer(string program, params string[] arguments)
    {
        var path = Path.Combine(Programs ?? throw new InvalidOperationException("PostgreSQL is not installed."), program);
        if (IsRoot)
        {
            Run("runuser", ["-u", "postgres", "--", path, .. arguments]);
        }
        else
        {
            Run(path, arguments);
        }
    }
}

using System.Diagnostics;

namespace Sekisho.Crash;

/// <summary>A PostgreSQL of its own in a temporary folder, so that it can be killed without asking anybody.</summary>
public sealed class PostgresCluster : IAsyncDisposable
{
    private readonly string folder;
    private readonly string binaries;
    private readonly int port;

    private PostgresCluster(string folder, string binaries, int port) => (this.folder, this.binaries, this.port) = (folder, binaries, port);

    /// <summary>For Store:Postgres.</summary>
    public string ConnectionString => $"Host=127.0.0.1;Port={port};Database=postgres;Username=postgres";

    /// <summary>Makes and starts it, or says in one sentence why it cannot.</summary>
    public static async Task<(PostgresCluster? Cluster, string Reason)> StartAsync(string folder)
    {
        var binaries = Directory.Exists("/usr/lib/postgresql")
            ? Directory.GetDirectories("/usr/lib/postgresql").Order(StringComparer.Ordinal).Select(version => Path.Combine(version, "bin")).LastOrDefault(bin => File.Exists(Path.Combine(bin, "initdb")))
            : null;
        if (binaries is null)
        {
            return (null, "no PostgreSQL server is installed (apt-get install postgresql)");
        }

        Directory.CreateDirectory(folder);
        if (Environment.UserName is "root")
        {
            // PostgreSQL refuses to run as root.
            await RunAsync("chown", "postgres", folder);
        }

        var cluster = new PostgresCluster(folder, binaries, GatewayProcess.FreePort());
        await cluster.PostgresAsync("initdb", "-D", Path.Combine(folder, "data"), "-U", "postgres", "-A", "trust", "-E", "UTF8", "--locale=C.UTF-8");
        await cluster.ControlAsync("start");
        return (cluster, "");
    }

    /// <summary>Throws it down without a checkpoint and starts it again, which then recovers from its log.</summary>
    public Task RestartAsync() => ControlAsync("restart");

    /// <inheritdoc />
    public async ValueTask DisposeAsync() => await ControlAsync("stop");

    private Task ControlAsync(string verb) => PostgresAsync(
        "pg_ctl", verb, "-w", "-m", "immediate", "-D", Path.Combine(folder, "data"), "-l", Path.Combine(folder, "log"),
        "-o", $"-p {port} -k {folder} -c listen_addresses=127.0.0.1 -c max_connections=100");

    private Task PostgresAsync(string program, params string[] arguments)
    {
        if (program is "pg_ctl" && arguments[0] is "start")
        {
            // start has no shutdown mode
            arguments = [.. arguments.Where((_, i) => i is not (2 or 3))];
        }

        var path = Path.Combine(binaries, program);
        return Environment.UserName is "root" ? RunAsync("runuser", ["-u", "postgres", "--", path, .. arguments]) : RunAsync(path, arguments);
    }

    private static async Task RunAsync(string program, params string[] arguments)
    {
        // Neither output is redirected through us: the server would inherit the pipe and hold it open.
        var start = new ProcessStartInfo("/bin/sh") { ArgumentList = { "-c", "exec \"$@\" >/dev/null 2>&1 </dev/null", "sh", program }, WorkingDirectory = "/" };
        foreach (var argument in arguments)
        {
            start.ArgumentList.Add(argument);
        }

        using var process = Process.Start(start)!;
        await process.WaitForExitAsync();
        if (process.ExitCode != 0)
        {
            throw new InvalidOperationException($"{program} {string.Join(' ', arguments)} ended with {process.ExitCode}");
        }
    }
}

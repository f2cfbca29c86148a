using System.Collections.Concurrent;
using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Sockets;

namespace Sekisho.Crash;

/// <summary>The real <c>sekisho</c> as a process of its own, on ports and in a home of its own.</summary>
public sealed class GatewayProcess : IAsyncDisposable
{
    private readonly Process process;
    private readonly ConcurrentQueue<string> log;
    private readonly string? logFile;

    private GatewayProcess(Process process, int smtpPort, int webPort, ConcurrentQueue<string> log, string? logFile)
    {
        this.process = process;
        this.log = log;
        this.logFile = logFile;
        SmtpPort = smtpPort;
        WebPort = webPort;
    }

    /// <summary>Where it takes mail.</summary>
    public int SmtpPort { get; }

    /// <summary>Where it answers /health/ready.</summary>
    public int WebPort { get; }

    /// <summary>True when it ended by itself or was killed.</summary>
    public bool HasExited => process.HasExited;

    /// <summary>What it wrote last.</summary>
    public string LogTail => string.Join("\n", log) + (process.HasExited ? $"\n(the process has ended: {process.ExitCode}; 137 is SIGKILL from outside, 139 a fault of native code)" : "");

    /// <summary>Resident memory in octets, as the kernel counts it (VmRSS).</summary>
    public long ResidentOctets => Status("VmRSS:");

    /// <summary>The most that <see cref="ResidentOctets"/> ever was (VmHWM).</summary>
    public long PeakResidentOctets => Status("VmHWM:");

    /// <summary>A port that nobody listens on at the moment.</summary>
    public static int FreePort()
    {
        using var probe = new TcpListener(IPAddress.Loopback, 0);
        probe.Start();
        return ((IPEndPoint)probe.LocalEndpoint).Port;
    }

    /// <summary>Runs a command of the command line to its end and returns its exit code and what it wrote to standard output.</summary>
    public static Task<(int ExitCode, string Output)> RunAsync(string program, params string[] arguments) => RunAsync(program, null, arguments);

    /// <summary>The same with a text on its standard input.</summary>
    public static async Task<(int ExitCode, string Output)> RunAsync(string program, string? input, string[] arguments)
    {
        var (code, output, _) = await RunWholeAsync(program, input, arguments);
        return (code, output);
    }

    /// <summary>The same with what it writes on standard error.</summary>
    public static async Task<(int ExitCode, string Output, string Error)> RunWholeAsync(string program, string? input, string[] arguments)
    {
        var start = StartInfo(program, arguments);
        start.RedirectStandardInput = input is not null;
        using var process = Process.Start(start)!;
        if (input is not null)
        {
            await process.StandardInput.WriteAsync(input);
            process.StandardInput.Close();
        }

        var error = process.StandardError.ReadToEndAsync();
        var output = await process.StandardOutput.ReadToEndAsync();
        var said = await error;
        await process.WaitForExitAsync();
        return (process.ExitCode, output, said);
    }

    /// <summary>Starts <c>sekisho serve</c> without waiting for it.</summary>
    /// <param name="program">Path of sekisho.dll, or of the executable.</param>
    /// <param name="home">Its home, with sekisho.json.</param>
    /// <param name="smtpPort">Where it shall take mail.</param>
    /// <param name="webPort">Where it shall answer HTTP.</param>
    /// <param name="environment">Further settings.</param>
    /// <param name="logFile">A file that everything it writes is appended to, or null.</param>
    public static GatewayProcess Start(
        string program, string home, int smtpPort, int webPort, IReadOnlyDictionary<string, string>? environment = null, string? logFile = null)
    {
        var start = StartInfo(program, "serve", "--home", home, "--smtp", $"127.0.0.1:{smtpPort}", "--web", $"127.0.0.1:{webPort}");
        foreach (var (name, value) in environment ?? new Dictionary<string, string>())
        {
            start.Environment[name] = value;
        }

        var log = new ConcurrentQueue<string>();
        var process = new Process { StartInfo = start };
        var gateway = new GatewayProcess(process, smtpPort, webPort, log, logFile);
        process.OutputDataReceived += (_, e) => gateway.Note(e.Data);
        process.ErrorDataReceived += (_, e) => gateway.Note(e.Data);
        process.Start();
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
        return gateway;
    }

    /// <summary>Waits until /health/ready answers 200. Throws with the log when the process ends or takes longer than <paramref name="atMost"/>.</summary>
    public async Task WaitUntilReadyAsync(TimeSpan atMost, CancellationToken cancel = default)
    {
        using var http = new HttpClient { Timeout = TimeSpan.FromSeconds(5) };
        var started = Stopwatch.GetTimestamp();
        while (true)
        {
            try
            {
                using var answer = await http.GetAsync(new Uri($"http://127.0.0.1:{WebPort}/health/ready"), cancel);
                if (answer.StatusCode is HttpStatusCode.OK)
                {
                    return;
                }
            }
            catch (Exception e) when (e is HttpRequestException or TaskCanceledException && !cancel.IsCancellationRequested)
            {
                // Not listening yet.
            }

            if (process.HasExited || Stopwatch.GetElapsedTime(started) > atMost)
            {
                throw new InvalidOperationException(
                    (process.HasExited ? $"sekisho ended with {process.ExitCode}" : "sekisho did not become ready") + ". It wrote:\n" + LogTail);
            }

            await Task.Delay(20, cancel);
        }
    }

    /// <summary>Sends a signal, such as <c>HUP</c> or <c>TERM</c>.</summary>
    public void Signal(string name)
    {
        using var kill = Process.Start("kill", ["-" + name, process.Id.ToString(CultureInfo.InvariantCulture)]);
        kill.WaitForExit();
    }

    /// <summary>Waits until it has ended by itself.</summary>
    /// <returns>Its exit code.</returns>
    public async Task<int> WaitForExitAsync(TimeSpan atMost)
    {
        await process.WaitForExitAsync().WaitAsync(atMost);
        return process.ExitCode;
    }

    /// <summary>SIGKILL: no handler runs, nothing is flushed.</summary>
    public async Task KillAsync()
    {
        if (!process.HasExited)
        {
            process.Kill();
        }

        await process.WaitForExitAsync();
    }

    /// <inheritdoc />
    public async ValueTask DisposeAsync()
    {
        await KillAsync();
        process.Dispose();
    }

    private static ProcessStartInfo StartInfo(string program, params string[] arguments)
    {
        var start = new ProcessStartInfo { RedirectStandardOutput = true, RedirectStandardError = true };
        if (program.EndsWith(".dll", StringComparison.Ordinal))
        {
            start.FileName = Environment.GetEnvironmentVariable("DOTNET_HOST_PATH") is { Length: > 0 } host ? host : "dotnet";
            start.ArgumentList.Add(program);
        }
        else
        {
            start.FileName = program;
        }

        foreach (var argument in arguments)
        {
            start.ArgumentList.Add(argument);
        }

        return start;
    }

    private void Note(string? line)
    {
        if (line is null)
        {
            return;
        }

        log.Enqueue(line);
        while (log.Count > 100)
        {
            log.TryDequeue(out _);
        }

        if (logFile is not null)
        {
            lock (log)
            {
                File.AppendAllText(logFile, line + "\n");
            }
        }
    }

    private long Status(string field)
    {
        foreach (var line in File.ReadLines($"/proc/{process.Id}/status"))
        {
            if (line.StartsWith(field, StringComparison.Ordinal))
            {
                return long.Parse(line.AsSpan(field.Length).Trim().TrimEnd("kB").Trim(), CultureInfo.InvariantCulture) * 1024;
            }
        }

        return 0;
    }
}

using System.CommandLine;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;
using System.Text.Unicode;
using Sekisho.Options;
using Sekisho.Store;
using Spectre.Console;

namespace Sekisho.Cli;

/// <summary>What the process tells its caller.</summary>
public static class ExitCodes
{
    /// <summary>Done, and nothing wrong was found.</summary>
    public const int Done = 0;

    /// <summary>Done, and something wrong was found: a letter to quarantine, a failed check.</summary>
    public const int Found = 1;

    /// <summary>The arguments or the settings cannot be used.</summary>
    public const int BadInput = 2;

    /// <summary>It could not be done: the store does not answer, a port is taken.</summary>
    public const int Failed = 3;
}

/// <summary>Options that every verb takes.</summary>
internal static class CommonOptions
{
    public static readonly Option<string?> Home = new("--home")
    {
        Description = "The folder that holds all state and sekisho.json. Default: $SEKISHO_HOME, else ~/.local/share/sekisho",
        Recursive = true,
    };

    public static readonly Option<bool> Json = new("--json") { Description = "Answer in JSON", Recursive = true };

    /// <summary>The home folder that holds.</summary>
    public static string HomeOf(ParseResult parsed) =>
        parsed.GetValue(Home) is { } given
            ? given.Length > 0 ? given : throw new OptionsException(["--home names no folder. Example: --home /var/lib/sekisho"])
            : Standing();

    private static string Standing() =>
        Environment.GetEnvironmentVariable("SEKISHO_HOME") is { Length: > 0 } home ? home : Path.Combine(Environment.GetFolderPath(Environment.SpecialFolder.LocalApplicationData, Environment.SpecialFolderOption.DoNotVerify), "sekisho");

    /// <summary>The name that goes into the audit log.</summary>
    public static string Actor => Environment.GetEnvironmentVariable("SUDO_USER") is { Length: > 0 } user ? user : Environment.UserName;
}

/// <summary>Turns what goes wrong into one line for the operator and an exit code.</summary>
internal static class Failing
{
    public static async Task<int> AsExitCodeAsync(Func<Task<int>> run)
    {
        try
        {
            return await run();
        }
        catch (OptionsException e)
        {
            foreach (var fault in e.Faults)
            {
                Console.Error.WriteLine(fault);
            }

            return ExitCodes.BadInput;
        }
        catch (Exception e) when (e is StoreException or IOException or UnauthorizedAccessException or System.Net.Sockets.SocketException or System.Security.Cryptography.CryptographicException)
        {
            Console.Error.WriteLine(e.Message);
            return ExitCodes.Failed;
        }
    }
}

/// <summary>Writes answers: JSON for programs, tables for people.</summary>
internal static class Answer
{
    private static readonly JsonSerializerOptions Options = new()
    {
        PropertyNamingPolicy = JsonNamingPolicy.CamelCase,
        Converters = { new JsonStringEnumConverter(JsonNamingPolicy.CamelCase) },
        // Japanese stays readable; what HTML would need escaped does not matter on a terminal.
        Encoder = JavaScriptEncoder.Create(UnicodeRanges.All),
    };

    /// <summary>One line of JSON.</summary>
    public static void Json(object value) => Console.Out.WriteLine(JsonSerializer.Serialize(value, Options));

    /// <summary>What strangers wrote, safe for a terminal: control characters, which could move its cursor or forge lines, become U+FFFD.</summary>
    public static string Shown(string? text) => string.Concat((text ?? "").Select(c => char.IsControl(c) ? '\uFFFD' : c));

    /// <summary>A table that fits the terminal; its cells are made safe for it.</summary>
    public static void Table(string[] columns, IEnumerable<string[]> rows)
    {
        var table = new Table { Border = TableBorder.Simple };
        foreach (var column in columns)
        {
            table.AddColumn(new TableColumn(new Text(column)));
        }

        foreach (var row in rows)
        {
            table.AddRow(row.Select(cell => new Text(Shown(cell))));
        }

        if (Console.IsOutputRedirected)
        {
            AnsiConsole.Profile.Width = 200;
        }

        AnsiConsole.Write(table);
    }
}

/// <summary>Opens the store beside a gateway that may be running on it.</summary>
internal static class StoreAccess
{
    public static async Task<int> UseAsync(ParseResult parsed, Func<MessageStore, Task<int>> use)
    {
        var options = OptionsLoader.Load(CommonOptions.HomeOf(parsed));
        if (options.Store.Postgres.Length == 0 && !File.Exists(Path.Combine(options.Home, "sekisho.db")))
        {
            Console.Error.WriteLine($"There is no gateway in {options.Home}. Name its folder with --home DIR, or start one with: sekisho serve");
            return ExitCodes.BadInput;
        }

        using var spool = new Spool(Path.Combine(options.Home, "spool-cli"));
        await using var store = await MessageStore.OpenAsync(options, spool, TimeProvider.System, CancellationToken.None);
        return await use(store);
    }

    /// <summary>Reads a letter's id in any form of a GUID.</summary>
    public static Argument<Guid[]> Ids(string description) => new("ID")
    {
        Description = description,
        Arity = ArgumentArity.OneOrMore,
        CustomParser = result =>
        {
            var ids = new List<Guid>();
            foreach (var token in result.Tokens)
            {
                if (Guid.TryParse(token.Value, out var id))
                {
                    ids.Add(id);
                }
                else
                {
                    result.AddError($"\"{token.Value}\" is no message id. Example: 0198f2c0a1b27d3e8f00112233445566 (see: sekisho quarantine list)");
                }
            }

            return [.. ids];
        },
    };
}

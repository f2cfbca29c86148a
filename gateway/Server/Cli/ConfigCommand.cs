using System.CommandLine;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;
using System.Text.Unicode;
using Sekisho.Options;

namespace Sekisho.Cli;

/// <summary><c>sekisho config</c>: the settings in force, and what is wrong with them.</summary>
internal static class ConfigCommand
{
    private static readonly JsonSerializerOptions Readable = new()
    {
        WriteIndented = true,
        Converters = { new JsonStringEnumConverter() },
        Encoder = JavaScriptEncoder.Create(UnicodeRanges.All),
    };

    public static Command Create()
    {
        var show = new Command("show", "Print every setting in force as JSON, defaults included; it can be used as sekisho.json.");
        show.SetAction(parsed =>
        {
            var options = OptionsLoader.Load(CommonOptions.HomeOf(parsed));
            if (options.Store.Postgres.Length > 0)
            {
                options.Store.Postgres = new Npgsql.NpgsqlConnectionStringBuilder(options.Store.Postgres) { Password = "***" }.ConnectionString;
            }

            var json = JsonSerializer.SerializeToNode(options, Readable)!.AsObject();
            json.Remove(nameof(SekishoOptions.Home));
            Console.Out.WriteLine(json.ToJsonString(Readable));
            return ExitCodes.Done;
        });

        var check = new Command("check", "Tell everything that is wrong with the settings at once. Exit code 2 when something is.");
        check.SetAction(parsed =>
        {
            var (_, faults) = OptionsLoader.Read(CommonOptions.HomeOf(parsed));
            if (parsed.GetValue(CommonOptions.Json))
            {
                Answer.Json(new { ok = faults.Count == 0, faults });
            }
            else
            {
                foreach (var fault in faults)
                {
                    Console.Out.WriteLine(fault);
                }

                if (faults.Count == 0)
                {
                    Console.Out.WriteLine("設定に問題はありません。 The settings are good.");
                }
            }

            return faults.Count == 0 ? ExitCodes.Done : ExitCodes.BadInput;
        });

        return new Command("config", """
            Show and check the settings: HOME/sekisho.json, then SEKISHO_… environment variables (SEKISHO_Smtp__HostName), then switches.

            Examples:
              sekisho config show
              sekisho config check
            """)
        { show, check };
    }
}

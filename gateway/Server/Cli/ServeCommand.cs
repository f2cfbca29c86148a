using System.CommandLine;
using Sekisho.Options;

namespace Sekisho.Cli;

/// <summary><c>sekisho serve</c>: runs the gateway until SIGTERM.</summary>
internal static class ServeCommand
{
    public static Command Create()
    {
        var smtp = new Option<string?>("--smtp") { Description = "Listen for SMTP on ADDR:PORT. Default: 127.0.0.1:2525" };
        var web = new Option<string?>("--web") { Description = "Serve status, health and metrics on ADDR:PORT. Default: 127.0.0.1:8080" };
        var nextHop = new Option<string?>("--next-hop") { Description = "Deliver all mail to HOST:PORT. Default: a Maildir in the home folder" };
        var relayDomain = new Option<string[]>("--relay-domain") { Description = "Take mail for NAME; may be given more than once. Default: hospital.test" };
        var command = new Command("serve", """
            Run the gateway.

            Examples:
              sekisho serve
              sekisho serve --smtp 0.0.0.0:25 --next-hop mail.hospital.example:25 --relay-domain hospital.example
            """)
        { smtp, web, nextHop, relayDomain };
        command.SetAction(async (parsed, cancel) =>
        {
            var switches = new Dictionary<string, string?>();
            Set(switches, "Smtp:Listen:0", parsed.GetValue(smtp));
            Set(switches, "Web:Listen", parsed.GetValue(web));
            Set(switches, "Delivery:Routes:0:Hosts:0", parsed.GetValue(nextHop));
            foreach (var (i, domain) in (parsed.GetValue(relayDomain) ?? []).Index())
            {
                Set(switches, $"Smtp:RelayDomains:{i}", domain);
            }

            var home = CommonOptions.HomeOf(parsed);
            var options = OptionsLoader.Load(home, switches);
            await using var gateway = await Gateway.BuildAsync(options, TimeProvider.System, () => OptionsLoader.Read(home, switches));
            await gateway.RunAsync(cancel);
            return ExitCodes.Done;
        });
        return command;
    }

    private static void Set(Dictionary<string, string?> switches, string key, string? value)
    {
        if (value is not null)
        {
            switches[key] = value;
        }
    }
}

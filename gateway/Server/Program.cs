using System.CommandLine;
using System.Text;
using Sekisho.Cli;

namespace Sekisho;

/// <summary>Picks the verb.</summary>
public static class Program
{
    /// <summary>Runs <c>sekisho VERB …</c>.</summary>
    /// <returns>One of <see cref="ExitCodes"/>.</returns>
    public static async Task<int> Main(string[] args)
    {
        // Mail in Japanese arrives in ISO-2022-JP, Shift_JIS and EUC-JP, which .NET keeps apart.
        Encoding.RegisterProvider(CodePagesEncodingProvider.Instance);
        Console.OutputEncoding = new UTF8Encoding(false);

        var root = new RootCommand("""
            関所 Sekisho: a mail gateway for hospitals.

            Examples:
              sekisho serve --next-hop mail.hospital.example:25 --relay-domain hospital.example
              sekisho scan --json invoice.eml
              sekisho quarantine list
              sekisho quarantine release 0198f2… --reason "checked by telephone"

            Exit codes: 0 done · 1 something was found wrong (scan, doctor, audit verify) · 2 bad arguments or settings · 3 failed
            """)
        {
            ServeCommand.Create(),
            ScanCommand.Create(),
            QuarantineCommand.Create(),
            QueueCommand.Create(),
            MacrosCommand.Create(),
            SendersCommand.Create(),
            ReportsCommand.Create(),
            CorrespondentsCommand.Create(),
            PolicyCommand.Create(),
            ReplayCommand.Create(),
            AuditCommand.Create(),
            KeyCommand.Create(),
            SignaturesCommand.Create(),
            ConfigCommand.Create(),
            StaffCommand.Create(),
            DoctorCommand.Create(),
        };
        root.Options.Add(CommonOptions.Home);
        root.Options.Add(CommonOptions.Json);
        // "@clinic.example" is a domain, not a file of arguments.
        var parsed = root.Parse(args, new ParserConfiguration { ResponseFileTokenReplacer = null });
        return parsed.Errors.Count > 0 && parsed.Action is System.CommandLine.Invocation.ParseErrorAction
            ? await Refuse(parsed)
            // Without a deadline of the parser's own on SIGTERM, which would cut the drain of serve after two seconds.
            : await Failing.AsExitCodeAsync(() => parsed.InvokeAsync(new InvocationConfiguration { EnableDefaultExceptionHandler = false, ProcessTerminationTimeout = null }));
    }

    private static async Task<int> Refuse(ParseResult parsed)
    {
        await parsed.InvokeAsync();
        return ExitCodes.BadInput;
    }
}

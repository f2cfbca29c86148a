using System.CommandLine;
using System.Net;
using Sekisho.Inspection.Detection;
using Sekisho.Inspection.Messages;
using Sekisho.Inspection.Policy;
using Sekisho.Inspection.Senders;
using Sekisho.Inspection.Signatures;
using Sekisho.Options;
using Sekisho.Senders;
using Sekisho.Signatures;
using Sekisho.Staff;
using Spectre.Console;

namespace Sekisho.Cli;

/// <summary><c>sekisho scan</c>: steps (1) to (4) of the line on files, without a gateway.</summary>
internal static class ScanCommand
{
    public static Command Create()
    {
        var paths = new Argument<string[]>("PATH") { Description = "Mail (.eml) or bare documents; folders recursively", Arity = ArgumentArity.OneOrMore };
        var signatures = new Option<string?>("--signatures") { Description = "Take rules and indicators from this folder instead of those shipped and set up" };
        var tree = new Option<bool>("--tree") { Description = "Show everything that is inside each file, in place of the findings' words" };
        var outbound = new Option<bool>("--outbound") { Description = "Look at mails as at those that leave the hospital: their senders are our own, and macros do not go out" };
        var sender = new SenderArguments();
        var command = new Command("scan", """
            Inspect files: what would the gateway say of them? With --json one line a file:
            {"file","disposition","score","findings":[{"code","place","evidence"}],"authentication":{},"ms","error"}

            Examples:
              sekisho scan letter.eml
              sekisho scan --json ~/Maildir/new invoice.xlsm
              sekisho scan --tree letter.eml
              sekisho scan --client 192.0.2.1 --helo mail.example --from a@mail.example --dns 127.0.0.1:53 letter.eml

            The sender is checked (SPF, DKIM, ARC, DMARC) where --dns or --dns-zone says who answers; SPF where --client is given, too.

            Exit codes: 0 all would be delivered · 1 at least one would not · 2 bad arguments · 3 a file could not be read
            """)
        { paths, signatures, tree, outbound };
        sender.AddTo(command);
        command.SetAction(async (parsed, cancel) =>
        {
            var options = OptionsLoader.Load(CommonOptions.HomeOf(parsed));
            if (parsed.GetValue(signatures) is { } folder && !Directory.Exists(folder))
            {
                Console.Error.WriteLine($"--signatures: there is no folder \"{folder}\"");
                return ExitCodes.BadInput;
            }

            using var senders = sender.Read(parsed, out var fault);
            if (fault is not null)
            {
                Console.Error.WriteLine(fault);
                return ExitCodes.BadInput;
            }

            var known = parsed.GetValue(signatures) is { } other ? SignatureSet.Load([other], options.Signatures.YaraTimeout) : options.Signatures.Load(options.Home);
            foreach (var unread in known.Faults)
            {
                Console.Error.WriteLine($"{unread.File}: left out: {unread.Reason}");
            }

            var given = parsed.GetValue(paths)!;
            var missing = given.Where(p => !File.Exists(p) && !Directory.Exists(p)).ToList();
            var json = parsed.GetValue(CommonOptions.Json);
            foreach (var path in missing)
            {
                Console.Error.WriteLine($"{path}: no such file or folder");
                if (json)
                {
                    Print(new ScanResult(path, null, SenderFacts.Unknown, TimeSpan.Zero, "no such file or folder"), json);
                }
            }

            var files = given.Except(missing).SelectMany(FilesOf).ToList();
            var scanner = new Scanner(options, known, senders, parsed.GetValue(tree) && !json, parsed.GetValue(outbound));
            var worst = missing.Count > 0 ? ExitCodes.BadInput : ExitCodes.Done;

            void ScanOne(string file)
            {
                var result = scanner.Scan(file, cancel);
                worst = Math.Max(worst, result.Error is not null ? ExitCodes.Failed : result.Verdict!.Disposition != Disposition.Deliver ? ExitCodes.Found : ExitCodes.Done);
                Print(result, json);
            }

            // A bar where somebody waits at a terminal and the lines go elsewhere; never between the lines themselves.
            if (files.Count > 20 && Console.IsOutputRedirected && !Console.IsErrorRedirected)
            {
                var terminal = AnsiConsole.Create(new AnsiConsoleSettings { Out = new AnsiConsoleOutput(Console.Error) });
                await terminal.Progress().AutoClear(true).StartAsync(progress =>
                {
                    var task = progress.AddTask("scan", maxValue: files.Count);
                    foreach (var file in files)
                    {
                        cancel.ThrowIfCancellationRequested();
                        ScanOne(file);
                        task.Increment(1);
                    }

                    return Task.CompletedTask;
                });
            }
            else
            {
                foreach (var file in files)
                {
                    cancel.ThrowIfCancellationRequested();
                    ScanOne(file);
                }
            }

            return worst;
        });
        return command;
    }

    private static IEnumerable<string> FilesOf(string path) =>
        File.Exists(path)
            ? [path]
            : Directory.EnumerateFiles(path, "*", new EnumerationOptions { RecurseSubdirectories = true, IgnoreInaccessible = true, AttributesToSkip = FileAttributes.ReparsePoint })
                .Order(StringComparer.Ordinal);

    private static void Print(ScanResult result, bool json)
    {
        if (json)
        {
            Answer.Json(new
            {
                file = result.File,
                disposition = result.Verdict?.Disposition,
                score = result.Verdict?.Score,
                findings = result.Verdict?.Findings.Select(f => new { code = f.Kind.Code, place = f.Place, evidence = f.Evidence }) ?? [],
                authentication = result.Sender.Authentication,
                ms = Math.Round(result.Elapsed.TotalMilliseconds, 2),
                error = result.Error,
            });
            return;
        }

        if (result.Verdict is not { } verdict)
        {
            Console.Out.WriteLine($"{Answer.Shown(result.File)}: error: {result.Error}");
            return;
        }

        Console.Out.WriteLine($"{Answer.Shown(result.File)}: {verdict.Disposition} ({verdict.Score})");
        if (result.Sender.Authentication.Count > 0)
        {
            Console.Out.WriteLine($"  {string.Join(' ', result.Sender.Authentication.Select(a => $"{a.Key}={a.Value}"))}");
            Console.Out.WriteLine($"  {Answer.Shown(result.Results)}");
        }

        if (result.Tree is { } tree)
        {
            foreach (var line in tree)
            {
                Console.Out.WriteLine(line);
            }

            Console.Out.WriteLine($"  = {(verdict.Findings.Count == 0 ? "no findings" : string.Join(", ", verdict.Findings.Select(f => f.Kind.Code).Distinct()))}");
            return;
        }

        foreach (var f in verdict.Findings)
        {
            Console.Out.WriteLine($"  {f.Kind.Code} {f.Place}: {f.Evidence}\n    {f.Kind.Ja}\n    {f.Kind.En}");
        }
    }

    private sealed record ScanResult(string File, Verdict? Verdict, SenderFacts Sender, TimeSpan Elapsed, string? Error, IReadOnlyList<string>? Tree = null)
    {
        /// <summary>The Authentication-Results field that the gateway would write; empty where nobody was asked.</summary>
        public string Results { get; init; } = "";
    }

    private sealed class Scanner(SekishoOptions options, SignatureSet signatures, SenderTrial? senders, bool withTree, bool outbound)
    {
        private readonly IReadOnlyList<IDetector> _detectors = Detectors.All;
        private readonly MessagePolicy _policy = new(options.Policy);
        private readonly SenderCheck? _check = senders?.CheckAs(options);
        private readonly Household _household = HouseholdBook.ReadAll(options);

        public ScanResult Scan(string file, CancellationToken cancel)
        {
            var time = TimeProvider.System;
            var started = time.GetTimestamp();
            try
            {
                if (!RegularFile.Is(file))
                {
                    return new ScanResult(file, null, SenderFacts.Unknown, time.GetElapsedTime(started), "not a regular file");
                }

                using var stream = new FileStream(file, FileMode.Open, FileAccess.Read, FileShare.ReadWrite);
                var isMail = IsMail(file, stream);
                var envelope = (senders?.Envelope(time) ?? Envelope(time)) with { IsOutbound = outbound };

                // The check has read the octets when it returns, and waits for DNS while the letter is opened.
                var asked = isMail ? _check?.CheckAsync(envelope, stream, cancel) : null;
                using var message = isMail
                    ? MessageReader.Read(envelope, stream, options.Limits, time, cancel, usual: signatures.Passwords)
                    : MessageReader.ReadDocument(Path.GetFileName(file), stream, options.Limits, time, cancel, signatures.Passwords);
                var sender = asked?.GetAwaiter().GetResult() ?? SenderFacts.Unknown;
                var findings = Detectors.Inspect(_detectors, new InspectionContext(message, sender, signatures) { Household = _household }, cancel);
                return new ScanResult(file, _policy.Judge(findings, envelope), sender, time.GetElapsedTime(started), null, withTree ? ScanTree.Lines(message) : null)
                {
                    Results = string.Join(' ', SenderLookup.ResultsField(options, sender).Split(['\r', '\n', '\t', ' '], StringSplitOptions.RemoveEmptyEntries)),
                };
            }
            catch (Exception e) when (e is IOException or UnauthorizedAccessException)
            {
                return new ScanResult(file, null, SenderFacts.Unknown, time.GetElapsedTime(started), e.Message);
            }
        }

        private static Envelope Envelope(TimeProvider time) =>
            new(Guid.CreateVersion7(time.GetUtcNow()), time.GetUtcNow(), IPAddress.Loopback, "localhost", "", [new EnvelopeRecipient("scan@localhost")]);

        /// <summary>Mail by its name; a file without a telling name by a first line that looks like a header field.</summary>
        private static bool IsMail(string file, Stream stream)
        {
            var extension = Path.GetExtension(file).ToLowerInvariant();
            if (extension is not ("" or ".txt" or ".msg"))
            {
                return extension is ".eml" or ".mime";
            }

            Span<byte> head = stackalloc byte[200];
            var read = stream.ReadAtLeast(head, head.Length, throwOnEndOfStream: false);
            stream.Position = 0;
            var colon = head[..read].IndexOf((byte)':');
            return colon is > 1 and < 60 && Enum.TryParse<MimeKit.HeaderId>(
                System.Text.Encoding.ASCII.GetString(head[..colon]).Replace("-", "", StringComparison.Ordinal), ignoreCase: true, out _);
        }
    }
}

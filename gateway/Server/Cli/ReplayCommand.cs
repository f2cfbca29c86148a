using System.CommandLine;
using System.Globalization;
using System.Net;
using Microsoft.Extensions.Logging.Abstractions;
using Sekisho.Inspection.Messages;
using Sekisho.Inspection.Policy;
using Sekisho.Inspection.Senders;
using Sekisho.Inspection.Signatures;
using Sekisho.Options;
using Sekisho.Quarantine;
using Sekisho.Senders;
using Sekisho.Signatures;
using Sekisho.Staff;
using Sekisho.Store;

namespace Sekisho.Cli;

/// <summary><c>sekisho replay</c>: what changed settings or signatures would have done to past letters. Changes nothing.</summary>
internal static class ReplayCommand
{
    public static Command Create()
    {
        var folder = new Argument<string?>("DIR") { Description = "A folder of letters (.eml); without it, the letters that this gateway still keeps", Arity = ArgumentArity.ZeroOrOne };
        var settings = new Option<string?>("--settings") { Description = "Try the settings of this file (a sekisho.json) instead of those in force" };
        var preset = new Option<PolicyPreset?>("--preset") { Description = "Try this preset: watch, standard or strict" };
        var signatures = new Option<string?>("--signatures") { Description = "Try this folder of rules, indicators and lists instead of the shipped ones" };
        var days = new Option<int>("--days") { Description = "Kept letters of so many days back (1 to 3,650)", DefaultValueFactory = _ => 14 };
        days.Validators.Add(result =>
        {
            if (result.GetValueOrDefault<int>() is < 1 or > 3650)
            {
                result.AddError("--days must be 1 to 3650. Example: --days 14");
            }
        });
        var command = new Command("replay", """
            Judge past letters again, by the settings in force and by changed ones, and show where the two differ. Nothing is sent, released or written.

            Examples:
              sekisho replay --preset strict
              sekisho replay --settings new.json --days 30
              sekisho replay ~/letters --signatures ./signatures-new --json

            Exit codes: 0 no letter would fare differently · 1 at least one would · 2 bad arguments or settings
            """)
        { folder, settings, preset, signatures, days };
        command.SetAction(async (parsed, cancel) =>
        {
            var now = OptionsLoader.Load(CommonOptions.HomeOf(parsed));
            var then = parsed.GetValue(settings) is { } file ? LoadFile(file) : OptionsLoader.Load(CommonOptions.HomeOf(parsed));
            if (parsed.GetValue(preset) is { } other)
            {
                then.Policy = then.Policy with { Preset = other };
            }

            foreach (var missing in new[] { parsed.GetValue(signatures), parsed.GetValue(folder) }.Where(d => d is not null && !Directory.Exists(d)))
            {
                Console.Error.WriteLine($"there is no folder \"{missing}\"");
                return ExitCodes.BadInput;
            }

            var before = now.Signatures.Load(now.Home);
            var known = parsed.GetValue(signatures) is { } given ? SignatureSet.Load([given], then.Signatures.YaraTimeout) : before;
            var (oldHouse, newHouse) = (HouseholdBook.ReadAll(now), HouseholdBook.ReadAll(then));
            var listed = SenderList.Empty;
            Func<Envelope, IReadOnlySet<string>>? allowed = null; // neither stands in a folder of letters
            using var dns = SenderLookup.DnsFor(now, TimeProvider.System);
            Replay With(CorrespondenceBook? ledger, ThreadBook? threads) => new(
                new Inspector(now, () => before, TimeProvider.System, new SenderLookup(now, dns, TimeProvider.System, () => listed, ledger, threads), allowed, () => oldHouse),
                new Inspector(then, () => known, TimeProvider.System, new SenderLookup(then, dns, TimeProvider.System, () => listed, ledger, threads), allowed, () => newHouse), parsed.GetValue(CommonOptions.Json));

            if (parsed.GetValue(folder) is { } letters)
            {
                var replay = With(null, null);
                foreach (var path in Directory.EnumerateFiles(letters, "*.eml", SearchOption.AllDirectories).Order(StringComparer.Ordinal).Where(RegularFile.Is))
                {
                    await using var stream = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite);
                    await replay.LetterAsync(path, Nobody(), stream, cancel);
                }

                return replay.End();
            }

            return await StoreAccess.UseAsync(parsed, async store =>
            {
                listed = new SenderList(await store.ListedSendersAsync(cancel));
                using var ledger = new CorrespondenceBook(store, now, TimeProvider.System, NullLogger<CorrespondenceBook>.Instance);
                using var macros = new MacroAllowances(store, TimeProvider.System, NullLogger<MacroAllowances>.Instance);
                await macros.RefreshAsync(cancel);
                allowed = macros.For;
                using var threads = new ThreadBook(store, now, () => oldHouse, () => before, TimeProvider.System, NullLogger<ThreadBook>.Instance);
                await threads.StartAsync(cancel);
                var replay = With(ledger, threads);
                await ReplayKeptAsync(store, replay, TimeProvider.System.GetUtcNow().AddDays(-parsed.GetValue(days)), cancel);
                await threads.StopAsync(cancel); // it has learnt nothing
                return replay.End();
            });
        });
        return command;
    }

    private static async Task ReplayKeptAsync(MessageStore store, Replay replay, DateTimeOffset since, CancellationToken cancel)
    {
        (DateTimeOffset, Guid)? after = null;
        while (true)
        {
            var page = await store.ListAsync(new MessageQuery { Since = since, Limit = 500, After = after }, cancel);
            foreach (var message in page)
            {
                if (await store.FindAsync(message.Id, cancel) is not { OctetsKept: true } found)
                {
                    replay.Gone();
                    continue;
                }

                try
                {
                    await using var stream = await store.OpenOctetsAsync(message.Id, cancel);
                    await replay.LetterAsync(message.Id.ToString("N", CultureInfo.InvariantCulture), found.Envelope, stream, cancel);
                }
                catch (StoreException)
                {
                    replay.Gone(); // discarded in between
                }
            }

            if (page.Count < 500)
            {
                return;
            }

            after = (page[^1].ReceivedAt, page[^1].Id);
        }
    }

    private static SekishoOptions LoadFile(string file)
    {
        if (!File.Exists(file))
        {
            throw new OptionsException([$"--settings: there is no file \"{file}\""]);
        }

        // The loader reads a home folder; a file elsewhere is read as if it stood in one.
        var home = Directory.CreateTempSubdirectory("sekisho-replay-");
        try
        {
            File.Copy(file, Path.Combine(home.FullName, OptionsLoader.FileName));
            return OptionsLoader.Load(home.FullName);
        }
        finally
        {
            home.Delete(recursive: true);
        }
    }

    private static Envelope Nobody() => new(Guid.Empty, DateTimeOffset.UnixEpoch, IPAddress.Loopback, "localhost", "", [new EnvelopeRecipient("replay@localhost")]);

    /// <summary>Two judges side by side.</summary>
    private sealed class Replay(Inspector before, Inspector after, bool json)
    {
        private readonly SortedDictionary<(Disposition From, Disposition To), int> _moves = [];
        private int _letters;
        private int _gone;

        public void Gone() => _gone++;

        public async Task LetterAsync(string name, Envelope envelope, Stream octets, CancellationToken cancel)
        {
            cancel.ThrowIfCancellationRequested();
            _letters++;
            var old = await before.InspectAsync(envelope, octets, await before.AskAsync(envelope, octets, cancel), [], cancel);
            var fresh = await after.InspectAsync(envelope, octets, await after.AskAsync(envelope, octets, cancel), [], cancel);
            var (from, to) = (old.Verdict.Disposition, fresh.Verdict.Disposition);
            if (from == to)
            {
                return;
            }

            _moves[(from, to)] = _moves.GetValueOrDefault((from, to)) + 1;
            var codes = fresh.Verdict.Findings.Concat(old.Verdict.Findings).Select(f => f.Kind.Code).Distinct().ToList();
            if (json)
            {
                Answer.Json(new { letter = name, before = from, after = to, scoreBefore = old.Verdict.Score, scoreAfter = fresh.Verdict.Score, subject = fresh.Summary.Subject, codes });
            }
            else
            {
                Console.Out.WriteLine($"{Answer.Shown(name)}: {from} ({old.Verdict.Score}) → {to} ({fresh.Verdict.Score})  {Answer.Shown(fresh.Summary.Subject)}\n    {string.Join(", ", codes)}");
            }
        }

        public int End()
        {
            if (json)
            {
                Answer.Json(new { letters = _letters, notKept = _gone, changed = _moves.Values.Sum() });
            }
            else
            {
                Console.Out.WriteLine($"{_letters} 通を再判定 letters judged again{(_gone > 0 ? $", {_gone} 通は内容が残っていません are no longer kept" : "")}");
                foreach (var ((from, to), count) in _moves)
                {
                    Console.Out.WriteLine($"  {from} → {to}: {count}");
                }

                if (_moves.Count == 0)
                {
                    Console.Out.WriteLine("  違いはありません。 No difference.");
                }
            }

            return _moves.Count == 0 ? ExitCodes.Done : ExitCodes.Found;
        }
    }
}

using System.CommandLine;
using System.Globalization;
using System.Security.Cryptography;
using Sekisho.Inspection.Signatures;
using Sekisho.Options;
using Sekisho.Signatures;

namespace Sekisho.Cli;

/// <summary><c>sekisho signatures</c>: what is in force, what it would match, and how it is renewed.</summary>
internal static class SignaturesCommand
{
    public static Command Create() => new("signatures", """
        Look after rules, indicators and lists. What is in force lies in HOME/signatures, beside what is shipped with the program.

        Examples:
          sekisho signatures list
          sekisho signatures test hxxp://bad[.]example/wp-admin/x1/
          sekisho signatures import police-notice.txt
          sekisho signatures update /media/usb/signatures-2026-11.zip
          sekisho signatures update https://urlhaus.abuse.ch/downloads/csv_recent/
          sekisho signatures rollback
        """)
    { List(), Test(), SignaturesChange.Update(), SignaturesChange.Import(), SignaturesChange.Rollback(), SignaturesChange.Export(), SignaturesChange.Key() };

    /// <summary>The set as the gateway loads it.</summary>
    private static (SignatureHome Home, SignatureSet Set) Load(ParseResult parsed)
    {
        var home = new SignatureHome(CommonOptions.HomeOf(parsed));
        return (home, OptionsLoader.Load(CommonOptions.HomeOf(parsed)).Signatures.Load(CommonOptions.HomeOf(parsed)));
    }

    private static Command List()
    {
        var command = new Command("list", "Show sources, counts and ages of the indicators, the files they come from, and what could not be used. Exit code 1 when a file was left out.");
        command.SetAction(parsed =>
        {
            var (home, set) = Load(parsed);
            var now = TimeProvider.System.GetUtcNow();
            var sources = set.Indicators.All().GroupBy(i => (i.Source, i.Kind)).OrderBy(g => g.Key.Source, StringComparer.Ordinal).ThenBy(g => g.Key.Kind).Select(g => new
            {
                source = g.Key.Source,
                kind = g.Key.Kind.Name(),
                count = g.Count(),
                oldest = g.Min(i => i.FirstSeen),
                newest = g.Max(i => i.FirstSeen),
                expired = g.Count(i => i.Expires <= now),
                expiring = g.Count(i => i.Expires > now),
            }).ToList();
            if (parsed.GetValue(CommonOptions.Json))
            {
                Answer.Json(new
                {
                    generation = home.Current,
                    generations = home.Generations,
                    folder = home.InForce,
                    indicators = set.Indicators.Count,
                    sources,
                    files = set.Indicators.Feeds.Select(f => new { file = f.File, format = f.Format, taken = f.Taken, leftOut = f.LeftOut, unusable = f.Unusable, problems = f.Problems }),
                    faults = set.Faults.Select(f => new { file = f.File, reason = f.Reason }),
                });
            }
            else
            {
                Console.Out.WriteLine($"世代 generation {(home.Current > 0 ? $"{home.Current} ({home.Facts(home.Current)?.From})" : "-")}   {set.Indicators.Count:N0} 件 indicators");
                Answer.Table(
                    ["情報源 source", "種類 kind", "件数 count", "最古 oldest", "最新 newest", "期限切れ expired", "期限あり expiring"],
                    sources.Select(s => new[] { s.source, s.kind, Number(s.count), Day(s.oldest), Day(s.newest), Number(s.expired), Number(s.expiring) }));
                Answer.Table(
                    ["ファイル file", "形式 format", "採用 taken", "対象外 left out", "使用不可 unusable"],
                    set.Indicators.Feeds.Select(f => new[] { f.File, f.Format, Number(f.Taken), Number(f.LeftOut), Number(f.Unusable) }));
                foreach (var problem in set.Indicators.Feeds.SelectMany(f => f.Problems))
                {
                    Console.Out.WriteLine(Answer.Shown(problem));
                }

                foreach (var fault in set.Faults)
                {
                    Console.Out.WriteLine(Answer.Shown($"使用できません left out: {fault.File}: {fault.Reason}"));
                }
            }

            return set.Faults.Count == 0 ? ExitCodes.Done : ExitCodes.Found;
        });
        return command;
    }

    private static Command Test()
    {
        var values = new Argument<string[]>("VALUE") { Description = "A hash, URL, domain, mail address, IP address, ip:port or subject, defanged or not; or a file, whose hashes are looked up", Arity = ArgumentArity.OneOrMore };
        var command = new Command("test", """
            Tell whether a value is known, and who says so. With --json one line a value.

            Examples:
              sekisho signatures test hxxp://bad[.]example/wp-admin/x1/ 192.0.2.7:8080
              sekisho signatures test invoice.doc

            Exit codes: 0 not known · 1 at least one is known
            """)
        { values };
        command.SetAction(parsed =>
        {
            var (_, set) = Load(parsed);
            var now = TimeProvider.System.GetUtcNow();
            var worst = ExitCodes.Done;
            foreach (var value in parsed.GetValue(values)!)
            {
                var (kind, found, expired) = Ask(set.Indicators, value, now);
                worst = found.Count > 0 ? ExitCodes.Found : worst;
                if (parsed.GetValue(CommonOptions.Json))
                {
                    Answer.Json(new { value, kind, known = found.Count > 0, indicators = found.Select(Brief), expired = expired.Select(Brief) });
                    continue;
                }

                Console.Out.WriteLine(Answer.Shown($"{value} ({kind}): {(found.Count > 0 ? "既知 known" : "該当なし not known")}"));
                foreach (var (indicator, words) in found.Select(i => (i, "")).Concat(expired.Select(i => (i, " 期限切れ expired"))))
                {
                    Console.Out.WriteLine(Answer.Shown($"  {indicator.Kind.Name()} {indicator.Value}{(indicator.IsPrefix ? "…" : "")}  {indicator.Source}  {Day(indicator.FirstSeen)}{(indicator.Expires is { } e ? $" – {Day(e)}" : "")}{words}  {indicator.Tags} {indicator.Reference}"));
                }
            }

            return worst;
        });
        return command;
    }

    private static (string Kind, IReadOnlyList<Indicator> Found, IReadOnlyList<Indicator> Expired) Ask(IndicatorSet set, string value, DateTimeOffset now)
    {
        List<string> asked = [value];
        var kind = IndicatorQuery.Guess(value).Name();
        if (File.Exists(value))
        {
            if (!RegularFile.Is(value))
            {
                throw new IOException($"{value}: not a regular file");
            }

            using var stream = File.OpenRead(value);
            asked.Clear();
            kind = "file";
            foreach (var name in new[] { HashAlgorithmName.SHA256, HashAlgorithmName.SHA1, HashAlgorithmName.MD5 })
            {
                stream.Position = 0;
                asked.Add(Convert.ToHexString(CryptographicOperations.HashData(name, stream)));
            }
        }

        var found = asked.SelectMany(a => set.Find(a, now)).ToList();
        // At the beginning of time nothing has expired yet.
        return (kind, found, [.. asked.SelectMany(a => set.Find(a, DateTimeOffset.UnixEpoch)).Where(i => i.Expires <= now).Except(found)]);
    }

    private static object Brief(Indicator i) => new { kind = i.Kind.Name(), value = i.Value, isPrefix = i.IsPrefix, source = i.Source, firstSeen = i.FirstSeen, expires = i.Expires, tags = i.Tags, reference = i.Reference };

    private static string Number(int number) => number.ToString("N0", CultureInfo.InvariantCulture);

    private static string Day(DateTimeOffset? day) => day?.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture) ?? "";
}

using System.CommandLine;
using System.Globalization;
using Sekisho.Inspection.Detection;
using Sekisho.Inspection.Policy;
using Sekisho.Options;

namespace Sekisho.Cli;

/// <summary><c>sekisho policy</c>: what the judge would do, said so that a hospital can choose.</summary>
internal static class PolicyCommand
{
    public static Command Create()
    {
        var preset = new Option<PolicyPreset?>("--preset") { Description = "Explain this preset (watch, standard, strict) instead of the settings in force" };
        var domain = new Option<string?>("--domain") { Description = "As it holds for recipients of this domain (Policy:Overrides)" };
        var explain = new Command("explain", """
            Say what the policy does: from which score on, what alone is enough, what adds, what is only watched.

            Examples:
              sekisho policy explain
              sekisho policy explain --preset strict
              sekisho policy explain --domain clinic.example
            """)
        { preset, domain };
        explain.SetAction(parsed =>
        {
            var options = parsed.GetValue(preset) is { } other ? new PolicyOptions { Preset = other } : OptionsLoader.Load(CommonOptions.HomeOf(parsed)).Policy;
            var policy = new MessagePolicy(options);
            var special = parsed.GetValue(domain) is { } name ? policy.OverrideFor("x@" + name) : null;
            if (parsed.GetValue(CommonOptions.Json))
            {
                Json(options, policy, special);
            }
            else
            {
                Text(options, policy, special);
            }

            return ExitCodes.Done;
        });
        return new Command("policy", "What the judge does with what was found, and which presets there are.") { explain };
    }

    private static void Json(PolicyOptions options, MessagePolicy policy, PolicyOverride? special) => Answer.Json(new
    {
        preset = special?.Preset ?? options.Preset,
        quarantineAt = policy.QuarantineAt(special),
        rejectAt = options.RejectAt,
        holdForPassword = options.HoldForPassword,
        codes = GatewayKinds.All.OrderBy(k => k.Code, StringComparer.Ordinal).Select(k =>
        {
            var (weight, observed) = policy.WeightOf(k, special);
            return new { code = k.Code, weight, usual = k.Weight, observed, excusedForAllowedSender = SenderAllowance.Excuses(k.Code), ja = k.Ja, en = k.En };
        }),
    });

    private static void Text(PolicyOptions options, MessagePolicy policy, PolicyOverride? special)
    {
        var preset = special?.Preset ?? options.Preset;
        var rules = PresetRules.Of(preset);
        var threshold = policy.QuarantineAt(special);
        Console.Out.WriteLine($"方針 policy: {preset}{(special is null ? "" : $" ({special.Domain})")}");
        Console.Out.WriteLine($"  {rules.Ja}");
        Console.Out.WriteLine($"  {rules.En}");
        Console.Out.WriteLine(threshold is { } at
            ? $"  {at} 点以上でメール隔離します。 Quarantined from a score of {at}."
            : "  メール隔離はしません。 Nothing is quarantined.");
        Console.Out.WriteLine(options.RejectAt is { } reject && threshold is not null
            ? $"  {reject} 点以上は受信を拒否します。 Refused from {reject}."
            : "  内容を理由に受信を拒否することはありません。 Nothing is refused for its content.");
        if (threshold is not null)
        {
            Console.Out.WriteLine(options.HoldForPassword > TimeSpan.Zero
                ? string.Create(CultureInfo.InvariantCulture, $"  パスワード付き添付は、パスワードのメールを {options.HoldForPassword.TotalMinutes:0} 分待ちます。 An encrypted attachment waits {options.HoldForPassword.TotalMinutes:0} minutes for its password mail.")
                : "  パスワード付き添付は待たずにメール隔離します。 An encrypted attachment is quarantined at once.");
        }

        var kinds = GatewayKinds.All.Select(k => (Kind: k, policy.WeightOf(k, special).Weight, Observed: policy.WeightOf(k, special).ObservedOnly)).OrderByDescending(k => k.Weight).ThenBy(k => k.Kind.Code, StringComparer.Ordinal).ToList();
        Section("それだけでメール隔離 enough alone", kinds.Where(k => !k.Observed && threshold is { } limit && k.Weight >= limit));
        Section("合計に加える adds to the score", kinds.Where(k => !k.Observed && k.Weight > 0 && (threshold is not { } limit || k.Weight < limit)));
        Section("記録のみ only watched", kinds.Where(k => k.Observed || k.Weight == 0));
        Console.Out.WriteLine("\n許可した差出人 allowed senders (sekisho senders list)");
        Console.Out.WriteLine("  本人からと確認できたメールでは、次の所見を数えません。添付の中身・既知の攻撃・検査できなかったものは必ず数えます。");
        Console.Out.WriteLine("  In mail that is proven to come from one these are not counted; what is attached, known attacks and what could not be looked at always is.");
        Console.Out.WriteLine($"  {string.Join(' ', kinds.Select(k => k.Kind.Code).Where(SenderAllowance.Excuses).Order(StringComparer.Ordinal))}");
        foreach (var other in options.Overrides.Where(_ => special is null))
        {
            Console.Out.WriteLine($"\n{other.Domain} は別の方針です。 {other.Domain} has a policy of its own: sekisho policy explain --domain {other.Domain.TrimStart('.')}");
        }
    }

    private static void Section(string title, IEnumerable<(FindingKind Kind, int Weight, bool Observed)> kinds)
    {
        var lines = kinds.ToList();
        if (lines.Count == 0)
        {
            return;
        }

        Console.Out.WriteLine($"\n{title}");
        foreach (var (kind, weight, _) in lines)
        {
            var changed = weight == kind.Weight ? "" : string.Create(CultureInfo.InvariantCulture, $" (通常 usually {kind.Weight})");
            Console.Out.WriteLine(string.Create(CultureInfo.InvariantCulture, $"  {weight,5} {kind.Code}{changed}  {kind.Ja}"));
        }
    }
}

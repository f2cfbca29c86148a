using Sekisho.Inspection.Messages;
using Sekisho.Inspection.Signatures;

namespace Sekisho.Inspection.Detection.Known;

/// <summary>Finds what YARA rules know: runs them over every part's content and over the texts taken out of it, one finding a rule and part.</summary>
/// <remarks>
/// Beside the kinds listed here there is one for each rule with the metas of this house (<c>code</c>, <c>weight</c>, <c>ja</c>, <c>en</c>, and <c>attack</c> where one
/// fits): the rule's own code and words, see <see cref="KindOf"/>.
/// </remarks>
internal sealed class YaraRule : IDetector
{
    /// <summary>A rule without this house's metas: of the hospital's own, or of a public collection.</summary>
    public static readonly FindingKind Rule = new("YARA_RULE", 100,
        "Content matches one of the hospital's own YARA rules.", "病院が追加したYARAルールに一致する内容があります。") { IsOfRule = true };

    /// <summary>Weighs as every could-not-look: what slows the rules down may be built to.</summary>
    public static readonly FindingKind Incomplete = new("YARA_INCOMPLETE", 100,
        "The YARA rules could not be run over a part to its end.", "YARAルールによる検査が時間内に終わらず、最後まで確認できませんでした。", "T1499");

    public static readonly FindingKind Partial = new("YARA_PARTIAL", 5,
        "A file is too large for the YARA rules; they saw its beginning and its end.", "ファイルが大きいため、YARAルールは先頭と末尾だけを検査しました。", "T1027.001");

    /// <summary>Light: it stands on every letter until libyara is there, and all other detectors do work. A hospital that wants mail to wait instead sets its weight to 100.</summary>
    public static readonly FindingKind Unavailable = new("YARA_UNAVAILABLE", 20,
        "The YARA rules are not in use: libyara is missing or unusable on the gateway.", "ゲートウェイでlibyaraが使えないため、YARAルールによる検査は行われていません。");

    private const int MaxFindings = 100;

    public IEnumerable<FindingKind> Kinds => [Rule, Incomplete, Partial, Unavailable];

    /// <summary>The kind of finding a rule makes: by its own metas where they are whole, else <see cref="Rule"/>, at the rule's own <c>weight</c> where it has one.</summary>
    public static FindingKind KindOf(CompiledRule rule)
    {
        var weight = rule.Number("weight") is { } given and >= 0 and <= 10_000 ? (int)given : Rule.Weight;
        return rule.Word("code") is { } code && IsCode(code) && rule.Word("ja") is { Length: > 0 } ja && rule.Word("en") is { Length: > 0 } en
            ? new FindingKind(code, weight, Finding.Printable(en, 300), Finding.Printable(ja, 300), rule.Word("attack")) { IsOfRule = true }
            : Rule with { Weight = weight };
    }

    public IEnumerable<Finding> Inspect(InspectionContext context)
    {
        var yara = context.Signatures.Yara;
        if (yara.Fault is { } fault)
        {
            return [Unavailable.At("", fault)];
        }

        if (yara.Rules.Count == 0)
        {
            return [];
        }

        var findings = new List<Finding>();
        foreach (var part in context.Message.Parts)
        {
            if (findings.Count >= MaxFindings)
            {
                break;
            }

            Look(part, yara, context.Message.Budget, findings);
        }

        // A code counts once, at the weight of the first: several rules may share one.
        return findings.Count < 2 ? findings : findings.OrderByDescending(f => f.Kind.Weight);
    }

    private static void Look(MessagePart part, YaraRules yara, Formats.ReadBudget? budget, List<Finding> findings)
    {
        var told = new HashSet<CompiledRule>(ReferenceEqualityComparer.Instance);
        string? fault = null;
        bool Visit(ReadOnlySpan<byte> octets, long start, string? type)
        {
            if (budget?.IsSpent == true)
            {
                fault = "No time is left for this letter.";
                return false;
            }

            var result = yara.Scan(octets, new YaraNames(part.Name, type ?? part.Kind.ToString(), part.Path), budget?.Left);
            foreach (var match in result.Matches)
            {
                if (told.Add(match.Rule))
                {
                    findings.Add(KindOf(match.Rule).At(part.Path, Evidence(match, start, type)));
                }
            }

            fault ??= result.Fault;
            return true;
        }

        try
        {
            if (!part.IsSealed && PartBuffers.Content(part, Visit) is > 0 and var skipped)
            {
                findings.Add(Partial.At(part.Path, $"{skipped} of {part.Length} octets in the middle"));
            }

            PartBuffers.Texts(part, Visit);
        }
        catch (InvalidDataException)
        {
            // Opening it has said so already, as UNREADABLE_PART or by its limit.
        }

        if (fault is not null)
        {
            findings.Add(Incomplete.At(part.Path, fault));
        }
    }

    private static string Evidence(YaraMatch match, long start, string? type)
    {
        var places = string.Join(", ", match.Strings.Select(s => $"{s.Name} at {start + s.Offset}"));
        var where = type is null ? "" : $" in its {type}";
        return $"rule {match.Rule.Name}{where}{(places.Length == 0 ? "" : ": ")}{places}{(match.Rule.Word("description") is { } text ? $" ({text})" : "")}";
    }

    private static bool IsCode(string text) =>
        text.Length is > 0 and <= 60 && char.IsAsciiLetterUpper(text[0]) && char.IsAsciiLetterUpper(text[^1]) && !text.AsSpan().ContainsAnyExcept("ABCDEFGHIJKLMNOPQRSTUVWXYZ_")
        && !text.Contains("__", StringComparison.Ordinal);
}

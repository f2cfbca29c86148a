using System.Collections.Frozen;

namespace Sekisho.Inspection.Policy;

/// <summary>How strict a hospital wants the gateway: a starting point that single settings then change.</summary>
public enum PolicyPreset
{
    /// <summary>Look and write down, but deliver everything: for the first weeks beside another gateway.</summary>
    Watch,

    /// <summary>What attacks do is quarantined; a macro that only does office work goes on.</summary>
    Standard,

    /// <summary>Every program in a document is quarantined, whatever it does, and doubt weighs more.</summary>
    Strict,
}

/// <summary>What a preset changes against the findings' own weights.</summary>
/// <param name="QuarantineAt">A score from here on quarantines.</param>
/// <param name="Weights">Weights by code.</param>
/// <param name="Ja">What it does, for the admin.</param>
/// <param name="En">The same in English.</param>
public sealed record PresetRules(int QuarantineAt, FrozenDictionary<string, int> Weights, string Ja, string En)
{
    private static readonly PresetRules Watch = new(
        100, FrozenDictionary<string, int>.Empty, "検査して記録しますが、すべて配送します(試行期間用)。", "Everything is inspected and written down, and everything is delivered (for trying out).");

    private static readonly PresetRules Standard = new(
        100, FrozenDictionary<string, int>.Empty, "攻撃の動きをするものをメール隔離します。業務用のマクロだけの文書は配送します。",
        "What behaves like an attack is quarantined. Documents whose macros only do office work are delivered.");

    private static readonly PresetRules Strict = new(
        80,
        new Dictionary<string, int>
        {
            ["MACRO_PRESENT"] = 100,
            ["XLM_PRESENT"] = 100,
            ["DDE_LINK"] = 80,
            ["EMBEDDED_PACKAGE"] = 80,
            ["ACTIVEX_CONTROL"] = 40,
            ["PDF_OPEN_SCRIPT"] = 80,
            ["PDF_ENCRYPTED"] = 40,
            ["HTML_SCRIPT"] = 60,
            ["DOCUMENT_SHARED_TEMPLATE"] = 60,
            ["DOCUMENT_SHARED_OBJECT"] = 60,
            ["ARCHIVE_PASSWORD_IN_LETTER"] = 50,
            ["LINK_DISGUISED"] = 40,
            ["LINK_TO_ADDRESS"] = 40,
        }.ToFrozenDictionary(StringComparer.Ordinal),
        "外部からのマクロ付き文書はすべてメール隔離し、疑わしいものを重く扱います。",
        "Every document with a macro from outside is quarantined, and doubt weighs more.");

    /// <summary>The rules of a preset.</summary>
    public static PresetRules Of(PolicyPreset preset) => preset switch
    {
        PolicyPreset.Watch => Watch,
        PolicyPreset.Strict => Strict,
        _ => Standard,
    };
}

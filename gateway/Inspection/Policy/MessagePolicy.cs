using System.Collections.Frozen;
using Sekisho.Inspection.Detection;
using Sekisho.Inspection.Detection.Macros;
using Sekisho.Inspection.Detection.Reading;
using Sekisho.Inspection.Detection.Senders;
using Sekisho.Inspection.Messages;

namespace Sekisho.Inspection.Policy;

/// <summary>The judge: makes a verdict of findings. The only place that knows a threshold.</summary>
/// <param name="options">The numbers in force; checked by whoever reads them.</param>
public sealed class MessagePolicy(PolicyOptions options)
{
    /// <summary>What the password mail can clear.</summary>
    private static readonly HashSet<string> AwaitsPassword = new(StringComparer.Ordinal) { EncryptedContent.Archive.Code, EncryptedContent.Document.Code };

    /// <summary>What is not counted in a document whose macro an admin allows.</summary>
    private static readonly FrozenSet<string> OfMacros = Detectors.All.Where(d => d.GetType().Namespace == typeof(MacroAllowed).Namespace)
        .SelectMany(d => d.Kinds).Select(k => k.Code).Where(c => (c.StartsWith("MACRO_", StringComparison.Ordinal) && c != MacroAllowed.Allowed.Code) || c.StartsWith("FORM_", StringComparison.Ordinal)).ToFrozenSet(StringComparer.Ordinal);

    /// <summary>Judges a letter. A code counts once, at its weight, however often it was found: ten macros are not ten times as bad.</summary>
    /// <remarks>A letter that would go on but for an attachment that asks for a password is held (<see cref="PolicyOptions.HoldForPassword"/>).</remarks>
    /// <param name="findings">What the detectors saw.</param>
    /// <param name="envelope">Who sends it to whom, for <see cref="PolicyOptions.PassEncryptedFrom"/> and <see cref="PolicyOptions.Overrides"/>; null for a bare document.</param>
    public Verdict Judge(IReadOnlyList<Finding> findings, Envelope? envelope = null)
    {
        if (options.Overrides.Count == 0 || envelope is null)
        {
            return Judge(findings, envelope?.Sender ?? "", null);
        }

        return envelope.Recipients.Select(r => OverrideFor(r.Address)).Distinct().Select(o => Judge(findings, envelope.Sender, o))
            .MaxBy(v => ((int)v.Disposition, v.Score))!;
    }

    /// <summary>What a finding kind weighs for a recipient domain, and whether it is only observed.</summary>
    /// <param name="kind">The kind.</param>
    /// <param name="special">The domain's override; null for all others.</param>
    public (int Weight, bool ObservedOnly) WeightOf(FindingKind kind, PolicyOverride? special = null)
    {
        var weight = special is not null && special.Weights.TryGetValue(kind.Code, out var own) ? own
            : special?.Preset is { } preset && PresetRules.Of(preset).Weights.TryGetValue(kind.Code, out var presets) ? presets
            : options.Weights.TryGetValue(kind.Code, out var general) ? general
            : special?.Preset is null && PresetRules.Of(options.Preset).Weights.TryGetValue(kind.Code, out var usual) ? usual
            : kind.Weight;
        return (weight, options.ObserveOnly.Contains(kind.Code) || special?.ObserveOnly.Contains(kind.Code) == true);
    }

    /// <summary>From which score on a letter is quarantined; null where everything is delivered.</summary>
    /// <param name="special">The recipient domain's override; null for all others.</param>
    public int? QuarantineAt(PolicyOverride? special = null)
    {
        var preset = special?.Preset ?? options.Preset;
        return preset == PolicyPreset.Watch ? null
            : special?.QuarantineAt ?? (special?.Preset is null ? options.QuarantineAt : null) ?? PresetRules.Of(preset).QuarantineAt;
    }

    /// <summary>The override for a recipient: of his domain, else of a domain above it; null where none is set.</summary>
    public PolicyOverride? OverrideFor(string address)
    {
        var domain = address[(address.LastIndexOf('@') + 1)..];
        return options.Overrides.Find(o => o.Domain.Equals(domain, StringComparison.OrdinalIgnoreCase))
            ?? options.Overrides.Find(o => o.Domain.StartsWith('.') && domain.EndsWith(o.Domain, StringComparison.OrdinalIgnoreCase));
    }

    private Verdict Judge(IReadOnlyList<Finding> findings, string sender, PolicyOverride? special)
    {
        if (findings.Count == 0)
        {
            return new Verdict(Disposition.Deliver, 0, []);
        }

        var score = 0;
        var awaiting = 0;
        var passes = Passes(sender);
        var counted = new HashSet<string>(StringComparer.Ordinal);
        var observed = new HashSet<string>(StringComparer.Ordinal);
        var excused = new HashSet<string>(StringComparer.Ordinal);
        var allowed = findings.Where(f => f.Kind == MacroAllowed.Allowed).Select(f => f.Place).ToHashSet(StringComparer.Ordinal);
        var known = findings.Any(static f => f.Kind == SenderListed.Allowed);
        foreach (var finding in findings)
        {
            var code = finding.Kind.Code;
            var (weight, observeOnly) = WeightOf(finding.Kind, special);
            if ((known && SenderAllowance.Excuses(code)) || (allowed.Count > 0 && OfMacros.Contains(code) && allowed.Contains(finding.Place)))
            {
                excused.Add(code);
            }
            else if (observeOnly || (passes && AwaitsPassword.Contains(code)))
            {
                observed.Add(code);
            }
            else if (counted.Add(code))
            {
                score += weight;
                awaiting += AwaitsPassword.Contains(code) ? weight : 0;
            }
        }

        observed.UnionWith(excused.Except(counted)); // the same elsewhere in the letter still counts
        var threshold = QuarantineAt(special);
        var disposition = DispositionOf(score, threshold);
        if (awaiting > 0 && disposition != Disposition.Deliver && options.HoldForPassword > TimeSpan.Zero && DispositionOf(score - awaiting, threshold) == Disposition.Deliver)
        {
            disposition = Disposition.Hold;
        }

        return new Verdict(disposition, score, [.. findings.OrderByDescending(f => observed.Contains(f.Kind.Code) ? 0 : WeightOf(f.Kind, special).Weight)]) { Observed = observed };
    }

    private bool Passes(string sender) =>
        options.PassEncryptedFrom.Count > 0 && sender.LastIndexOf('@') is var at and >= 0
        && (options.PassEncryptedFrom.Contains(sender) || options.PassEncryptedFrom.Contains(sender[at..]));

    private Disposition DispositionOf(int score, int? quarantineAt) =>
        quarantineAt is not { } threshold ? Disposition.Deliver
        : options.RejectAt is { } reject && score >= reject ? Disposition.Reject
        : score >= threshold ? Disposition.Quarantine : Disposition.Deliver;
}

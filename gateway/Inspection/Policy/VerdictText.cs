using System.Text;
using Sekisho.Inspection.Detection;

namespace Sekisho.Inspection.Policy;

/// <summary>Says a verdict in plain words, for people.</summary>
public static class VerdictText
{
    private const int MaxPlaces = 3;

    /// <summary>A few lines: what happened to the letter, then why, heaviest reason first, each reason once with the places it was found in.</summary>
    /// <param name="verdict">The verdict.</param>
    /// <param name="language"><c>ja</c> for Japanese, anything else for English.</param>
    public static string Explain(Verdict verdict, string language)
    {
        var japanese = language.StartsWith("ja", StringComparison.OrdinalIgnoreCase);
        var text = new StringBuilder(Headline(verdict.Disposition, japanese));
        foreach (var group in verdict.Findings.GroupBy(f => f.Kind.Code, StringComparer.Ordinal))
        {
            var kind = group.First().Kind;
            text.Append('\n').Append(japanese ? "・" : "- ").Append(japanese ? kind.Ja : kind.En);
            if (verdict.Observed.Contains(kind.Code))
            {
                text.Append(japanese ? "(観察のみ。判定には使っていません)" : " (observed only, not counted)");
            }

            foreach (var finding in group.Take(MaxPlaces))
            {
                text.Append('\n').Append(japanese ? "  " : "    ").Append(Where(finding));
            }

            if (group.Count() - MaxPlaces is > 0 and var more)
            {
                text.Append('\n').Append(japanese ? $"  ほか{more}件" : $"    and {more} more");
            }

            text.Append('\n').Append(japanese ? "  コード: " : "    code: ").Append(kind.Code);
        }

        return text.ToString();
    }

    /// <summary>One sentence on what happens to a letter.</summary>
    /// <param name="disposition">What happens.</param>
    /// <param name="japanese">True for Japanese, false for English.</param>
    private static string Headline(Disposition disposition, bool japanese) => (disposition, japanese) switch
    {
        (Disposition.Deliver, true) => "このメールは配送されます。",
        (Disposition.Deliver, false) => "This mail is delivered.",
        (Disposition.Hold, true) => "このメールは確認のため一時保留されています。",
        (Disposition.Hold, false) => "This mail waits until it can be checked.",
        (Disposition.Quarantine, true) => "このメールはメール隔離されました。管理者の確認が必要です。",
        (Disposition.Quarantine, false) => "This mail is quarantined. An administrator has to look at it.",
        (Disposition.Reject, true) => "このメールは受信を拒否されました。",
        _ => "This mail is refused.",
    };

    private static string Where(Finding finding) =>
        finding.Place.Length == 0 ? finding.Evidence : finding.Evidence.Length == 0 ? finding.Place : $"{finding.Place}: {finding.Evidence}";
}

using System.Text.RegularExpressions;

namespace Sekisho.SampleMaker.Waves;

/// <summary>One way to change an attack without changing what it does.</summary>
/// <param name="Name">What changes.</param>
/// <param name="Change">Makes the changed letter; null where a letter has nothing of the kind.</param>
public sealed record Mutation(string Name, Func<AttackLetter, Chance, AttackLetter?> Change);

/// <summary>The changes that an attacker makes between two mornings.</summary>
public static partial class Mutators
{
    /// <summary>All of them.</summary>
    public static IReadOnlyList<Mutation> All { get; } =
    [
        new("renamed", Rename),
        new("procedures reordered", (letter, c) => letter.Macro is { } macro ? letter with { Macro = Reorder(macro, c) } : letter.Xlm is { } xlm ? letter with { Xlm = xlm with { Seed = c.Number(1, 1 << 30) } } : null),
        new("strings split otherwise", (letter, c) => letter.Macro is { } macro ? letter with { Macro = SplitStrings(macro, c) }
            : letter.Xlm is { } xlm ? letter with { Xlm = xlm with { Piece = c.Number(2, 9), Formulas = [.. xlm.Formulas.Select(f => SplitFormula(f, c))] } } : null),
        new("encoded otherwise", (letter, c) => letter with
        {
            Mail = letter.Mail with
            {
                FileCoding = c.Pick(TransferCoding.QuotedPrintable, TransferCoding.UuEncode, TransferCoding.Base64),
                BodyCoding = c.Pick(TransferCoding.Base64, TransferCoding.QuotedPrintable, TransferCoding.None),
                Charset = c.Pick("utf-8", "shift_jis", "euc-jp", "iso-2022-jp"),
            },
        }),
        new("other host format", (letter, c) => letter.Macro is not null && letter.Packing != Packing.PaddedZip ? letter with { Host = c.Pick([.. Enum.GetValues<MacroHost>().Where(h => h != letter.Host)]) }
            : letter.Xlm is { } xlm ? letter with { Xlm = xlm with { IsPackage = !xlm.IsPackage, Formulas = [.. xlm.Formulas.Select(f => xlm.IsPackage ? "=" + f : f.TrimStart('='))] } } : null),
        new("other archive", (letter, c) => letter.Bait is not null && letter.Packing is not (Packing.PasswordZip or Packing.PaddedZip)
            ? letter with { Packing = c.Pick(Packing.Zip, Packing.ZipInZip, Packing.SevenZip, Packing.TarGzip, Packing.Rar), ArchiveStem = c.Word() } : null),
        new("lure text left out", (letter, _) => letter.Macro is { Shown.Length: > 0 } macro ? letter with { Macro = macro with { Shown = "" } } : letter.Xlm is { Shown.Length: > 0 } xlm ? letter with { Xlm = xlm with { Shown = "" } } : null),
        new("other mail program", (letter, _) => letter.Bait is null ? null : letter with { Mail = letter.Mail with { IsOrdinary = true } }),
        new("other mail program, no lure", (letter, _) => letter.Bait is null ? null : letter with
        {
            Mail = letter.Mail with { IsOrdinary = true },
            Macro = letter.Macro is { } macro ? macro with { Shown = "" } : null,
            Xlm = letter.Xlm is { } xlm ? xlm with { Shown = "" } : null,
        }),
        new("password not told", (letter, _) => letter.Packing == Packing.PasswordZip ? letter with { Mail = letter.Mail with { Lines = ["The password comes by telephone."] } } : null),
    ];

    private static AttackLetter Rename(AttackLetter letter, Chance c)
    {
        var stem = c.Pick($"{c.Word()} {c.Word()}", $"{c.Word()}{c.Number(1, 40)}", "資料" + c.Digits(2));
        letter = letter with { Stem = stem, ArchiveStem = letter.ArchiveStem.Length > 0 ? stem : "", Mail = letter.Mail with { Lines = [.. letter.Mail.Lines.Select(l => letter.Stem.Length == 0 ? l : l.Replace(letter.Stem, stem, StringComparison.Ordinal))] } };
        if (letter.Xlm is { } xlm)
        {
            return letter with { Xlm = xlm with { Seed = c.Number(1, 1 << 30) } };
        }

        if (letter.Extension == "one")
        {
            return letter with { File = WaveFiles.OneNote(c, c.Word() + c.Pick(".wsf", ".hta", ".vbs", ".js", ".bat", ".cmd")) };
        }

        if (letter.Macro is not { } macro)
        {
            return letter;
        }

        var map = macro.Names.Distinct(StringComparer.OrdinalIgnoreCase).ToDictionary(n => n, _ => c.Name() + c.Digits(2), StringComparer.OrdinalIgnoreCase);
        string Named(string text) => Word().Replace(text, m => map.GetValueOrDefault(m.Value, m.Value));
        return letter with
        {
            Macro = macro with
            {
                Modules = [.. macro.Modules.Select(m => new MacroModule(Named(m.Name), Named(m.Head), [.. m.Procedures.Select(Named)]))],
                Names = [.. map.Values],
                Boxes = [.. macro.Boxes.Select(b => (Named(b.Name), b.Tag, b.Value, b.Group))],
            },
        };
    }

    private static MacroSample Reorder(MacroSample macro, Chance c) => macro with { Modules = c.Shuffle(macro.Modules.Select(m => m with { Procedures = c.Shuffle(m.Procedures) })) };

    private static MacroSample SplitStrings(MacroSample macro, Chance c) =>
        macro with { Modules = [.. macro.Modules.Select(m => m with { Procedures = [.. m.Procedures.Select(p => string.Join("\r\n", p.Split("\r\n").Select(line => SplitLine(line, c))))] })] };

    private static string SplitLine(string line, Chance c) => line.TrimStart().StartsWith('\'') || line.Contains(" Lib ", StringComparison.Ordinal)
        ? line
        : Literal().Replace(line, m =>
        {
            var text = m.Value[1..^1];
            if (text.Length < 3 || text.Contains('"', StringComparison.Ordinal))
            {
                return m.Value;
            }

            var at = c.Number(1, text.Length - 1);
            return c.Number(0, 3) switch
            {
                0 => $"StrReverse(\"{new string([.. text.Reverse()])}\")",
                1 => $"(Chr({(text[0] < 128 ? (int)text[0] : 63)}) & \"{text[1..]}\")",
                2 => $"Replace(\"{text[..at]}#!#{text[at..]}\", \"#!#\", \"\")",
                _ => $"(\"{text[..at]}\" & \"{text[at..]}\")",
            };
        });

    private static string SplitFormula(string formula, Chance c) => Literal().Replace(formula, m =>
    {
        var text = m.Value[1..^1];
        if (text.Length < 5)
        {
            return m.Value;
        }

        var at = c.Number(1, text.Length - 1);
        var one = c.Number(at, text.Length - 1);
        return $"\"{text[..at]}\"&\"{text[at..one]}\"&CHAR({(int)text[one]})&\"{text[(one + 1)..]}\"";
    });

    [GeneratedRegex("[A-Za-z][A-Za-z0-9_]*")]
    private static partial Regex Word();

    [GeneratedRegex("\"(?:[^\"]|\"\")*\"")]
    private static partial Regex Literal();
}

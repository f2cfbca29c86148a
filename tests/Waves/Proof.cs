using System.Globalization;
using Sekisho.Inspection.Policy;
using Sekisho.SampleMaker.OfficeLife;
using Sekisho.SampleMaker.Waves;

namespace Sekisho.Waves;

/// <summary>The proof in numbers: how many attacks are stopped, how many harmless letters are troubled.</summary>
internal sealed class Proof(Inspector inspector, bool showCodes, string? dump)
{
    /// <summary>Harmless letters that may be quarantined, of a hundred.</summary>
    private const double MostOfOffice = 0.5;

    /// <summary>Changed attacks that must be stopped, of a hundred of each kind of change.</summary>
    private const double LeastOfMutations = 95;

    private readonly List<string> complaints = [];

    /// <summary>Every wave: all of it must be stopped.</summary>
    /// <param name="variants">Letters a wave.</param>
    /// <param name="fullyPadded">How many of the padded wave are blown up as far as the originals.</param>
    public void Waves(int variants, int fullyPadded)
    {
        Head("wave");
        foreach (var wave in EmotetWaves.All)
        {
            var isPadded = wave.Name.Contains("padded", StringComparison.Ordinal);
            var tally = new Tally();
            Parallel.For(0, variants, number =>
            {
                var letter = wave.Variant(number);
                Look(wave.Name, number, (isPadded && number < fullyPadded ? letter with { PaddedTo = EmotetWaves.FullPadding } : letter).Write(), tally, isAttack: true);
            });
            Row(wave.Name, tally);
            Demand(tally.Quarantined == tally.All, $"{wave.Name}: {tally.All - tally.Quarantined} of {tally.All} are not quarantined");
        }
    }

    /// <summary>Every way to change an attack, over all waves that it fits.</summary>
    /// <param name="count">Letters of each wave.</param>
    public void Mutations(int count)
    {
        Head("change");
        foreach (var mutation in Mutators.All)
        {
            var tally = new Tally();
            var families = EmotetWaves.All.ToDictionary(w => w.Name, _ => new Tally(), StringComparer.Ordinal);
            Parallel.For(0, EmotetWaves.All.Count * count, at =>
            {
                var wave = EmotetWaves.All[at / count];
                var number = 100_000 + (at % count);
                // Inflating again and again what only the padding makes large would prove nothing more.
                if (wave.Name.Contains("padded", StringComparison.Ordinal) && at % count > 1)
                {
                    return;
                }

                if (mutation.Change(wave.Variant(number), new Chance(number)) is { } changed)
                {
                    var outcome = Look($"{mutation.Name}, {wave.Name}", number, changed.Write(), tally, isAttack: true);
                    families[wave.Name].Add(outcome);
                }
            });
            Row(mutation.Name, tally);
            foreach (var (name, family) in families.Where(f => f.Value.All > 0))
            {
                if (family.NotDelivered < 100)
                {
                    Row("  " + name, family);
                }

                Demand(family.NotDelivered >= LeastOfMutations, string.Create(CultureInfo.InvariantCulture, $"{mutation.Name}, {name}: {family.NotDelivered:0.#} % stopped"));
            }
        }
    }

    /// <summary>Harmless letters: next to none may be quarantined.</summary>
    public void OfficeLife(int count)
    {
        Head("office life");
        var whole = new Tally();
        var kinds = OfficeLetters.Kinds.ToDictionary(k => k.Name, _ => new Tally(), StringComparer.Ordinal);
        Parallel.For(0, count, number =>
        {
            var made = OfficeLetters.Make(number);
            var outcome = Look(made.Kind, number, made.Letter, whole, isAttack: false, made.PasswordMail);
            kinds[made.Kind].Add(outcome);
            if (made.PasswordMail is not null)
            {
                var second = Look(made.Kind, number, made.PasswordMail, whole, isAttack: false);
                kinds[made.Kind].Add(second);
            }
        });
        foreach (var (name, tally) in kinds)
        {
            Row(name, tally);
        }

        Row("all", whole);
        Demand(100.0 * whole.Quarantined / Math.Max(1, whole.All) <= MostOfOffice, $"office life: {whole.Quarantined} of {whole.All} letters are quarantined");
        Demand(whole.Rejected == 0, $"office life: {whole.Rejected} letters are rejected");
    }

    /// <summary>Says what is wrong.</summary>
    /// <returns>The exit code.</returns>
    public int Close()
    {
        foreach (var complaint in complaints)
        {
            Console.WriteLine("FAILED " + complaint);
        }

        Console.WriteLine(complaints.Count == 0 ? "All as demanded." : $"{complaints.Count} demands are not met.");
        return complaints.Count == 0 ? 0 : 1;
    }

    private Outcome Look(string name, int number, byte[] letter, Tally tally, bool isAttack, byte[]? passwordMail = null)
    {
        var outcome = inspector.Look(letter, passwordMail);
        tally.Add(outcome);
        var isWrong = isAttack ? outcome.Standard.Disposition == Disposition.Deliver : outcome.Standard.Disposition is not Disposition.Deliver;
        if (dump is not null && (isWrong || number is 0 or 100_000))
        {
            var file = $"{(isWrong ? "wrong" : "right")}-{name}-{number}".Replace(' ', '-').Replace('/', '-');
            File.WriteAllBytes(Path.Combine(dump, file + ".eml"), letter);
            File.WriteAllText(Path.Combine(dump, file + ".txt"), $"{outcome.Standard.Disposition} {outcome.Standard.Score}\n"
                + string.Join('\n', outcome.Standard.Findings.Select(f => $"{f.Kind.Code} {f.Place}: {f.Evidence}")) + "\n");
        }

        return outcome;
    }

    private static void Head(string what) =>
        Console.WriteLine($"\n{what,-34} {"number",6} {"quarant",7} {"held",6} | {"by content",9} {"by YARA",7}  alone");

    private void Row(string name, Tally tally) => Console.WriteLine($"{name,-34} {tally}{(showCodes ? "  " + tally.Codes(12) : "")}");

    private void Demand(bool isMet, string complaint)
    {
        if (!isMet)
        {
            complaints.Add(complaint);
        }
    }
}

using System.Globalization;
using Sekisho.Inspection.Policy;
using Sekisho.Inspection.Signatures;
using Sekisho.SampleMaker.Waves;
using Sekisho.Waves;

// dotnet run -c Release --project tests/Waves -- [--variants N] [--mutants N] [--office N] [--full-padding N] [--signatures DIR] [--no-yara] [--codes] [--dump DIR]
var (variants, mutants, office, fullyPadded) = (200, 8, 2000, 1);
var signatures = SignatureSet.Shipped;
var showCodes = false;
var withRules = true;
string? dump = null;
for (var i = 0; i < args.Length; i++)
{
    switch (args[i])
    {
        case "--variants":
            variants = Number(args[++i]);
            break;
        case "--mutants":
            mutants = Number(args[++i]);
            break;
        case "--office":
            office = Number(args[++i]);
            break;
        case "--full-padding":
            fullyPadded = Number(args[++i]);
            break;
        case "--signatures":
            signatures = SignatureSet.Load([args[++i]]);
            break;
        case "--no-yara":
            withRules = false;
            break;
        case "--codes":
            showCodes = true;
            break;
        case "--dump":
            dump = args[++i];
            Directory.CreateDirectory(dump);
            break;
        default:
            Console.Error.WriteLine("tests/README.md says what this takes.");
            return 2;
    }
}

var proof = new Proof(new Inspector(signatures, withRules), showCodes, dump);
proof.Waves(variants, fullyPadded);
proof.Mutations(mutants);
proof.OfficeLife(office);
return proof.Close();

static int Number(string text) => int.Parse(text, CultureInfo.InvariantCulture);

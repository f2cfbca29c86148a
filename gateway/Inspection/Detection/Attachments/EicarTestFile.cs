using System.Text;
using Sekisho.Inspection.Formats;

namespace Sekisho.Inspection.Detection.Attachments;

/// <summary>Finds the harmless EICAR test file, so that an operator can see the line work from end to end.</summary>
internal sealed class EicarTestFile : IDetector
{
    public static readonly FindingKind Eicar = new("EICAR_TEST_FILE", 100,
        "This is the harmless EICAR test file.", "動作確認用のEICARテストファイルです(無害)。");

    // In two pieces, so that virus scanners leave this program alone.
    private static readonly byte[] Test = Encoding.ASCII.GetBytes(@"X5O!P%@AP[4\PZX54(P^)7CC)7}$EICAR-" + "STANDARD-ANTIVIRUS-TEST-FILE!$H+H*");

    public IEnumerable<FindingKind> Kinds => [Eicar];

    public IEnumerable<Finding> Inspect(InspectionContext context)
    {
        foreach (var part in context.Message.Parts)
        {
            // The file begins with the string; a letter's body may have blank lines before it.
            if (part.Length >= Test.Length && !part.IsSealed && part.Head[..Math.Min(part.Head.Length, 256)].IndexOf(Test) is >= 0 and var at
                && part.Head[..at].TrimStart("\uFEFF \t\r\n"u8).IsEmpty)
            {
                yield return Eicar.At(part.Path, "EICAR-STANDARD-ANTIVIRUS-TEST-FILE");
            }
        }
    }
}

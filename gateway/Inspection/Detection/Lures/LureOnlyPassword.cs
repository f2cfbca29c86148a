using Sekisho.Inspection.Detection.Reading;
using Sekisho.Inspection.Formats;

namespace Sekisho.Inspection.Detection.Lures;

/// <summary>Finds letters that say hardly more than the password of their own attachment, as Emotet's did in Japan (February 2022).</summary>
internal sealed class LureOnlyPassword : IDetector
{
    public static readonly FindingKind Only = new("LURE_ONLY_PASSWORD", 20,
        "The mail says hardly more than the password of its own attachment.", "本文が添付ファイルのパスワードと署名だけのメールです。", "T1566.001");

    private const int Short = 120;

    public IEnumerable<FindingKind> Kinds => [Only];

    public IEnumerable<Finding> Inspect(InspectionContext context)
    {
        var message = context.Message;
        if (message.Parts.FirstOrDefault(p => p.Password is { From: Messages.PasswordSource.Letter }) is not { } part || message.Text.Main is not { } body)
        {
            yield break;
        }

        var words = body.New.Trim();
        if (words.Length <= Short && words.Contains(part.Password!.Text, StringComparison.Ordinal))
        {
            // Greetings make a letter of it; what is left must be next to nothing.
            var rest = words.Replace(part.Password.Text, "", StringComparison.Ordinal);
            if (rest.Count(char.IsLetter) <= 45)
            {
                yield return Only.At(body.Path, $"{rest.Count(char.IsLetter)} letters beside the password of {part.Name}");
            }
        }
    }
}

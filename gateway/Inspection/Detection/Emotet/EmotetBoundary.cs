using MimeKit;

namespace Sekisho.Inspection.Detection.Emotet;

/// <summary>Finds the MIME boundary that Emotet's mailer makes: two hyphens and 34 digits.</summary>
/// <remarks>Counted in the thread-hijacking mails that Unit 42 published (2020).</remarks>
internal sealed class EmotetBoundary : IDetector
{
    public static readonly FindingKind Boundary = new("EMOTET_BOUNDARY", 60,
        "The mail is put together as Emotet's mailer does.", "Emotetの送信プログラムに特有の形で組み立てられたメールです。", "T1566.001");

    private const int Digits = 34;

    public IEnumerable<FindingKind> Kinds => [Boundary];

    public IEnumerable<Finding> Inspect(InspectionContext context)
    {
        if (context.Message.Mime?.Body is Multipart { Boundary: { } boundary } && boundary.Length == Digits + 2 && boundary.StartsWith("--", StringComparison.Ordinal)
            && !boundary.AsSpan(2).ContainsAnyExceptInRange('0', '9'))
        {
            yield return Boundary.At("Content-Type", boundary);
        }
    }
}

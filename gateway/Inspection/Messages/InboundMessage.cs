using MimeKit;

namespace Sekisho.Inspection.Messages;

/// <summary>An opened letter: its header, every part found in it however deep, and what could not be read.</summary>
/// <remarks>Owns pooled memory: dispose it when the verdict is made.</remarks>
public sealed class InboundMessage : IDisposable
{
    /// <summary>Joins what <see cref="MessageReader"/> found.</summary>
    public InboundMessage(Envelope envelope, MimeMessage? mime, IReadOnlyList<MessagePart> parts, IReadOnlyList<ReadProblem> problems)
    {
        Envelope = envelope;
        Mime = mime;
        Parts = parts;
        Problems = problems;
    }

    /// <summary>What SMTP said.</summary>
    public Envelope Envelope { get; }

    /// <summary>The MIME tree as MimeKit reads it; null for a bare document (<c>sekisho scan invoice.doc</c>) or octets that are no mail at all.</summary>
    public MimeMessage? Mime { get; }

    /// <summary>Every part, containers before what they contain.</summary>
    public IReadOnlyList<MessagePart> Parts { get; }

    /// <summary>What could not be looked at, and why. Never means clean.</summary>
    public IReadOnlyList<ReadProblem> Problems { get; }

    /// <summary>What the letter says, for detectors and people: normalised, new and quoted words apart. Made when first asked for.</summary>
    public LetterText Text => field ??= LetterText.Of(this);

    /// <summary>What is left of the letter's time, for detection; null for a message made by hand.</summary>
    internal Formats.ReadBudget? Budget { get; init; }

    /// <inheritdoc />
    public void Dispose()
    {
        foreach (var part in Parts)
        {
            part.Dispose();
        }

        Mime?.Dispose();
    }
}

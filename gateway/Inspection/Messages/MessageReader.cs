using System.Net;
using MimeKit;
using Sekisho.Inspection.Formats;

namespace Sekisho.Inspection.Messages;

/// <summary>Opens a letter: MIME, archives, enclosed mail, documents, within limits.</summary>
public static class MessageReader
{
    private static readonly ParserOptions Parsing = NewParsing();

    /// <summary>Opens a letter. Hostile or broken octets become <see cref="ReadProblem"/>s, never exceptions; only <paramref name="cancel"/> throws (<see cref="OperationCanceledException"/>).</summary>
    /// <param name="envelope">What SMTP said.</param>
    /// <param name="octets">The letter, seekable; read many times, not closed. Must live as long as the result.</param>
    /// <param name="limits">How far to go.</param>
    /// <param name="time">Measures <see cref="ReadLimits.Time"/>.</param>
    /// <param name="cancel">Gives up altogether.</param>
    /// <param name="passwords">Passwords that came apart from the letter, likeliest first: those of a second mail (<see cref="PasswordsIn"/>), or one that somebody typed. At most 140 are tried.</param>
    /// <param name="usual">The usual ones (<see cref="Signatures.SignatureSet.Passwords"/>); null takes those the program brings along.</param>
    public static InboundMessage Read(
        Envelope envelope, Stream octets, ReadLimits limits, TimeProvider time, CancellationToken cancel, IReadOnlyList<string>? passwords = null, IReadOnlyList<string>? usual = null)
    {
        var opening = new MessageOpening(limits, passwords ?? [], time, Parsing, cancel, usual);
        octets.Position = 0;
        var mime = opening.Letter(octets, "", null, 0);
        opening.OpenJoined();
        return new InboundMessage(envelope, mime, opening.Parts, opening.Problems) { Budget = opening.Budget };
    }

    /// <summary>Opens a bare document as if it were the only attachment of a letter.</summary>
    /// <param name="name">Its file name.</param>
    /// <param name="octets">The document, seekable; read many times, not closed. Must live as long as the result.</param>
    /// <param name="limits">How far to go.</param>
    /// <param name="time">Measures <see cref="ReadLimits.Time"/>.</param>
    /// <param name="cancel">Gives up altogether.</param>
    /// <param name="usual">The usual passwords (<see cref="Signatures.SignatureSet.Passwords"/>); null takes those the program brings along.</param>
    public static InboundMessage ReadDocument(string name, Stream octets, ReadLimits limits, TimeProvider time, CancellationToken cancel, IReadOnlyList<string>? usual = null)
    {
        var opening = new MessageOpening(limits, [], time, Parsing, cancel, usual);
        octets.Position = 0;
        opening.Document(name, octets);
        opening.OpenJoined();
        var nobody = new Envelope(Guid.Empty, time.GetUtcNow(), IPAddress.None, "", "", []);
        return new InboundMessage(nobody, null, opening.Parts, opening.Problems) { Budget = opening.Budget };
    }

    /// <summary>What a letter says that may be a password, likeliest first, at most 140: what stands after a word for "password", between brackets, in names, and dates.</summary>
    /// <param name="octets">The letter, seekable; not closed.</param>
    /// <param name="cancel">Gives up altogether.</param>
    /// <returns>None for octets that are no letter.</returns>
    public static IReadOnlyList<string> PasswordsIn(Stream octets, CancellationToken cancel)
    {
        octets.Position = 0;
        try
        {
            using var letter = new MimeParser(Parsing, octets, MimeFormat.Entity, persistent: true).ParseMessage(cancel);
            return PasswordCandidates.Of([letter], PasswordSearch.MaxOfLetter);
        }
        catch (Exception e) when (e is FormatException or IOException or ArgumentException or InvalidDataException or InvalidOperationException or OverflowException or NotSupportedException)
        {
            return [];
        }
    }

    private static ParserOptions NewParsing()
    {
        var options = ParserOptions.Default.Clone();
        // Raw 8-bit header fields in Japan are Shift_JIS more often than anything else; UTF-8 is tried first by MimeKit.
        options.CharsetEncoding = System.Text.Encoding.GetEncoding(932);
        return options;
    }
}

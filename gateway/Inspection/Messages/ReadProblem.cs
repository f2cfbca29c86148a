namespace Sekisho.Inspection.Messages;

/// <summary>Why something could not be looked at.</summary>
public enum ReadProblemReason
{
    /// <summary>A document or archive is broken.</summary>
    Broken,

    /// <summary>The letter's own structure is broken: no header, no MIME boundary, no end.</summary>
    BrokenMail,

    /// <summary>A header field that must be there once is there twice, so that programs may read it differently (RFC 5322 section 3.6).</summary>
    AmbiguousHeader,

    /// <summary>The MIME structure can be read in several ways; all of them were looked at.</summary>
    AmbiguousMime,

    /// <summary>A piece of a letter that comes in several (message/partial, RFC 2046 section 5.2.2): no piece can be judged alone.</summary>
    PartialMail,

    /// <summary>The content is not in the letter but is to be fetched (message/external-body, RFC 2046 section 5.2.3).</summary>
    ExternalBody,

    /// <summary>An archive, or a member of it, asks for a password.</summary>
    EncryptedArchive,

    /// <summary>A document asks for a password.</summary>
    EncryptedDocument,

    /// <summary>A part of the letter is encrypted for its reader (S/MIME, OpenPGP).</summary>
    EncryptedMail,

    /// <summary>A split archive of which not all volumes are in this letter.</summary>
    MissingVolume,

    /// <summary>No reader here opens this kind of container.</summary>
    NoReader,

    /// <summary>Deeper than <see cref="ReadLimits.MaxDepth"/>.</summary>
    TooDeep,

    /// <summary>More parts than <see cref="ReadLimits.MaxParts"/>.</summary>
    TooMany,

    /// <summary>More octets than <see cref="ReadLimits.MaxUnpacked"/>.</summary>
    TooLarge,

    /// <summary>Longer than <see cref="ReadLimits.Time"/>.</summary>
    TimeUp,
}

/// <summary>Something that could not be looked at.</summary>
/// <param name="Place">The part's path, or empty for the letter as a whole.</param>
/// <param name="Reason">Why, for programs.</param>
/// <param name="Text">What happened, in English, for the log and the evidence.</param>
public sealed record ReadProblem(string Place, ReadProblemReason Reason, string Text);

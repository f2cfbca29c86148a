namespace Sekisho.Inspection.Senders;

/// <summary>All that sender checks need of a letter's octets, read in one pass so that nobody needs them while DNS is asked.</summary>
internal sealed class SignedLetter
{
    private SignedLetter(LetterHeader header, IReadOnlyList<DkimSignature> signatures, ArcChain chain, BodyHashes hashes)
    {
        Header = header;
        Signatures = signatures;
        Chain = chain;
        Hashes = hashes;
    }

    public LetterHeader Header { get; }

    /// <summary>The DKIM signatures, the topmost first, at most <see cref="Dkim.MostSignatures"/>.</summary>
    public IReadOnlyList<DkimSignature> Signatures { get; }

    public ArcChain Chain { get; }

    public BodyHashes Hashes { get; }

    /// <summary>Reads a letter to its end.</summary>
    public static SignedLetter Read(Stream octets)
    {
        var header = LetterHeader.Read(octets);
        var signatures = header.Named("dkim-signature").Take(Dkim.MostSignatures)
            .Select(at => DkimSignature.Parse(header.Text(header.Fields[at]), header.Fields[at], DkimSignature.Kind.Dkim)).ToList();
        var chain = ArcChain.Read(header);
        var hashes = new BodyHashes();
        IEnumerable<DkimSignature> all = chain.Newest is { } newest ? signatures.Append(newest.Message) : signatures;
        foreach (var signature in all.Where(static s => s.Fault is null))
        {
            hashes.Ask(signature.RelaxedBody, signature.Length);
        }

        octets.Position = header.BodyStart;
        hashes.Run(octets);
        return new SignedLetter(header, signatures, chain, hashes);
    }
}

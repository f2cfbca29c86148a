using System.Formats.Asn1;
using System.IO.Compression;

namespace Sekisho.Inspection.Formats;

/// <summary>What a cryptographic message is.</summary>
internal enum CmsKind
{
    /// <summary>Of a type that is not looked into.</summary>
    Other,

    /// <summary>Content in the open, with signatures or certificates.</summary>
    Open,

    /// <summary>Encrypted for its reader.</summary>
    Encrypted,
}

/// <summary>Reads the content of a cryptographic message (CMS, RFC 5652; PKCS #7): signed and compressed ones. Signatures are not verified.</summary>
/// <param name="Kind">What it is.</param>
/// <param name="Content">What it carries; null for a detached signature, a list of certificates, and what is not in the open.</param>
internal sealed record CmsFile(CmsKind Kind, byte[]? Content)
{
    private static readonly Asn1Tag Explicit = new(TagClass.ContextSpecific, 0);

    /// <summary>1.2.840.113549.1.7, the types of PKCS #7: data 1, signed 2, enveloped 3, signed and enveloped 4, digested 5, encrypted 6.</summary>
    private static ReadOnlySpan<byte> Pkcs7 => [0x06, 0x09, 0x2A, 0x86, 0x48, 0x86, 0xF7, 0x0D, 0x01, 0x07];

    /// <summary>1.2.840.113549.1.9.16.1, the types of S/MIME: authenticated 2, compressed 9 (RFC 3274), authenticated and enveloped 23 (RFC 5083).</summary>
    private static ReadOnlySpan<byte> SecureMime => [0x06, 0x0B, 0x2A, 0x86, 0x48, 0x86, 0xF7, 0x0D, 0x01, 0x09, 0x10, 0x01];

    /// <summary>1.2.840.113549.1.9.16.3.8, the one method of compression (RFC 3274 section 2).</summary>
    private static ReadOnlySpan<byte> Zlib => [0x06, 0x0B, 0x2A, 0x86, 0x48, 0x86, 0xF7, 0x0D, 0x01, 0x09, 0x10, 0x03, 0x08];

    /// <summary>True for what begins as a ContentInfo of a known type (RFC 5652 section 3), in DER or BER.</summary>
    /// <param name="head">The file's beginning.</param>
    public static bool IsOne(ReadOnlySpan<byte> head)
    {
        if (head.Length < 16 || head[0] != 0x30 || head[1] > 0x84)
        {
            return false;
        }

        head = head[(head[1] <= 0x80 ? 2 : 2 + (head[1] & 0x7F))..];
        return (head.StartsWith(Pkcs7) && head.Length > Pkcs7.Length && head[Pkcs7.Length] is >= 1 and <= 6)
            || (head.StartsWith(SecureMime) && head.Length > SecureMime.Length && head[SecureMime.Length] is 2 or 9 or 23);
    }

    /// <summary>Reads one message; what follows it is passed over.</summary>
    /// <param name="octets">The file.</param>
    /// <param name="budget">Books what is unpacked.</param>
    /// <param name="longest">Octets of unpacked content that are held.</param>
    /// <exception cref="InvalidDataException">It is broken or larger than that, or the budget spent.</exception>
    public static CmsFile Read(ReadOnlyMemory<byte> octets, ReadBudget budget, int longest)
    {
        try
        {
            var info = new AsnReader(octets, AsnEncodingRules.BER).ReadSequence();
            // Compared as they stand: a hostile number of a thousand octets is never worked out.
            var type = info.ReadEncodedValue().Span;
            var which = type[^1];
            if (type.StartsWith(Pkcs7) && type.Length == Pkcs7.Length + 1)
            {
                return which switch
                {
                    1 => new CmsFile(CmsKind.Open, Octets(info.ReadSequence(Explicit))),
                    2 => Signed(info.ReadSequence(Explicit).ReadSequence()),
                    3 or 4 or 6 => new CmsFile(CmsKind.Encrypted, null),
                    _ => new CmsFile(CmsKind.Other, null),
                };
            }

            return !type.StartsWith(SecureMime) || type.Length != SecureMime.Length + 1 ? new CmsFile(CmsKind.Other, null)
                : which == 23 ? new CmsFile(CmsKind.Encrypted, null)
                : which == 9 ? Compressed(info.ReadSequence(Explicit).ReadSequence(), budget, longest)
                : new CmsFile(CmsKind.Other, null);
        }
        catch (Exception e) when (e is AsnContentException or ArgumentException or OverflowException or IOException)
        {
            if (IsDetached(octets.Span))
            {
                return new CmsFile(CmsKind.Open, null); // It breaks off behind the place where its content would stand.
            }

            throw new InvalidDataException("The cryptographic message is broken.", e);
        }
    }

    /// <summary>SignedData (RFC 5652 section 5.1): version, digest algorithms, content, and what is not read here.</summary>
    private static CmsFile Signed(AsnReader data)
    {
        data.ReadEncodedValue();
        data.ReadEncodedValue();
        return new CmsFile(CmsKind.Open, Encapsulated(data.ReadSequence()));
    }

    /// <summary>True for signed data without content, as far as can be seen of a file that breaks off later.</summary>
    private static bool IsDetached(ReadOnlySpan<byte> octets)
    {
        var isOne = Enter(ref octets, 0x30) >= 0 && octets.StartsWith(Pkcs7) && Skip(ref octets)
            && Enter(ref octets, 0xA0) >= 0 && Enter(ref octets, 0x30) >= 0 && Skip(ref octets) && Skip(ref octets);
        var length = isOne ? Enter(ref octets, 0x30) : -1;
        var before = octets.Length;
        return length >= 0 && Skip(ref octets) && (length == int.MaxValue ? octets.StartsWith((ReadOnlySpan<byte>)[0, 0]) : length == before - octets.Length);
    }

    /// <summary>Steps into a value of this tag: its length, <see cref="int.MaxValue"/> for an indefinite one, -1 for another tag (X.690 section 8.1.3).</summary>
    private static int Enter(ref ReadOnlySpan<byte> octets, byte tag)
    {
        if (octets.Length < 2 || octets[0] != tag || octets[1] > 0x84 || (octets[1] > 0x80 && octets.Length < 2 + (octets[1] & 0x7F)))
        {
            return -1;
        }

        if (octets[1] <= 0x80)
        {
            var only = octets[1] == 0x80 ? int.MaxValue : octets[1];
            octets = octets[2..];
            return only;
        }

        var count = octets[1] & 0x7F;
        var length = 0L;
        foreach (var octet in octets.Slice(2, count))
        {
            length = (length << 8) | octet;
        }

        octets = octets[(2 + count)..];
        return (int)Math.Min(length, int.MaxValue - 1);
    }

    private static bool Skip(ref ReadOnlySpan<byte> octets)
    {
        try
        {
            if (AsnDecoder.TryReadEncodedValue(octets, AsnEncodingRules.BER, out _, out _, out _, out var consumed))
            {
                octets = octets[consumed..];
                return true;
            }
        }
        catch (AsnContentException)
        {
            // Broken within, where the length is not given.
        }

        return false;
    }

    /// <summary>CompressedData (RFC 3274 section 1.1): version, algorithm, content.</summary>
    private static CmsFile Compressed(AsnReader data, ReadBudget budget, int longest)
    {
        data.ReadEncodedValue();
        if (!data.ReadSequence().ReadEncodedValue().Span.SequenceEqual(Zlib) || Encapsulated(data.ReadSequence()) is not { } packed)
        {
            return new CmsFile(CmsKind.Other, null);
        }

        using var zlib = new ZLibStream(new MemoryStream(packed, writable: false), CompressionMode.Decompress);
        using var content = new MemoryStream();
        var buffer = new byte[32 << 10];
        int got;
        while ((got = zlib.Read(buffer, 0, buffer.Length)) > 0)
        {
            budget.Unpack(got);
            if (content.Length + got > longest)
            {
                throw new InvalidDataException($"The compressed message has more than {longest} octets.");
            }

            content.Write(buffer, 0, got);
        }

        return new CmsFile(CmsKind.Open, content.ToArray());
    }

    /// <summary>EncapsulatedContentInfo (RFC 5652 section 5.2): a type, and the content where it is not detached.</summary>
    private static byte[]? Encapsulated(AsnReader content)
    {
        content.ReadEncodedValue();
        return content.HasData ? Octets(content.ReadSequence(Explicit)) : null;
    }

    /// <summary>An OCTET STRING in one piece or in several; what PKCS #7 allowed beside it, as it stands.</summary>
    private static byte[]? Octets(AsnReader content) =>
        !content.HasData ? null
        : content.PeekTag() is { TagClass: TagClass.Universal, TagValue: (int)UniversalTagNumber.OctetString } ? content.ReadOctetString()
        : content.ReadEncodedValue().ToArray();
}

using System.Formats.Asn1;
using System.IO.Compression;

namespace Sekisho.SampleMaker;

/// <summary>Writes cryptographic messages (CMS, RFC 5652) without keys for tests: their signatures are worth nothing.</summary>
public static class CmsWriter
{
    private const string Data = "1.2.840.113549.1.7.1";
    private static readonly Asn1Tag Explicit = new(TagClass.ContextSpecific, 0);

    /// <summary>Signed content; detached where there is none.</summary>
    public static byte[] Signed(byte[]? content) => Info("1.2.840.113549.1.7.2", writer =>
    {
        writer.WriteInteger(1);
        using (writer.PushSetOf())
        {
        }

        Encapsulated(writer, content);
        using (writer.PushSetOf())
        {
        }
    });

    /// <summary>Signed content as programs write it that do not know its length beforehand: indefinite lengths, the octets in pieces (X.690 section 8.1.3.6).</summary>
    public static byte[] SignedInPieces(byte[] content)
    {
        byte[] pieces = [.. content.Chunk(100).SelectMany(p => (byte[])[0x04, (byte)p.Length, .. p])];
        return
        [
            0x30, 0x80, 0x06, 0x09, 0x2A, 0x86, 0x48, 0x86, 0xF7, 0x0D, 0x01, 0x07, 0x02, 0xA0, 0x80, 0x30, 0x80, 0x02, 0x01, 0x01, 0x31, 0x00,
            0x30, 0x80, 0x06, 0x09, 0x2A, 0x86, 0x48, 0x86, 0xF7, 0x0D, 0x01, 0x07, 0x01, 0xA0, 0x80, 0x24, 0x80, .. pieces, 0, 0, 0, 0, 0, 0,
            0x31, 0x00, 0, 0, 0, 0, 0, 0,
        ];
    }

    /// <summary>Compressed content (RFC 3274).</summary>
    public static byte[] Compressed(byte[] content)
    {
        using var packed = new MemoryStream();
        using (var zlib = new ZLibStream(packed, CompressionLevel.Optimal, leaveOpen: true))
        {
            zlib.Write(content);
        }

        return Info("1.2.840.113549.1.9.16.1.9", writer =>
        {
            writer.WriteInteger(0);
            using (writer.PushSequence())
            {
                writer.WriteObjectIdentifier("1.2.840.113549.1.9.16.3.8");
            }

            Encapsulated(writer, packed.ToArray());
        });
    }

    /// <summary>The shell of an encrypted message, whose type is given: <c>1.2.840.113549.1.7.3</c> or <c>1.2.840.113549.1.9.16.1.23</c>.</summary>
    public static byte[] Sealed(string type) => Info(type, writer =>
    {
        writer.WriteInteger(0);
        using (writer.PushSetOf())
        {
        }
    });

    private static byte[] Info(string type, Action<AsnWriter> write)
    {
        var writer = new AsnWriter(AsnEncodingRules.BER);
        using (writer.PushSequence())
        {
            writer.WriteObjectIdentifier(type);
            using (writer.PushSequence(Explicit))
            using (writer.PushSequence())
            {
                write(writer);
            }
        }

        return writer.Encode();
    }

    private static void Encapsulated(AsnWriter writer, byte[]? content)
    {
        using (writer.PushSequence())
        {
            writer.WriteObjectIdentifier(Data);
            if (content is not null)
            {
                using (writer.PushSequence(Explicit))
                {
                    writer.WriteOctetString(content);
                }
            }
        }
    }
}

using System.Buffers.Binary;
using System.Text;

namespace Sekisho.Inspection.Formats;

/// <summary>Undoes what Windows Script Encoder did to a script (JSE, VBE, <c>JScript.Encode</c> in HTML and WSF): a substitution anybody can turn back.</summary>
/// <remarks>A block is <c>#@~^</c>, the length in base64, <c>==</c>, the text, a checksum in base64, <c>==^#~@</c>. Every ASCII character stands in one of three alphabets, chosen by its position modulo 64.</remarks>
public static class ScriptEncoding
{
    private const int MaxBlocks = 1000;

    /// <summary>Which alphabet at which position.</summary>
    private static ReadOnlySpan<byte> Order => "0120121221210212021200122102122100212120200120210212001220012021"u8;

    /// <summary>The alphabets, for the characters from U+0020 on. A tab has its own place; line ends and &lt; &gt; @ are escaped instead.</summary>
    private static readonly byte[][] Alphabets =
    [
        Convert.FromHexString(
            "2E477A56426A2F26494134325B7672433839704568714F09624423754A7E4A5E40774A615D224B6F4E3B4C50672A7D74"
            + "542B2D2C306E6B66352521644D52633F7B7829287359337F6D55537C3A5F65465831696C5A48275C3D24793760512036"),
        Convert.FromHexString(
            "2D755260715E495C627D2936207C7A7F6B63332B68516676316454434C3A4C7E4C452C2A7427374479592F6F26726A39"
            + "7B3F387767534734785D30235A5B6C485570692E4C21244E5009567335614B583B57226D4D2528464A32413D5F4F4265"),
        Convert.FromHexString(
            "323021295B38333D583A3565395C5673664E456B6259785E7D4A6D714160415340422748727531374D5222546A47642D"
            + "207F2E4C5D7E6C6F797443267625242B28234134092A443F773B55696163506751494F46687C36706E7A2F5F4B5A2C57"),
    ];

    private static ReadOnlySpan<byte> Tabs => [0x57, 0x6E, 0x7B];

    /// <summary>Every encoded block in these octets in plain text, one after the other; empty where there is none.</summary>
    /// <param name="octets">A whole file: an encoded script, or HTML or WSF around one. UTF-16 is read too.</param>
    public static byte[] Decode(ReadOnlySpan<byte> octets)
    {
        if (octets.StartsWith((ReadOnlySpan<byte>)[0xFF, 0xFE]))
        {
            octets = Encoding.Latin1.GetBytes(Encoding.Unicode.GetString(octets[2..]));
        }

        using var plain = new MemoryStream();
        for (var block = 0; block < MaxBlocks && octets.IndexOf("#@~^"u8) is >= 0 and var start; block++)
        {
            octets = octets[(start + 4)..];
            // A wrong or missing length does not stop us; it would stop Windows.
            var declared = octets.Length >= 8 && octets[6] == '=' && octets[7] == '=' ? Number(octets[..8]) : -1;
            octets = octets[(declared < 0 ? 0 : 8)..];
            var end = octets.IndexOf("^#~@"u8);
            var body = end < 0 ? octets : octets[..Math.Max(0, end - 8)];
            octets = end < 0 ? [] : octets[(end + 4)..];
            if (block > 0)
            {
                plain.WriteByte((byte)'\n');
            }

            Block(body, plain);
        }

        return plain.ToArray();
    }

    private static void Block(ReadOnlySpan<byte> body, MemoryStream plain)
    {
        var position = 0;
        for (var i = 0; i < body.Length; i++)
        {
            var c = body[i];
            if (c == '@' && i + 1 < body.Length && Escaped(body[i + 1]) is not 0 and var escaped)
            {
                plain.WriteByte(escaped);
                i++;
                position++;
                continue;
            }

            if (c >= 128)
            {
                plain.WriteByte(c); // Second and first octets of Shift_JIS and the like stand for themselves and count for nothing.
                continue;
            }

            var alphabet = Order[position++ & 63] - '0';
            plain.WriteByte(c == '\t' ? Tabs[alphabet] : c < 32 ? c : Alphabets[alphabet][c - 32]);
        }
    }

    private static byte Escaped(byte c) => c switch
    {
        (byte)'&' => (byte)'\n',
        (byte)'#' => (byte)'\r',
        (byte)'*' => (byte)'>',
        (byte)'!' => (byte)'<',
        (byte)'$' => (byte)'@',
        _ => 0,
    };

    /// <summary>A length as the encoder writes it: four octets, little-endian, in base64.</summary>
    private static int Number(ReadOnlySpan<byte> base64)
    {
        Span<byte> octets = stackalloc byte[6];
        return System.Buffers.Text.Base64.DecodeFromUtf8(base64, octets, out _, out var written) == System.Buffers.OperationStatus.Done && written == 4
            ? BinaryPrimitives.ReadInt32LittleEndian(octets) & int.MaxValue
            : -1;
    }
}

namespace Sekisho.Inspection.Formats;

/// <summary>XOR obfuscation methods 1 and 2 (MS-OFFCRYPTO section 2.3.7).</summary>
internal static class OfficeXor
{
    /// <summary>How far Excel turns each octet of the pattern to the left. The specification says one to the right for both; workbooks that Excel wrote say this.</summary>
    public const int ExcelRotation = 2;

    /// <summary>How far Word does.</summary>
    public const int WordRotation = 7;

    private static readonly byte[] Padding = [0xBB, 0xFF, 0xFF, 0xBA, 0xFF, 0xFF, 0xB9, 0x80, 0x00, 0xBE, 0x0F, 0x00, 0xBF, 0x0F, 0x00];

    private static readonly ushort[] Initial =
        [0xE1F0, 0x1D0F, 0xCC9C, 0x84C0, 0x110C, 0x0E10, 0xF1CE, 0x313E, 0x1872, 0xE139, 0xD40F, 0x84F9, 0x280C, 0xA96A, 0x4EC3];

    private static readonly ushort[] Matrix =
    [
        0xAEFC, 0x4DD9, 0x9BB2, 0x2745, 0x4E8A, 0x9D14, 0x2A09, 0x7B61, 0xF6C2, 0xFDA5, 0xEB6B, 0xC6F7, 0x9DCF, 0x2BBF,
        0x4563, 0x8AC6, 0x05AD, 0x0B5A, 0x16B4, 0x2D68, 0x5AD0, 0x0375, 0x06EA, 0x0DD4, 0x1BA8, 0x3750, 0x6EA0, 0xDD40,
        0xD849, 0xA0B3, 0x5147, 0xA28E, 0x553D, 0xAA7A, 0x44D5, 0x6F45, 0xDE8A, 0xAD35, 0x4A4B, 0x9496, 0x390D, 0x721A,
        0xEB23, 0xC667, 0x9CEF, 0x29FF, 0x53FE, 0xA7FC, 0x5FD9, 0x47D3, 0x8FA6, 0x0F6D, 0x1EDA, 0x3DB4, 0x7B68, 0xF6D0,
        0xB861, 0x60E3, 0xC1C6, 0x93AD, 0x377B, 0x6EF6, 0xDDEC, 0x45A0, 0x8B40, 0x06A1, 0x0D42, 0x1A84, 0x3508, 0x6A10,
        0xAA51, 0x4483, 0x8906, 0x022D, 0x045A, 0x08B4, 0x1168, 0x76B4, 0xED68, 0xCAF1, 0x85C3, 0x1BA7, 0x374E, 0x6E9C,
        0x3730, 0x6E60, 0xDCC0, 0xA9A1, 0x4363, 0x86C6, 0x1DAD, 0x3331, 0x6662, 0xCCC4, 0x89A9, 0x0373, 0x06E6, 0x0DCC,
        0x1021, 0x2042, 0x4084, 0x8108, 0x1231, 0x2462, 0x48C4,
    ];

    /// <summary>Word's transformation, which is its own reverse: octets that are zero, or would become zero, stay (MS-OFFCRYPTO section 2.3.7.6).</summary>
    public static void Apply(Span<byte> octets, ReadOnlySpan<byte> pattern)
    {
        for (var i = 0; i < octets.Length; i++)
        {
            var mask = pattern[i & 15];
            octets[i] = octets[i] == 0 || octets[i] == mask ? octets[i] : (byte)(octets[i] ^ mask);
        }
    }

    /// <summary>The sixteen octets that a password stands for, with its key and verifier; of a password 15 octets count.</summary>
    public static byte[] Pattern(string password, int rotation, out ushort key, out ushort verifier)
    {
        // Of a character the lower octet counts, unless it is zero (MS-OFFCRYPTO section 2.3.7.4).
        var text = (password.Length > 15 ? password[..15] : password).Select(c => (byte)((c & 0xFF) != 0 ? c : c >> 8)).ToArray();
        verifier = 0;
        for (var i = text.Length; i >= 0; i--)
        {
            var octet = i == 0 ? (byte)text.Length : text[i - 1];
            verifier = (ushort)((((verifier & 0x4000) != 0 ? 1 : 0) | ((verifier << 1) & 0x7FFF)) ^ octet);
        }

        verifier ^= 0xCE4B;
        key = 0;
        if (text.Length == 0)
        {
            return new byte[16];
        }

        key = Initial[text.Length - 1];
        var element = 104;
        for (var i = text.Length - 1; i >= 0; i--)
        {
            for (var (bit, octet) = (0, text[i]); bit < 7; bit++, octet <<= 1)
            {
                key ^= (octet & 0x40) != 0 ? Matrix[element] : (ushort)0;
                element--;
            }
        }

        var pattern = new byte[16];
        for (var i = 0; i < 16; i++)
        {
            var octet = i < text.Length ? text[i] : Padding[i - text.Length];
            octet ^= (byte)((i & 1) == 0 ? key : key >> 8);
            pattern[i] = (byte)((octet << rotation) | (octet >> (8 - rotation)));
        }

        return pattern;
    }
}

namespace Sekisho.Inspection.Formats;

/// <summary>What a file of OpenPGP is.</summary>
internal enum OpenPgpKind
{
    /// <summary>None, or a key or signature: nothing to look into.</summary>
    None,

    /// <summary>Encrypted.</summary>
    Encrypted,

    /// <summary>Signed or compressed in a way that is not looked into, or rubbish under such a name.</summary>
    Closed,
}

/// <summary>Tells OpenPGP messages from keys and signatures (RFC 9580).</summary>
internal static class OpenPgp
{
    /// <summary>What a file is by its armour (section 6.2), or, under a telling name, by its first packet (section 4.2).</summary>
    /// <param name="head">The file's beginning.</param>
    /// <param name="name">Its name; binary packets have no mark of their own and are looked for under <c>.pgp</c> and <c>.gpg</c> only.</param>
    /// <param name="isText">True for text, false for what nothing is recognised in.</param>
    public static OpenPgpKind Find(ReadOnlySpan<byte> head, string name, bool isText)
    {
        var extension = FileNames.Extension(name);
        var isNamed = extension.Equals("pgp", StringComparison.OrdinalIgnoreCase) || extension.Equals("gpg", StringComparison.OrdinalIgnoreCase);
        if (isText)
        {
            // In a letter somebody may quote the line; a message begins with it.
            var armour = head.IndexOf("-----BEGIN PGP MESSAGE"u8);
            return armour >= 0 && (isNamed || extension.Equals("asc", StringComparison.OrdinalIgnoreCase) || head[..armour].Trim("\uFEFF \t\r\n"u8).IsEmpty) ? OpenPgpKind.Encrypted : OpenPgpKind.None;
        }

        if (!isNamed || head.IsEmpty)
        {
            return OpenPgpKind.None;
        }

        var tag = (head[0] & 0xC0) switch
        {
            0xC0 => head[0] & 0x3F,
            0x80 => (head[0] >> 2) & 0x0F,
            _ => -1,
        };
        return tag switch
        {
            1 or 3 or 9 or 18 or 20 => OpenPgpKind.Encrypted, // Session keys, encrypted data.
            2 or 5 or 6 or 7 or 12 or 13 or 14 or 17 => OpenPgpKind.None, // Signatures, keys and their owners.
            _ => OpenPgpKind.Closed,
        };
    }
}

namespace Sekisho.SampleMaker.Waves;

/// <summary>What the bait is put into.</summary>
public enum Packing
{
    /// <summary>Nothing.</summary>
    None,

    /// <summary>ZIP.</summary>
    Zip,

    /// <summary>ZIP with a password.</summary>
    PasswordZip,

    /// <summary>ZIP of a member blown up with zeros.</summary>
    PaddedZip,

    /// <summary>ZIP in a ZIP.</summary>
    ZipInZip,

    /// <summary>7z.</summary>
    SevenZip,

    /// <summary>tar, gzipped.</summary>
    TarGzip,

    /// <summary>RAR 5.</summary>
    Rar,
}

/// <summary>One letter of a wave, still in its pieces so that it can be changed: bait, packing, mail.</summary>
public sealed record AttackLetter
{
    /// <summary>The mail around it.</summary>
    public required EmotetMail Mail { get; init; }

    /// <summary>A document with VBA as bait.</summary>
    public MacroSample? Macro { get; init; }

    /// <summary>What the VBA stands in.</summary>
    public MacroHost Host { get; init; }

    /// <summary>A workbook with Excel 4 macros as bait.</summary>
    public XlmSample? Xlm { get; init; }

    /// <summary>Any other file as bait.</summary>
    public byte[]? File { get; init; }

    /// <summary>The bait's name without extension.</summary>
    public string Stem { get; init; } = "";

    /// <summary>The extension of <see cref="File"/>, without a dot.</summary>
    public string Extension { get; init; } = "";

    /// <summary>What it is packed into.</summary>
    public Packing Packing { get; init; }

    /// <summary>The archive's name without extension; empty for the bait's.</summary>
    public string ArchiveStem { get; init; } = "";

    /// <summary>The password of <see cref="Packing.PasswordZip"/>; the mail's lines tell it, or nobody does.</summary>
    public string Password { get; init; } = "";

    /// <summary>Octets of the member in <see cref="Packing.PaddedZip"/>.</summary>
    public long PaddedTo { get; init; }

    /// <summary>The bait's octets; null where a link leads to it.</summary>
    public byte[]? Bait => Macro?.Write(Host) ?? Xlm?.Write() ?? File;

    /// <summary>The bait's name.</summary>
    public string BaitName => Stem + "." + (Macro is not null ? MacroSample.Extension(Host) : Xlm is { IsPackage: true } ? "xlsm" : Xlm is not null ? "xls" : Extension);

    /// <summary>The letter's octets.</summary>
    public byte[] Write()
    {
        if (Bait is not { } bait)
        {
            return Mail.Write("", null);
        }

        var stem = ArchiveStem.Length > 0 ? ArchiveStem : Stem;
        return Packing switch
        {
            Packing.Zip => Mail.Write(stem + ".zip", ZipWriter.Plain((BaitName, bait))),
            Packing.PasswordZip => Mail.Write(stem + ".zip", ZipWriter.Encrypted(BaitName, bait, Password)),
            Packing.PaddedZip => Mail.Write(stem + ".zip", PaddedZip.Write(BaitName, bait, PaddedTo)),
            Packing.ZipInZip => Mail.Write(stem + ".zip", ZipWriter.Plain((stem + ".zip", ZipWriter.Plain((BaitName, bait))))),
            Packing.SevenZip => Mail.Write(stem + ".7z", ArchiveWriter.SevenZip(BaitName, bait)),
            Packing.TarGzip => Mail.Write(stem + ".tar.gz", ArchiveWriter.Gzip(ArchiveWriter.Tar(BaitName, bait))),
            Packing.Rar => Mail.Write(stem + ".rar", ArchiveWriter.Rar(BaitName, bait)),
            _ => Mail.Write(BaitName, bait),
        };
    }
}

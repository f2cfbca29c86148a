using Sekisho.Inspection.Formats;

namespace Sekisho.Inspection.Messages;

/// <content>Content that nothing is recognised in: nothing is called clean because it could not be read.</content>
internal sealed partial class MessageOpening
{
    private const int DiskFooter = 512;

    /// <summary>Octets of the file that Office keeps beside an open document.</summary>
    private const int LongestOwner = 165;

    /// <summary>True for the next part to be opened, where it is read in another way than it is meant: rubbish is to be expected then.</summary>
    private bool isOtherReading;

    /// <summary>A name that promises an archive, a document or a disk image, on content that is none of them.</summary>
    private void Unrecognised(MessagePart part)
    {
        if (part.Container?.Kind.IsPackage() == true || IsCompanion(part))
        {
            return;
        }

        foreach (var name in part.Names)
        {
            if (FileNames.PromisesContents(name))
            {
                Problem(part.Path, ReadProblemReason.NoReader, $"{name} is nothing that is known, and could not be looked into.");
                return;
            }
        }
    }

    /// <summary>What Macs and Office put beside a file, under its name with two characters before it: AppleDouble (RFC 1740 appendix A), and the note of who has a document open.</summary>
    private static bool IsCompanion(MessagePart part)
    {
        var name = part.Name.AsSpan(part.Name.LastIndexOf('/') + 1);
        return (name.StartsWith("._", StringComparison.Ordinal) && part.Head.StartsWith((ReadOnlySpan<byte>)[0, 5, 0x16, 7]))
            || (name.StartsWith("~$", StringComparison.Ordinal) && part.Length <= LongestOwner);
    }

    /// <summary>A fixed VHD has its mark only in its last 512 octets (Virtual Hard Disk Image Format Specification, "Hard Disk Footer Format").</summary>
    private static bool IsFixedDisk(MessagePart part)
    {
        if (part.Kind != FileKind.Unknown || part.Length <= DiskFooter || part.Length % DiskFooter != 0 || part.Container?.Kind.IsPackage() == true)
        {
            return false;
        }

        using var stream = part.OpenRead();
        var footer = new byte[8];
        stream.Position = part.Length - DiskFooter;
        return stream.ReadAtLeast(footer, footer.Length, throwOnEndOfStream: false) == footer.Length && footer.AsSpan().SequenceEqual("conectix"u8);
    }
}

using System.Buffers.Binary;
using System.Text;

namespace Sekisho.Inspection.Formats;

/// <summary>A file wrapped by Windows' object packager, as the stream <c>\1Ole10Native</c> or as an OLE 1 object holds it (MS-OLEDS section 2.3.6 and what packagers write).</summary>
/// <param name="Label">What the document shows.</param>
/// <param name="OriginalPath">Where it came from.</param>
/// <param name="TemporaryPath">Where the packager puts it when it is opened.</param>
/// <param name="Content">Its octets.</param>
internal sealed record OlePackage(string Label, string OriginalPath, string TemporaryPath, byte[] Content)
{
    /// <summary>The name that tells most: one that runs, if any of the three does.</summary>
    public string Name
    {
        get
        {
            string[] names = [FileName(Label), FileName(TemporaryPath), FileName(OriginalPath)];
            return Array.Find(names, FileNames.IsExecutable) ?? Array.Find(names, n => n.Length > 0) ?? "package";
        }
    }

    /// <summary>Reads a package; null for what is none. A lost end cuts the content.</summary>
    /// <param name="native">The stream from its four octets of size on.</param>
    public static OlePackage? Read(ReadOnlySpan<byte> native)
    {
        if (native.Length < 12 || BinaryPrimitives.ReadUInt16LittleEndian(native[4..]) != 2)
        {
            return null;
        }

        var rest = native[6..];
        if (!Zero(ref rest, out var label) || !Zero(ref rest, out var original) || rest.Length < 8)
        {
            return null;
        }

        var temporaryLength = BinaryPrimitives.ReadInt32LittleEndian(rest[4..]);
        rest = rest[8..];
        if (temporaryLength < 0 || temporaryLength > rest.Length - 4)
        {
            return null;
        }

        var temporary = Text(rest[..temporaryLength]);
        var size = BinaryPrimitives.ReadUInt32LittleEndian(rest[temporaryLength..]);
        rest = rest[(temporaryLength + 4)..];
        var content = rest[..(int)Math.Min(size, (uint)rest.Length)];
        rest = rest[content.Length..];

        // Newer packagers repeat the three in UTF-16, in another order.
        if (Wide(ref rest, out var wideTemporary) && Wide(ref rest, out var wideLabel) && Wide(ref rest, out var wideOriginal))
        {
            (temporary, label, original) = (wideTemporary, wideLabel, wideOriginal);
        }

        return new OlePackage(label, original, temporary, content.ToArray());
    }

    private static string FileName(string path) => path[(path.LastIndexOfAny(['\\', '/']) + 1)..];

    private static bool Zero(ref ReadOnlySpan<byte> rest, out string text)
    {
        var end = rest.IndexOf((byte)0);
        text = end < 0 ? "" : Text(rest[..end]);
        rest = end < 0 ? rest : rest[(end + 1)..];
        return end >= 0;
    }

    private static bool Wide(ref ReadOnlySpan<byte> rest, out string text)
    {
        text = "";
        var length = rest.Length < 4 ? uint.MaxValue : BinaryPrimitives.ReadUInt32LittleEndian(rest);
        if (length is 0 or > 2000 || rest.Length < 4 + (length * 2))
        {
            return false;
        }

        text = Encoding.Unicode.GetString(rest.Slice(4, (int)length * 2)).TrimEnd('\0');
        rest = rest[(4 + ((int)length * 2))..];
        return true;
    }

    private static string Text(ReadOnlySpan<byte> octets) => TextOf.Narrow(octets.TrimEnd((byte)0));
}

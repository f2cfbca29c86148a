using System.Buffers.Binary;

namespace Sekisho.Inspection.Formats;

/// <summary>Reads what a gzip header tells (RFC 1952 section 2.3).</summary>
internal static class GzipHeader
{
    private const int LongestName = 1024;

    /// <summary>The name that the packed file had (FNAME), under which programs unpack it; empty where there is none.</summary>
    /// <param name="file">Seekable; is left somewhere.</param>
    public static string Name(Stream file)
    {
        file.Position = 0;
        var head = new byte[10];
        if (file.ReadAtLeast(head, head.Length, throwOnEndOfStream: false) < head.Length || (head[3] & 8) == 0)
        {
            return "";
        }

        if ((head[3] & 4) != 0)
        {
            // Extra fields stand before the name.
            var length = new byte[2];
            if (file.ReadAtLeast(length, 2, throwOnEndOfStream: false) < 2)
            {
                return "";
            }

            file.Position += BinaryPrimitives.ReadUInt16LittleEndian(length);
        }

        var octets = new byte[LongestName];
        var got = file.ReadAtLeast(octets, octets.Length, throwOnEndOfStream: false);
        var end = octets.AsSpan(0, got).IndexOf((byte)0);
        return end <= 0 ? "" : JapaneseText.Decode(octets.AsSpan(0, end), null, out _);
    }
}

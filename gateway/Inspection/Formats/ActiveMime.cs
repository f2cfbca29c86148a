using System.Buffers.Binary;
using System.IO.Compression;

namespace Sekisho.Inspection.Formats;

/// <summary>Unwraps Office's ActiveMime: a short header and a zlib stream with a compound file in it, as in MHTML and Word 2003 XML.</summary>
internal static class ActiveMime
{
    /// <summary>Opens what is wrapped, forwards only.</summary>
    /// <param name="octets">The whole wrapping.</param>
    /// <param name="budget">Books what is unpacked.</param>
    /// <exception cref="InvalidDataException">No zlib stream is in it.</exception>
    public static byte[] Unwrap(ReadOnlySpan<byte> octets, ReadBudget budget)
    {
        // The header says at 0x1E how much is to be skipped from 0x2E on; writers differ, so the usual places are tried too.
        Span<int> places = [octets.Length > 0x20 ? BinaryPrimitives.ReadUInt16LittleEndian(octets[0x1E..]) + 46 : -1, 0x32, 0x22A];
        foreach (var place in places)
        {
            if (place > 0 && place + 2 < octets.Length && octets[place] == 0x78)
            {
                return Zlib.Unpack(octets[place..], 64 << 20, budget);
            }
        }

        var found = octets.IndexOf((ReadOnlySpan<byte>)[0x78, 0x9C]);
        return found >= 0 ? Zlib.Unpack(octets[found..], 64 << 20, budget) : throw new InvalidDataException("The ActiveMime wrapping holds no zlib stream.");
    }
}

/// <summary>Unpacks zlib streams (RFC 1950) within bounds.</summary>
internal static class Zlib
{
    /// <summary>Unpacks up to <paramref name="longest"/> octets; a stream that breaks off gives what came before.</summary>
    /// <exception cref="InvalidDataException">Nothing can be unpacked, or the budget is spent.</exception>
    public static byte[] Unpack(ReadOnlySpan<byte> packed, int longest, ReadBudget budget)
    {
        using var stream = new ZLibStream(new MemoryStream(packed.ToArray()), CompressionMode.Decompress);
        using var output = new MemoryStream();
        var buffer = new byte[16 << 10];
        try
        {
            int got;
            while (output.Length < longest && (got = stream.Read(buffer)) > 0)
            {
                budget.Unpack(got);
                output.Write(buffer.AsSpan(0, got));
            }
        }
        catch (Exception e) when (e is IOException or InvalidDataException)
        {
            if (output.Length == 0 || budget.End != BudgetEnd.None)
            {
                throw new InvalidDataException("The zlib stream is broken.", e);
            }
        }

        return output.ToArray();
    }
}

namespace Sekisho.Inspection.Formats;

/// <summary>Undoes the filters of PDF streams (ISO 32000-1 section 7.4) that hold more than pictures: Flate, LZW, run lengths, ASCII85, hexadecimal, with predictors.</summary>
internal static class PdfFilters
{
    private const int LongestRow = 1 << 20;

    /// <summary>What a filter's parameters say (sections 7.4.4.3 and 7.4.4.4), with the defaults.</summary>
    /// <param name="Predictor">1 for none, 2 for TIFF's, 10 to 15 for PNG's.</param>
    /// <param name="Colors">Components of a sample.</param>
    /// <param name="Bits">Bits of a component.</param>
    /// <param name="Columns">Samples of a row.</param>
    /// <param name="EarlyChange">LZW: true where codes grow one code early.</param>
    internal sealed record Parameters(int Predictor = 1, int Colors = 1, int Bits = 8, int Columns = 1, bool EarlyChange = true)
    {
        /// <summary>Octets of a row; 0 where that makes no sense.</summary>
        public int RowLength => Colors is > 0 and <= 64 && Bits is 1 or 2 or 4 or 8 or 16 && Columns > 0 && ((long)Colors * Bits * Columns) + 7 is <= LongestRow * 8L and var bits ? (int)(bits / 8) : 0;
    }

    /// <summary>The octets without one filter; null where the filter is not known or nothing can be made of the octets.</summary>
    /// <param name="filter">Its name, short forms included.</param>
    /// <param name="parameters">Its parameters.</param>
    /// <param name="octets">What it was applied to.</param>
    /// <param name="longest">Octets that may come out; the rest is cut off.</param>
    /// <param name="budget">Books what comes out.</param>
    /// <exception cref="InvalidDataException">The budget is spent.</exception>
    public static byte[]? Undo(string filter, Parameters parameters, byte[] octets, int longest, ReadBudget budget)
    {
        switch (filter)
        {
            case "FlateDecode" or "Fl":
                return Inflate(octets, longest, budget) is { } inflated ? Unpredict(parameters, inflated) : null;
            case "LZWDecode" or "LZW":
                return Unpredict(parameters, Lzw(octets, parameters.EarlyChange, longest, budget));
            case "RunLengthDecode" or "RL":
                return RunLengths(octets, longest, budget);
            case "ASCII85Decode" or "A85":
                budget.Unpack(octets.Length);
                return Ascii85(octets);
            case "ASCIIHexDecode" or "AHx":
                budget.Unpack(octets.Length);
                return PdfTokens.FromHex(octets);
            case "Crypt":
                return octets; // Undone before.
            default:
                return null;
        }
    }

    private static byte[]? Inflate(byte[] octets, int longest, ReadBudget budget)
    {
        try
        {
            return Zlib.Unpack(octets, longest, budget);
        }
        catch (InvalidDataException) when (budget.End == BudgetEnd.None)
        {
            return null;
        }
    }

    /// <summary>LZW with codes of 9 to 12 bits, most significant bit first (section 7.4.4.2). What breaks off gives what came before.</summary>
    private static byte[] Lzw(ReadOnlySpan<byte> octets, bool early, int longest, ReadBudget budget)
    {
        const int clear = 256;
        const int end = 257;
        const int most = 4096;
        var before = new ushort[most];
        var last = new byte[most];
        var length = new ushort[most];
        for (var i = 0; i < clear; i++)
        {
            (last[i], length[i]) = ((byte)i, 1);
        }

        using var output = new MemoryStream(Math.Min(longest, octets.Length * 3));
        Span<byte> text = stackalloc byte[most];
        var (next, width, previous, bits, count, booked) = (end + 1, 9, -1, 0, 0, 0L);
        foreach (var octet in octets)
        {
            bits = ((bits << 8) | octet) & 0xFFFFFF;
            count += 8;
            if (count < width)
            {
                continue;
            }

            count -= width;
            var code = (bits >> count) & ((1 << width) - 1);
            if (code == end || output.Length >= longest)
            {
                break;
            }

            if (code == clear)
            {
                (next, width, previous) = (end + 1, 9, -1);
                continue;
            }

            if (code > next || (code == next && previous < 0) || (code > end && previous < 0))
            {
                break;
            }

            // A code that is just being made is the one before with its own first octet behind.
            var from = code == next ? previous : code;
            var size = length[from];
            for (var (at, walk) = (size - 1, from); at >= 0; at--, walk = before[walk])
            {
                text[at] = last[walk];
            }

            output.Write(text[..size]);
            if (code == next)
            {
                output.WriteByte(text[0]);
            }

            if (previous >= 0 && next < most)
            {
                (before[next], last[next], length[next]) = ((ushort)previous, text[0], (ushort)Math.Min(length[previous] + 1, most - 1));
                next++;
            }

            previous = code;
            width = (next + (early ? 1 : 0)) switch { >= 2048 => 12, >= 1024 => 11, >= 512 => 10, _ => 9 };
            if (output.Length - booked > 64 << 10)
            {
                budget.Unpack(output.Length - booked);
                booked = output.Length;
            }
        }

        budget.Unpack(output.Length - booked);
        return output.ToArray();
    }

    /// <summary>Section 7.4.5: 0 to 127 octets follow as they are, 129 to 255 repeat the next, 128 ends.</summary>
    private static byte[] RunLengths(ReadOnlySpan<byte> octets, int longest, ReadBudget budget)
    {
        using var output = new MemoryStream();
        Span<byte> run = stackalloc byte[128];
        while (octets.Length > 1 && octets[0] != 128 && output.Length < longest)
        {
            var count = octets[0] < 128 ? octets[0] + 1 : 257 - octets[0];
            if (octets[0] < 128)
            {
                count = Math.Min(count, octets.Length - 1);
                output.Write(octets.Slice(1, count));
                octets = octets[(1 + count)..];
            }
            else
            {
                run[..count].Fill(octets[1]);
                output.Write(run[..count]);
                octets = octets[2..];
            }

            budget.Unpack(count);
        }

        return output.ToArray();
    }

    /// <summary>Five letters for four octets (section 7.4.3), <c>~&gt;</c> at the end; some write <c>&lt;~</c> in front.</summary>
    private static byte[] Ascii85(ReadOnlySpan<byte> octets)
    {
        octets = octets.TrimStart("\0\t\n\f\r "u8);
        octets = octets.StartsWith("<~"u8) ? octets[2..] : octets;
        var result = new List<byte>(octets.Length);
        uint value = 0;
        var count = 0;
        foreach (var b in octets)
        {
            if (b == '~')
            {
                break;
            }

            if (b == 'z' && count == 0)
            {
                result.AddRange([0, 0, 0, 0]);
            }
            else if (b is >= (byte)'!' and <= (byte)'u')
            {
                value = unchecked((value * 85) + (uint)(b - '!'));
                if (++count == 5)
                {
                    result.AddRange([(byte)(value >> 24), (byte)(value >> 16), (byte)(value >> 8), (byte)value]);
                    (value, count) = (0, 0);
                }
            }
        }

        for (var i = count; i is > 0 and < 5; i++)
        {
            value = unchecked((value * 85) + 84);
        }

        for (var i = 0; i < count - 1; i++)
        {
            result.Add((byte)(value >> (24 - (8 * i))));
        }

        return [.. result];
    }

    /// <summary>Undoes the differences that make rows pack better: TIFF 6.0 section 14, PNG section 9.</summary>
    private static byte[] Unpredict(Parameters parameters, byte[] octets)
    {
        var row = parameters.RowLength;
        if (parameters.Predictor < 2 || row == 0)
        {
            return octets;
        }

        var pixel = Math.Max(1, parameters.Colors * parameters.Bits / 8);
        return parameters.Predictor == 2 ? Tiff(octets, row, pixel, parameters) : parameters.Predictor is >= 10 and <= 15 ? Png(octets, row, pixel) : octets;
    }

    private static byte[] Tiff(byte[] octets, int row, int pixel, Parameters parameters)
    {
        if (parameters.Bits != 8)
        {
            return octets; // Pictures only.
        }

        for (var start = 0; start < octets.Length; start += row)
        {
            for (var i = start + pixel; i < Math.Min(octets.Length, start + row); i++)
            {
                octets[i] += octets[i - pixel];
            }
        }

        return octets;
    }

    private static byte[] Png(byte[] octets, int row, int pixel)
    {
        var result = new byte[octets.Length - ((octets.Length + row) / (row + 1))];
        var at = 0;
        for (var from = 0; from < octets.Length - 1;)
        {
            var kind = octets[from++];
            var length = Math.Min(row, octets.Length - from);
            for (var i = 0; i < length; i++, at++)
            {
                int left = i >= pixel ? result[at - pixel] : 0;
                int up = at >= row ? result[at - row] : 0;
                int corner = i >= pixel && at >= row ? result[at - row - pixel] : 0;
                result[at] = (byte)(octets[from++] + kind switch { 1 => left, 2 => up, 3 => (left + up) / 2, 4 => Paeth(left, up, corner), _ => 0 });
            }
        }

        return result;
    }

    private static int Paeth(int left, int up, int corner)
    {
        var (a, b, c) = (Math.Abs(up - corner), Math.Abs(left - corner), Math.Abs(left + up - (2 * corner)));
        return a <= b && a <= c ? left : b <= c ? up : corner;
    }
}

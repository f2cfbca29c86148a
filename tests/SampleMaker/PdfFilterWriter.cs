namespace Sekisho.SampleMaker;

/// <summary>Applies filters of PDF streams that .NET does not bring (ISO 32000-1 section 7.4).</summary>
public static class PdfFilterWriter
{
    /// <summary>LZW.</summary>
    /// <param name="octets">What is packed.</param>
    /// <param name="early">True where codes grow one code early, the default of PDF.</param>
    public static byte[] Lzw(byte[] octets, bool early)
    {
        var output = new List<byte>();
        var (bits, count, width) = (0, 0, 9);
        void Code(int code)
        {
            bits = ((bits << width) | code) & 0xFFFFFF;
            for (count += width; count >= 8; count -= 8)
            {
                output.Add((byte)(bits >> (count - 8)));
            }
        }

        Code(256);
        var table = new Dictionary<(int Before, byte Last), int>();
        var current = -1;
        foreach (var octet in octets)
        {
            if (current < 0)
            {
                current = octet;
                continue;
            }

            if (table.TryGetValue((current, octet), out var longer))
            {
                current = longer;
                continue;
            }

            Code(current);
            table.Add((current, octet), 258 + table.Count);

            // The reader's table lags one entry behind the writer's.
            var next = 257 + table.Count + (early ? 1 : 0);
            width = next >= 2048 ? 12 : next >= 1024 ? 11 : next >= 512 ? 10 : 9;
            if (table.Count >= 3800)
            {
                Code(256);
                table.Clear();
                width = 9;
            }

            current = octet;
        }

        if (current >= 0)
        {
            Code(current);
        }

        var last = 258 + table.Count + (early ? 1 : 0);
        width = last >= 2048 ? 12 : last >= 1024 ? 11 : last >= 512 ? 10 : 9;
        Code(257);
        if (count > 0)
        {
            output.Add((byte)(bits << (8 - count)));
        }

        return [.. output];
    }

    /// <summary>A PNG predictor (PNG section 9) on rows of octets.</summary>
    /// <param name="octets">The rows.</param>
    /// <param name="row">Octets of a row.</param>
    /// <param name="pixel">Octets of a sample.</param>
    /// <param name="kind">0 none, 1 sub, 2 up, 3 average, 4 Paeth.</param>
    public static byte[] Png(byte[] octets, int row, int pixel, int kind)
    {
        var output = new List<byte>();
        for (var i = 0; i < octets.Length; i++)
        {
            if (i % row == 0)
            {
                output.Add((byte)kind);
            }

            int left = i % row >= pixel ? octets[i - pixel] : 0;
            int up = i >= row ? octets[i - row] : 0;
            int corner = i % row >= pixel && i >= row ? octets[i - row - pixel] : 0;
            var nearest = new[] { left, up, corner }.MinBy(v => Math.Abs(left + up - corner - v));
            output.Add((byte)(octets[i] - kind switch { 1 => left, 2 => up, 3 => (left + up) / 2, 4 => nearest, _ => 0 }));
        }

        return [.. output];
    }
}

namespace Sekisho.Delivery;

/// <summary>Doubles the dot that begins a line (RFC 5321 section 4.5.2), chunk by chunk, and touches nothing else.</summary>
internal struct DotStuffer
{
    private bool inLine;
    private bool afterReturn;

    /// <summary>True when <paramref name="whole"/> goes out as it is.</summary>
    public static bool NothingToDo(ReadOnlySpan<byte> whole) => !whole.StartsWith((byte)'.') && whole.IndexOf("\r\n."u8) < 0;

    /// <summary>Writes <paramref name="input"/> into <paramref name="output"/> with the dots doubled.</summary>
    /// <param name="input">The next octets of the letter.</param>
    /// <param name="output">At least one and a half times as long as <paramref name="input"/>, plus two.</param>
    /// <returns>Octets written.</returns>
    public int Stuff(ReadOnlySpan<byte> input, Span<byte> output)
    {
        var written = 0;
        while (!input.IsEmpty)
        {
            if (!inLine && input[0] == (byte)'.')
            {
                output[written++] = (byte)'.';
            }

            if (afterReturn && input[0] == (byte)'\n')
            {
                output[written++] = (byte)'\n';
                input = input[1..];
                (inLine, afterReturn) = (false, false);
                continue;
            }

            var lineEnd = input.IndexOf("\r\n"u8);
            var taken = lineEnd < 0 ? input : input[..(lineEnd + 2)];
            taken.CopyTo(output[written..]);
            written += taken.Length;
            input = input[taken.Length..];
            inLine = lineEnd < 0;
            afterReturn = lineEnd < 0 && taken[^1] == (byte)'\r';
        }

        return written;
    }
}

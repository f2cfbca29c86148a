namespace Sekisho.SampleMaker;

/// <summary>Finds what repeats in octets, plainly: where the same three stood last.</summary>
internal static class LzFinder
{
    /// <summary>The octets as letters (length 1, the octet) and matches (length, distance).</summary>
    /// <param name="content">What to pack.</param>
    /// <param name="shortest">Of a match, 3 or more.</param>
    /// <param name="longest">Of a match.</param>
    /// <param name="farthest">A distance.</param>
    /// <param name="frame">No match crosses a multiple of it.</param>
    public static IEnumerable<(int Length, int Value)> Find(byte[] content, int shortest, int longest, int farthest, int frame = int.MaxValue)
    {
        var last = new Dictionary<int, int>();
        for (var at = 0; at < content.Length;)
        {
            int length = 0, distance = 0;
            if (at + 3 <= content.Length && last.TryGetValue(Three(at), out var before) && at - before <= farthest)
            {
                distance = at - before;
                var most = Math.Min(Math.Min(longest, content.Length - at), frame - (at % frame));
                while (length < most && content[at + length] == content[before + length])
                {
                    length++;
                }
            }

            var isMatch = length >= shortest;
            yield return isMatch ? (length, distance) : (1, content[at]);
            for (var end = at + (isMatch ? length : 1); at < end; at++)
            {
                if (at + 3 <= content.Length)
                {
                    last[Three(at)] = at;
                }
            }
        }

        int Three(int at) => content[at] | (content[at + 1] << 8) | (content[at + 2] << 16);
    }
}

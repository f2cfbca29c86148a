namespace Sekisho.Fuzz;

/// <summary>Spoils sound input in the ways that readers stumble over: flipped bits, odd numbers, cut, doubled, moved and joined pieces.</summary>
internal sealed class Mutator(Random random)
{
    private static readonly byte[][] Odd =
    [
        [0, 0, 0, 0], [0xFF, 0xFF, 0xFF, 0xFF], [0xFE, 0xFF, 0xFF, 0xFF], [0xFF, 0xFF, 0xFF, 0x7F], [0, 0, 0, 0x80], [1, 0, 0, 0], [0, 0, 1, 0], [0xFF, 0xFF], [0, 0x80], [0x0A], [0x00], [0xFF],
        "\r\n"u8.ToArray(), "--"u8.ToArray(), "="u8.ToArray(), "<"u8.ToArray(), "\0Attribut"u8.ToArray(), "PK\u0005\u0006"u8.ToArray(),
    ];

    /// <summary>A spoiled copy, at most 4 MiB.</summary>
    public byte[] Spoil(byte[] seed, byte[] other)
    {
        var octets = new List<byte>(seed);
        var rounds = 1 + (random.Next(10) == 0 ? random.Next(60) : random.Next(6));
        for (var i = 0; i < rounds; i++)
        {
            var at = octets.Count == 0 ? 0 : random.Next(octets.Count);
            var some = Math.Min(octets.Count - at, 1 + random.Next(random.Next(4) == 0 ? 4096 : 32));
            switch (random.Next(9))
            {
                case 0 when octets.Count > 0:
                    octets[at] ^= (byte)(1 << random.Next(8));
                    break;
                case 1 when octets.Count > 0:
                    octets[at] = (byte)random.Next(256);
                    break;
                case 2 or 3:
                    var odd = Odd[random.Next(Odd.Length)];
                    for (var j = 0; j < odd.Length && at + j < octets.Count; j++)
                    {
                        octets[at + j] = odd[j];
                    }

                    break;
                case 4:
                    octets.RemoveRange(at, some);
                    break;
                case 5:
                    octets.InsertRange(random.Next(octets.Count + 1), octets.GetRange(at, some));
                    break;
                case 6 when random.Next(4) == 0:
                    octets.RemoveRange(at, octets.Count - at);
                    break;
                case 7 when other.Length > 0 && random.Next(4) == 0:
                    var from = random.Next(other.Length);
                    octets.InsertRange(at, other[from..Math.Min(other.Length, from + 1 + random.Next(2048))]);
                    break;
                default:
                    octets.InsertRange(at, Odd[random.Next(Odd.Length)]);
                    break;
            }
        }

        return octets.Count > 4 << 20 ? [.. octets[..(4 << 20)]] : [.. octets];
    }
}

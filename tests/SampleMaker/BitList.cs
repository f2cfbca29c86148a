namespace Sekisho.SampleMaker;

/// <summary>Bits, the highest of each octet first.</summary>
internal sealed class BitList
{
    private readonly List<byte> octets = [];
    private int used = 8;

    public void Add(int value, int count)
    {
        for (var i = count - 1; i >= 0; i--)
        {
            if (used == 8)
            {
                octets.Add(0);
                used = 0;
            }

            octets[^1] |= (byte)(((value >> i) & 1) << (7 - used++));
        }
    }

    public byte[] ToArray() => [.. octets];

    /// <summary>In words of sixteen, the low octet first.</summary>
    public byte[] ToWords()
    {
        var words = new byte[(octets.Count + 1) & ~1];
        for (var i = 0; i < words.Length; i++)
        {
            words[i ^ 1] = i < octets.Count ? octets[i] : (byte)0;
        }

        return words;
    }
}

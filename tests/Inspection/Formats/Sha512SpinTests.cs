using System.Buffers.Binary;
using System.Security.Cryptography;
using Sekisho.Inspection.Formats;

namespace Sekisho.Inspection.Tests.Formats;

public class Sha512SpinTests
{
    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(1000)]
    public void Spinning_IsWhatTheSystemHashes(int count)
    {
        var hash = SHA512.HashData("salt and password"u8);
        var input = new byte[4 + Sha512Spin.Length];
        hash.CopyTo(input, 4);
        for (var i = 0; i < count; i++)
        {
            BinaryPrimitives.WriteInt32LittleEndian(input, i);
            SHA512.HashData(input, input.AsSpan(4));
        }

        Sha512Spin.Run(hash, count);

        Assert.Equal(input[4..], hash);
    }
}

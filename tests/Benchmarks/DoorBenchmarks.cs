using System.Text;
using BenchmarkDotNet.Attributes;
using Sekisho.Smtp;
using Sekisho.Store;

namespace Sekisho.Benchmarks;

/// <summary>What the door does with every octet of DATA: find the end, undo dot-stuffing, watch line ends, keep (and seal what is large).</summary>
[MemoryDiagnoser]
public class DoorBenchmarks
{
    private readonly Spool _spool = new(Directory.CreateTempSubdirectory("sekisho-bench-").FullName);
    private byte[] _wire = [];

    /// <summary>Octets of the letter; above 1 MiB it is sealed into the spool.</summary>
    [Params(12_000, 5_000_000)]
    public int Size { get; set; }

    /// <summary>Makes the octets as they come over the wire.</summary>
    [GlobalSetup]
    public void Make()
    {
        var text = new StringBuilder("Subject: x\r\n\r\n");
        while (text.Length < Size)
        {
            text.Append("..A line of 78 octets that begins with a dot now and then, as letters do, ok\r\n").Append('x', 76).Append("\r\n");
        }

        _wire = Encoding.ASCII.GetBytes(text.Append(".\r\n").ToString());
    }

    /// <summary>One letter, in pieces as a socket gives them.</summary>
    [Benchmark]
    public long Take()
    {
        using var writer = _spool.NewWriter();
        var scanner = new DataScanner(writer, dotStuffed: true, normalise: false, 1 << 30, 256 << 10, null);
        for (var i = 0; i < _wire.Length; i += 4096)
        {
            scanner.Feed(_wire.AsSpan(i, Math.Min(4096, _wire.Length - i)), out _);
        }

        using var octets = writer.Complete();
        return octets.Length;
    }
}

namespace Sekisho.Store;

/// <summary>The name that this process claims letters under: the home folder's own for the first process that takes it, a passing one for any other.</summary>
internal sealed class NodeIdentity : IDisposable
{
    private readonly FileStream? _lock;

    private NodeIdentity(string id, FileStream? held)
    {
        Id = id;
        _lock = held;
    }

    /// <summary>The name.</summary>
    public string Id { get; }

    /// <summary>True when this process is the home folder's own, so that claims under its name can only be left over from a crash.</summary>
    public bool IsOwner => _lock is not null;

    /// <summary>Takes the home folder's name if nobody has it, and keeps it until disposed or dead.</summary>
    public static NodeIdentity Take(string home)
    {
        var file = Path.Combine(home, "node.id");
        FileStream held;
        try
        {
            held = DurableFile.Open(file, FileMode.OpenOrCreate);
        }
        catch (IOException) when (File.Exists(file))
        {
            return new NodeIdentity(Guid.NewGuid().ToString("N"), null);
        }

        Span<byte> text = stackalloc byte[32];
        if (held.ReadAtLeast(text, text.Length, throwOnEndOfStream: false) == text.Length && Guid.TryParseExact(System.Text.Encoding.ASCII.GetString(text), "N", out var kept))
        {
            return new NodeIdentity(kept.ToString("N"), held);
        }

        var id = Guid.NewGuid().ToString("N");
        held.SetLength(0);
        held.Write(System.Text.Encoding.ASCII.GetBytes(id + "\n"));
        held.Flush(flushToDisk: true);
        return new NodeIdentity(id, held);
    }

    /// <summary>Gives the name free.</summary>
    public void Dispose() => _lock?.Dispose();
}

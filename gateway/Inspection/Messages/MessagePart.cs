using System.Buffers;
using Sekisho.Inspection.Formats;

namespace Sekisho.Inspection.Messages;

/// <summary>One thing found in a letter: a body, an attachment, or a file within one.</summary>
public sealed class MessagePart : IDisposable
{
    private const int LongestKeptText = 1 << 20;

    private byte[]? pooled;
    private readonly int pooledLength;
    private readonly Func<Stream>? view;
    private byte[]? viewHead;
    private string? text;
    private IReadOnlyList<Link>? links;

    internal MessagePart(string path, string name, byte[] pooled, int length)
        : this(path, name, length)
    {
        this.pooled = pooled;
        pooledLength = length;
    }

    internal MessagePart(string path, string name, Func<Stream> view, long length)
        : this(path, name, length) => this.view = view;

    private MessagePart(string path, string name, long length)
    {
        Path = path;
        Name = name;
        Length = length;
    }

    /// <summary>Where it is: the MIME part's number (<c>2.1</c>, as IMAP numbers them, RFC 9051 section 6.4.5.1), then names, such as <c>2/invoice.zip/invoice.doc</c>.</summary>
    public string Path { get; }

    /// <summary>Its decoded file name, as its container gives it; empty where there is none.</summary>
    public string Name { get; }

    /// <summary>A second, different name that another program may prefer (Content-Type's <c>name</c> against Content-Disposition's <c>filename</c>); null where there is none.</summary>
    public string? OtherName { get; internal init; }

    /// <summary>The media type that the letter declares (RFC 2045 section 5), lower case; empty for files in archives.</summary>
    public string DeclaredType { get; internal init; } = "";

    /// <summary>True for text that is shown as the letter itself, not as an attachment.</summary>
    public bool IsBody { get; internal init; }

    /// <summary>What it is by content.</summary>
    public FileKind Kind { get; internal set; }

    /// <summary>Octets, decoded. For an encrypted member as declared.</summary>
    public long Length { get; }

    /// <summary>True where the content is encrypted, or no content is kept: <see cref="OpenRead"/> gives nothing then.</summary>
    public bool IsSealed { get; internal init; }

    /// <summary>The part it was found in; null for the letter's own.</summary>
    public MessagePart? Container { get; internal init; }

    /// <summary>VBA projects found in it (MS-OVBA).</summary>
    public IReadOnlyList<VbaProject> Vba { get; internal set; } = [];

    /// <summary>Texts beside its content that a macro can read: form properties, document properties and variables.</summary>
    public IReadOnlyList<DocumentText> Texts { get; internal set; } = [];

    /// <summary>What readers noticed in it: links, remote templates, command lines, PDF actions, script; at most 2,000.</summary>
    public IReadOnlyList<CarrierSign> Signs { get; internal set; } = [];

    /// <summary>Excel 4 macros found in it; null where it has no macro sheet.</summary>
    public XlmProject? Xlm { get; internal set; }

    /// <summary>Its worksheets, where VBA code in it asks for cells and there is no macro sheet; null else.</summary>
    internal XlmProject? Cells { get; set; }

    /// <summary>The names it goes by: <see cref="Name"/>, <see cref="OtherName"/> where there is one, and what else a program may make of the header.</summary>
    public IEnumerable<string> Names => OtherName is null && MoreNames.Count == 0 ? [Name] : OtherName is null ? [Name, .. MoreNames] : [Name, OtherName, .. MoreNames];

    /// <summary>Further readings of its header's names, see <see cref="PartNames"/>.</summary>
    internal IReadOnlyList<string> MoreNames { get; set; } = [];

    /// <summary>The declared character set (RFC 2046 section 4.1.2); null where there is none.</summary>
    internal string? Charset { get; set; }

    /// <summary>Its text, decoded whatever its label says (HTML with its tags); empty for what is no text. Decoded when first asked for, and kept unless it is long.</summary>
    public string Text
    {
        get
        {
            // Kept, the texts of forty padded files of a small archive would take a gigabyte.
            var found = text ?? PartText.Of(this);
            text = found.Length <= LongestKeptText ? found : null;
            return found;
        }
    }

    /// <summary>Every link in it, see <see cref="Link"/>: of its text or HTML, those its readers noticed, those its macros and command lines name; each once, at most 1,000. Looked for when first asked for.</summary>
    public IReadOnlyList<Link> Links => links ??= PartLinks.Of(this);

    /// <summary>The password that opened it; null for what asked for none, or stayed shut.</summary>
    internal FoundPassword? Password { get; set; }

    /// <summary>Octets it took in its container; -1 where that is not known.</summary>
    internal long Packed { get; init; } = -1;

    /// <summary>Octets that only make it larger, where they were counted: zeros behind its end, or what stands before the end record of an archive; 0 else.</summary>
    internal long Padding { get; set; }

    /// <summary>What programs may read differently in an archive, in words.</summary>
    internal IReadOnlyList<string> Ambiguities { get; set; } = [];

    /// <summary>Its beginning, at most <see cref="FileTypes.HeadLength"/> octets.</summary>
    public ReadOnlySpan<byte> Head
    {
        get
        {
            if (pooled is not null)
            {
                return pooled.AsSpan(0, Math.Min(pooledLength, FileTypes.HeadLength));
            }

            if (viewHead is null)
            {
                using var stream = OpenRead();
                var head = new byte[(int)Math.Min(Length, FileTypes.HeadLength)];
                var got = stream.ReadAtLeast(head, head.Length, throwOnEndOfStream: false);
                viewHead = got == head.Length ? head : head[..got];
            }

            return viewHead;
        }
    }

    /// <summary>The whole content where it is held in memory; empty for one that is read through a view.</summary>
    internal ReadOnlySpan<byte> Memory => pooled is null ? [] : pooled.AsSpan(0, pooledLength);

    /// <summary>A seekable, read-only view of the decoded octets. It may throw <see cref="InvalidDataException"/>; use one at a time, and none after <see cref="Dispose"/>.</summary>
    public Stream OpenRead() =>
        pooled is not null ? new MemoryStream(pooled, 0, pooledLength, writable: false) : view?.Invoke() ?? Stream.Null;

    /// <summary>Up to <paramref name="longest"/> octets from the beginning.</summary>
    internal byte[] ReadUpTo(int longest)
    {
        using var stream = OpenRead();
        var octets = new byte[(int)Math.Min(stream.Length, longest)];
        var got = stream.ReadAtLeast(octets, octets.Length, throwOnEndOfStream: false);
        return got == octets.Length ? octets : octets[..got];
    }

    /// <summary>Fills a buffer from the beginning; how many octets there were for it.</summary>
    internal int ReadInto(Span<byte> buffer)
    {
        using var stream = OpenRead();
        return stream.ReadAtLeast(buffer, buffer.Length, throwOnEndOfStream: false);
    }

    /// <summary>Gives pooled memory back.</summary>
    public void Dispose()
    {
        var buffer = pooled;
        pooled = null;
        if (buffer is { Length: > 0 })
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }
}

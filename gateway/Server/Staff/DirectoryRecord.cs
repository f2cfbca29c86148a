using System.Security.Cryptography;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;
using System.Text.Unicode;
using Sekisho.Inspection.Senders;
using Sekisho.Options;
using Sekisho.Store;

namespace Sekisho.Staff;

/// <summary>What is known of the directory: whom it named when it was last read, and how the last try went. Kept as <c>HOME/directory.json</c>, mode 0600.</summary>
/// <param name="Source">What was asked for, as a hash: base, filter and attributes.</param>
/// <param name="Server">Who gave it; null before the first time.</param>
/// <param name="ReadAt">When it was read; null where it never was.</param>
/// <param name="Entries">Entries that the filter found.</param>
/// <param name="TriedAt">When the last try was.</param>
/// <param name="FailingSince">Since when every try has failed; null where the last did not.</param>
/// <param name="Kind">The kind of the last fault.</param>
/// <param name="Fault">What failed.</param>
/// <param name="FaultJa">The same in Japanese.</param>
/// <param name="Members">People, groups and mailboxes.</param>
public sealed record DirectoryRecord(
    string Source, string? Server, DateTimeOffset? ReadAt, int Entries, DateTimeOffset TriedAt, DateTimeOffset? FailingSince, DirectoryFault? Kind, string? Fault, string? FaultJa, IReadOnlyList<StaffMember> Members)
{
    /// <summary>Nothing is known.</summary>
    public static readonly DirectoryRecord Empty = new("", null, null, 0, DateTimeOffset.UnixEpoch, null, null, null, null, []);

    private const int MaxFile = 512 << 20;
    private const int FewestToDoubt = 10;

    private static readonly JsonSerializerOptions Json = new() { PropertyNamingPolicy = JsonNamingPolicy.CamelCase, Encoder = JavaScriptEncoder.Create(UnicodeRanges.All), Converters = { new JsonStringEnumConverter() } };

    /// <summary>True while "nobody of that name" can be believed: the last reading is no older than two rounds.</summary>
    public bool IsFresh(DateTimeOffset now, TimeSpan refreshEvery) => ReadAt is { } read && now - read <= 2 * refreshEvery;

    /// <summary>Where it is kept.</summary>
    public static string FileIn(string home) => Path.Combine(home, "directory.json");

    /// <summary>Reads what was kept; <see cref="Empty"/> where nothing was, or no directory is set any more.</summary>
    /// <param name="options">All settings.</param>
    /// <exception cref="IOException">It cannot be read.</exception>
    /// <exception cref="InvalidDataException">It is damaged.</exception>
    public static DirectoryRecord Load(SekishoOptions options)
    {
        var file = FileIn(options.Home);
        if (options.Staff.Servers.Count == 0 || !File.Exists(file))
        {
            return Empty;
        }

        try
        {
            using var octets = new FileStream(file, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
            var record = octets.Length <= MaxFile ? JsonSerializer.Deserialize<DirectoryRecord>(octets, Json) : null;
            return record is { Members: { } members, Source: not null } && members.All(m => m is { Name: not null, Kana: not null, Department: not null, Addresses: { } a } && !a.Contains(null!))
                ? record
                : throw new InvalidDataException($"{file} is damaged");
        }
        catch (JsonException e)
        {
            throw new InvalidDataException($"{file} is damaged: {e.Message}", e);
        }
    }

    /// <summary>Keeps it, so that a power cut leaves the old or the new.</summary>
    /// <exception cref="IOException">It cannot be written.</exception>
    public void Save(string home) => DurableFile.Replace(FileIn(home), JsonSerializer.Serialize(this, Json));

    /// <summary>Tries to read the directory: what it says is the new record, and a failure leaves the people as they are.</summary>
    /// <param name="options">The settings, checked.</param>
    /// <param name="believe">True takes what came even where nearly everybody is gone.</param>
    /// <param name="time">The clock.</param>
    /// <param name="cancel">Ends the reading.</param>
    public async Task<DirectoryRecord> RefreshAsync(StaffOptions options, bool believe, TimeProvider time, CancellationToken cancel)
    {
        var now = time.GetUtcNow();
        var source = SourceOf(options);
        try
        {
            var content = await DirectoryReader.ReadAsync(options, time, cancel);
            var (before, after) = (Members.Count, content.Members.Count);
            // One wrong setting, or a directory half restored, must not take everybody's mail. Another question may well have another answer, but never none.
            if (!believe && (after == 0 || (source == Source && before >= FewestToDoubt && after <= before / 10)))
            {
                throw new DirectoryException(DirectoryFault.Shrunk, content.Server, $"{before:N0} → {after:N0}");
            }

            return new DirectoryRecord(source, content.Server, now, content.Entries, now, null, null, null, null, content.Members);
        }
        catch (DirectoryException e)
        {
            return this with { TriedAt = now, FailingSince = FailingSince ?? now, Kind = e.Fault, Fault = e.Message, FaultJa = e.Japanese };
        }
    }

    private static string SourceOf(StaffOptions options) =>
        Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(string.Join('\0', [.. options.BaseDns, options.Filter, .. options.Attributes.All()]))))[..16];
}

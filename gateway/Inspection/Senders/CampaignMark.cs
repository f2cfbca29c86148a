using System.Buffers;
using System.Security.Cryptography;
using System.Text;
using Sekisho.Inspection.Formats;
using Sekisho.Inspection.Messages;

namespace Sekisho.Inspection.Senders;

/// <summary>What tells letters of one campaign: the content of an attachment, the code of a macro, or a subject together with the site it leads to.</summary>
/// <param name="Key">Equal for equal things, short, without anything of the letter's text.</param>
/// <param name="Shown">What to tell the admin.</param>
/// <param name="IsFile">True for an attachment or its macro.</param>
public sealed record CampaignMark(string Key, string Shown, bool IsFile)
{
    private const int MostFiles = 8;
    private const int MostSites = 8;

    /// <summary>The marks of a letter, at most 24; none of pictures and cards, which stand below every letter of a house, nor of links to the house itself.</summary>
    /// <param name="message">The letter, opened.</param>
    /// <param name="ownDomains">The hospital's domains, in A-labels and lower case.</param>
    public static IReadOnlyList<CampaignMark> Of(InboundMessage message, IReadOnlyList<string> ownDomains)
    {
        var marks = new List<CampaignMark>();
        foreach (var part in message.Parts.Where(IsAttachment).Take(MostFiles))
        {
            if (HashOf(part) is { } hash)
            {
                marks.Add(new CampaignMark("file:" + hash, part.Name.Length > 0 ? part.Name : part.Path, IsFile: true));
            }
        }

        foreach (var part in message.Parts.Where(p => p.Vba.Count > 0).Take(MostFiles))
        {
            // Each copy of a document may differ by an octet; the code is the same.
            if (MacroHash.Of(part.Vba, part.Texts) is { } hash)
            {
                marks.Add(new CampaignMark("macro:" + hash, $"macro of {part.Name}", IsFile: true));
            }
        }

        var subject = SubjectOf(message.Mime?.Subject ?? "");
        foreach (var site in message.Parts.Where(p => p.IsBody).SelectMany(p => p.Links).Select(l => LinkTargets.Registered(l.Host)).Where(h => h.Length > 0 && !IsOwn(h)).Distinct(StringComparer.Ordinal).Take(MostSites))
        {
            var key = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes($"{subject}\n{site}")));
            marks.Add(new CampaignMark("link:" + key, $"\"{message.Mime?.Subject}\" with a link to {site}", IsFile: false));
        }

        return marks;

        bool IsOwn(string site) => ownDomains.Any(d => d == site || d.EndsWith("." + site, StringComparison.Ordinal));
    }

    /// <summary>A subject without what differs from letter to letter: reply marks, digits, blanks, case and width.</summary>
    internal static string SubjectOf(string subject)
    {
        var plain = string.Concat(TextNormal.Of(subject).Where(static c => !char.IsWhiteSpace(c) && !char.IsDigit(c))).ToLowerInvariant();
        while (Array.Find(Replies, r => plain.StartsWith(r, StringComparison.Ordinal)) is { } reply)
        {
            plain = plain[reply.Length..];
        }

        return plain;
    }

    private static readonly string[] Replies = ["re:", "fw:", "fwd:", "aw:", "wg:", "sv:", "返信:", "転送:"];

    private static bool IsAttachment(MessagePart part) =>
        part is { Container: null, IsBody: false, Length: > 0, IsSealed: false } && part.Kind is not (FileKind.Image or FileKind.Empty)
        && part.DeclaredType is not ("text/vcard" or "text/x-vcard" or "text/directory" or "application/pgp-keys");

    private static string? HashOf(MessagePart part)
    {
        if (!part.Memory.IsEmpty)
        {
            Span<byte> hash = stackalloc byte[SHA256.HashSizeInBytes];
            SHA256.HashData(part.Memory, hash);
            return Convert.ToHexStringLower(hash);
        }

        var buffer = ArrayPool<byte>.Shared.Rent(64 << 10);
        try
        {
            using var sum = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
            using var stream = part.OpenRead();
            int got;
            while ((got = stream.Read(buffer, 0, buffer.Length)) > 0)
            {
                sum.AppendData(buffer, 0, got);
            }

            return Convert.ToHexStringLower(sum.GetHashAndReset());
        }
        catch (InvalidDataException)
        {
            return null; // Opening it has said so already.
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }
}

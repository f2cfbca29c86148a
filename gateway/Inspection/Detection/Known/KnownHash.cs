using System.Buffers;
using System.Security.Cryptography;
using Sekisho.Inspection.Formats;
using Sekisho.Inspection.Messages;
using Sekisho.Inspection.Signatures;

namespace Sekisho.Inspection.Detection.Known;

/// <summary>Finds parts whose content is a file that is known as malware, by its hash, and macros whose code is, by that of its normalised code (<see cref="MacroHash"/>).</summary>
internal sealed class KnownHash : IDetector
{
    public static readonly FindingKind Hash = new("INDICATOR_HASH", 200,
        "A file is known as malware: its hash is on a list.", "既知のマルウェアのファイルです(ハッシュ値が脅威情報と一致)。", "T1204.002");

    /// <summary>Octets hashed a letter. Files that are larger than all this are padded, which is a finding of its own.</summary>
    private const long MostOctets = 256L << 20;

    private static readonly (IndicatorKind Kind, HashAlgorithmName Name)[] Algorithms =
        [(IndicatorKind.Sha256, HashAlgorithmName.SHA256), (IndicatorKind.Sha1, HashAlgorithmName.SHA1), (IndicatorKind.Md5, HashAlgorithmName.MD5)];

    public IEnumerable<FindingKind> Kinds => [Hash];

    public IEnumerable<Finding> Inspect(InspectionContext context)
    {
        var known = context.Signatures.Indicators;
        var wanted = Algorithms.Where(a => known.CountOf(a.Kind) > 0).ToArray();
        var macros = known.CountOf(IndicatorKind.MacroSha256) > 0;
        var now = context.Message.Envelope.ReceivedAt;
        var left = MostOctets;
        foreach (var part in context.Message.Parts)
        {
            if (macros && FindMacro(part, known, now) is { } macro)
            {
                yield return Hash.At(part.Path, IndicatorWords.Of(macro, now));
            }

            // What is shown as the letter itself is words, no file, and differs from letter to letter: the lists name files.
            if (wanted.Length == 0 || part.IsSealed || part.Length == 0 || part.Length > left || (part.IsBody && part.Container is null && part.Name.Length == 0 && part.Kind == FileKind.Text))
            {
                continue;
            }

            left -= part.Length;
            if (Find(part, wanted, known, now, context.Message.Budget) is { } indicator)
            {
                yield return Hash.At(part.Path, IndicatorWords.Of(indicator, now));
            }
        }
    }

    /// <summary>A project as a whole, or one of its modules.</summary>
    private static Indicator? FindMacro(MessagePart part, IndicatorSet known, DateTimeOffset now)
    {
        foreach (var project in part.Vba)
        {
            foreach (var hash in project.Modules.Select(MacroHash.Of).Prepend(MacroHash.Of(project)))
            {
                if (hash is not null && known.FindHash(IndicatorKind.MacroSha256, Convert.FromHexString(hash), now) is { } found)
                {
                    return found;
                }
            }
        }

        return null;
    }

    private static Indicator? Find(MessagePart part, (IndicatorKind Kind, HashAlgorithmName Name)[] wanted, IndicatorSet known, DateTimeOffset now, ReadBudget? budget)
    {
        Span<byte> hash = stackalloc byte[32];
        if (!part.Memory.IsEmpty)
        {
            foreach (var (kind, name) in wanted)
            {
                if (known.FindHash(kind, hash[..CryptographicOperations.HashData(name, part.Memory, hash)], now) is { } found)
                {
                    return found;
                }
            }

            return null;
        }

        // Read through a view, perhaps unpacked anew: once, for all hashes.
        var hashes = Array.ConvertAll(wanted, w => IncrementalHash.CreateHash(w.Name));
        var buffer = ArrayPool<byte>.Shared.Rent(64 << 10);
        try
        {
            using var stream = part.OpenRead();
            int got;
            while ((got = stream.Read(buffer, 0, buffer.Length)) > 0)
            {
                if (budget is { IsSpent: true })
                {
                    return null; // Said by LIMIT_REACHED.
                }

                foreach (var one in hashes)
                {
                    one.AppendData(buffer, 0, got);
                }
            }

            for (var i = 0; i < wanted.Length; i++)
            {
                if (known.FindHash(wanted[i].Kind, hash[..hashes[i].GetHashAndReset(hash)], now) is { } found)
                {
                    return found;
                }
            }

            return null;
        }
        catch (InvalidDataException)
        {
            return null; // Opening it has said so already.
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
            Array.ForEach(hashes, h => h.Dispose());
        }
    }
}

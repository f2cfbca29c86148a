using System.Security.Cryptography;
using System.Text;

namespace Sekisho.Inspection.Formats;

/// <summary>Names macro code by what it does, not by how it is laid out: SHA-256 over its tokens, without comments, blanks, line continuations, attributes and the case of names.</summary>
/// <remarks>It covers the source alone. Whoever lets code pass by it must also see that no compiled form differs, that no module is hidden, and that texts in forms are another matter.</remarks>
public static class MacroHash
{
    /// <summary>A module's hash, 64 lower-case hexadecimal digits; null for one without code, or whose code could not be read whole.</summary>
    /// <param name="module">The module.</param>
    public static string? Of(VbaModule module) => module.IsDamaged ? null : Hash(module.Source, new VbaTokens(VbaTokens.NewNames()));

    /// <summary>A project's hash over its modules' names and hashes in the names' order; null where there is no code, or not all of it could be read.</summary>
    /// <param name="project">The project.</param>
    public static string? Of(VbaProject project)
    {
        if (project.IsDamaged)
        {
            return null;
        }

        using var sum = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        var tokens = new VbaTokens(VbaTokens.NewNames());
        var any = false;
        foreach (var module in project.Modules.OrderBy(m => m.Name, StringComparer.OrdinalIgnoreCase))
        {
            if (module.IsDamaged)
            {
                return null;
            }

            if (Hash(module.Source, tokens) is { } hash)
            {
                sum.AppendData(Encoding.UTF8.GetBytes($"{module.Name.ToLowerInvariant()}\n{hash}\n"));
                any = true;
            }
            else if (tokens.IsCut)
            {
                return null;
            }
        }

        return any ? Convert.ToHexStringLower(sum.GetHashAndReset()) : null;
    }

    private static string? Hash(string source, VbaTokens reader)
    {
        var tokens = reader.Read(source);
        // The last token is the end alone: nothing but attributes and comments.
        if (reader.IsCut || tokens.Count <= 1)
        {
            return null;
        }

        using var sum = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        var buffer = new byte[16 << 10];
        var used = 0;
        foreach (var token in tokens)
        {
            var length = Encoding.UTF8.GetMaxByteCount(token.Text.Length) + 6;
            if (length > buffer.Length - used)
            {
                sum.AppendData(buffer, 0, used);
                used = 0;
                buffer = length > buffer.Length ? new byte[length] : buffer;
            }

            // Kind and length before the text: no two rows of tokens read alike.
            buffer[used++] = (byte)token.Kind;
            var octets = Encoding.UTF8.GetBytes(token.Text, buffer.AsSpan(used + 4));
            System.Buffers.Binary.BinaryPrimitives.WriteInt32LittleEndian(buffer.AsSpan(used), octets);
            used += 4 + octets;
        }

        sum.AppendData(buffer, 0, used);
        return Convert.ToHexStringLower(sum.GetHashAndReset());
    }
}

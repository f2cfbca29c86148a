using Sekisho.Inspection.Formats;

namespace Sekisho.Inspection.Messages;

/// <summary>Counts the zeros that a file was blown up with.</summary>
internal static class Padding
{
    /// <summary>Octets of zero at the file's end, counted forwards, since large files can only be unpacked so.</summary>
    /// <param name="part">The file.</param>
    /// <param name="budget">Asked for time.</param>
    /// <exception cref="InvalidDataException">The file is broken, or the budget spent.</exception>
    public static long Behind(MessagePart part, ReadBudget budget)
    {
        using var stream = part.OpenRead();
        return stream.Length - ZipDirectory.EndOfContent(stream, budget);
    }
}

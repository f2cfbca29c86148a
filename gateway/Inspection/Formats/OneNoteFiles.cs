using System.Buffers.Binary;

namespace Sekisho.Inspection.Formats;

/// <summary>Takes out the files embedded in a OneNote section: FileDataStoreObject (MS-ONESTORE section 2.6.13), found by its GUID wherever it stands.</summary>
internal static class OneNoteFiles
{
    private static readonly byte[] Header = new Guid("BDE316E7-2665-4511-A4C4-8D4D0B7A9EAC").ToByteArray();

    /// <summary>The embedded files, at most 1,000. They have no names here.</summary>
    /// <param name="section">The whole section.</param>
    /// <param name="budget">Books what is taken out.</param>
    /// <exception cref="InvalidDataException">The budget is spent.</exception>
    public static List<EmbeddedFile> Find(ReadOnlySpan<byte> section, ReadBudget budget)
    {
        var found = new List<EmbeddedFile>();
        while (found.Count < 1000)
        {
            var at = section.IndexOf(Header);
            if (at < 0 || at + 36 > section.Length)
            {
                break;
            }

            // GUID, length (8), two reserved fields (4 and 8), then the octets.
            var length = BinaryPrimitives.ReadUInt64LittleEndian(section[(at + 16)..]);
            section = section[(at + 36)..];
            var content = section[..(int)Math.Min(length, (ulong)section.Length)];
            budget.Unpack(content.Length);
            if (content.Length > 0)
            {
                found.Add(new EmbeddedFile("file", content.ToArray()));
            }
        }

        return found;
    }
}

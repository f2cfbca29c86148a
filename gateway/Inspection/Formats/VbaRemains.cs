using System.Text;

namespace Sekisho.Inspection.Formats;

/// <summary>Finds VBA sources by their mark where no structure leads to them: Access databases, and compound files too broken to list.</summary>
internal static class VbaRemains
{
    private const int MaxModules = 500;
    private const int MaxSource = 4 << 20;
    private const int MaxInAll = 32 << 20;

    /// <summary>The sources in the octets as one project of storage <c>?</c>; null where there are none.</summary>
    /// <param name="octets">Any octets; containers that are cut in pieces give their first piece.</param>
    public static VbaProject? Find(ReadOnlySpan<byte> octets)
    {
        var modules = new List<VbaModule>();
        var left = MaxInAll;
        var at = 0;
        // "Attribute VB_Name", packed: nothing to copy in the first eight octets, so a flag octet of zero stands before them.
        while (modules.Count < MaxModules && left > 0 && octets[at..].IndexOf("\0Attribut"u8) is var mark and >= 0)
        {
            at += mark;
            if (at >= 3 && octets[at - 3] == 1)
            {
                try
                {
                    // The first chunks are enough to know it by; what stands behind a container's end is not part of it.
                    var source = VbaCompression.Decompress(octets[(at - 3)..], Math.Min(MaxSource, left), out _);
                    left -= source.Length;
                    var text = Encoding.Latin1.GetString(source);
                    modules.Add(new VbaModule(NameOf(text) ?? $"?{modules.Count + 1}", text, true));
                }
                catch (InvalidDataException)
                {
                    // A picture may hold these octets by chance.
                }
            }

            at++;
        }

        return modules.Count == 0 ? null : new VbaProject("?", 1252, modules, true);
    }

    private static string? NameOf(string source)
    {
        const string Mark = "Attribute VB_Name = \"";
        if (!source.StartsWith(Mark, StringComparison.Ordinal))
        {
            return null;
        }

        var end = source.IndexOf('"', Mark.Length);
        return end is > 0 and < 300 ? source[Mark.Length..end] : null;
    }
}

using System.Buffers.Binary;
using System.Runtime.InteropServices;

namespace Sekisho.Inspection.Formats;

/// <summary>Tells whether a module's compiled form does what its source does not say ("VBA stomping").</summary>
/// <remarks>The compiled form is made from the source, so every name and text in it stands in the source. The other way round says nothing: comments and new lines are not compiled.</remarks>
internal static class VbaStomping
{
    /// <summary>Shorter texts and names are anywhere.</summary>
    private const int Shortest = 3;
    private const int MaxEvidence = 5;
    private const int LongestEvidence = 100;

    private static readonly ulong Factor = BinaryPrimitives.ReadUInt64LittleEndian(System.Security.Cryptography.RandomNumberGenerator.GetBytes(8)) | 1;

    /// <summary>What the compiled form has and the source lacks, in words; null where the two agree.</summary>
    /// <param name="cache">The compiled form.</param>
    /// <param name="source">The source text; empty where it is gone.</param>
    public static string? Find(VbaCache cache, string source)
    {
        var words = new HashSet<ulong>();
        var hasCode = Words(source, words);
        var compiled = new Compiled(cache, words, source);
        compiled.Read();
        var missing = string.Join(", ", compiled.Missing);
        if (!hasCode)
        {
            return compiled.Statements == 0 ? null : $"no source, {compiled.Statements} compiled lines{(missing.Length == 0 ? "" : ": ")}{missing}";
        }

        return compiled.IsOther ? "compiled, but not in the source: " + missing : null;
    }

    /// <summary>Hashes of all words and texts in the source's code, letter case aside: what stands in a comment is not compiled. False for a source of attributes, comments and options only.</summary>
    private static bool Words(string source, HashSet<ulong> words)
    {
        var hasCode = false;
        foreach (var line in source.AsSpan().EnumerateLines())
        {
            var trimmed = line.TrimStart();
            hasCode |= trimmed.Length > 0 && trimmed[0] != '\'' && !trimmed.StartsWith("Attribute ", StringComparison.OrdinalIgnoreCase) && !trimmed.StartsWith("Option ", StringComparison.OrdinalIgnoreCase);
            for (var at = 0; at < line.Length && line[at] != '\'';)
            {
                if (line[at] == '"')
                {
                    at = AddText(line, at + 1, words);
                    continue;
                }

                var end = at;
                while (end < line.Length && IsWordCharacter(line[end]))
                {
                    end++;
                }

                if (end - at >= Shortest)
                {
                    words.Add(Hash(line[at..end]));
                }

                at = Math.Max(end, at + 1);
            }
        }

        return hasCode;
    }

    /// <summary>Adds the text that begins here; a doubled quotation mark in it stands for one. Gives the place behind it.</summary>
    private static int AddText(ReadOnlySpan<char> line, int at, HashSet<ulong> words)
    {
        var start = at;
        var doubled = false;
        for (; at < line.Length; at++)
        {
            if (line[at] != '"')
            {
                continue;
            }

            if (at + 1 >= line.Length || line[at + 1] != '"')
            {
                break;
            }

            doubled = true;
            at++;
        }

        var text = line[start..Math.Min(at, line.Length)];
        if (text.Length >= Shortest)
        {
            words.Add(Hash(doubled ? text.ToString().Replace("\"\"", "\"", StringComparison.Ordinal) : text));
        }

        return at + 1;
    }

    private static bool IsWordCharacter(char c) => c < 128 ? char.IsAsciiLetterOrDigit(c) || c == '_' : char.IsLetterOrDigit(c);

    /// <summary>A hash that leaves letter case aside. Every word of every module goes through it: a multiplication a letter by a number that nobody outside knows, instead of the runtime's own.</summary>
    private static ulong Hash(ReadOnlySpan<char> word)
    {
        var hash = Factor;
        foreach (var c in word)
        {
            hash = (hash + (c < 128 ? (uint)(char.IsAsciiLetterLower(c) ? c & 0x5F : c) : char.ToUpperInvariant(c))) * Factor;
        }

        return hash ^ (hash >> 32);
    }

    /// <summary>One pass over the compiled lines.</summary>
    private sealed class Compiled(VbaCache cache, HashSet<ulong> words, string source)
    {
        private readonly HashSet<ushort> seen = [];
        private readonly List<VbaInstruction> instructions = [];
        private HashSet<string>? starts;
        private int texts;
        private int names;

        /// <summary>Lines that do something: neither comment nor option nor left out by the compiler.</summary>
        public int Statements { get; private set; }

        /// <summary>Texts and names the source lacks, at most five.</summary>
        public List<string> Missing { get; } = [];

        /// <summary>True where this cannot be the source's compiled form. One name alone may be the editor's own.</summary>
        public bool IsOther => texts > 0 || names > 1;

        public void Read()
        {
            var left = cache.CodeLength;
            for (var i = 0; i < cache.LineCount && left > 0; i++)
            {
                var line = cache.Line(i, out _);
                left -= line.Length;
                // A line with something unknown in it may be read wrong: it proves nothing about names.
                if (line.IsEmpty)
                {
                    continue;
                }

                var isKnown = VbaPCode.Split(line, cache.Is64, instructions);
                var acts = false;
                foreach (ref readonly var instruction in CollectionsMarshal.AsSpan(instructions))
                {
                    acts |= instruction.Code is not (0xE0 or 0xE3 or 0xCD or 0x46 or 0xA6);
                    if (isKnown && Missing.Count < MaxEvidence)
                    {
                        Compare(instruction, line);
                    }
                }

                Statements += acts ? 1 : 0;
            }
        }

        private void Compare(in VbaInstruction instruction, ReadOnlySpan<byte> line)
        {
            if (instruction.Code == 0xB6)
            {
                Text(line.Slice(instruction.Text, instruction.TextLength));
            }
            else if (instruction.Code == 0x96)
            {
                // A word of this name may stand anywhere; only a procedure starts.
                var record = BinaryPrimitives.ReadUInt32LittleEndian(line[instruction.Operands..]);
                if (cache.DeclaredName(record) is { } name && VbaAutoStart.IsAutoStart(name)
                    && !(starts ??= new HashSet<string>(VbaAutoStart.Find(source), StringComparer.OrdinalIgnoreCase)).Contains(name))
                {
                    texts++;
                    Missing.Add($"Sub {name}");
                }
            }
            else if (VbaDisassembler.HasName(instruction.Code))
            {
                Name(BinaryPrimitives.ReadUInt16LittleEndian(line[instruction.Operands..]));
            }
        }

        private void Text(ReadOnlySpan<byte> octets)
        {
            if (octets.Length < Shortest)
            {
                return;
            }

            var longest = cache.Encoding.GetMaxCharCount(octets.Length);
            Span<char> buffer = longest <= 512 ? stackalloc char[longest] : new char[longest];
            var text = buffer[..cache.Encoding.GetChars(octets, buffer)];
            if (text.Length >= Shortest && !words.Contains(Hash(text)))
            {
                texts++;
                Missing.Add($"\"{text[..Math.Min(text.Length, LongestEvidence)]}\"");
            }
        }

        private void Name(ushort id)
        {
            if (!cache.Identifiers.IsOwn(id) || !seen.Add((ushort)(id & 0xFFFE)) || cache.Identifiers.Name(id) is not { Length: >= Shortest } name || words.Contains(Hash(name)))
            {
                return;
            }

            // Nobody writes a name that begins with an underscore (MS-VBAL section 3.3.5): those are the compiler's.
            foreach (var c in name)
            {
                if (!IsWordCharacter(c) || name[0] == '_')
                {
                    return;
                }
            }

            names++;
            Missing.Add(name);
        }
    }
}

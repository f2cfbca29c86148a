using System.Runtime.InteropServices;

namespace Sekisho.Inspection.Signatures;

/// <summary>Loads libyara and proves that it is understood: a rule with a known answer must give it, to the last offset.</summary>
internal static class YaraSelfTest
{
    private static readonly Lazy<string?> OfProcess = new(() => Examine(LibYara.Library));

    private const string Rule = """
        rule self_test : first second
        {
            meta:
                word = "value"
                number = -7
                truth = true
            strings:
                $absent = "not in there"
                $a = "needle"
                $b = { 00 ?? FF }
            condition:
                $absent or ($a and $b and file_name == "name.doc" and file_type == "Word" and part_path == "1/name.doc")
        }
        """;

    /// <summary>Why libyara cannot be used in this process; null where it can. Examined once.</summary>
    public static string? Fault => OfProcess.Value;

    /// <summary>Why a library cannot be used; null where it can.</summary>
    /// <param name="library">The name its loader knows.</param>
    public static string? Examine(string library)
    {
        if (!Environment.Is64BitProcess || !BitConverter.IsLittleEndian)
        {
            return "libyara is understood on 64-bit little-endian machines only.";
        }

        // Never unloaded: its functions are called as long as the process lives.
        if (!NativeLibrary.TryLoad(library, typeof(LibYara).Assembly, null, out _))
        {
            return $"{library} cannot be loaded. Get it with: apt-get install libyara9";
        }

        try
        {
            YaraException.ThrowUnless(LibYara.Initialize(), "begin");
            return Proved();
        }
        catch (Exception e) when (e is YaraException or DllNotFoundException or EntryPointNotFoundException)
        {
            return $"{library} cannot be used: {e.Message}";
        }
    }

    private static string? Proved()
    {
        using var compiler = new YaraCompiler();
        if (compiler.Add(System.Text.Encoding.UTF8.GetBytes(Rule), "self/test") is { } error)
        {
            return $"libyara fails its self-test: {error}";
        }

        var content = new byte[5000];
        content.AsSpan().Fill(0x20);
        "needle"u8.CopyTo(content.AsSpan(1234));
        new byte[] { 0, 0x41, 0xFF }.CopyTo(content.AsSpan(4321));
        using var rules = compiler.Build();
        var list = rules.List();
        using var scanner = new YaraScanner(rules, list);
        if (list.Values is not [var known] || scanner.Scan(content, new YaraNames("name.doc", "Word", "1/name.doc"), 10, out var code) is not [var match] || code != LibYara.Success)
        {
            return "libyara fails its self-test: the rule does not match.";
        }

        return known is { Name: "self_test", Space: "self/test", Tags: ["first", "second"] }
            && known.Metas is [{ Key: "word", Value: "value" }, { Key: "number", Value: -7L }, { Key: "truth", Value: true }]
            && match.Rule == known && match.Strings is [{ Name: "$a", Offset: 1234 }, { Name: "$b", Offset: 4321 }]
            ? null
            : "libyara fails its self-test: it is built otherwise than version 4.2, and its answers would be misread.";
    }
}

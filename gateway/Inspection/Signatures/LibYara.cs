using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace Sekisho.Inspection.Signatures;

/// <summary>The functions of libyara 4.2 that are used here, and the few fields of its structures that have no function to ask.</summary>
/// <remarks>
/// The offsets are those of a 64-bit machine. They were taken from the library's public headers; <see cref="YaraSelfTest"/> proves them at the first
/// use, so that a library built otherwise is refused instead of misread.
/// </remarks>
internal static unsafe partial class LibYara
{
    /// <summary>The name the loader looks for; Debian's package is libyara9.</summary>
    public const string Library = "libyara.so.9";

    /// <summary>Done (yara/error.h).</summary>
    public const int Success = 0;

    /// <summary>The time given to a scan was not enough.</summary>
    public const int ScanTimeout = 26;

    /// <summary>Looks for a string once where one match is enough for the condition; the condition's result stays the same.</summary>
    public const int FastMode = 1;

    /// <summary>Leaves signals alone: libyara's own handler for SIGSEGV and SIGBUS would take those that .NET needs on all other threads.</summary>
    public const int NoTryCatch = 4;

    /// <summary>Calls back for rules that match.</summary>
    public const int ReportMatching = 8;

    /// <summary>Message of the scan callback: a rule matches.</summary>
    public const int RuleMatching = 1;

    private const int MaxRules = 1_000_000;
    private const int StringIsLast = 0x1000;
    private const int StringIsPrivate = 0x100000;

    /// <summary>Must be called once in a process before anything else.</summary>
    [LibraryImport(Library, EntryPoint = "yr_initialize")]
    public static partial int Initialize();

    [LibraryImport(Library, EntryPoint = "yr_compiler_create")]
    public static partial int CreateCompiler(out nint compiler);

    [LibraryImport(Library, EntryPoint = "yr_compiler_destroy")]
    public static partial void DestroyCompiler(nint compiler);

    [LibraryImport(Library, EntryPoint = "yr_compiler_set_callback")]
    public static partial void SetCompilerCallback(YaraCompilerHandle compiler, delegate* unmanaged[Cdecl]<int, byte*, int, nint, byte*, nint, void> callback, nint user);

    /// <summary>With nulls: <c>include</c> becomes an error.</summary>
    [LibraryImport(Library, EntryPoint = "yr_compiler_set_include_callback")]
    public static partial void SetIncludeCallback(YaraCompilerHandle compiler, nint callback, nint free, nint user);

    [LibraryImport(Library, EntryPoint = "yr_compiler_define_string_variable", StringMarshalling = StringMarshalling.Utf8)]
    public static partial int DefineString(YaraCompilerHandle compiler, string name, string value);

    /// <summary>Compiles a text.</summary>
    /// <returns>The number of errors; after one the compiler can only be destroyed.</returns>
    [LibraryImport(Library, EntryPoint = "yr_compiler_add_string", StringMarshalling = StringMarshalling.Utf8)]
    public static partial int AddSource(YaraCompilerHandle compiler, byte* zeroTerminated, string space);

    [LibraryImport(Library, EntryPoint = "yr_compiler_get_rules")]
    public static partial int GetRules(YaraCompilerHandle compiler, out nint rules);

    [LibraryImport(Library, EntryPoint = "yr_rules_destroy")]
    public static partial int DestroyRules(nint rules);

    [LibraryImport(Library, EntryPoint = "yr_scanner_create")]
    public static partial int CreateScanner(nint rules, out nint scanner);

    [LibraryImport(Library, EntryPoint = "yr_scanner_destroy")]
    public static partial void DestroyScanner(nint scanner);

    [LibraryImport(Library, EntryPoint = "yr_scanner_set_callback")]
    public static partial void SetScannerCallback(YaraScannerHandle scanner, delegate* unmanaged[Cdecl]<nint, int, nint, nint, int> callback, nint user);

    /// <summary>Sets how long a scan may take, in whole seconds; 0 is without end.</summary>
    [LibraryImport(Library, EntryPoint = "yr_scanner_set_timeout")]
    public static partial void SetTimeout(YaraScannerHandle scanner, int seconds);

    [LibraryImport(Library, EntryPoint = "yr_scanner_set_flags")]
    public static partial void SetFlags(YaraScannerHandle scanner, int flags);

    [LibraryImport(Library, EntryPoint = "yr_scanner_define_string_variable", StringMarshalling = StringMarshalling.Utf8)]
    public static partial int SetString(YaraScannerHandle scanner, string name, string value);

    [LibraryImport(Library, EntryPoint = "yr_scanner_scan_mem")]
    public static partial int Scan(YaraScannerHandle scanner, byte* octets, nuint length);

    /// <summary>The rules of a compiled set (YR_RULES: the table at 8, their number at 64), private ones and those that others stand in for left out.</summary>
    /// <returns>Their addresses, which stay as long as the set; none where the number cannot be right.</returns>
    public static List<nint> RulesOf(nint rules)
    {
        const int RuleSize = 48;
        const int PrivateOrNone = 1 | 4;
        var found = new List<nint>();
        var table = Pointer(rules, 8);
        var count = *(uint*)(rules + 64);
        for (var i = 0; i < count && count <= MaxRules && table != 0; i++)
        {
            if ((*(int*)(table + (i * RuleSize)) & PrivateOrNone) == 0)
            {
                found.Add(table + (i * RuleSize));
            }
        }

        return found;
    }

    /// <summary>A rule's name (YR_RULE.identifier).</summary>
    public static string NameOf(nint rule) => Text(Pointer(rule, 8));

    /// <summary>A rule's namespace (YR_RULE.ns, YR_NAMESPACE.name).</summary>
    public static string SpaceOf(nint rule) => Text(Pointer(Pointer(rule, 40), 0));

    /// <summary>A rule's tags (YR_RULE.tags): texts one behind the other, an empty one last.</summary>
    public static List<string> TagsOf(nint rule)
    {
        var tags = new List<string>();
        for (var at = (byte*)Pointer(rule, 16); at is not null && *at != 0;)
        {
            var octets = MemoryMarshal.CreateReadOnlySpanFromNullTerminated(at);
            tags.Add(System.Text.Encoding.UTF8.GetString(octets));
            at += octets.Length + 1;
        }

        return tags;
    }

    /// <summary>A rule's metas (YR_META: identifier 0, string 8, integer 16, type 24, flags 28; 32 octets each); a text, a whole number or a truth value each.</summary>
    public static List<KeyValuePair<string, object>> MetasOf(nint rule)
    {
        var metas = new List<KeyValuePair<string, object>>();
        for (var meta = Pointer(rule, 24); meta != 0; meta += 32)
        {
            var number = *(long*)(meta + 16);
            object value = *(int*)(meta + 24) switch { 2 => Text(Pointer(meta, 8)), 3 => number != 0, _ => number };
            metas.Add(new(Text(Pointer(meta, 0)), value));
            if ((*(int*)(meta + 28) & 1) != 0)
            {
                break;
            }
        }

        return metas;
    }

    /// <summary>Where the strings of a matching rule stand, the first place of each.</summary>
    /// <param name="context">What the scan callback got: YR_SCAN_CONTEXT, its matches at 160, one YR_MATCHES (24 octets, the first match at 0) a string.</param>
    /// <param name="rule">The rule: its strings at 32, a YR_STRING (56 octets: flags 0, index 4, identifier 48) each.</param>
    /// <param name="most">How many strings at most.</param>
    public static List<YaraStringMatch> StringsOf(nint context, nint rule, int most)
    {
        var found = new List<YaraStringMatch>();
        var matches = Pointer(context, 160);
        for (var text = Pointer(rule, 32); text != 0 && matches != 0 && found.Count < most; text += 56)
        {
            var flags = *(int*)text;
            var match = Pointer(matches + ((nint)(*(uint*)(text + 4)) * 24), 0);
            if (match != 0 && (flags & StringIsPrivate) == 0)
            {
                found.Add(new YaraStringMatch(Text(Pointer(text, 48)), *(long*)match + *(long*)(match + 8)));
            }

            if ((flags & StringIsLast) != 0)
            {
                break;
            }
        }

        return found;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static nint Pointer(nint structure, int offset) => *(nint*)(structure + offset);

    private static string Text(nint text) => Marshal.PtrToStringUTF8(text) ?? "";
}

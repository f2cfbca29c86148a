using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace Sekisho.Inspection.Signatures;

/// <summary>Makes compiled rules of texts. <c>include</c> is an error: a rule file stands for itself.</summary>
internal sealed unsafe class YaraCompiler : IDisposable
{
    private readonly YaraCompilerHandle handle = YaraCompilerHandle.Create();
    private readonly List<string> errors = [];
    private GCHandle self;
    private long length;

    /// <exception cref="YaraException">There is no memory.</exception>
    public YaraCompiler()
    {
        self = GCHandle.Alloc(errors);
        LibYara.SetCompilerCallback(handle, &OnMessage, GCHandle.ToIntPtr(self));
        LibYara.SetIncludeCallback(handle, 0, 0, 0);
        foreach (var (name, _) in new YaraNames("", "", "").All())
        {
            YaraException.ThrowUnless(LibYara.DefineString(handle, name, ""), $"define {name}");
        }
    }

    /// <summary>Compiles one file's text. After an error nothing more can be done with this compiler.</summary>
    /// <param name="source">UTF-8, without a byte order mark and without NUL.</param>
    /// <param name="space">The namespace its rules stand in: rules see those of the same one only.</param>
    /// <returns>The first error, with its line; null where there is none.</returns>
    public string? Add(byte[] source, string space)
    {
        var terminated = new byte[source.Length + 1];
        source.CopyTo(terminated, 0);
        length += source.Length;
        int count;
        fixed (byte* text = terminated)
        {
            count = LibYara.AddSource(handle, text, space);
        }

        return count == 0 && errors.Count == 0 ? null : errors.Count > 0 ? errors[0] : "The rules cannot be compiled.";
    }

    /// <summary>The compiled rules; they do not need this compiler any more.</summary>
    /// <exception cref="YaraException">They cannot be put together: there is no memory, or they are too many.</exception>
    public YaraRulesHandle Build()
    {
        YaraException.ThrowUnless(LibYara.GetRules(handle, out var rules), "put the rules together");

        // Measured: about eight octets for one of the text, and one mebibyte of tables.
        return new YaraRulesHandle(rules, (1 << 20) + (8 * length));
    }

    /// <inheritdoc />
    public void Dispose()
    {
        handle.Dispose();
        if (self.IsAllocated)
        {
            self.Free();
        }
    }

    [UnmanagedCallersOnly(CallConvs = [typeof(CallConvCdecl)])]
    private static void OnMessage(int level, byte* file, int line, nint rule, byte* message, nint user)
    {
        // Level 1 is a warning. Nothing may be thrown through libyara's frames.
        try
        {
            if (level == 0 && GCHandle.FromIntPtr(user).Target is List<string> { Count: < 10 } errors)
            {
                errors.Add($"line {line}: {Marshal.PtrToStringUTF8((nint)message)}");
            }
        }
        catch (Exception e) when (e is OutOfMemoryException or ArgumentException)
        {
        }
    }
}

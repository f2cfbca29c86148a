using System.Collections.Frozen;
using System.Runtime.InteropServices;

namespace Sekisho.Inspection.Signatures;

/// <summary>Owns a compiler.</summary>
internal sealed class YaraCompilerHandle() : SafeHandle(0, ownsHandle: true)
{
    /// <inheritdoc />
    public override bool IsInvalid => handle == 0;

    /// <exception cref="YaraException">There is no memory.</exception>
    public static YaraCompilerHandle Create()
    {
        var made = new YaraCompilerHandle();
        YaraException.ThrowUnless(LibYara.CreateCompiler(out var compiler), "make a compiler");
        made.SetHandle(compiler);
        return made;
    }

    /// <inheritdoc />
    protected override bool ReleaseHandle()
    {
        LibYara.DestroyCompiler(handle);
        return true;
    }
}

/// <summary>Owns compiled rules. Every scanner holds it, so that they are freed after the last scan that uses them.</summary>
internal sealed class YaraRulesHandle : SafeHandle
{
    private static int alive;

    private readonly long size;

    /// <param name="rules">What libyara made.</param>
    /// <param name="size">About how many octets it holds, so that the collector knows there is something to gain.</param>
    public YaraRulesHandle(nint rules, long size)
        : base(0, ownsHandle: true)
    {
        SetHandle(rules);
        this.size = size;
        GC.AddMemoryPressure(size);
        Interlocked.Increment(ref alive);
    }

    /// <summary>How many sets of compiled rules this process holds.</summary>
    public static int Alive => alive;

    /// <summary>Its rules by their address.</summary>
    public FrozenDictionary<nint, CompiledRule> List()
    {
        var holds = false;
        try
        {
            DangerousAddRef(ref holds);
            return LibYara.RulesOf(handle).ToFrozenDictionary(rule => rule, CompiledRule.Read);
        }
        finally
        {
            if (holds)
            {
                DangerousRelease();
            }
        }
    }

    /// <inheritdoc />
    public override bool IsInvalid => handle == 0;

    /// <inheritdoc />
    protected override bool ReleaseHandle()
    {
        Interlocked.Decrement(ref alive);
        GC.RemoveMemoryPressure(size);
        return LibYara.DestroyRules(handle) == LibYara.Success;
    }
}

/// <summary>Owns a scanner, which serves one scan at a time.</summary>
internal sealed class YaraScannerHandle : SafeHandle
{
    private readonly YaraRulesHandle rules;
    private readonly bool holds;

    /// <exception cref="YaraException">There is no memory.</exception>
    public YaraScannerHandle(YaraRulesHandle rules)
        : base(0, ownsHandle: true)
    {
        this.rules = rules;
        rules.DangerousAddRef(ref holds);
        YaraException.ThrowUnless(LibYara.CreateScanner(rules.DangerousGetHandle(), out var scanner), "make a scanner");
        SetHandle(scanner);
    }

    // Never invalid, so that the hold on the rules is given back even where the scanner could not be made.

    /// <inheritdoc />
    public override bool IsInvalid => !holds;

    /// <inheritdoc />
    protected override bool ReleaseHandle()
    {
        if (handle != 0)
        {
            LibYara.DestroyScanner(handle);
        }

        rules.DangerousRelease();
        return true;
    }
}

/// <summary>libyara refused something that is not a rule's fault.</summary>
internal sealed class YaraException(string message) : Exception(message)
{
    /// <exception cref="YaraException">The code is not <see cref="LibYara.Success"/>.</exception>
    public static void ThrowUnless(int code, string what)
    {
        if (code != LibYara.Success)
        {
            throw new YaraException($"libyara could not {what} (error {code}).");
        }
    }
}

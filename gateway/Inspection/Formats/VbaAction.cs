namespace Sekisho.Inspection.Formats;

/// <summary>What a macro does to the world outside its document.</summary>
public enum VbaActionKind
{
    /// <summary>It starts a program, or a command of a shell.</summary>
    RunsProgram,

    /// <summary>It opens something harmless: a folder, Notepad, a page for people to read.</summary>
    OpensProgram,

    /// <summary>It fetches something from the network.</summary>
    Downloads,

    /// <summary>It writes a file that is a program or script, or puts one where programs start by themselves.</summary>
    WritesProgram,

    /// <summary>It writes some other file.</summary>
    WritesFile,

    /// <summary>It puts machine code into memory and has it run.</summary>
    InjectsCode,

    /// <summary>It changes macro code, or the settings that protect from macros.</summary>
    TouchesProtection,

    /// <summary>It makes an object by a name that cannot be worked out.</summary>
    UnknownObject,
}

/// <summary>An action of a macro.</summary>
/// <param name="Kind">What it is.</param>
/// <param name="Reach">How it comes to run.</param>
/// <param name="Path">From the start to the action: <c>Document_Open -> Hx1</c>.</param>
/// <param name="What">The action with its arguments as far as they can be worked out, a question mark for what cannot; at most 300 characters.</param>
public sealed record VbaAction(VbaActionKind Kind, VbaReach Reach, string Path, string What)
{
    /// <inheritdoc />
    public override string ToString() => $"{Path} -> {What}";
}

namespace Sekisho.Inspection.Formats;

/// <summary>What the code of a VBA project would do, found without running it.</summary>
public sealed class VbaBehaviour
{
    private VbaBehaviour(VbaCode code, VbaInterpreter interpreter, VbaObfuscation obfuscation)
    {
        Actions = interpreter.Actions;
        Starts = [.. code.Procedures.Where(p => p.Reach == VbaReach.SelfStart && p.From is null).Select(p => $"{p.Module.Name}.{p.Name}").Take(50)];
        ReadsStorage = interpreter.ReadsStorage;
        IsCut = code.IsCut;
        Obfuscation = obfuscation;
    }

    /// <summary>What it does to the outside, at most 200, those of a self-start first.</summary>
    public IReadOnlyList<VbaAction> Actions { get; }

    /// <summary>Procedures that start by themselves, as <c>module.procedure</c>; at most 50.</summary>
    public IReadOnlyList<string> Starts { get; }

    /// <summary>True where what starts by itself reads texts out of forms, properties or cells.</summary>
    public bool ReadsStorage { get; }

    /// <summary>True where there is more code than is taken apart.</summary>
    public bool IsCut { get; }

    /// <summary>How much the code is made not to be read.</summary>
    internal VbaObfuscation Obfuscation { get; }

    /// <summary>Follows a project's code. Bounded in steps and in size; throws nothing.</summary>
    /// <param name="project">The project.</param>
    /// <param name="surroundings">The document around it.</param>
    internal static VbaBehaviour Of(VbaProject project, VbaSurroundings surroundings)
    {
        var code = new VbaCode(project, surroundings);
        var interpreter = new VbaInterpreter(code, surroundings);
        interpreter.Follow();
        return new VbaBehaviour(code, interpreter, VbaObfuscation.Measure(project, code, interpreter));
    }
}

namespace Sekisho.Inspection.Formats;

/// <summary>A Sub, Function or Property of a module.</summary>
internal sealed class VbaProcedure(VbaModuleCode module, string name, string key, bool isPrivate, bool isFunction)
{
    /// <summary>As written.</summary>
    public readonly string Name = name;

    /// <summary>Lower case.</summary>
    public readonly string Key = key;
    public readonly VbaModuleCode Module = module;
    public readonly bool IsPrivate = isPrivate;
    public readonly bool IsFunction = isFunction;
    public readonly List<(string Name, bool IsByValue)> Parameters = [];
    public VbaStatement[] Body = [];

    /// <summary>Names that its text mentions, those of members with a dot in front: whatever it may call.</summary>
    public readonly HashSet<string> Mentions = new(StringComparer.Ordinal);

    /// <summary>Short texts in it, among them names of procedures for OnTime and Run.</summary>
    public readonly HashSet<string> Texts = new(StringComparer.Ordinal);

    /// <summary>Set once it has been entered.</summary>
    public bool IsEntered;

    /// <summary>How often it has been entered.</summary>
    public int Entries;

    /// <summary>Who starts it, or what leads to it.</summary>
    public VbaReach Reach;

    /// <summary>Who leads to it; null for a start of its own.</summary>
    public VbaProcedure? From;
}

/// <summary>How code comes to run.</summary>
public enum VbaReach
{
    /// <summary>Nothing seen leads there.</summary>
    None,

    /// <summary>Somebody has to choose it: a button, the list of macros, a formula in a cell.</summary>
    User,

    /// <summary>By itself, when the document is opened, shown or closed.</summary>
    SelfStart,
}

/// <summary>A function of a DLL that a module declares (MS-VBAL section 5.2.3.5).</summary>
/// <param name="Library">The DLL, lower case.</param>
/// <param name="Function">Its true name there, as written.</param>
internal sealed record VbaDeclaration(string Library, string Function);

/// <summary>The code of one module.</summary>
internal sealed class VbaModuleCode(string name)
{
    /// <summary>As written.</summary>
    public readonly string Name = name;
    public readonly string Key = name.ToLowerInvariant();

    /// <summary>True for a form: its events need somebody to show it.</summary>
    public bool IsForm;

    /// <summary>True for a class, which an object must be made of.</summary>
    public bool IsClass;

    /// <summary>True for the module of a document, workbook, sheet or slide.</summary>
    public bool IsDocument;
    public readonly List<VbaProcedure> Procedures = [];

    /// <summary>Variables of the module, and constants with their values still to be worked out.</summary>
    public readonly Dictionary<string, VbaDeclare> Variables = new(StringComparer.Ordinal);
    public readonly Dictionary<string, VbaDeclaration> Declarations = new(StringComparer.Ordinal);

    /// <summary>What its variables hold while it is followed.</summary>
    public readonly Dictionary<string, object?> Values = new(StringComparer.Ordinal);
}

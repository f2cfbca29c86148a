namespace Sekisho.Inspection.Formats;

/// <summary>How a module is kept from the eyes of who opens the editor.</summary>
public enum VbaHiding
{
    /// <summary>It is not.</summary>
    None,

    /// <summary>Its stream stands in the storage, but the project's directory does not list it.</summary>
    NotInDirectory,

    /// <summary>The directory lists it, so it runs, but the <c>PROJECT</c> stream does not, so the editor does not show it.</summary>
    NotInProject,
}

/// <summary>One module of a VBA project.</summary>
/// <param name="Name">Its name; the stream's where the project does not say.</param>
/// <param name="Source">Its source text in the project's code page; empty where it was removed or could not be read.</param>
/// <param name="IsDamaged">True where the source could not be unpacked whole.</param>
public sealed record VbaModule(string Name, string Source, bool IsDamaged)
{
    /// <summary>Whether, and how, it is hidden.</summary>
    public VbaHiding Hiding { get; init; }

    /// <summary>What its compiled form does and its source does not say; null where the two agree, or where there is no compiled form that could be read.</summary>
    public string? Stomping { get; init; }

    /// <summary>The compiled form written out as VBA, as far as it is understood; null where there is none. Made when first asked for.</summary>
    public string? PCode => Cache?.Text;

    /// <summary>All that Office may run: the source, and behind it the compiled form where that one says something else.</summary>
    public string Code => Stomping is null || PCode is null ? Source : Source.Length == 0 ? PCode : $"{Source}\r\n{PCode}";

    /// <summary>The compiled form; null where there is none.</summary>
    internal VbaCache? Cache { get; init; }
}

namespace Sekisho.SampleMaker.Catalogue;

/// <summary>All samples by subject; what is expected of each stands under <c>tests/samples</c>.</summary>
public static class Subjects
{
    /// <summary>Subject, which is the name of a folder, and its samples.</summary>
    public static IReadOnlyDictionary<string, IReadOnlyList<Sample>> All { get; } = new Dictionary<string, IReadOnlyList<Sample>>
    {
        ["types"] = Types.Samples,
        ["names"] = Names.Samples,
        ["mime"] = Mime.Samples,
        ["archives"] = [.. Archives.Samples, .. DiskImages.Samples],
        ["passwords"] = Passwords.Samples,
        ["vba"] = Vba.Samples,
        ["xlm"] = Xlm.Samples,
        ["carriers"] = [.. Carriers.Samples, .. Documents.Samples, .. Pages.Samples],
        ["padding"] = Padding.Samples,
        ["links"] = Links.Samples,
        ["japanese"] = Japanese.Samples,
    };
}

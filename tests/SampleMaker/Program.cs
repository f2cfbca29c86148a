namespace Sekisho.SampleMaker;

/// <summary>Writes the catalogue out as files, for trying by hand: <c>dotnet run --project tests/SampleMaker -- FOLDER</c>.</summary>
internal static class Program
{
    private static int Main(string[] arguments)
    {
        if (arguments is not [var folder])
        {
            Console.Error.WriteLine("Usage: dotnet run --project tests/SampleMaker -- FOLDER");
            return 2;
        }

        foreach (var (subject, samples) in Catalogue.Subjects.All)
        {
            var into = Directory.CreateDirectory(Path.Combine(folder, subject)).FullName;
            foreach (var sample in samples)
            {
                File.WriteAllBytes(Path.Combine(into, $"{sample.Name}.{sample.Extension}"), sample.Octets());
            }

            Console.Out.WriteLine($"{into}: {samples.Count}");
        }

        return 0;
    }
}

using System.Globalization;
using System.Runtime.InteropServices;
using System.Text;
using System.Text.Json;
using Sekisho.Store;

namespace Sekisho.Signatures;

/// <summary>An update, import or roll-back that was refused; what was in force stays in force.</summary>
public sealed class SignatureException(string message, Exception? inner = null) : IOException(message, inner);

/// <summary>What is known of a generation beside its files.</summary>
/// <param name="From">Where it came from.</param>
/// <param name="CreatedAt">When it was installed.</param>
/// <param name="BundleCreatedAt">When the last signed bundle was made that was taken; null where there was none.</param>
/// <param name="Own">Files that were imported here and survive updates, relative to the generation's folder.</param>
public sealed record GenerationFacts(string From, DateTimeOffset CreatedAt, DateTimeOffset? BundleCreatedAt, IReadOnlyList<string> Own);

/// <summary>
/// The folder <c>HOME/signatures</c>: numbered generations, each with <c>yara/</c>, <c>indicators/</c> and <c>lists/</c>, and the link <c>current</c> to the one
/// in force. Without that link the folder itself is what is in force.
/// </summary>
public sealed class SignatureHome(string home)
{
    /// <summary>Folders of a generation that hold signatures.</summary>
    public static readonly string[] Rooms = ["yara", "indicators", "lists"];

    private const string FactsName = "generation.json";
    private const int Kept = 5;

    /// <summary>Signatures are no secret, and the gateway may run as another user than who updates them.</summary>
    private const UnixFileMode FileMode644 = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.GroupRead | UnixFileMode.OtherRead;
    private const UnixFileMode FolderMode755 = FileMode644 | UnixFileMode.UserExecute | UnixFileMode.GroupExecute | UnixFileMode.OtherExecute;

    private static readonly JsonSerializerOptions Json = new() { PropertyNamingPolicy = JsonNamingPolicy.CamelCase, WriteIndented = true };

    /// <summary><c>HOME/signatures</c>.</summary>
    public string Folder { get; } = Path.Combine(home, "signatures");

    /// <summary>What is shipped beside the program, and always in force with the rest.</summary>
    public static string Shipped => Path.Combine(AppContext.BaseDirectory, "signatures");

    /// <summary>The folder whose signatures are in force here; it need not exist.</summary>
    public string InForce => Directory.Exists(Link) ? Link : Folder;

    /// <summary>The generation in force; 0 where there is none.</summary>
    public int Current => new FileInfo(Link).LinkTarget is { } target && int.TryParse(Path.GetFileName(target), NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : 0;

    /// <summary>Generations that can be rolled back to, oldest first.</summary>
    public IReadOnlyList<int> Generations => !Directory.Exists(Folder) ? []
        : [.. Directory.EnumerateDirectories(Folder).Select(Path.GetFileName).Where(n => n is { Length: 6 } && n.All(char.IsAsciiDigit)).Select(n => int.Parse(n!, CultureInfo.InvariantCulture)).Order()];

    /// <summary>Keys whose bundles are believed.</summary>
    public string TrustedKeys => Path.Combine(Folder, "trusted-keys");

    private string Link => Path.Combine(Folder, "current");

    /// <summary>Keeps everybody else from changing generations until it is disposed.</summary>
    /// <exception cref="SignatureException">Another update is under way.</exception>
    public IDisposable Lock()
    {
        DurableFile.MakeFolder(Folder);
        try
        {
            SetMode(Folder, FolderMode755);
        }
        catch (UnauthorizedAccessException)
        {
            // It is somebody else's, who may have reasons.
        }

        try
        {
            return DurableFile.Open(Path.Combine(Folder, "lock"), FileMode.OpenOrCreate);
        }
        catch (IOException e)
        {
            throw new SignatureException($"Another update of {Folder} is under way.", e);
        }
    }

    /// <summary>An empty folder on the same disk, to be filled and then installed. What earlier attempts left is removed.</summary>
    public string Stage()
    {
        var stage = Path.Combine(Folder, ".new");
        if (Directory.Exists(stage))
        {
            Directory.Delete(stage, recursive: true);
        }

        DurableFile.MakeFolder(stage);
        foreach (var room in Rooms)
        {
            DurableFile.MakeFolder(Path.Combine(stage, room));
        }

        return stage;
    }

    /// <summary>The facts of a generation; null where it has none.</summary>
    public GenerationFacts? Facts(int number)
    {
        var file = Path.Combine(PathOf(number), FactsName);
        try
        {
            return File.Exists(file) ? JsonSerializer.Deserialize<GenerationFacts>(File.ReadAllBytes(file), Json) : null;
        }
        catch (JsonException e)
        {
            throw new SignatureException($"{file} is damaged: {e.Message}", e);
        }
    }

    /// <summary>The number that the next generation gets.</summary>
    public int Next => Generations.LastOrDefault() + 1;

    /// <summary>Makes a stage the next generation, durable on the disk, but not yet in force.</summary>
    public void Install(string stage, int number, GenerationFacts facts)
    {
        File.WriteAllBytes(Path.Combine(stage, FactsName), JsonSerializer.SerializeToUtf8Bytes(facts, Json));
        foreach (var file in Directory.EnumerateFiles(stage, "*", SearchOption.AllDirectories))
        {
            // A copy has its original's mode: 0444 from a read-only disk could not be opened here.
            SetMode(file, FileMode644);
            using var stream = new FileStream(file, FileMode.Open, FileAccess.ReadWrite);
            stream.Flush(flushToDisk: true);
        }

        foreach (var folder in Directory.EnumerateDirectories(stage, "*", SearchOption.AllDirectories).Append(stage))
        {
            SetMode(folder, FolderMode755);
            DurableFile.SyncFolder(Path.Combine(folder, "."));
        }

        Directory.Move(stage, PathOf(number));
        DurableFile.SyncFolder(PathOf(number));
    }

    /// <summary>Puts a generation in force, in one step. Old ones beyond the last five are removed, but never the one just left.</summary>
    public void Switch(int number)
    {
        var left = Current;
        var next = Link + ".new";
        File.Delete(next);
        File.CreateSymbolicLink(next, Name(number));
        if (rename(Encoding.UTF8.GetBytes(next + "\0"), Encoding.UTF8.GetBytes(Link + "\0")) != 0)
        {
            throw new SignatureException($"{Link} cannot be replaced: {Marshal.GetLastPInvokeErrorMessage()}");
        }

        DurableFile.SyncFolder(Link);
        foreach (var old in Generations.Where(g => g != number && g != left).SkipLast(left > 0 && left != number ? Kept - 2 : Kept - 1).ToList())
        {
            Directory.Delete(PathOf(old), recursive: true);
        }
    }

    /// <summary>A generation's folder.</summary>
    public string PathOf(int number) => Path.Combine(Folder, Name(number));

    private static void SetMode(string path, UnixFileMode mode)
    {
        if (!OperatingSystem.IsWindows())
        {
            File.SetUnixFileMode(path, mode);
        }
    }

    private static string Name(int number) => number.ToString("D6", CultureInfo.InvariantCulture);

    // .NET moves no links that lead to folders.
    [DllImport("libc", EntryPoint = "rename", SetLastError = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int rename(byte[] from, byte[] to);
}

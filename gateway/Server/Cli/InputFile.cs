namespace Sekisho.Cli;

/// <summary>Opens a file that an admin named, or says what is wrong with the name.</summary>
internal static class InputFile
{
    /// <summary>The file, to be read; null where it cannot be, and the reason is on standard error.</summary>
    public static FileStream? Open(FileInfo file)
    {
        string ja, en;
        try
        {
            if (!Directory.Exists(file.FullName))
            {
                return new FileStream(file.FullName, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
            }

            (ja, en) = ("ファイルではなくフォルダーです。", "It is a folder, not a file.");
        }
        catch (Exception e) when (e is FileNotFoundException or DirectoryNotFoundException)
        {
            (ja, en) = ("ファイルが見つかりません。", "There is no such file.");
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            (ja, en) = ("ファイルを開けません。", $"It cannot be opened: {e.Message}");
        }

        Console.Error.WriteLine(Answer.Shown($"{file}: {ja} {en}"));
        return null;
    }
}

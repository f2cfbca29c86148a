using System.Globalization;
using System.Runtime.InteropServices;
using System.Security.Cryptography;
using System.Text;
using Sekisho.Inspection.Messages;

namespace Sekisho.Delivery;

/// <summary>Puts letters into local Maildirs, <c>ROOT/domain/user/{tmp,new,cur}</c>, durable before it says so; the same letter again replaces itself.</summary>
/// <param name="root">The folder of all Maildirs.</param>
/// <param name="hostName">This gateway's name: part of every file name, and the domain of addresses that have none.</param>
internal sealed class Maildir(string root, string hostName)
{
    /// <summary>Characters of one folder name; file systems take 255.</summary>
    private const int LongestName = 200;

    private readonly string safeHost = SafeName(hostName);

    /// <summary>Delivers for each recipient by itself.</summary>
    /// <param name="envelope">What SMTP said.</param>
    /// <param name="positions">Recipients: indexes in the envelope.</param>
    /// <param name="content">The octets; written as they are, CRLF included, so that signatures still verify.</param>
    /// <param name="mayBeRepeat">True when an earlier attempt may have come through before a crash.</param>
    /// <param name="cancel">Ends the reading.</param>
    /// <returns>One answer for each of the positions.</returns>
    public async Task<IReadOnlyList<RecipientReply>> DeliverAsync(
        Envelope envelope, IReadOnlyList<int> positions, MessageContent content, bool mayBeRepeat, CancellationToken cancel)
    {
        List<RecipientReply> answers = new(positions.Count);
        foreach (var position in positions)
        {
            try
            {
                await DeliverAsync(envelope, envelope.Recipients[position].Address, content, mayBeRepeat, cancel).ConfigureAwait(false);
                answers.Add(new RecipientReply(ReplyKind.Delivered, "250 2.0.0 in the Maildir", "maildir"));
            }
            catch (Exception e) when (e is IOException or UnauthorizedAccessException)
            {
                answers.Add(new RecipientReply(ReplyKind.Temporary, "451 4.2.0 cannot write to the Maildir: " + e.Message, "maildir"));
            }
        }

        return answers;
    }

    /// <summary>The Maildir of an address.</summary>
    internal string FolderOf(string address)
    {
        var at = address.LastIndexOf('@');
        var user = at < 0 ? address : address[..at];
        return Path.Combine(root, SafeName(RouteTable.DomainOf(address, hostName)), SafeName(user.ToLowerInvariant()));
    }

    private async Task DeliverAsync(Envelope envelope, string address, MessageContent content, bool mayBeRepeat, CancellationToken cancel)
    {
        var folder = FolderOf(address);
        var (inTmp, inNew, inCur) = (Path.Combine(folder, "tmp"), Path.Combine(folder, "new"), Path.Combine(folder, "cur"));
        if (!Directory.Exists(inNew))
        {
            Directory.CreateDirectory(inTmp);
            Directory.CreateDirectory(inCur);
            Directory.CreateDirectory(inNew);
            Flush(folder);
            Flush(Path.GetDirectoryName(folder)!);
            Flush(root);
        }

        // The name comes from the letter alone: a repeat after a crash meets its own file.
        var name = string.Create(CultureInfo.InvariantCulture, $"{envelope.ReceivedAt.ToUnixTimeSeconds()}.{envelope.Id:N}.{safeHost}");
        if (mayBeRepeat && Directory.EnumerateFiles(inCur, name + "*").Any())
        {
            return;
        }

        var temporary = Path.Combine(inTmp, name);
        var mode = new FileStreamOptions { Mode = FileMode.Create, Access = FileAccess.Write, BufferSize = 0 };
        if (!OperatingSystem.IsWindows())
        {
            mode.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        }

        var file = new FileStream(temporary, mode);
        await using (file.ConfigureAwait(false))
        {
            file.Write(Encoding.UTF8.GetBytes($"Return-Path: <{OneLine(envelope.Sender)}>\r\nDelivered-To: {OneLine(address)}\r\n"));
            await foreach (var chunk in content.ChunksAsync(cancel).ConfigureAwait(false))
            {
                file.Write(chunk.Span);
            }

            file.Flush(flushToDisk: true);
        }

        File.Move(temporary, Path.Combine(inNew, name), overwrite: true);
        Flush(inNew);
    }

    /// <summary>A name that can only be one folder below: letters, digits and a few signs as they are, everything else as %XX.</summary>
    internal static string SafeName(string name)
    {
        var safe = new StringBuilder(name.Length);
        foreach (var octet in Encoding.UTF8.GetBytes(name))
        {
            var plain = char.IsAsciiLetterOrDigit((char)octet) || "+-=_@".Contains((char)octet, StringComparison.Ordinal) || (octet == '.' && safe.Length > 0);
            _ = plain ? safe.Append((char)octet) : safe.Append(CultureInfo.InvariantCulture, $"%{octet:X2}");
        }

        if (safe.Length == 0)
        {
            return "%";
        }

        if (safe.Length <= LongestName)
        {
            return safe.ToString();
        }

        var digest = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(name)), 0, 16);
        return safe.ToString(0, LongestName - digest.Length - 1) + "~" + digest;
    }

    private static string OneLine(string text) => new([.. text.Where(static c => !char.IsControl(c))]);

    /// <summary>Makes a rename durable: on Linux a folder is flushed like a file, which .NET has no call for.</summary>
    private static void Flush(string folder)
    {
        if (!OperatingSystem.IsLinux())
        {
            return;
        }

        var handle = Open(folder, 0);
        if (handle < 0)
        {
            throw new IOException($"cannot open {folder}: error {Marshal.GetLastPInvokeError()}");
        }

        var result = Fsync(handle);
        var error = Marshal.GetLastPInvokeError();
        _ = Close(handle);
        if (result != 0)
        {
            throw new IOException($"cannot flush {folder}: error {error}");
        }
    }

    [DllImport("libc", EntryPoint = "open", SetLastError = true)]
    private static extern int Open([MarshalAs(UnmanagedType.LPUTF8Str)] string path, int flags);

    [DllImport("libc", EntryPoint = "fsync", SetLastError = true)]
    private static extern int Fsync(int handle);

    [DllImport("libc", EntryPoint = "close", SetLastError = true)]
    private static extern int Close(int handle);
}

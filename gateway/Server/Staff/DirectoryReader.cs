using System.Text;
using Sekisho.Inspection.Senders;
using Sekisho.Options;

namespace Sekisho.Staff;

/// <summary>What a directory said.</summary>
/// <param name="Server">Which one it was.</param>
/// <param name="Entries">Entries that the filter found.</param>
/// <param name="Members">Those with an address.</param>
/// <param name="Elapsed">How long it took.</param>
public sealed record DirectoryContent(string Server, int Entries, IReadOnlyList<StaffMember> Members, TimeSpan Elapsed);

/// <summary>Reads all people, groups and mailboxes of the directory, of the first server that answers.</summary>
public static class DirectoryReader
{
    /// <summary>How long one server may take with all of it.</summary>
    public static readonly TimeSpan AllTime = TimeSpan.FromMinutes(5);

    private const int MaxPassword = 1024;

    /// <summary>Reads it.</summary>
    /// <param name="options">The settings, checked.</param>
    /// <param name="time">The clock.</param>
    /// <param name="cancel">Ends the reading.</param>
    /// <exception cref="DirectoryException">No server gave it, each with what failed there; the fault is the last one's.</exception>
    public static async Task<DirectoryContent> ReadAsync(StaffOptions options, TimeProvider time, CancellationToken cancel)
    {
        var failed = new List<DirectoryException>();
        foreach (var server in options.Servers.Select(LdapServer.TryParse).OfType<LdapServer>())
        {
            using var alarm = new CancellationTokenSource(AllTime, time);
            using var both = CancellationTokenSource.CreateLinkedTokenSource(cancel, alarm.Token);
            try
            {
                return await ReadAsync(server, options, time, both.Token);
            }
            catch (OperationCanceledException) when (!cancel.IsCancellationRequested)
            {
                failed.Add(new DirectoryException(DirectoryFault.Silent, server.ToString(), $"{AllTime.TotalMinutes:0} min"));
            }
            catch (DirectoryException e) when (e.MayDoBetterElsewhere)
            {
                failed.Add(e);
            }
        }

        throw failed.Count == 0 ? new DirectoryException(DirectoryFault.Unreachable, "Staff:Servers") : DirectoryException.Of(failed);
    }

    private static async Task<DirectoryContent> ReadAsync(LdapServer server, StaffOptions options, TimeProvider time, CancellationToken cancel)
    {
        var started = time.GetTimestamp();
        var password = Password(options, server);
        await using var connection = await LdapConnection.OpenAsync(server, options, time, cancel);
        await connection.BindAsync(options.BindDn, password, cancel);
        var seen = new HashSet<string>(StringComparer.OrdinalIgnoreCase);
        var members = new List<StaffMember>();
        string[] wanted = ["objectClass", .. options.Attributes.All()];
        foreach (var searchBase in options.BaseDns)
        {
            await foreach (var entry in connection.SearchAsync(searchBase, options.Filter.Length > 0 ? options.Filter : StaffOptions.DefaultFilter, wanted, cancel))
            {
                // Bases may lie within one another.
                if (!seen.Add(entry.Dn))
                {
                    continue;
                }

                if (seen.Count > options.MaxEntries)
                {
                    throw new DirectoryException(DirectoryFault.TooLarge, server.ToString(), $"> {options.MaxEntries:N0}");
                }

                if (DirectoryPerson.Of(entry, options.Attributes) is { } member)
                {
                    members.Add(member);
                }
            }
        }

        return new DirectoryContent(server.ToString(), seen.Count, members, time.GetElapsedTime(started));
    }

    private static string Password(StaffOptions options, LdapServer server)
    {
        if (options.PasswordFile is not { Length: > 0 } file)
        {
            return "";
        }

        try
        {
            using var octets = new FileStream(file, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete, bufferSize: 1);
            var password = new byte[MaxPassword];
            var length = octets.ReadAtLeast(password, MaxPassword, throwOnEndOfStream: false);
            var text = Encoding.UTF8.GetString(password, 0, length).TrimEnd('\r', '\n');
            // RFC 4513 section 5.1.2: a name without a password is nobody, and answered with success.
            return text.Length > 0 ? text : throw new DirectoryException(DirectoryFault.Files, server.ToString(), $"{file} is empty");
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new DirectoryException(DirectoryFault.Files, server.ToString(), e.Message);
        }
    }
}

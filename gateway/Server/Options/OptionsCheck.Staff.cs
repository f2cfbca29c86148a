using System.Net;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Sekisho.Staff;

namespace Sekisho.Options;

/// <summary>What can be wrong with the settings of the staff directory.</summary>
public static partial class OptionsCheck
{
    private static void Staff(SekishoOptions options, List<string> faults)
    {
        var staff = options.Staff;
        if (options.Smtp.RecipientsFromDirectory && staff.Servers.Count == 0 && options.Senders.StaffFile is not { Length: > 0 })
        {
            faults.Add("Smtp:RecipientsFromDirectory: there is no directory: set Staff:Servers, or Senders:StaffFile. Example: \"Servers\": [ \"ldaps://dc1.hospital.example\" ]");
        }

        foreach (var server in staff.Servers)
        {
            if (LdapServer.TryParse(server) is not { } parsed)
            {
                faults.Add($"Staff:Servers: \"{server}\" is no directory server. Example: \"ldaps://dc1.hospital.example\", or \"ldap://dc1.hospital.example:389\" with StartTLS");
            }
            else if (!parsed.Tls && !staff.StartTls && staff.BindDn.Length > 0 && !parsed.IsLoopback)
            {
                faults.Add($"Staff:StartTls: without it the password would go in clear to {server}. Example: true, or \"ldaps://{parsed.Host}\"");
            }
        }

        if (staff.Servers.Count > 0 && staff.BaseDns.All(string.IsNullOrWhiteSpace))
        {
            faults.Add("Staff:BaseDns is missing. Example: [ \"DC=hospital,DC=example\" ]");
        }

        if (staff.BindDn.Length > 0 != staff.PasswordFile is { Length: > 0 })
        {
            faults.Add(staff.BindDn.Length > 0
                ? "Staff:PasswordFile is missing beside Staff:BindDn. Example: \"/etc/sekisho/directory.password\""
                : "Staff:BindDn is missing beside Staff:PasswordFile. Example: \"sekisho@hospital.example\"");
        }

        FileAt("Staff:PasswordFile", staff.PasswordFile, "/etc/sekisho/directory.password", faults);
        if (staff.PasswordFile is { Length: > 0 } password && File.Exists(password) && (File.GetUnixFileMode(password) & ~(UnixFileMode.UserRead | UnixFileMode.UserWrite)) != 0)
        {
            faults.Add($"Staff:PasswordFile: {password} can be read by other users. Example: chmod 600 {password}");
        }

        FileAt("Staff:CaFile", staff.CaFile, "/etc/sekisho/domain-ca.pem", faults);
        if (staff.CaFile is { Length: > 0 } authorities && File.Exists(authorities) && !HasCertificates(authorities))
        {
            faults.Add($"Staff:CaFile: {authorities} holds no certificate in PEM. Example: openssl x509 -inform der -in domain-ca.cer -out {authorities}");
        }

        if (staff.Filter.Length > 0 && LdapFilter.FaultIn(staff.Filter) is { } fault)
        {
            faults.Add($"Staff:Filter: {fault}. Example: \"(&(mail=*)(!(employeeType=retired)))\" (RFC 4515)");
        }

        foreach (var name in staff.Attributes.All().Where(n => !LdapFilter.IsAttribute(n)))
        {
            faults.Add($"Staff:Attributes: \"{name}\" is no attribute's name. Example: \"displayName cn\"");
        }

        if (staff.Servers.Count > 0 && string.IsNullOrWhiteSpace(staff.Attributes.Addresses + staff.Attributes.ProxyAddresses))
        {
            faults.Add("Staff:Attributes:Addresses is missing. Example: \"mail mailAlternateAddress\"");
        }

        Span("Staff:RefreshEvery", staff.RefreshEvery, TimeSpan.FromMinutes(1), TimeSpan.FromDays(1), "00:15:00", faults);
        Span("Staff:Timeout", staff.Timeout, TimeSpan.FromSeconds(1), TimeSpan.FromMinutes(1), "00:00:10", faults);
        Range("Staff:MaxEntries", staff.MaxEntries, 1, 1_000_000, 100_000, faults);
    }

    private static bool HasCertificates(string file)
    {
        try
        {
            var all = new X509Certificate2Collection();
            all.ImportFromPemFile(file);
            return all.Count > 0;
        }
        catch (Exception e) when (e is CryptographicException or IOException or UnauthorizedAccessException)
        {
            return false;
        }
    }
}

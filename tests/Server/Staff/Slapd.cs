using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using Sekisho.Options;
using Sekisho.Server.Tests.Delivery;

namespace Sekisho.Server.Tests.Staff;

/// <summary>A real directory (Debian's slapd) on loopback, in a folder and with certificates of its own, that knows what Active Directory calls things.</summary>
internal sealed class Slapd : IDisposable
{
    public const string Program = "slapd";
    public const string Base = "ou=staff,dc=hospital,dc=test";
    public const string Reader = "cn=sekisho,dc=hospital,dc=test";
    public const string Password = "四月 p@ss";

    /// <summary>What of Active Directory's schema a mail gateway looks at; the numbers are Microsoft's own.</summary>
    private const string Schema = """
        attributetype ( 1.2.840.113556.1.2.210 NAME 'proxyAddresses' EQUALITY caseIgnoreMatch SUBSTR caseIgnoreSubstringsMatch SYNTAX 1.3.6.1.4.1.1466.115.121.1.15 )
        attributetype ( 1.2.840.113556.1.2.141 NAME 'department' EQUALITY caseIgnoreMatch SYNTAX 1.3.6.1.4.1.1466.115.121.1.15 SINGLE-VALUE )
        attributetype ( 1.2.840.113556.1.4.1946 NAME 'msDS-PhoneticDisplayName' EQUALITY caseIgnoreMatch SYNTAX 1.3.6.1.4.1.1466.115.121.1.15 SINGLE-VALUE )
        attributetype ( 1.2.840.113556.1.4.1942 NAME 'msDS-PhoneticFirstName' EQUALITY caseIgnoreMatch SYNTAX 1.3.6.1.4.1.1466.115.121.1.15 SINGLE-VALUE )
        attributetype ( 1.2.840.113556.1.4.1943 NAME 'msDS-PhoneticLastName' EQUALITY caseIgnoreMatch SYNTAX 1.3.6.1.4.1.1466.115.121.1.15 SINGLE-VALUE )
        attributetype ( 1.2.840.113556.1.4.8 NAME 'userAccountControl' EQUALITY integerMatch SYNTAX 1.3.6.1.4.1.1466.115.121.1.27 SINGLE-VALUE )
        objectclass ( 1.2.840.113556.1.5.9 NAME 'user' SUP top AUXILIARY MAY ( mail $ displayName $ givenName $ proxyAddresses $ department $ msDS-PhoneticDisplayName $ msDS-PhoneticFirstName $ msDS-PhoneticLastName $ userAccountControl ) )
        objectclass ( 1.2.840.113556.1.5.8 NAME 'group' SUP top STRUCTURAL MUST cn MAY ( mail $ displayName $ proxyAddresses $ member ) )

        """;

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("sekisho-slapd-");
    private Process? _process;

    /// <param name="ldif">Entries below <see cref="Base"/>.</param>
    public Slapd(string ldif)
    {
        (Port, TlsPort) = (FreePort(), FreePort());
        WriteCertificates();
        Directory.CreateDirectory(In("data"));
        File.WriteAllText(In("ad.schema"), Schema.Replace("\r", "", StringComparison.Ordinal));
        File.WriteAllText(In("slapd.conf"), $$"""
            include /etc/ldap/schema/core.schema
            include /etc/ldap/schema/cosine.schema
            include /etc/ldap/schema/inetorgperson.schema
            include {{In("ad.schema")}}
            pidfile {{In("pid")}}
            modulepath /usr/lib/ldap
            moduleload back_mdb
            TLSCACertificateFile {{CaFile}}
            TLSCertificateFile {{In("server.pem")}}
            TLSCertificateKeyFile {{In("server.key")}}
            TLSVerifyClient never
            disallow bind_anon
            require bind
            sizelimit size.soft=600 size.hard=600 size.prtotal=unlimited
            database mdb
            maxsize 67108864
            suffix "dc=hospital,dc=test"
            rootdn "cn=admin,dc=hospital,dc=test"
            rootpw root
            directory {{In("data")}}
            access to attrs=userPassword by anonymous auth by * none
            access to dn.subtree="ou=secret,dc=hospital,dc=test" by * none
            access to * by dn.exact="{{Reader}}" read by * none

            """);
        var all = $"""
            dn: dc=hospital,dc=test
            objectClass: dcObject
            objectClass: organization
            dc: hospital
            o: hospital

            dn: {Reader}
            objectClass: organizationalRole
            objectClass: simpleSecurityObject
            cn: sekisho
            userPassword:: {Convert.ToBase64String(Encoding.UTF8.GetBytes(Password))}

            dn: {Base}
            objectClass: organizationalUnit
            ou: staff

            dn: ou=empty,dc=hospital,dc=test
            objectClass: organizationalUnit
            ou: empty


            """;
        File.WriteAllText(In("all.ldif"), all + ldif);
        Run("slapadd", "-q", "-f", In("slapd.conf"), "-l", In("all.ldif"));
        File.WriteAllText(In("password"), Password + "\n");
        File.SetUnixFileMode(In("password"), UnixFileMode.UserRead | UnixFileMode.UserWrite);
        Start();
    }

    public int Port { get; }

    public int TlsPort { get; }

    public string CaFile => In("ca.pem");

    /// <summary>Settings that read it through StartTLS.</summary>
    public StaffOptions Options() => new()
    {
        Servers = [$"ldap://localhost:{Port}"], CaFile = CaFile, BindDn = Reader, PasswordFile = In("password"), BaseDns = [Base], Timeout = TimeSpan.FromSeconds(10),
    };

    /// <summary>A file beside it, mode 0600.</summary>
    public string Write(string name, string text)
    {
        File.WriteAllText(In(name), text);
        File.SetUnixFileMode(In(name), UnixFileMode.UserRead | UnixFileMode.UserWrite);
        return In(name);
    }

    public void Start()
    {
        _process = Process.Start(new ProcessStartInfo(NeedsProgramAttribute.Path(Program, "slapd"), ["-d", "0", "-f", In("slapd.conf"), "-h", $"ldap://localhost:{Port} ldaps://localhost:{TlsPort}"])
        {
            RedirectStandardError = true, RedirectStandardOutput = true,
        })!;
        for (var tries = 0; !Listens(); tries++)
        {
            if (_process.HasExited || tries > 200)
            {
                throw new InvalidOperationException($"slapd did not start: {(_process.HasExited ? _process.StandardError.ReadToEnd() : "silent")}");
            }

            Thread.Sleep(50);
        }
    }

    /// <summary>Ends it as a power cut would.</summary>
    public void Kill()
    {
        _process!.Kill();
        _process.WaitForExit();
        _process.Dispose();
        _process = null;
    }

    public void Dispose()
    {
        if (_process is not null)
        {
            Kill();
        }

        _folder.Delete(recursive: true);
    }

    public static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }

    private string In(string name) => Path.Combine(_folder.FullName, name);

    private bool Listens()
    {
        try
        {
            using var client = new TcpClient("localhost", Port);
            using var second = new TcpClient("localhost", TlsPort);
            return true;
        }
        catch (SocketException)
        {
            return false;
        }
    }

    private static void Run(string program, params string[] arguments)
    {
        using var process = Process.Start(new ProcessStartInfo(NeedsProgramAttribute.Path(program, "slapd"), arguments) { RedirectStandardError = true })!;
        var said = process.StandardError.ReadToEnd();
        process.WaitForExit();
        if (process.ExitCode != 0)
        {
            throw new InvalidOperationException($"{program}: {said}");
        }
    }

    /// <summary>An authority, and a certificate of its for localhost, not for 127.0.0.1.</summary>
    private void WriteCertificates()
    {
        var now = DateTimeOffset.UtcNow;
        using var authorityKey = RSA.Create(2048);
        var authority = new CertificateRequest("CN=Hospital CA", authorityKey, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1);
        authority.CertificateExtensions.Add(new X509BasicConstraintsExtension(true, false, 0, true));
        authority.CertificateExtensions.Add(new X509KeyUsageExtension(X509KeyUsageFlags.KeyCertSign, true));
        using var ca = authority.CreateSelfSigned(now.AddDays(-1), now.AddDays(30));
        using var key = RSA.Create(2048);
        var request = new CertificateRequest("CN=localhost", key, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1);
        var names = new SubjectAlternativeNameBuilder();
        names.AddDnsName("localhost");
        request.CertificateExtensions.Add(names.Build());
        using var server = request.Create(ca, now.AddDays(-1), now.AddDays(20), [1, 2, 3, 4]);
        File.WriteAllText(CaFile, ca.ExportCertificatePem() + "\n");
        File.WriteAllText(In("server.pem"), server.ExportCertificatePem() + "\n");
        File.WriteAllText(In("server.key"), key.ExportRSAPrivateKeyPem() + "\n");
    }
}

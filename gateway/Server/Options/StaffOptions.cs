namespace Sekisho.Options;

/// <summary>Settings of the staff directory: LDAP (RFC 4511) as Active Directory, OpenLDAP and others speak it. Its people stand beside those of <see cref="SenderOptions.StaffFile"/>.</summary>
public sealed class StaffOptions
{
    /// <summary>What <see cref="Filter"/> is where nothing is set: whoever has a mail address. Groups, shared mailboxes (disabled accounts in Active Directory), contacts and public folders take mail as people do.</summary>
    public const string DefaultFilter = "(|(mail=*)(proxyAddresses=*)(mailAlternateAddress=*))";

    /// <summary>Directory servers, tried in order: <c>ldaps://dc1.hospital.example</c> (port 636) or <c>ldap://dc1.hospital.example:389</c>. Default: none, no directory is asked.</summary>
    public List<string> Servers { get; set; } = [];

    /// <summary>Whether an <c>ldap://</c> connection must become TLS by StartTLS (RFC 4511 section 4.14) before anything is asked. Default: true.</summary>
    public bool StartTls { get; set; } = true;

    /// <summary>PEM file of the authorities that sign the servers' certificates, as a Windows domain's own; null takes those of the system. Default: null.</summary>
    public string? CaFile { get; set; }

    /// <summary>Who asks: a DN, or in Active Directory <c>sekisho@hospital.example</c>; an account that may only read. Empty asks without a name. Default: empty.</summary>
    public string BindDn { get; set; } = "";

    /// <summary>The file with the password, mode 0600; a line end behind it does not count. Default: null.</summary>
    public string? PasswordFile { get; set; }

    /// <summary>Where to search, everything below included: <c>DC=hospital,DC=example</c>. Default: none.</summary>
    public List<string> BaseDns { get; set; } = [];

    /// <summary>Which entries are taken (RFC 4515). Empty takes whoever has a mail address. Default: empty.</summary>
    public string Filter { get; set; } = "";

    /// <summary>Where in an entry the names and addresses stand.</summary>
    public StaffAttributes Attributes { get; set; } = new();

    /// <summary>How often the directory is read. Default: 15 minutes.</summary>
    public TimeSpan RefreshEvery { get; set; } = TimeSpan.FromMinutes(15);

    /// <summary>How long to wait for a connection and for each answer. Default: 10 seconds.</summary>
    public TimeSpan Timeout { get; set; } = TimeSpan.FromSeconds(10);

    /// <summary>Entries that are read at most; a directory with more is not taken at all. Default: 100,000.</summary>
    public int MaxEntries { get; set; } = 100_000;
}

/// <summary>Names of attributes, several parted by blanks and tried in order; as they come, language tags (<c>cn;lang-ja</c>, RFC 3866) included.</summary>
public sealed class StaffAttributes
{
    /// <summary>The whole name. Default: <c>displayName;lang-ja displayName cn;lang-ja cn</c>.</summary>
    public string Name { get; set; } = "displayName;lang-ja displayName cn;lang-ja cn";

    /// <summary>The surname. Default: <c>sn;lang-ja sn</c>.</summary>
    public string Surname { get; set; } = "sn;lang-ja sn";

    /// <summary>The given name. Default: <c>givenName;lang-ja givenName</c>.</summary>
    public string GivenName { get; set; } = "givenName;lang-ja givenName";

    /// <summary>The reading of the whole name. Default: <c>msDS-PhoneticDisplayName displayName;lang-ja;phonetic cn;lang-ja;phonetic</c>.</summary>
    public string Kana { get; set; } = "msDS-PhoneticDisplayName displayName;lang-ja;phonetic cn;lang-ja;phonetic";

    /// <summary>The reading of the surname. Default: <c>msDS-PhoneticLastName sn;lang-ja;phonetic</c>.</summary>
    public string SurnameKana { get; set; } = "msDS-PhoneticLastName sn;lang-ja;phonetic";

    /// <summary>The reading of the given name. Default: <c>msDS-PhoneticFirstName givenName;lang-ja;phonetic</c>.</summary>
    public string GivenNameKana { get; set; } = "msDS-PhoneticFirstName givenName;lang-ja;phonetic";

    /// <summary>Mail addresses, all of them. Default: <c>mail mailAlternateAddress</c>.</summary>
    public string Addresses { get; set; } = "mail mailAlternateAddress";

    /// <summary>Addresses with their kind in front, of which <c>smtp:</c> is taken. Default: <c>proxyAddresses</c>.</summary>
    public string ProxyAddresses { get; set; } = "proxyAddresses";

    /// <summary>The department. Default: <c>department ou</c>.</summary>
    public string Department { get; set; } = "department ou";

    /// <summary>All names, once each.</summary>
    public IEnumerable<string> All() =>
        string.Join(' ', Name, Surname, GivenName, Kana, SurnameKana, GivenNameKana, Addresses, ProxyAddresses, Department)
            .Split(' ', StringSplitOptions.RemoveEmptyEntries).Distinct(StringComparer.OrdinalIgnoreCase);
}

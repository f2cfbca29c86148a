namespace Sekisho.Staff;

/// <summary>Why a directory could not be read.</summary>
public enum DirectoryFault
{
    /// <summary>No connection.</summary>
    Unreachable,

    /// <summary>Connected, and then no answer in time.</summary>
    Silent,

    /// <summary>The server has no StartTLS.</summary>
    NoStartTls,

    /// <summary>No TLS came about, or the certificate is not to be believed.</summary>
    Tls,

    /// <summary>The name or the password is wrong.</summary>
    Password,

    /// <summary>The server wants TLS, or a stronger way to sign on.</summary>
    NeedsTls,

    /// <summary>The base of the search is not there.</summary>
    NoSuchBase,

    /// <summary>The account may not search.</summary>
    NotAllowed,

    /// <summary>The server ended the search at a limit of its own.</summary>
    ServerLimit,

    /// <summary>The answer is larger than we take.</summary>
    TooLarge,

    /// <summary>The answer is no LDAP.</summary>
    Broken,

    /// <summary>The server said no for another reason.</summary>
    Refused,

    /// <summary>A file of ours, password or authorities, cannot be read.</summary>
    Files,

    /// <summary>Nearly everybody is gone from it, which is not believed.</summary>
    Shrunk,
}

/// <summary>A directory that could not be read, in words for whoever looks after it.</summary>
public sealed class DirectoryException : Exception
{
    /// <summary>One fault.</summary>
    /// <param name="fault">What failed.</param>
    /// <param name="where">The server as the settings name it.</param>
    /// <param name="detail">What exactly, where more is known: words of the server or of this machine.</param>
    public DirectoryException(DirectoryFault fault, string where, string detail = "") : this(fault, Put(where, English(fault), detail), Put(where, InJapanese(fault), detail), true)
    {
    }

    private DirectoryException(DirectoryFault fault, string english, string japanese, bool _) : base(english) => (Fault, Japanese) = (fault, japanese);

    /// <summary>What failed.</summary>
    public DirectoryFault Fault { get; }

    /// <summary>The message in Japanese.</summary>
    public string Japanese { get; }

    /// <summary>The faults of several servers as one; its kind is the last one's.</summary>
    public static DirectoryException Of(IReadOnlyList<DirectoryException> faults) =>
        faults.Count == 1 ? faults[0] : new DirectoryException(faults[^1].Fault, string.Join("; ", faults.Select(f => f.Message)), string.Join("; ", faults.Select(f => f.Japanese)), true);

    /// <summary>True where another server may do better. Not with a wrong password: Active Directory locks an account that is tried too often.</summary>
    public bool MayDoBetterElsewhere => Fault is DirectoryFault.Unreachable or DirectoryFault.Silent or DirectoryFault.NoStartTls or DirectoryFault.Tls or DirectoryFault.Broken or DirectoryFault.Refused;

    private static string Put(string where, string words, string detail) => $"{where}: {words}{(detail.Length > 0 ? $" ({detail})" : "")}";

    private static string English(DirectoryFault fault) => fault switch
    {
        DirectoryFault.Unreachable => "no connection; check name, port and firewall",
        DirectoryFault.Silent => "no answer in time",
        DirectoryFault.NoStartTls => "the server offers no StartTLS; use ldaps://",
        DirectoryFault.Tls => "no trusted TLS; does the name in Staff:Servers stand in its certificate, and is the signing authority in Staff:CaFile?",
        DirectoryFault.Password => "name or password is wrong, or the account is locked, disabled or expired",
        DirectoryFault.NeedsTls => "the server demands an encrypted connection; use ldaps:// or Staff:StartTls",
        DirectoryFault.NoSuchBase => "the search base is not there; check Staff:BaseDns",
        DirectoryFault.NotAllowed => "the account may not search there",
        DirectoryFault.ServerLimit => "the server ended the search at a limit of its own; raise it for this account",
        DirectoryFault.TooLarge => "the answer is larger than is taken; narrow Staff:Filter or raise Staff:MaxEntries",
        DirectoryFault.Broken => "the answer is no LDAP",
        DirectoryFault.Files => "a file cannot be read",
        DirectoryFault.Shrunk => "nearly everybody is gone, which is not believed; if it is right: sekisho staff refresh --believe",
        _ => "the server refused",
    };

    private static string InJapanese(DirectoryFault fault) => fault switch
    {
        DirectoryFault.Unreachable => "接続できません。サーバー名、ポート、ファイアウォールを確認してください",
        DirectoryFault.Silent => "時間内に応答がありません",
        DirectoryFault.NoStartTls => "サーバーが StartTLS に対応していません。ldaps:// を使ってください",
        DirectoryFault.Tls => "TLS 証明書を信頼できません。Staff:Servers の名前が証明書にあるか、発行した認証局が Staff:CaFile にあるか確認してください",
        DirectoryFault.Password => "接続アカウントの名前かパスワードが違うか、アカウントがロック・無効・期限切れです",
        DirectoryFault.NeedsTls => "サーバーが暗号化された接続を求めています。ldaps:// か Staff:StartTls を使ってください",
        DirectoryFault.NoSuchBase => "検索ベースがありません。Staff:BaseDns を確認してください",
        DirectoryFault.NotAllowed => "このアカウントには検索の権限がありません",
        DirectoryFault.ServerLimit => "サーバー側の上限で検索が打ち切られました。このアカウントの上限を上げてください",
        DirectoryFault.TooLarge => "応答が上限を超えました。Staff:Filter で絞るか Staff:MaxEntries を上げてください",
        DirectoryFault.Broken => "応答が LDAP ではありません",
        DirectoryFault.Files => "ファイルを読めません",
        DirectoryFault.Shrunk => "ほとんどの職員が消えているため採用していません。正しい場合: sekisho staff refresh --believe",
        _ => "サーバーが拒否しました",
    };
}

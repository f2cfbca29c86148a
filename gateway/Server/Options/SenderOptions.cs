namespace Sekisho.Options;

/// <summary>Settings on who we are and who may write in our name. Our own domains are <see cref="SmtpOptions.RelayDomains"/>, our own servers <see cref="SmtpOptions.TrustedNetworks"/>.</summary>
public sealed class SenderOptions
{
    /// <summary>What the hospital is called in senders' names, such as 関所病院 and "Sekisho Hospital"; two characters or more each. Default: none.</summary>
    public List<string> Names { get; set; } = [];

    /// <summary>Partners' domains, all below them included: <c>lab.example</c>, or with the name that only they may bear, <c>関所検査センター = lab.example lab.co.example</c>. Default: none.</summary>
    public List<string> PartnerDomains { get; set; } = [];

    /// <summary>A CSV file of the hospital's people, <c>name,kana,address,department</c>, in UTF-8 or CP932: 田中 太郎,タナカ タロウ,tanaka@hospital.example;taro@private.example,内科. Null compares no names. Default: null.</summary>
    public string? StaffFile { get; set; }

    /// <summary>Forwarders, mailing list hosts and services that send in our name: envelope domains, believed where SPF passes (<c>bounce.newsletter.example</c>), or networks (<c>192.0.2.0/24</c>). Default: none.</summary>
    public List<string> Forwarders { get; set; } = [];

    /// <summary>Addresses of ours that DMARC aggregate reports are sent to (the <c>rua</c> of our own DMARC record), such as <c>dmarc@hospital.example</c>: reports in letters to them are read (<c>sekisho reports summary</c>), and the letters delivered as ever. Default: none.</summary>
    public List<string> ReportAddresses { get; set; } = [];
}

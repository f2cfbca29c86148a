namespace Sekisho.Inspection.Formats;

/// <summary>What a reader noticed in a file besides its code: something that reaches out, starts something, or hides.</summary>
public enum SignKind
{
    /// <summary>A link that a person may follow.</summary>
    Link,

    /// <summary>An address in a command line or script, that a program would go to.</summary>
    CommandLink,

    /// <summary>The document's template, fetched from the web when it is opened.</summary>
    RemoteTemplate,

    /// <summary>The document's template, fetched from a file share.</summary>
    SharedTemplate,

    /// <summary>An object, frame or sub-document fetched from the web or a share when the document is opened.</summary>
    RemoteObject,

    /// <summary>A workbook that takes values from another one on the web or a share.</summary>
    ExternalLink,

    /// <summary>A web query: Excel fetches the address when it is opened (.iqy).</summary>
    WebQuery,

    /// <summary>Dynamic data exchange with a command interpreter.</summary>
    DdeCommand,

    /// <summary>Dynamic data exchange with another program.</summary>
    DdeLink,

    /// <summary>A sheet in text form (SYLK) with macro functions.</summary>
    SheetMacro,

    /// <summary>An object of the old Equation Editor.</summary>
    EquationObject,

    /// <summary>An object of the old Equation Editor that is built as attacks on it are.</summary>
    EquationExploit,

    /// <summary>An embedded object of a class that attacks use (script moniker, web browser, HTML file).</summary>
    RiskyObject,

    /// <summary>An embedded ActiveX control.</summary>
    ActiveXControl,

    /// <summary>A ribbon whose loading calls a macro.</summary>
    CustomUiLoad,

    /// <summary>A file wrapped as an OLE package: a double click in the document opens it.</summary>
    OlePackage,

    /// <summary>RTF written so that scanners lose their way in it.</summary>
    RtfObfuscated,

    /// <summary>An RTF object that is loaded without a click.</summary>
    RtfSelfUpdate,

    /// <summary>The command line of a shortcut.</summary>
    ShortcutCommand,

    /// <summary>Octets behind a shortcut's end.</summary>
    ShortcutAppended,

    /// <summary>JavaScript in a PDF.</summary>
    PdfJavaScript,

    /// <summary>JavaScript in a PDF that starts when the PDF is opened.</summary>
    PdfOpenScript,

    /// <summary>A PDF that starts a program or opens a file.</summary>
    PdfLaunch,

    /// <summary>A file attached to a PDF.</summary>
    PdfEmbeddedFile,

    /// <summary>A PDF form that sends what is filled in to an address.</summary>
    PdfSubmit,

    /// <summary>An encrypted PDF, whose texts cannot be read.</summary>
    PdfEncrypted,

    /// <summary>A page that puts a file together by itself and saves it (HTML smuggling).</summary>
    HtmlSmuggling,

    /// <summary>A form that asks for a password.</summary>
    HtmlPasswordForm,

    /// <summary>A page with script.</summary>
    HtmlScript,

    /// <summary>A page whose script is written to be unreadable.</summary>
    HtmlObfuscated,

    /// <summary>A page with much text that nobody sees.</summary>
    HtmlHiddenText,

    /// <summary>A picture (SVG) with script.</summary>
    SvgScript,

    /// <summary>A picture (SVG) that holds a web page.</summary>
    SvgForeign,

    /// <summary>A page that leads on to another address at once.</summary>
    HtmlRedirect,

    /// <summary>A form that asks for a password and sends it to a web site.</summary>
    HtmlPasswordSent,

    /// <summary>An RTF object with octets of its own that is loaded without a click.</summary>
    RtfObjectLoaded,

    /// <summary>A PDF's script that starts when the PDF is opened and does more than print, count or speak.</summary>
    PdfActingScript,

    /// <summary>Where the body of a part lies (message/external-body).</summary>
    ExternalBody,

    /// <summary>The subject of an Outlook item.</summary>
    MessageSubject,

    /// <summary>The sender of an Outlook item.</summary>
    MessageSender,

    /// <summary>A page whose script decodes what it then runs or saves.</summary>
    HtmlDecodes,
}

/// <summary>One thing noticed in a file.</summary>
/// <param name="Kind">What.</param>
/// <param name="Evidence">What a person needs to judge it: the address, the command line, the name. At most 2,000 characters.</param>
public sealed record CarrierSign(SignKind Kind, string Evidence);

/// <summary>Collects what a reader takes out of a file and notices in it, within bounds.</summary>
internal sealed class CarrierContents
{
    private const int MaxSigns = 1000;
    private const int MaxLinks = 1000;
    private const int MaxFiles = 1000;
    private const int MaxEvidence = 2000;

    private readonly HashSet<CarrierSign> told = [];
    private int links;

    /// <summary>Files found inside, at most 1,000.</summary>
    public List<EmbeddedFile> Files { get; } = [];

    /// <summary>Signs, each once: at most 1,000 links, which are cheap to strew about and must not crowd out the rest, and 1,000 others.</summary>
    public List<CarrierSign> Signs { get; } = [];

    /// <summary>Notes a sign.</summary>
    public void Note(SignKind kind, string evidence)
    {
        var sign = new CarrierSign(kind, evidence.Length > MaxEvidence ? evidence[..MaxEvidence] : evidence);
        var isLink = kind is SignKind.Link or SignKind.CommandLink;
        if ((isLink ? links < MaxLinks : Signs.Count - links < MaxSigns) && told.Add(sign))
        {
            Signs.Add(sign);
            links += isLink ? 1 : 0;
        }
    }

    /// <summary>Notes an address by what it does: remote ones as <paramref name="kind"/>, local ones not at all.</summary>
    public void NoteRemote(SignKind kind, string target)
    {
        if (RemoteTargets.IsRemote(target))
        {
            Note(kind == SignKind.RemoteTemplate && !RemoteTargets.IsWeb(target) ? SignKind.SharedTemplate : kind, target);
        }
    }

    /// <summary>Takes a file; empty ones are nothing.</summary>
    public void Take(string name, byte[] content)
    {
        if (content.Length > 0 && Files.Count < MaxFiles)
        {
            Files.Add(new EmbeddedFile(name, content));
        }
    }
}

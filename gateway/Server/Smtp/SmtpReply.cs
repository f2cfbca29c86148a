using System.Text;

namespace Sekisho.Smtp;

/// <summary>One reply line: basic code (RFC 5321 section 4.2), enhanced code (RFC 3463) and text.</summary>
/// <remarks>Texts are for the sending postmaster, so they are English and say what to do; details stay in the log.</remarks>
public sealed class SmtpReply
{
    private readonly byte[] _wire;

    /// <summary>A reply.</summary>
    /// <param name="code">Basic code, 200 to 599.</param>
    /// <param name="text">Enhanced code and text, ASCII, no line end.</param>
    /// <param name="closes">True when the connection ends after this reply.</param>
    public SmtpReply(int code, string text, bool closes = false)
    {
        Code = code;
        Text = text;
        Closes = closes;
        _wire = Encoding.ASCII.GetBytes($"{code} {text}\r\n");
    }

    /// <summary>Basic code.</summary>
    public int Code { get; }

    /// <summary>Enhanced code and text.</summary>
    public string Text { get; }

    /// <summary>True when the connection ends after this reply.</summary>
    public bool Closes { get; }

    /// <summary>True for 4xx and 5xx: the command was refused.</summary>
    public bool Refuses => Code >= 400;

    /// <summary>The line as it goes over the wire, CRLF included.</summary>
    public ReadOnlySpan<byte> Wire => _wire;

    internal static readonly SmtpReply Ok = new(250, "2.0.0 Ok");
    internal static readonly SmtpReply SenderOk = new(250, "2.1.0 Sender ok");
    internal static readonly SmtpReply RecipientOk = new(250, "2.1.5 Recipient ok");
    internal static readonly SmtpReply ChunkOk = new(250, "2.0.0 Chunk ok");
    internal static readonly SmtpReply StartMail = new(354, "End data with <CR><LF>.<CR><LF>");
    internal static readonly SmtpReply ReadyForTls = new(220, "2.0.0 Ready to start TLS");
    internal static readonly SmtpReply CannotVerify = new(252, "2.5.2 Cannot verify, send some mail and see");
    internal static readonly SmtpReply Help = new(214, "2.0.0 HELO EHLO MAIL RCPT DATA BDAT RSET NOOP VRFY QUIT HELP STARTTLS (RFC 5321)");
    internal static readonly SmtpReply Bye = new(221, "2.0.0 Bye", closes: true);

    internal static readonly SmtpReply TimedOut = new(421, "4.4.2 Timeout, closing connection", closes: true);
    internal static readonly SmtpReply TooSlow = new(421, "4.4.2 Data arrives too slowly, closing connection", closes: true);
    internal static readonly SmtpReply ShuttingDown = new(421, "4.3.2 Service shutting down, try again later", closes: true);
    internal static readonly SmtpReply TooManyConnections = new(421, "4.7.0 Too many connections, try again later", closes: true);
    internal static readonly SmtpReply TooManyErrors = new(421, "4.7.0 Too many errors, closing connection", closes: true);
    internal static readonly SmtpReply TooManyCommands = new(421, "4.7.0 Too many commands without a message, closing connection", closes: true);
    internal static readonly SmtpReply TooManyMessages = new(421, "4.7.0 Enough messages for one session, please reconnect", closes: true);
    internal static readonly SmtpReply RecipientsUnknown = new(451, "4.3.0 Cannot tell at present whether this recipient exists, try again later");
    internal static readonly SmtpReply StorageFull = new(452, "4.3.1 Insufficient system storage, try again later");
    internal static readonly SmtpReply TooManyRecipients = new(452, "4.5.3 Too many recipients, send the rest in another transaction");

    internal static readonly SmtpReply NotUnderstood = new(500, "5.5.2 Command not recognized");
    internal static readonly SmtpReply Http = new(500, "5.5.2 This is SMTP, not HTTP", closes: true);
    internal static readonly SmtpReply LineTooLong = new(500, "5.5.2 Line too long", closes: true);
    internal static readonly SmtpReply BadArguments = new(501, "5.5.4 Syntax error in parameters");
    internal static readonly SmtpReply NoArguments = new(501, "5.5.4 This command takes no parameters");
    internal static readonly SmtpReply HeloNeedsName = new(501, "5.5.4 Syntax: EHLO hostname");
    internal static readonly SmtpReply MailSyntax = new(501, "5.5.4 Syntax: MAIL FROM:<address>");
    internal static readonly SmtpReply RcptSyntax = new(501, "5.5.4 Syntax: RCPT TO:<address>");
    internal static readonly SmtpReply BadSender = new(501, "5.1.7 Bad sender address syntax");
    internal static readonly SmtpReply BadRecipient = new(501, "5.1.3 Bad recipient address syntax");
    internal static readonly SmtpReply BadChunkSize = new(501, "5.5.4 Syntax: BDAT size [LAST]", closes: true);
    internal static readonly SmtpReply NotImplemented = new(502, "5.5.1 Command not implemented");
    internal static readonly SmtpReply HelloFirst = new(503, "5.5.1 Send EHLO or HELO first");
    internal static readonly SmtpReply NestedMail = new(503, "5.5.1 Sender already given, RSET first");
    internal static readonly SmtpReply MailFirst = new(503, "5.5.1 Send MAIL first");
    internal static readonly SmtpReply RcptFirst = new(503, "5.5.1 Send RCPT first");
    internal static readonly SmtpReply NoValidRecipients = new(554, "5.5.1 No valid recipients");
    internal static readonly SmtpReply ChunkingBegun = new(503, "5.5.1 BDAT already begun, DATA and RCPT not allowed");
    internal static readonly SmtpReply TlsActive = new(503, "5.5.1 TLS already active");
    internal static readonly SmtpReply BareLineEndInCommand = new(521, "5.5.2 Bare <CR>, bare <LF> or NUL in a command, see RFC 5321 section 2.3.8", closes: true);
    internal static readonly SmtpReply BareLineEndInData = new(550, "5.6.0 Message contains a bare <CR> or bare <LF>, see RFC 5321 section 2.3.8");
    internal static readonly SmtpReply NulInData = new(550, "5.6.0 Message contains a NUL octet, see RFC 5321 section 4.1.1.4");
    internal static readonly SmtpReply DataLineTooLong = new(550, "5.6.0 Message contains a line that is too long");
    internal static readonly SmtpReply MessageTooLarge = new(552, "5.3.4 Message is larger than this server takes");
    internal static readonly SmtpReply HeaderTooLarge = new(552, "5.3.4 Message header is larger than this server takes");
    internal static readonly SmtpReply Utf8NeedsParameter = new(553, "5.6.7 Address is not ASCII, SMTPUTF8 is required (RFC 6531)");
    internal static readonly SmtpReply TalksTooEarly = new(554, "5.5.1 Client talks before the greeting (RFC 5321 section 3.1)", closes: true);
    internal static readonly SmtpReply RelayDenied = new(554, "5.7.1 Relay access denied");
    internal static readonly SmtpReply UnknownRecipient = new(550, "5.1.1 No such recipient here");
    internal static readonly SmtpReply TooManyHops = new(554, "5.4.6 Too many hops, this message loops");
    internal static readonly SmtpReply UnknownParameter = new(555, "5.5.4 Parameter not recognized or not implemented");

    /// <summary>What refuses a letter with this fault; null for none.</summary>
    internal static SmtpReply? For(DataFault fault) => fault switch
    {
        DataFault.None => null,
        DataFault.BareLineEnd => BareLineEndInData,
        DataFault.Nul => NulInData,
        DataFault.TooLarge => MessageTooLarge,
        DataFault.HeaderTooLarge => HeaderTooLarge,
        _ => DataLineTooLong,
    };
}

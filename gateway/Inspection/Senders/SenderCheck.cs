using System.Net;
using Sekisho.Inspection.Messages;

namespace Sekisho.Inspection.Senders;

/// <summary>A server of the hospital's own that takes mail from the Internet and hands it on to the gateway.</summary>
/// <param name="Networks">Its addresses.</param>
/// <param name="AuthservId">The name in its Authentication-Results fields; empty where it writes none.</param>
public sealed record BorderServer(IReadOnlyList<IPNetwork> Networks, string AuthservId);

/// <summary>How senders are checked.</summary>
public sealed record SenderCheckOptions
{
    /// <summary>Our name in Authentication-Results fields and in SPF's macro <c>r</c>.</summary>
    public string AuthservId { get; init; } = "localhost";

    /// <summary>How long DNS may take for one letter; what is not answered then is a temporary error.</summary>
    public TimeSpan DnsBudget { get; init; } = TimeSpan.FromSeconds(2);

    /// <summary>Questions asked for one letter at most, and a quarter of it more for HELO; honest ones need fewer than 50. Those that a hostile letter can make for others than its own domains are fewer than 100.</summary>
    public int MostQuestions { get; init; } = 250;

    /// <summary>Domains of sealers whose word is believed, such as <c>google.com</c>.</summary>
    public IReadOnlyList<string> TrustedSealers { get; init; } = [];

    /// <summary>Own servers in front of the gateway: behind one of them the client is the one that it names.</summary>
    public IReadOnlyList<BorderServer> Borders { get; init; } = [];
}

/// <summary>Finds out who sent a letter: SPF, DKIM, ARC and DMARC, all at once, within a bounded time and number of questions.</summary>
/// <param name="dns">Answers the questions.</param>
/// <param name="time">The clock.</param>
/// <param name="options">How.</param>
public sealed class SenderCheck(DnsSource dns, TimeProvider time, SenderCheckOptions options)
{
    private const int MostAuthors = 4;

    private readonly IReadOnlyList<string> trusted = [.. options.TrustedSealers];

    /// <summary>Checks a letter. DNS that does not answer is a temporary error in the facts, never an exception; only <paramref name="cancel"/> throws.</summary>
    /// <param name="envelope">What SMTP said; a client of <see cref="IPAddress.None"/> is not known, and SPF is not asked.</param>
    /// <param name="octets">The letter, seekable. Read to its end before this returns and not touched afterwards, so that it can be opened while DNS is asked.</param>
    /// <param name="cancel">Gives up altogether.</param>
    public Task<SenderFacts> CheckAsync(Envelope envelope, Stream octets, CancellationToken cancel) =>
        CheckAsync(envelope, SignedLetter.Read(octets), cancel);

    private async Task<SenderFacts> CheckAsync(Envelope envelope, SignedLetter letter, CancellationToken cancel)
    {
        using var budget = new CancellationTokenSource(options.DnsBudget, time);
        using var end = CancellationTokenSource.CreateLinkedTokenSource(budget.Token, cancel);

        // The last quarter is for what follows from the first answers: a sender with slow servers must not use up all of the time.
        using var most = new CancellationTokenSource(options.DnsBudget * 0.75, time);
        using var first = CancellationTokenSource.CreateLinkedTokenSource(most.Token, cancel);
        var source = new LetterDns(dns, options.MostQuestions, cancel);
        var border = BorderHop.Find(letter.Header, envelope, options.Borders);
        var client = border?.Client ?? (border is null && !envelope.Client.Equals(IPAddress.None) ? envelope.Client : null);
        var helo = border is null ? envelope.Helo : border.Helo;
        var author = AuthorDomains.Read(letter.Header);

        // Everything that needs no other's answer is asked at once; first what is about the claimed domain, so that what the sender
        // himself published cannot use up its questions. HELO is wholly the sender's: it has its own few.
        var walks = Task.WhenAll(author.Domains.Take(MostAuthors).Select(domain => DmarcWalk.ForAuthorAsync(source, domain, first.Token)));
        var dkim = new Dkim(source, time).CheckAsync(letter, first.Token);
        var mailFrom = client is null ? null : new Spf(source, options.AuthservId, time).CheckAsync(client, envelope.Sender, helo, first.Token);
        var heloSpf = client is null ? null : envelope.Sender.Length == 0 ? mailFrom
            : new Spf(new LetterDns(dns, options.MostQuestions / 4, cancel), options.AuthservId, time).CheckAsync(client, "", helo, first.Token);
        var arc = new Arc(source, trusted).CheckAsync(letter, first.Token);
        await Task.WhenAll(new Task?[] { mailFrom, heloSpf, dkim, arc, walks }.OfType<Task>()).ConfigureAwait(false);

        var results = await dkim.ConfigureAwait(false);
        var spfResult = mailFrom is null ? border?.Spf(envelope) : await mailFrom.ConfigureAwait(false);
        var dmarc = new Dmarc(source);
        var each = await Task.WhenAll((await walks.ConfigureAwait(false)).Select(walk => dmarc.CheckAsync(walk, spfResult, results, end.Token))).ConfigureAwait(false);
        var verdict = author.Domains.Count == 1 ? each[0] : await dmarc.CheckAsync(author.Domains, spfResult, results, end.Token).ConfigureAwait(false);
        if (author.Fields > 1)
        {
            // RFC 5322 section 3.6 allows one; which of them a program shows is its own affair. A failure stays one.
            verdict = verdict.Result is DmarcResult.Pass or DmarcResult.None ? verdict with { Result = DmarcResult.PermError, Reason = "several From fields" } : verdict;
        }

        var facts = new SenderFacts
        {
            Client = client,
            MailFrom = envelope.Sender,
            IsNullSender = envelope.Sender.Length == 0,
            Spf = spfResult,
            SpfHelo = heloSpf is null ? null : await heloSpf.ConfigureAwait(false),
            Dkim = results,
            Arc = await arc.ConfigureAwait(false),
            Dmarc = verdict,
            DmarcOfEach = each.Length > 1 ? each : [],
            AuthorDomains = author.Domains,
            Border = border?.Results,
        };
        return facts with { IsVouchedFor = IsVouchedFor(facts), Authentication = Words(facts) };
    }

    private static bool IsVouchedFor(SenderFacts facts) =>
        facts.AuthorDomains is [var author] && facts.Arc!.Believed.Any(r => r is { Method: "dmarc", Result: "pass" }
            && (!r.Properties.TryGetValue("header.from", out var from) || Domains.Ascii(from[(from.LastIndexOf('@') + 1)..]) == author));

    private static Dictionary<string, string> Words(SenderFacts facts)
    {
        var words = new Dictionary<string, string>(4);
        if (facts.Spf is { } spf)
        {
            words["spf"] = AuthenticationResultsField.Word(spf.Result);
        }

        var best = facts.Dkim.Count == 0 ? DkimResult.None : facts.Dkim.MinBy(static d => d.Result switch
        {
            DkimResult.Pass => 0, DkimResult.TempError => 1, DkimResult.Fail => 2, DkimResult.Policy => 3, DkimResult.PermError => 4, _ => 5,
        })!.Result;
        words["dkim"] = AuthenticationResultsField.Word(best);
        words["arc"] = AuthenticationResultsField.Word(facts.Arc!.Result);
        words["dmarc"] = AuthenticationResultsField.Word(facts.Dmarc!.Result);
        return words;
    }

    /// <summary>The questions of one letter: counted, and silent once its time is up.</summary>
    private sealed class LetterDns(DnsSource inner, int most, CancellationToken caller) : DnsSource
    {
        private int asked;

        public override async ValueTask<DnsAnswer> QueryAsync(string name, DnsType type, CancellationToken cancel)
        {
            caller.ThrowIfCancellationRequested();
            if (cancel.IsCancellationRequested || Interlocked.Increment(ref asked) > most)
            {
                return DnsAnswer.Silence;
            }

            try
            {
                return await inner.QueryAsync(name, type, cancel).ConfigureAwait(false);
            }
            catch (OperationCanceledException) when (!caller.IsCancellationRequested)
            {
                return DnsAnswer.Silence;
            }
        }
    }
}

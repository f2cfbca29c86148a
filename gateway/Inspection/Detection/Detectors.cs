using System.Collections.Frozen;
using Sekisho.Inspection.Detection.Attachments;
using Sekisho.Inspection.Detection.Carriers;
using Sekisho.Inspection.Detection.Emotet;
using Sekisho.Inspection.Detection.Known;
using Sekisho.Inspection.Detection.Links;
using Sekisho.Inspection.Detection.Lures;
using Sekisho.Inspection.Detection.Macros;
using Sekisho.Inspection.Detection.Outbound;
using Sekisho.Inspection.Detection.Reading;
using Sekisho.Inspection.Detection.Senders;

namespace Sekisho.Inspection.Detection;

/// <summary>All detectors, and the one place that runs them.</summary>
public static class Detectors
{
    /// <summary>Made here when a detector throws: what it did not see, nobody saw.</summary>
    public static readonly FindingKind Failed = new("DETECTOR_FAILED", 100,
        "A check of the mail failed inside the gateway.", "検査の一部が内部エラーで失敗しました。");

    private const int MaxFindings = 1000;

    /// <summary>All detectors, cheapest first. A new detector is one line here.</summary>
    public static IReadOnlyList<IDetector> All { get; } =
    [
        new LimitReached(),
        new EncryptedContent(),
        new UnreadablePart(),
        new MimeAmbiguous(),
        new PasswordInLetter(),
        new AmbiguousArchive(),
        new InflatedFile(),
        new ExecutableContent(),
        new ExecutableName(),
        new ScriptContent(),
        new DoubleExtension(),
        new NameLies(),
        new EicarTestFile(),
        new TypeMismatch(),
        new MacroPresent(),
        new MacroAllowed(),
        new MacroAutoExec(),
        new MacroUnreadable(),
        new MacroRunsProgram(),
        new MacroDownloads(),
        new MacroWritesProgram(),
        new MacroInjectsCode(),
        new MacroTouchesProtection(),
        new MacroHidesObject(),
        new MacroObfuscated(),
        new VbaHiddenModule(),
        new VbaStomped(),
        new FormPayload(),
        new RemoteContent(),
        new DataExchangeLink(),
        new EmbeddedObject(),
        new RtfTricks(),
        new ShortcutCommand(),
        new PdfAction(),
        new PageScript(),
        new XlmPresent(),
        new XlmAutoExec(),
        new XlmHiddenSheet(),
        new XlmRunsProgram(),
        new XlmOpensRemote(),
        new XlmDisguise(),
        new LinkToAddress(),
        new LinkDisguised(),
        new AppInstallerLink(),
        new EmotetBoundary(),
        new EmotetAttachmentName(),
        new EmotetLinkShape(),
        new LureTopic(),
        new LureEnableMacros(),
        new LureOnlyPassword(),
        new SenderListed(),
        new ReplyOutsideThread(),
        new StolenThread(),
        new StolenThreadHacked(),
        new ThreadReplyWithoutReference(),
        new DisplayNameDiffers(),
        new OwnDomainForged(),
        new ColleagueName(),
        new AuthorityName(),
        new LookalikeDomain(),
        new ReplyToElsewhere(),
        new SenderFieldsDisagree(),
        new FromTricks(),
        new FromMissing(),
        new LinkHomograph(),
        new SpfFail(),
        new DmarcFail(),
        new DkimPartialBody(),
        new AuthenticationUnknown(),
        new OutboundBurst(),
        new OutboundCampaign(),
        new OutboundMacro(),
        new FirstContact(),
        new SenderRouteNew(),
        new SenderDormant(),
        new KnownSender(),
        new KnownSubject(),
        new KnownLink(),
        new KnownHash(),
        new YaraRule(),
    ];

    /// <summary>Those that ask who a stranger is: of letters that leave the house nobody asks that, they are our own.</summary>
    private static readonly FrozenSet<Type> OfStrangers = All.Select(d => d.GetType()).Where(t => t.Namespace == typeof(OwnDomainForged).Namespace).ToFrozenSet();

    /// <summary>Every kind of finding there is, those of the runner included.</summary>
    public static IEnumerable<FindingKind> Kinds => All.SelectMany(d => d.Kinds).Append(Failed);

    /// <summary>The kinds of findings that the rules of a set bring along: their own codes and words.</summary>
    public static IEnumerable<FindingKind> KindsOf(Signatures.SignatureSet signatures) => signatures.Yara.Rules.Select(YaraRule.KindOf);

    /// <summary>Runs the detectors one after the other. A detector that throws gives <see cref="Failed"/>; one that finds the letter's time up gives <c>LIMIT_REACHED</c>, and the rest is not run.</summary>
    /// <param name="detectors">Usually <see cref="All"/>.</param>
    /// <param name="context">The letter.</param>
    /// <param name="cancel">Gives up altogether.</param>
    /// <returns>At most 1,000 findings.</returns>
    public static IReadOnlyList<Finding> Inspect(IReadOnlyList<IDetector> detectors, InspectionContext context, CancellationToken cancel = default)
    {
        var findings = new List<Finding>();
        foreach (var detector in detectors)
        {
            cancel.ThrowIfCancellationRequested();
            if (context.Message.Envelope.IsOutbound && OfStrangers.Contains(detector.GetType()))
            {
                continue;
            }

            if (context.Message.Budget is { IsSpent: true, End: Formats.BudgetEnd.Time } && !findings.Exists(f => f.Kind == LimitReached.Limit))
            {
                // LimitReached comes first and costs nothing: reading may have ended just before its time did.
                findings.Add(LimitReached.Limit.At("", $"No time left for {detector.GetType().Name}."));
            }

            if (context.Message.Budget is { End: Formats.BudgetEnd.Time } && detector is not (LimitReached or EncryptedContent or UnreadablePart or ExecutableContent or ExecutableName))
            {
                continue;
            }

            try
            {
                foreach (var finding in detector.Inspect(context))
                {
                    if (findings.Count < MaxFindings)
                    {
                        findings.Add(finding);
                    }
                }
            }
            catch (OperationCanceledException) when (cancel.IsCancellationRequested)
            {
                throw;
            }
            catch (Exception e) when (e is not OutOfMemoryException)
            {
                findings.Add(Failed.At(detector.GetType().Name, $"{e.GetType().Name}: {e.Message}"));
            }
        }

        return findings;
    }
}

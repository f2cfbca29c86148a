using Sekisho.Inspection.Detection;
using Sekisho.Inspection.Detection.Macros;
using Sekisho.Inspection.Formats;
using Sekisho.Inspection.Policy;
using Sekisho.Inspection.Senders;
using Sekisho.Inspection.Signatures;
using Sekisho.SampleMaker;

namespace Sekisho.Inspection.Tests.Detection.Macros;

public class MacroAllowedTests
{
    private const string Source = "Sub AutoOpen()\r\n    Shell \"cmd /c start \\\\server\\share\\tool.exe\", 1\r\nEnd Sub\r\n";

    [Theory]
    [InlineData(Source, true)]
    [InlineData("' a comment, and other blanks\r\nsub  autoopen( )\r\n\tShell  _\r\n\"cmd /c start \\\\server\\share\\tool.exe\",1 ' as ever\r\nEnd Sub\r\n", true)]
    [InlineData("Sub AutoOpen()\r\n    Shell \"cmd /c start \\\\server\\share\\other.exe\", 1\r\nEnd Sub\r\n", false)]
    public void AllowedIsTheCode_NotItsLayout(string source, bool allowed)
    {
        using var first = Letters.OpenDocument("a.doc", Samples.OldDocument(Source));
        var hash = MacroHash.Of(first.Parts[0].Vba, first.Parts[0].Texts)!;
        using var message = Letters.OpenDocument("b.doc", Samples.OldDocument(source));
        var context = new InspectionContext(message, SenderFacts.Unknown, SignatureSet.Shipped) { AllowedMacros = new HashSet<string> { hash } };

        Assert.Equal(allowed, new MacroAllowed().Inspect(context).Any());
        var verdict = new MessagePolicy(new PolicyOptions()).Judge(Detectors.Inspect(Detectors.All, context));
        Assert.Equal(allowed ? Disposition.Deliver : Disposition.Quarantine, verdict.Disposition);
        Assert.Contains(verdict.Findings, f => f.Kind.Code == "MACRO_RUNS_PROGRAM"); // seen all the same
    }

    [Fact]
    public void TheSameMacroElsewhereInTheLetter_StillCounts()
    {
        using var allowed = Letters.OpenDocument("a.doc", Samples.OldDocument(Source));
        var hash = MacroHash.Of(allowed.Parts[0].Vba, allowed.Parts[0].Texts)!;
        using var message = Letters.Open(LetterWriter.WithAttachments("x", "x", ("a.doc", Samples.OldDocument(Source)), ("b.doc", Samples.OldDocument(Source.Replace("tool", "evil", StringComparison.Ordinal)))));
        var context = new InspectionContext(message, SenderFacts.Unknown, SignatureSet.Shipped) { AllowedMacros = new HashSet<string> { hash } };
        Assert.Equal(Disposition.Quarantine, new MessagePolicy(new PolicyOptions()).Judge(Detectors.Inspect(Detectors.All, context)).Disposition);
    }

    [Fact]
    public void TwoOfOneNameInOneArchive_ExcuseNothing()
    {
        using var allowed = Letters.OpenDocument("a.doc", Samples.OldDocument(Source));
        var hash = MacroHash.Of(allowed.Parts[0].Vba, allowed.Parts[0].Texts)!;
        var zip = ZipWriter.Plain(("form.doc", Samples.OldDocument(Source)), ("form.doc", Samples.OldDocument(Source.Replace("tool", "evil", StringComparison.Ordinal))));
        using var message = Letters.Open(LetterWriter.WithAttachments("x", "x", ("a.zip", zip)));
        var context = new InspectionContext(message, SenderFacts.Unknown, SignatureSet.Shipped) { AllowedMacros = new HashSet<string> { hash } };
        Assert.Equal(Disposition.Quarantine, new MessagePolicy(new PolicyOptions()).Judge(Detectors.Inspect(Detectors.All, context)).Disposition);
    }

    [Fact]
    public void TextsOfForms_BelongToIt()
    {
        var projects = new[] { new VbaProject("VBA", 932, [new VbaModule("A", Source, false)], false) };
        var plain = MacroHash.Of(projects, [new DocumentText(DocumentTextKind.Form, "F/T.Tag", "calc")]);
        Assert.NotNull(plain);
        Assert.NotEqual(plain, MacroHash.Of(projects, [new DocumentText(DocumentTextKind.Form, "F/T.Tag", "powershell")]));
        Assert.Equal(plain, MacroHash.Of(projects, [new DocumentText(DocumentTextKind.Form, "F/T.Tag", "calc"), new DocumentText(DocumentTextKind.Property, "Title", "x")]));
    }

    [Fact]
    public void HiddenOrDamagedCode_HasNoHashToAllow()
    {
        Assert.Null(MacroHash.Of([new VbaProject("VBA", 932, [new VbaModule("A", Source, true)], false)], []));
        Assert.Null(MacroHash.Of([new VbaProject("VBA", 932, [new VbaModule("A", Source, false) { Hiding = VbaHiding.NotInProject }], false)], []));
        Assert.Null(MacroHash.Of([], []));
    }
}

using Sekisho.Inspection.Detection;
using Sekisho.Inspection.Detection.Outbound;
using Sekisho.Inspection.Formats;
using Sekisho.Inspection.Policy;
using Sekisho.SampleMaker;

namespace Sekisho.Inspection.Tests.Detection.Outbound;

public class OutboundMacroTests
{
    private const string Harmless = "Sub Total()\r\n    Range(\"A1\").Value = 1\r\nEnd Sub\r\n";

    [Fact]
    public void ADocumentWithAMacro_DoesNotLeave()
    {
        using var message = Leaving.Open(Letter(Samples.OldDocument(Harmless)));
        var finding = Assert.Single(new OutboundMacro().Inspect(Leaving.Context(message)));
        Assert.Equal(("OUTBOUND_MACRO", "2"), (finding.Kind.Code, finding.Place.Split('/')[0]));
        Assert.Equal(Disposition.Quarantine, new MessagePolicy(new PolicyOptions()).Judge(Detectors.Inspect(Detectors.All, Leaving.Context(message)), Leaving.Envelope).Disposition);
    }

    [Fact]
    public void TheSameComingIn_IsNotOurs()
    {
        using var message = Letters.Open(Letter(Samples.OldDocument(Harmless)));
        Assert.Empty(new OutboundMacro().Inspect(Leaving.Context(message)));
    }

    [Fact]
    public void DeepInAnArchiveAndOldSheets_AreFound()
    {
        using var zipped = Leaving.Open(LetterWriter.WithAttachments("x", "x", ("a.zip", ZipWriter.Plain(("form.doc", Samples.OldDocument(Harmless))))));
        Assert.Single(new OutboundMacro().Inspect(Leaving.Context(zipped)));
        using var sheet = Leaving.Open(LetterWriter.WithAttachments("x", "x", ("a.xls", XlmSamples.Plain())));
        Assert.Equal(sheet.Parts.Any(p => p.Xlm is not null), new OutboundMacro().Inspect(Leaving.Context(sheet)).Any());
        using var emotet = Leaving.Open(LetterWriter.WithAttachments("x", "x", ("a.xls", XlmSamples.Emotet())));
        Assert.Single(new OutboundMacro().Inspect(Leaving.Context(emotet)));
    }

    /// <summary>Excel leaves the empty modules of sheets in many an old workbook.</summary>
    [Theory]
    [InlineData("Attribute VB_Name = \"Sheet1\"\r\nOption Explicit\r\n\r\n' nothing\r\n", false)]
    [InlineData("Attribute VB_Name = \"Sheet1\"\r\nDim a\r\n", true)]
    public void EmptyModules_AreNoMacro(string source, bool found)
    {
        using var message = Leaving.Open(Letter(Samples.OldDocument(source)));
        Assert.NotEmpty(message.Parts.SelectMany(p => p.Vba));
        Assert.Equal(found, new OutboundMacro().Inspect(Leaving.Context(message)).Any());
    }

    [Fact]
    public void WhatAnAdminAllows_Leaves()
    {
        using var message = Leaving.Open(Letter(Samples.OldDocument(Harmless)));
        var part = message.Parts.First(p => p.Vba.Count > 0);
        var context = Leaving.Context(message) with { AllowedMacros = new HashSet<string> { MacroHash.Of(part.Vba, part.Texts)! } };
        Assert.Empty(new OutboundMacro().Inspect(context));
        Assert.NotEmpty(new OutboundMacro().Inspect(context with { AllowedMacros = new HashSet<string> { new('a', 64) } }));
    }

    private static byte[] Letter(byte[] document) => LetterWriter.WithAttachments("申請書", "添付します。", ("申請書.doc", document));
}

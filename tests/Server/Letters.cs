using Sekisho.SampleMaker;

namespace Sekisho.Server.Tests;

/// <summary>The letters that most tests send.</summary>
internal static class Letters
{
    /// <summary>Nothing to see.</summary>
    public static byte[] Clean(string subject = "紹介状") => LetterWriter.Plain(subject, "いつもお世話になっております。\r\n.\r\n");

    /// <summary>A document whose macro starts by itself and does nothing.</summary>
    public static byte[] WithMacro(string subject = "請求書") =>
        LetterWriter.WithAttachments(subject, "添付をご確認ください。", ("請求書.doc", Samples.OldDocument(Samples.RunsProgramSource)));
}

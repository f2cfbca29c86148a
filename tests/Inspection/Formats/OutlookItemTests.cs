using System.Text;
using Sekisho.Inspection.Formats;
using Sekisho.SampleMaker;

namespace Sekisho.Inspection.Tests.Formats;

public class OutlookItemTests
{
    [Fact]
    public void Bodies_ArePartsAndSubjectAndSenderAreNoted()
    {
        using var message = Letters.OpenDocument("a.msg", CarrierWriter.OutlookItem("請求書", "本文", "<html><a href='https://a.test/'>x</a></html>"));

        Assert.Equal(["a.msg", "a.msg/body.txt", "a.msg/body.html", "a.msg/enclosed-1/body.txt"], message.Parts.Select(p => p.Path));
        Assert.Equal([new CarrierSign(SignKind.MessageSubject, "請求書"), new CarrierSign(SignKind.MessageSender, "alice@sender.test")], message.Parts[0].Signs);
        Assert.Equal([new CarrierSign(SignKind.Link, "https://a.test/ (x)")], message.Parts[2].Signs);
    }

    /// <summary>The example of MS-OXRTFCP section 3.2.1, written anew: references into the beginning that both sides know.</summary>
    [Fact]
    public void CompressedRtf_IsUnpacked()
    {
        byte[] packed =
        [
            0x2d, 0, 0, 0, 0x2b, 0, 0, 0, 0x4c, 0x5a, 0x46, 0x75, 0xf1, 0xc5, 0xc7, 0xa7, 0x03, 0x00, 0x0a, 0x00, 0x72, 0x63, 0x70, 0x67, 0x31, 0x32, 0x35, 0x42,
            0x32, 0x0a, 0xf3, 0x20, 0x68, 0x65, 0x6c, 0x09, 0x00, 0x20, 0x62, 0x77, 0x05, 0xb0, 0x6c, 0x64, 0x7d, 0x0a, 0x80, 0x0f, 0xa0,
        ];

        Assert.Equal("{\\rtf1\\ansi\\ansicpg1252\\pard hello world}\r\n",
            Encoding.ASCII.GetString(CompressedRtf.Unpack(packed, new ReadBudget(TimeProvider.System, TimeSpan.FromMinutes(1), 1 << 20))));
    }
}

using System.Buffers.Binary;
using System.Text;
using Sekisho.Inspection.Formats;
using Sekisho.SampleMaker;

namespace Sekisho.Inspection.Tests.Formats;

public class DocumentPropertiesTests
{
    [Fact]
    public void SummaryTexts_AreReadInTheirCodePage()
    {
        VbaProject.TextOf(932);
        var title = Encoding.GetEncoding(932).GetBytes("請求書\0");
        byte[] set = [0, 0, 0, 0, 2, 0, 0, 0, 1, 0, 0, 0, 24, 0, 0, 0, 2, 0, 0, 0, 32, 0, 0, 0, 2, 0, 0, 0, 0xA4, 3, 0, 0, 30, 0, 0, 0, (byte)title.Length, 0, 0, 0, .. title];
        byte[] stream = [0xFE, 0xFF, 0, 0, .. new byte[20], 1, 0, 0, 0, .. new byte[16], 48, 0, 0, 0, .. set];

        Assert.Equal([new DocumentText(DocumentTextKind.Property, "Title", "請求書")], Find(new CompoundFileWriter().Add("\u0005SummaryInformation", stream)));
    }

    [Fact]
    public void WordVariables_AreRead()
    {
        byte[] table = [9, 9, 0xFF, 0xFF, 1, 0, 4, 0, 2, 0, (byte)'v', 0, (byte)'1', 0, 0, 0, 0, 0, 3, 0, (byte)'a', 0, (byte)'b', 0, (byte)'c', 0, 0, 0];
        var fib = new byte[5000];
        fib[11] = 2;
        BinaryPrimitives.WriteInt32LittleEndian(fib.AsSpan(0x27A), 2);
        BinaryPrimitives.WriteInt32LittleEndian(fib.AsSpan(0x27E), table.Length - 2);

        Assert.Equal([new DocumentText(DocumentTextKind.Variable, "v1", "abc")], Find(new CompoundFileWriter().Add("WordDocument", fib).Add("1Table", table)));
    }

    private static List<DocumentText> Find(CompoundFileWriter file) => DocumentProperties.Find(CompoundFile.Open(new MemoryStream(file.ToArray())), new ReadBudget(TimeProvider.System, TimeSpan.FromSeconds(5), 1 << 20));
}

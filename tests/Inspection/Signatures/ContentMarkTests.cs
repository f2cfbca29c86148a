using Sekisho.Inspection.Signatures;

namespace Sekisho.Inspection.Tests.Signatures;

public class ContentMarkTests
{
    [Fact]
    public async Task EqualContents_HaveOneMark_OnEveryThread_AndOthersHaveOthers()
    {
        var content = new byte[5000];
        new Random(1).NextBytes(content);
        var mark = ContentMark.Of(content);
        Assert.Equal(mark, await Task.Run(() => ContentMark.Of(content.AsSpan().ToArray())));
        var marks = new HashSet<UInt128> { mark, ContentMark.Of([]), ContentMark.Of(content.AsSpan(0, 4999)), ContentMark.Of([.. content, 0]) };
        Assert.Equal(4, marks.Count);
        for (var i = 0; i < content.Length; i++)
        {
            content[i] ^= 1;
            Assert.True(marks.Add(ContentMark.Of(content)));
            content[i] ^= 1;
        }
    }
}

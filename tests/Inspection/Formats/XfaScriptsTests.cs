using System.Text;
using Sekisho.Inspection.Formats;

namespace Sekisho.Inspection.Tests.Formats;

public class XfaScriptsTests
{
    [Theory]
    [InlineData("<event activity=\"initialize\"><script contentType=\"application/x-javascript\">a(&quot;1&quot;)</script></event>", "initialize", "a(\"1\")")]
    [InlineData("<t:event t:activity='docReady'><t:script><![CDATA[a<1]]></t:script></t:event>", "docReady", "a<1")]
    [InlineData("<calculate><script>b()</script></calculate>", "calculate", "b()")]
    [InlineData("<event activity=\"initialize\"/><event activity='click'><script>c()</script></event>", null, "c()")]
    [InlineData("<event activity='ready'></event><script>d()", null, "d()")]
    public void Script_IsFoundWithWhatStartsIt(string xml, string? trigger, string script) => Assert.Equal([(trigger, script)], XfaScripts.Find(Encoding.UTF8.GetBytes(xml)));

    [Theory]
    [InlineData("<script/><event><script></script>")]
    [InlineData("")]
    public void EmptyScript_IsNone(string xml) => Assert.Empty(XfaScripts.Find(Encoding.UTF8.GetBytes(xml)));

    [Fact]
    public void ManyScripts_EndAtABound() => Assert.Equal(1000, XfaScripts.Find(Encoding.UTF8.GetBytes(string.Concat(Enumerable.Repeat("<script>x</script>", 100_000)))).Count);
}

using Sekisho.Inspection.Detection.Senders;
using Sekisho.Inspection.Senders;

namespace Sekisho.Inspection.Tests.Detection.Senders;

public class AuthenticationUnknownTests
{
    [Theory]
    [InlineData(SpfResult.TempError, DmarcResult.None, true)]
    [InlineData(SpfResult.Pass, DmarcResult.TempError, true)]
    [InlineData(SpfResult.TempError, DmarcResult.TempError, true)]
    [InlineData(SpfResult.TempError, DmarcResult.Pass, false)]
    [InlineData(SpfResult.Fail, DmarcResult.Fail, false)]
    public void Silence_IsNoted_Once(SpfResult spf, DmarcResult dmarc, bool found) =>
        Assert.Equal(found ? ["AUTH_TEMPERROR"] : [], SpfFailTests.Ask(new AuthenticationUnknown(), new SenderFacts { Spf = new SpfOutcome(spf, "mail.example"), Dmarc = new DmarcOutcome(dmarc, "mail.example") }).Select(f => f.Kind.Code));
}

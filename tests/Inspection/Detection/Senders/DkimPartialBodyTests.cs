using Sekisho.Inspection.Detection.Senders;
using Sekisho.Inspection.Senders;

namespace Sekisho.Inspection.Tests.Detection.Senders;

public class DkimPartialBodyTests
{
    [Theory]
    [InlineData(DkimResult.Pass, 200, true)]
    [InlineData(DkimResult.Pass, 0, false)]
    [InlineData(DkimResult.Fail, 200, false)]
    public void WhatAnybodyMayHaveAdded_IsFound(DkimResult result, long octets, bool found)
    {
        var dkim = new DkimOutcome(result, "mail.example", "s", "rsa-sha256") { HasLength = true, UnsignedOctets = octets };
        Assert.Equal(found ? ["mail.example: 200 octets are not signed"] : [], SpfFailTests.Ask(new DkimPartialBody(), new SenderFacts { Dkim = [dkim] }).Select(f => f.Evidence));

        // The same domain signs all of it, too.
        var whole = new DkimOutcome(DkimResult.Pass, "mail.example", "s2", "ed25519-sha256");
        Assert.Empty(SpfFailTests.Ask(new DkimPartialBody(), new SenderFacts { Dkim = [dkim, whole] }));
    }
}

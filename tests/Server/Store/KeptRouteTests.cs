using System.Net;
using Sekisho.Inspection.Senders;
using Sekisho.Store;

namespace Sekisho.Server.Tests.Store;

public class KeptRouteTests
{
    private static readonly KeptRoute Four = new(IPNetwork.Parse("192.0.2.0/24"), RouteProof.Author | RouteProof.Spf, 0xDEADBEEF, 20000, 20700, 65535);
    private static readonly KeptRoute Six = new(IPNetwork.Parse("2001:db8:ffff::/48"), RouteProof.None, 0, 1, 65535, 1);

    [Fact]
    public void WhatIsWrittenIsRead()
    {
        Assert.Equal([Four, Six, Four], KeptRoute.Read(KeptRoute.Write([Four, Six, Four])));
        Assert.Equal(14 + 17, KeptRoute.Write([Four, Six]).Length);
        Assert.Empty(KeptRoute.Read([]));
        Assert.Equal(65535, Assert.Single(KeptRoute.Read(KeptRoute.Write([Four with { Letters = 70000 }]))).Letters);
    }

    [Fact]
    public void WhatIsCutOffIsLeftOut()
    {
        var whole = KeptRoute.Write([Six, Four]);
        for (var length = 0; length < whole.Length; length++)
        {
            Assert.Equal(length < 17 ? [] : [Six], KeptRoute.Read(whole.AsSpan(0, length)));
        }
    }

    [Fact]
    public void TheSameWayIsCountedOnAndTheOldestGoes()
    {
        var later = Four with { Letters = 1, First = 20710, Last = 20710 };
        Assert.Equal([Four with { Letters = 2, Last = 20710 }], KeptRoute.Merge([Four with { Letters = 1 }], [later], 6));
        Assert.Equal([Six, later], KeptRoute.Merge([Four with { Proof = RouteProof.None }, Six], [later], 2));
        Assert.Equal(3, KeptRoute.Merge([Four], [Four with { Proof = RouteProof.None }, Four with { Signer = 1 }], 6).Count);
    }
}

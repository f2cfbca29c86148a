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
    public void TheSameWayIsCountedOn()
    {
        var later = Four with { Letters = 1, First = 20710, Last = 20710 };
        Assert.Equal([Four with { Letters = 2, Last = 20710 }], KeptRoute.Add([Four with { Letters = 1 }], [later]));
        Assert.Equal(3, KeptRoute.Add([Four], [Four with { Proof = RouteProof.None }, Four with { Signer = 1 }]).Count);
    }

    /// <summary>Six harmless letters from six rented servers, each signed by another domain, do not make the usual way unknown; two of them are remembered.</summary>
    [Fact]
    public void HarmlessLettersDoNotPushTheUsualWayOut()
    {
        var usual = Way(1, RouteProof.Author, 19000, 20000, 500);
        var scanner = Way(2, RouteProof.None, 19000, 19990, 40);
        IReadOnlyList<KeptRoute> kept = [usual, scanner];
        for (var i = 0; i < 20; i++)
        {
            kept = KeptRoute.Choose(KeptRoute.Add(kept, [Way(100 + i, RouteProof.Spf | RouteProof.Dkim, 20001, 20001, 50) with { Signer = (uint)i + 1 }]), 6);
        }

        Assert.Equal([100, 101, 1, 2], kept.Select(Number));

        // Settled by and by, they take no place of another that is usual.
        for (var day = 20002; day < 20060; day++)
        {
            kept = KeptRoute.Choose(KeptRoute.Add(kept, [Way((day % 50) + 100, RouteProof.Spf, day, day, 5)]), 6);
        }

        Assert.Equal(6, kept.Count);
        Assert.Contains(usual, kept);
        Assert.Contains(scanner, kept);
    }

    [Fact]
    public void AProvenWayGivesPlaceToAProvenOneOnly_AndOnePlaceIsForOthers()
    {
        IReadOnlyList<KeptRoute> kept = [.. Enumerable.Range(0, 5).Select(i => Way(i, RouteProof.Author, 20000 + i, 20000 + i, 1)), Way(9, RouteProof.None, 19000, 20000, 3)];
        Assert.Equal([4, 3, 2, 1, 9, 0], KeptRoute.Choose(kept, 6).Select(Number));
        Assert.Equal([4, 3, 2, 1, 9, 0], KeptRoute.Choose(KeptRoute.Add(kept, [Way(50, RouteProof.Spf, 20005, 20005, 900)]), 6).Select(Number));
        Assert.Equal([6, 4, 3, 2, 1, 9], KeptRoute.Choose(KeptRoute.Add(kept, [Way(6, RouteProof.Author, 20006, 20006, 1)]), 6).Select(Number));

        // What has not been seen for half a year is usual no more: a partner's new server takes its place.
        Assert.Equal([50, 4, 3, 2, 1, 0], KeptRoute.Choose(KeptRoute.Add(kept, [Way(50, RouteProof.None, 20181, 20181, 1)]), 6).Select(Number));
        Assert.Empty(KeptRoute.Choose([], 6));
    }

    private static KeptRoute Way(int network, RouteProof proof, int first, int last, int letters) => new(new IPNetwork(new IPAddress([198, 18, (byte)network, 0]), 24), proof, 0, first, last, letters);

    private static int Number(KeptRoute route) => route.Network.BaseAddress.GetAddressBytes()[2];
}
